"""The model of contacts outside the plan."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from matching.enums import Channel, ContactResult, Mood, Support
from matching.models.matches import Match
from people.models import Enrolment


class Contact(ScopedModel):
    """A contact with a person outside the plan, or a try: not reached, or left a message.

    It never does a planned follow-up. ``match`` is the one that it is about, if the person is in one.
    """

    branch_paths = ("enrolment__programme__branch",)

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="contacts", verbose_name=_("person"), db_index=False
    )
    match = models.ForeignKey(
        Match, models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("match"), db_index=False
    )
    on = models.DateField(_("date"))
    channel = models.CharField(_("how?"), max_length=10, choices=Channel)
    result = models.CharField(_("what happened?"), max_length=12, choices=ContactResult)
    mood = models.CharField(_("how does it go?"), max_length=10, choices=Mood, blank=True)
    support = models.CharField(_("does the mentee feel supported?"), max_length=10, choices=Support, blank=True)
    note = models.TextField(_("note"), blank=True, validators=[refuse_cpr])
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = RecordedTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="contact_channel_valid"),
            models.CheckConstraint(condition=Q(result__in=ContactResult.values), name="contact_result_valid"),
            models.CheckConstraint(condition=Q(mood="") | Q(mood__in=Mood.values), name="contact_mood_valid"),
            models.CheckConstraint(
                condition=Q(support="") | Q(support__in=Support.values), name="contact_support_valid"
            ),
            models.CheckConstraint(
                condition=Q(result=ContactResult.TALKED) | Q(mood="", support=""),
                name="contact_answers_only_when_talked",
                violation_error_message=_("How it goes can only be answered when you have talked."),
            ),
        ]
        indexes = [
            models.Index(fields=["enrolment", "on"], name="contact_of_enrolment"),
            models.Index(fields=["match", "on"], name="contact_of_match"),
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.on}"

    @property
    def side(self) -> str:
        """The role of the person, which is the side of the match."""
        return self.enrolment.role

    @property
    def is_talk(self) -> bool:
        return self.result == ContactResult.TALKED
