"""Drafts of intakes: what a user has typed about a person who is not created yet."""

import uuid

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.roles import Verb
from common import clock
from common.scoping import ScopedModel
from people.querysets import IntakeDraftQuerySet

INTAKE_STEPS = ("who", "role", "wishes", "consent")


class IntakeDraft(ScopedModel):
    """The values that a user has posted in an intake. Only that user sees them.

    ``key`` is part of the address, so that each tab of the browser has a draft of its own, and the one-time key with
    which the person is created. The draft is deleted when the person is created, when the user throws it away, and
    after ``people.services.drafts.KEEP_DRAFTS`` without a change.

    ``typed`` has the posted values by step. ``known_person`` is the id of a stored person who gets a role; a reference
    would be recorded in the journal when people are merged. ``answers`` has an ``AlikeAnswer`` by the id, as a text, of
    each suggested person who is not the new one. ``wanted_role`` is preset by the link to the intake.
    """

    branch_paths = ("branch",)
    read_verb = Verb.WORK_CASES

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey(Branch, models.CASCADE, related_name="+", verbose_name=_("branch"))
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("created by"))
    typed = models.JSONField(_("typed values"), default=dict, blank=True)
    known_person = models.BigIntegerField(_("person"), null=True, blank=True)
    answers = models.JSONField(_("answers about similar people"), default=dict, blank=True)
    wanted_role = models.CharField(_("role"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now, editable=False, db_index=True)

    objects = IntakeDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of an intake")
        verbose_name_plural = _("drafts of intakes")

    def __str__(self) -> str:
        return self.name or str(self.key)

    @property
    def name(self) -> str:
        """The name that was typed, or an empty text."""
        who = self.values("who") or {}
        return " ".join(f"{who.get('first_name', '')} {who.get('last_name', '')}".split())

    @property
    def next_step(self) -> str:
        """The first step that was not posted yet, or the last one."""
        done = {*self.typed, "who"} if self.known_person else self.typed
        return next((step for step in INTAKE_STEPS if step not in done), INTAKE_STEPS[-1])

    def values(self, step: str) -> QueryDict | None:
        """Return the posted values of a step as form data, or None if it was not posted yet."""
        typed = self.typed.get(step)
        if typed is None:
            return None
        values = QueryDict(mutable=True)
        for name, items in typed.items():
            values.setlist(name, items)
        return values
