"""Programmes and their rules. Rules are rows: other code asks the programme for them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch
from common.danish_order import DANISH
from common.scoping import ScopedModel
from programmes.enums import STEP_KINDS, ContactSide, FollowUpKind, ParticipantRole, ProgrammeKind, ScreeningKind
from programmes.querysets import ProgrammeQuerySet


class PolicyArea(models.Model):
    """A heading of the municipality's policy that programmes support (indsatsområde)."""

    name = models.CharField(_("name"), max_length=100, unique=True, db_collation=DANISH)

    class Meta:
        verbose_name = _("policy area")
        verbose_name_plural = _("policy areas")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Funder(models.Model):
    """An authority or foundation that pays for programmes (tilskudsgiver)."""

    name = models.CharField(_("name"), max_length=150, unique=True, db_collation=DANISH)
    short_name = models.CharField(_("short name"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("funder")
        verbose_name_plural = _("funders")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Programme(ScopedModel):
    """A funded effort of a branch (indsats), with a period, a target group and its own rules."""

    branch_paths = ("branch",)
    read_verb = "see_programmes"

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="programmes", verbose_name=_("branch"))
    name = models.CharField(_("name"), max_length=150, db_collation=DANISH)
    slug = models.SlugField(_("short name"), unique=True, help_text=_("Used in addresses and commands."))
    kind = models.CharField(
        _("kind of mentoring"), max_length=20, choices=ProgrammeKind, default=ProgrammeKind.VOLUNTEER
    )
    purpose = models.TextField(_("purpose"), blank=True)
    target_group = models.TextField(_("target group"), blank=True)
    agreement = models.CharField(_("agreement"), max_length=200, blank=True, help_text=_("The grant that funds it."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    funders = models.ManyToManyField(Funder, blank=True, related_name="programmes", verbose_name=_("funders"))

    min_duration_months = models.PositiveSmallIntegerField(
        _("shortest duration in months"), default=12, help_text=_("CFBU criterion 1: at least a year.")
    )
    harm_months = models.PositiveSmallIntegerField(
        _("flag endings within months"), default=3, help_text=_("A relationship that ends this early can do harm.")
    )
    meetings_per_month = models.DecimalField(
        _("meetings a month"), max_digits=4, decimal_places=1, default=2, validators=[MinValueValidator(0)]
    )
    hours_per_meeting = models.DecimalField(
        _("hours a meeting"), max_digits=4, decimal_places=1, default=2, validators=[MinValueValidator(0)]
    )
    silence_days = models.PositiveSmallIntegerField(
        _("days without a meeting before attention"), default=30, validators=[MinValueValidator(1)]
    )
    outcome_months = models.PositiveSmallIntegerField(
        _("months after the end until results are asked again"),
        default=3,
        validators=[MaxValueValidator(60)],
        help_text=_("0: they are not asked again."),
    )
    default_capacity = models.PositiveSmallIntegerField(
        _("mentees a mentor takes at once, unless agreed otherwise"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    min_age = models.PositiveSmallIntegerField(_("youngest mentee"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("oldest mentee"), null=True, blank=True)
    requires_interview = models.BooleanField(_("interview before a match"), default=True)
    requires_agreement = models.BooleanField(_("signed agreement"), default=True)
    retention_months = models.PositiveSmallIntegerField(
        _("months until deletion after the end"), default=24, validators=[MinValueValidator(1)]
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["branch__name", "-starts_on", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ProgrammeKind.values), name="programme_kind_valid"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="programme_dates_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=F("min_age")),
                name="programme_ages_in_order",
                violation_error_message=_("The oldest age is lower than the youngest."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammePolicyArea(models.Model):
    """A policy area that a programme supports, in order of priority."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="policy_areas", verbose_name=_("programme"), db_index=False
    )
    policy_area = models.ForeignKey(PolicyArea, models.PROTECT, related_name="+", verbose_name=_("policy area"))
    priority = models.PositiveSmallIntegerField(_("priority"), validators=[MinValueValidator(1)])
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("policy area of a programme")
        verbose_name_plural = _("policy areas of a programme")
        ordering = ["priority"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "policy_area"], name="programmepolicyarea_once"),
            models.UniqueConstraint(
                fields=["programme", "priority"],
                name="programmepolicyarea_priority_once",
                violation_error_message=_("Two policy areas have the same priority."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.priority}. {self.policy_area}"


class FollowUpStep(ScopedModel):
    """A step of the follow-up plan: whom to contact, when after the first meeting, and how often."""

    branch_paths = ("programme__branch",)
    read_verb = "see_programmes"

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="follow_up_steps", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[(kind.value, kind.label) for kind in STEP_KINDS],
        default=FollowUpKind.CONTACT,
    )
    side = models.CharField(_("with whom"), max_length=10, choices=ContactSide)
    days_after_start = models.PositiveSmallIntegerField(_("days after the first meeting"))
    repeat_days = models.PositiveSmallIntegerField(
        _("repeat every … days"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    until_days = models.PositiveSmallIntegerField(_("until … days after the first meeting"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of the follow-up plan")
        verbose_name_plural = _("follow-up plan")
        ordering = ["days_after_start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in STEP_KINDS]), name="followupstep_kind_valid"
            ),
            models.CheckConstraint(condition=Q(side__in=ContactSide.values), name="followupstep_side_valid"),
            models.CheckConstraint(
                condition=Q(repeat_days__isnull=True, until_days__isnull=True)
                | Q(repeat_days__isnull=False, until_days__isnull=False, until_days__gte=F("days_after_start")),
                name="followupstep_repeats_until",
                violation_error_message=_("A step that repeats needs a last day, which is not before its first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def offsets(self) -> list[int]:
        """Return the days after the first meeting on which the step is due."""
        if not self.repeat_days:
            return [self.days_after_start]
        return list(range(self.days_after_start, self.until_days + 1, self.repeat_days))


class ScreeningRequirement(ScopedModel):
    """A screening check that people in a role need, usually before a match."""

    branch_paths = ("programme__branch",)
    read_verb = "see_programmes"

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="screening_requirements", verbose_name=_("programme"), db_index=False
    )
    role = models.CharField(_("role"), max_length=20, choices=ParticipantRole, default=ParticipantRole.MENTOR)
    kind = models.CharField(_("check"), max_length=20, choices=ScreeningKind)
    count = models.PositiveSmallIntegerField(_("how many"), default=1, validators=[MinValueValidator(1)])
    blocks_match = models.BooleanField(
        _("must be in place before a match"),
        default=True,
        help_text=_("Otherwise it is only shown as missing."),
    )

    class Meta:
        verbose_name = _("required check")
        verbose_name_plural = _("required checks")
        ordering = ["role", "kind"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ScreeningKind.values), name="screeningrequirement_kind_valid"),
            models.CheckConstraint(
                condition=Q(role__in=ParticipantRole.values), name="screeningrequirement_role_valid"
            ),
            models.UniqueConstraint(
                fields=["programme", "role", "kind"],
                name="screeningrequirement_once",
                violation_error_message=_("This check is already required."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} × {self.count}"
