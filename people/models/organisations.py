"""Organisations that a branch works with, and volunteer groups of a programme."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch
from common.cpr import refuse_cpr
from common.danish_order import DANISH
from common.scoping import ScopedModel
from people.enums import GroupKind, GroupStatus, OrganisationKind
from programmes.models import Programme


class Organisation(ScopedModel):
    """A partner, company, authority or association that the branch works with."""

    branch_paths = ("branch",)

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="organisations", verbose_name=_("branch"), db_index=False
    )
    name = models.CharField(_("name"), max_length=150, db_collation=DANISH)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind, default=OrganisationKind.PARTNER)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    agreed_on = models.DateField(_("agreement made on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True, validators=[refuse_cpr])

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_valid"),
            models.UniqueConstraint(
                fields=["branch", "name"],
                name="organisation_name_once",
                violation_error_message=_("An organisation of this name exists already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VolunteerGroup(ScopedModel):
    """A group of volunteers in a programme (frivilliggruppe), such as a homework café."""

    branch_paths = ("programme__branch",)

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="volunteer_groups", verbose_name=_("programme"), db_index=False
    )
    name = models.CharField(_("name"), max_length=150, db_collation=DANISH)
    kind = models.CharField(_("kind"), max_length=20, choices=GroupKind, default=GroupKind.OTHER)
    status = models.CharField(_("status"), max_length=20, choices=GroupStatus, default=GroupStatus.PLANNED)
    place = models.CharField(_("place"), max_length=150, blank=True, db_collation=DANISH)
    partner = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="groups", verbose_name=_("partner")
    )
    opening_times = models.CharField(_("opening times"), max_length=150, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True, validators=[refuse_cpr])

    class Meta:
        verbose_name = _("volunteer group")
        verbose_name_plural = _("volunteer groups")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="volunteergroup_kind_valid"),
            models.CheckConstraint(condition=Q(status__in=GroupStatus.values), name="volunteergroup_status_valid"),
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="volunteergroup_name_once",
                violation_error_message=_("A group of this name exists already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(established_on__isnull=True)
                | Q(closed_on__gte=F("established_on")),
                name="volunteergroup_closes_after_start",
                violation_error_message=_("The group closes before it was established."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
