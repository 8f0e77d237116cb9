"""Drafts: what a user has typed and not finished, about a person who is not created yet or about an interview."""

import uuid
from collections.abc import Collection

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.roles import Verb
from common import clock
from common.scoping import ScopedModel
from people.querysets import DraftQuerySet


class Draft(ScopedModel):
    """What a user has typed in a form and not finished. Only that user sees it.

    ``key`` is the one-time key with which the form is finished, and part of the address of an intake, so that each tab
    of the browser has a draft of its own. The draft is deleted when the form is finished, when the user throws it away,
    and after ``people.services.drafts.KEEP_DRAFTS`` without a change.

    ``typed`` has the values of the form by the name of the control; ``saved_from`` is the id of the opened page that
    saved them, so that a change in another tab is noticed. Records are named by their ids, as a reference would be
    recorded in the journal when people are merged: ``interview_of`` is the enrolment whose interview is written,
    ``known_person`` a stored person who gets a role. ``answers`` has an ``AlikeAnswer`` by the id, as a text, of each
    suggested person who is not the new one. ``wanted_role`` is preset by the link to the intake.
    """

    branch_paths = ("branch",)
    read_verb = Verb.WORK_CASES

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey(Branch, models.CASCADE, related_name="+", verbose_name=_("branch"))
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("created by"))
    typed = models.JSONField(_("typed values"), default=dict, blank=True)
    saved_from = models.CharField(_("saved from"), max_length=36, blank=True, editable=False)
    interview_of = models.BigIntegerField(_("enrolment"), null=True, blank=True)
    known_person = models.BigIntegerField(_("person"), null=True, blank=True)
    answers = models.JSONField(_("answers about similar people"), default=dict, blank=True)
    wanted_role = models.CharField(_("role"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now, editable=False, db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return self.name or str(self.key)

    @property
    def name(self) -> str:
        """The name that was typed, or an empty text."""
        parts = [self.typed.get(name, [""])[0] for name in ("first_name", "last_name")]
        return " ".join(" ".join(parts).split())

    def lacks(self, name: str) -> bool:
        """Whether nothing is typed or chosen in a control."""
        return not any(self.typed.get(name, []))

    def initial(self, several: Collection[str] = ()) -> dict[str, str | list[str]]:
        """Return what was typed as initial values of a form. ``several`` names the fields with several values."""
        return {name: items if name in several else items[-1] for name, items in self.typed.items() if items}

    @property
    def values(self) -> QueryDict | None:
        """What was typed as form data, or None if nothing was typed yet."""
        if not self.typed:
            return None
        values = QueryDict(mutable=True)
        for name, items in self.typed.items():
            values.setlist(name, items)
        return values
