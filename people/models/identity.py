"""Merged people, distinct people who look alike, and questions to other branches about a person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from common import clock
from common.cpr import refuse_cpr
from common.models import Act
from common.scoping import ScopedModel
from people.enums import QuestionAnswer
from people.models.persons import Person


class DistinctPeople(ScopedModel):
    """Two people who look alike and are known to be distinct, so that they are not suggested as duplicates.

    ``is_household``: they share a phone or an address because they live together.
    """

    branch_paths = ("first__home_branch", "second__home_branch")

    first = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"), db_index=False)
    second = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("the other person"))
    is_household = models.BooleanField(_("same household"), default=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("decision that two people are different")
        verbose_name_plural = _("decisions that two people are different")
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinctpeople_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="distinctpeople_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"


class PersonMerge(ScopedModel):
    """A merge of two people. ``act`` holds the changes that undoing reverts (``common.journal``)."""

    branch_paths = ("branch",)

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges", verbose_name=_("kept person"))
    merged_case_number = models.CharField(_("case number of the other"), max_length=20)
    act = models.ForeignKey(
        Act, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("what was moved and changed")
    )
    merged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("merged by")
    )
    merged_at = models.DateTimeField(_("merged at"), default=clock.now, editable=False)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of two people")
        verbose_name_plural = _("merges of people")
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.merged_case_number} → {self.kept.case_number}"


class BranchQuestion(ScopedModel):
    """A branch asks another whether it knows a person; neither sees the other's data, only question and answer."""

    branch_paths = ("asking_branch", "asked_branch")

    asking_branch = models.ForeignKey(Branch, models.CASCADE, related_name="+", verbose_name=_("asking branch"))
    asked_branch = models.ForeignKey(Branch, models.CASCADE, related_name="+", verbose_name=_("asked branch"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person of the asked branch"))
    about = models.CharField(_("what the asking branch calls the person"), max_length=200)
    question = models.CharField(_("question"), max_length=300, blank=True, validators=[refuse_cpr])
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now, editable=False)
    answer = models.CharField(_("answer"), max_length=10, choices=QuestionAnswer, blank=True)
    answer_note = models.CharField(_("in words"), max_length=300, blank=True, validators=[refuse_cpr])
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question to another branch")
        verbose_name_plural = _("questions to other branches")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="") | Q(answer__in=QuestionAnswer.values), name="branchquestion_answer_valid"
            ),
            models.UniqueConstraint(
                fields=["asking_branch", "person"],
                condition=Q(answer=""),
                name="branchquestion_open_once",
                violation_error_message=_("The branch has been asked about this person already."),
            ),
            models.CheckConstraint(
                condition=~Q(asking_branch=F("asked_branch")), name="branchquestion_asks_another_branch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asking_branch} → {self.asked_branch}"
