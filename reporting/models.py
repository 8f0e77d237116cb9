"""Targets and status reports. Figures are counted, and stored only in a report that was sent."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.conditions import CheckedModel
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from programmes.models import Programme
from reporting.enums import ReportStatus


class Target(ScopedModel):
    """A figure that the agreement promises for a period (resultatmål).

    ``indicator`` is the short name of an indicator; ``filters`` narrows it, as in ``{"gender": "man"}``.
    """

    branch_paths = ("programme__branch",)
    read_verb = "see_figures"

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="targets", verbose_name=_("programme"), db_index=False
    )
    key = models.SlugField(_("short name"), max_length=60, help_text=_("Used in commands and files."))
    indicator = models.CharField(_("what is counted"), max_length=60)
    filters = models.JSONField(_("narrowed to"), default=dict, blank=True)
    label = models.CharField(_("label"), max_length=100)
    wording = models.CharField(_("the agreement's words"), max_length=300)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    value = models.PositiveIntegerField(_("promised"), validators=[MinValueValidator(1)])
    note = models.CharField(_("note"), max_length=300, blank=True)
    rhythm_months = models.PositiveSmallIntegerField(
        _("one every … months"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    rhythm_pause_months = models.JSONField(
        _("months without"), default=list, blank=True, help_text=_("Such as 7 and 8: none in July and August.")
    )
    rhythm_wording = models.CharField(_("the rhythm in the agreement's words"), max_length=300, blank=True)
    on_today = models.BooleanField(_("shown on the page Today"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["programme", "period_start", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="target_period_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.UniqueConstraint(fields=["programme", "key"], name="target_key_once"),
        ]

    def __str__(self) -> str:
        return self.label


class TargetPhase(CheckedModel):
    """A phase of the agreement's plan for a target, such as 30 men in 2010 and 20 in 2011."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="phases", verbose_name=_("target"), db_index=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    value = models.PositiveIntegerField(_("planned"))
    wording = models.CharField(_("the agreement's words"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("phase of a target")
        verbose_name_plural = _("phased plan")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="targetphase_in_order",
                violation_error_message=_("The phase ends before it begins."),
            ),
            models.UniqueConstraint(fields=["target", "starts_on"], name="targetphase_once"),
        ]

    def __str__(self) -> str:
        return f"{self.value}: {self.starts_on}–{self.ends_on}"


class StatusReport(ScopedModel):
    """A status report to the municipality. Once sent, it stores its figures and their evidence in ``frozen``."""

    branch_paths = ("programme__branch",)
    read_verb = "see_figures"
    journal_excludes = ("sections",)  # saved every few seconds while a user writes; ``frozen`` has them as sent

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="status_reports", verbose_name=_("programme"))
    title = models.CharField(_("title"), max_length=150)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    sections = models.JSONField(_("sections"), default=dict, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT)
    frozen = models.JSONField(_("figures and evidence as sent"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("written by"))
    created_at = RecordedTimeField(_("created at"), auto_now_add=True)
    updated_at = RecordedTimeField(_("changed at"), auto_now=True)
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("status report")
        verbose_name_plural = _("status reports")
        ordering = ["-period_end", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ReportStatus.values), name="statusreport_status_valid"),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="statusreport_period_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.SENT, sent_at__isnull=False, frozen__isnull=False)
                | Q(status=ReportStatus.DRAFT, sent_at__isnull=True, frozen__isnull=True),
                name="statusreport_sent_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return self.title
