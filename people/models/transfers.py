"""Transfers of people to another branch, and the case numbers they had before."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from common import clock
from common.cpr import refuse_cpr
from common.scoping import ScopedModel
from people.enums import TransferState
from people.models.persons import Person
from people.querysets import TransferQuerySet


class BranchTransfer(ScopedModel):
    """The home branch asks another branch to take over a person. Accepting changes home branch and case number.

    Until then the receiving branch sees the person's name and number and the message, nothing else.
    """

    branch_paths = ("from_branch", "to_branch")

    person = models.ForeignKey(Person, models.CASCADE, related_name="transfers", verbose_name=_("person"))
    from_branch = models.ForeignKey(Branch, models.CASCADE, related_name="+", verbose_name=_("from branch"))
    to_branch = models.ForeignKey(Branch, models.CASCADE, related_name="+", verbose_name=_("to branch"))
    case_number = models.CharField(_("case number before"), max_length=20)
    message = models.CharField(_("message"), max_length=300, blank=True, validators=[refuse_cpr])
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=TransferState, default=TransferState.OPEN)
    answer_note = models.CharField(_("in words"), max_length=300, blank=True, validators=[refuse_cpr])
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer to another branch")
        verbose_name_plural = _("transfers to other branches")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TransferState.OPEN, answered_at__isnull=True)
                | Q(state__in=TransferState.closed(), answered_at__isnull=False),
                name="branchtransfer_state_valid",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=TransferState.OPEN),
                name="branchtransfer_open_once",
                violation_error_message=_("A branch has been asked to take over the person already."),
            ),
            models.CheckConstraint(
                condition=~Q(from_branch=F("to_branch")),
                name="branchtransfer_to_another_branch",
                violation_error_message=_("Choose another branch."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number}: {self.from_branch} → {self.to_branch}"


class FormerCaseNumber(ScopedModel):
    """A case number that a person had in an earlier home branch. It still finds the person and is not used again."""

    branch_paths = ("person__home_branch", "person__enrolments__programme__branch")
    to_many_branch_paths = ("person__enrolments__programme__branch",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="earlier_numbers", verbose_name=_("person"))
    number = models.CharField(_("case number"), max_length=20, unique=True)
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("former case number")
        verbose_name_plural = _("former case numbers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number
