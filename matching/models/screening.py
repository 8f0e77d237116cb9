"""Models of screening: interviews and checks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from matching.enums import CheckOutcome, InterviewAssessment
from people.models import Enrolment
from programmes.enums import ScreeningKind


class Interview(ScopedModel):
    """The interview before a person is ready for a match (visitationssamtale), planned or held."""

    branch_paths = ("enrolment__programme__branch",)

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="interviews", verbose_name=_("person"))
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    planned_time = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    interviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("interviewer")
    )
    interviewer_note = models.CharField(_("interviewer, as written in the old list"), max_length=100, blank=True)
    summary = models.TextField(_("summary"), blank=True, validators=[refuse_cpr])
    motivation = models.TextField(_("motivation"), blank=True, validators=[refuse_cpr])
    wishes = models.TextField(_("wishes"), blank=True, validators=[refuse_cpr])
    assessment = models.CharField(_("assessment"), max_length=20, choices=InterviewAssessment, blank=True)
    assessment_note = models.TextField(_("about the assessment"), blank=True, validators=[refuse_cpr])
    next_step = models.CharField(_("next step"), max_length=200, blank=True, validators=[refuse_cpr])
    created_at = RecordedTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-held_on", "-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(held_on__isnull=False),
                name="interview_has_a_date",
                violation_error_message=_("Say when the interview is planned or when it was held."),
            ),
            models.CheckConstraint(
                condition=Q(assessment="") | Q(assessment__in=InterviewAssessment.values),
                name="interview_assessment_valid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.held_on or self.planned_on}"


class ScreeningCheck(ScopedModel):
    """The result of a screening check. Neither the certificate nor a CPR number is stored."""

    branch_paths = ("enrolment__programme__branch",)

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="checks", verbose_name=_("person"), db_index=False
    )
    kind = models.CharField(_("check"), max_length=20, choices=ScreeningKind)
    outcome = models.CharField(_("result"), max_length=10, choices=CheckOutcome, default=CheckOutcome.APPROVED)
    checked_on = models.DateField(_("date"), null=True, blank=True)
    assessor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assessed by")
    )
    note = models.CharField(_("note"), max_length=120, blank=True, validators=[refuse_cpr])

    class Meta:
        verbose_name = _("screening check")
        verbose_name_plural = _("screening checks")
        ordering = ["kind", "checked_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ScreeningKind.values), name="screeningcheck_kind_valid"),
            models.CheckConstraint(condition=Q(outcome__in=CheckOutcome.values), name="screeningcheck_outcome_valid"),
        ]
        indexes = [models.Index(fields=["enrolment", "kind", "outcome"], name="screeningcheck_lookup")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"
