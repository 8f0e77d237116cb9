"""Models of the pauses and ends of matches, which stay when the match runs again."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.cpr import refuse_cpr
from common.scoping import ScopedModel
from matching.enums import EndReason
from matching.models.matches import Match


class MatchPause(ScopedModel):
    """A time in which a match was on pause; open until ``ended_on`` is known.

    ``moved_days`` says by how many days the plan of follow-ups moved when the match went on. The match copies the days
    of the open pause.
    """

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="pauses", verbose_name=_("match"))
    began_on = models.DateField(_("from"))
    expected_on = models.DateField(_("expected to end on"), null=True, blank=True)
    ended_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True, validators=[refuse_cpr])
    end_reason = models.CharField(_("why it was over"), max_length=300, blank=True, validators=[refuse_cpr])
    moved_days = models.PositiveSmallIntegerField(_("days by which the plan moved"), default=0)

    class Meta:
        verbose_name = _("pause of a match")
        verbose_name_plural = _("pauses of matches")
        ordering = ["began_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["match"], condition=Q(ended_on__isnull=True), name="matchpause_one_open"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="matchpause_in_order",
                violation_error_message=_("The pause ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match.number} {self.began_on}–{self.ended_on or ''}"


class MatchEnding(ScopedModel):
    """The end of a match with its words, until and after the match was reopened.

    A talk without a day was not held; its note then says why. The match copies the open ending.
    """

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="endings", verbose_name=_("match"))
    on = models.DateField(_("ended on"))
    reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason, blank=True)
    note = models.TextField(_("about the ending"), blank=True, validators=[refuse_cpr])
    mentee_talk_on = models.DateField(_("closing talk with the mentee"), null=True, blank=True)
    mentee_talk_note = models.TextField(_("about the talk with the mentee"), blank=True, validators=[refuse_cpr])
    mentor_talk_on = models.DateField(_("closing talk with the mentor"), null=True, blank=True)
    mentor_talk_note = models.TextField(_("about the talk with the mentor"), blank=True, validators=[refuse_cpr])
    reopened_on = models.DateField(_("reopened on"), null=True, blank=True)
    reopened_reason = models.CharField(_("why it was reopened"), max_length=300, blank=True, validators=[refuse_cpr])

    class Meta:
        verbose_name = _("end of a match")
        verbose_name_plural = _("ends of matches")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=EndReason.values), name="matchending_reason_valid"
            ),
            models.UniqueConstraint(
                fields=["match"], condition=Q(reopened_on__isnull=True), name="matchending_one_open"
            ),
            models.CheckConstraint(
                condition=Q(reopened_on__isnull=True) | Q(reopened_on__gte=F("on")),
                name="matchending_in_order",
                violation_error_message=_("The match is reopened before it ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match.number} {self.on}"

    @property
    def last_talk_on(self):
        """The day of the last closing talk, if one was held."""
        return max(filter(None, [self.mentee_talk_on, self.mentor_talk_on]), default=None)
