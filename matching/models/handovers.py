"""The model of handovers: who takes care of a match, and when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from matching.models.matches import Match


class Handover(ScopedModel):
    """A match handed over by one user to another: for good, or to a deputy until a day.

    ``Match.coordinator`` is the receiver of the last handover for good. ``MatchQuerySet.with_acting`` says who takes
    care of a match on a day: the receiver of the newest handover in effect, else the giver of the first one for good
    that comes later, else the coordinator.
    """

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="handovers", verbose_name=_("match"), db_index=False)
    giver = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handed over by")
    )
    receiver = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken over by")
    )  # empty only after a restore: a branch file holds no users
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, validators=[refuse_cpr])
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    at = RecordedTimeField(_("registered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="handover_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            )
        ]
        indexes = [models.Index(fields=["match", "from_on"], name="handover_of_match")]

    def __str__(self) -> str:
        return f"{self.match.number} {self.receiver} {self.from_on}"

    @property
    def is_for_good(self) -> bool:
        return self.until_on is None
