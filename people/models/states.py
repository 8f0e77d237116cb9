"""States of a person: died, moved away, wants no contact."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.cpr import refuse_cpr
from common.models import Act
from common.scoping import ScopedModel
from people.enums import PersonStateKind
from people.models.persons import Person


class PersonState(ScopedModel):
    """A state of a person from a day on, until it is lifted. ``act`` holds what it ended (``common.journal``).

    A person with an open state is in no match, role or list of a coming event. ``Person.state`` is a copy.
    """

    branch_paths = ("person__home_branch", "person__enrolments__programme__branch")
    to_many_branch_paths = ("person__enrolments__programme__branch",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="states", verbose_name=_("person"))
    kind = models.CharField(_("state"), max_length=10, choices=PersonStateKind)
    on = models.DateField(_("since"))
    note = models.CharField(_("note"), max_length=300, blank=True, validators=[refuse_cpr])
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now, editable=False)
    act = models.ForeignKey(
        Act,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("what the state ended"),
    )
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)
    lifted_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True, validators=[refuse_cpr])
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )

    class Meta:
        verbose_name = _("state of a person")
        verbose_name_plural = _("states of people")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PersonStateKind.values), name="personstate_kind_valid"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_reason="")
                | Q(lifted_on__isnull=False) & ~Q(lifted_reason=""),
                name="personstate_lifted_with_reason",
                violation_error_message=_("Write why the state is lifted."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lifted_on__isnull=True),
                name="personstate_open_once",
                violation_error_message=_("The person has a state already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"
