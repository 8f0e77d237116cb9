from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Verb, roles_that_may
from common.forms import DanishDateField, DanishTimeField, KeysField
from common.once import OnceFormMixin
from matching.enums import CheckOutcome, InterviewAssessment
from matching.forms.base import ActForm, day_field, text_area
from people.enums import TermKind
from people.models import Enrolment, Term
from programmes.enums import ScreeningKind

ASSESSMENTS = [  # short enough for segments
    (InterviewAssessment.SUITABLE, InterviewAssessment.SUITABLE.label),
    (InterviewAssessment.LATER, InterviewAssessment.LATER.label),
    (InterviewAssessment.NOT_SUITABLE, _("Does not fit")),
]


def staff_of(branch_id: int):
    """Return the active users who work with cases in a branch."""
    return User.objects.members_of([branch_id], roles_that_may(Verb.WORK_CASES))


class InterviewerMixin(forms.Form):
    """Adds the interviewer: a user of the enrolment's branch, at first the current user."""

    interviewer = forms.ModelChoiceField(label=_("Who talks with the person?"), queryset=User.objects.none())

    def __init__(self, *args, enrolment: Enrolment, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["interviewer"].queryset = staff_of(enrolment.programme.branch_id)
        self.fields["interviewer"].initial = by.pk
        self.fields["interviewer"].empty_label = None


class PlanInterviewForm(OnceFormMixin, InterviewerMixin, ActForm):
    on = DanishDateField(label=_("Date"), is_planned=True)
    time = DanishTimeField(label=_("Time"), required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    field_order = ["on", "time", "place", "interviewer"]


class InterviewForm(OnceFormMixin, InterviewerMixin, ActForm):
    """A held interview: summary, assessment and next step. The wishes of the enrolment can be changed with it."""

    held_on = day_field(_("Held on"))
    summary = forms.CharField(label=_("Summary"), widget=text_area(4), max_length=5000)
    motivation = forms.CharField(label=_("Motivation"), widget=text_area(2), max_length=5000, required=False)
    wishes = forms.CharField(
        label=_("Wishes and needs, as you heard them"), widget=text_area(2), max_length=5000, required=False
    )
    wish = forms.CharField(
        label=_("In the person's own words"),
        widget=text_area(2),
        max_length=2000,
        required=False,
        help_text=_("Shown on the person's page and when you look for a match."),
    )
    terms = KeysField(
        label=_("Topics and industries"),
        queryset=Term.objects.filter(kind__in=[TermKind.TOPIC, TermKind.INDUSTRY]),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    assessment = forms.ChoiceField(label=_("Assessment"), choices=ASSESSMENTS, widget=forms.RadioSelect)
    assessment_note = forms.CharField(label=_("Why"), widget=text_area(2), max_length=2000, required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    field_order = [
        "held_on",
        "interviewer",
        "summary",
        "motivation",
        "wishes",
        "wish",
        "terms",
        "assessment",
        "assessment_note",
        "next_step",
    ]

    def __init__(self, *args, enrolment: Enrolment, **kwargs):
        super().__init__(*args, enrolment=enrolment, **kwargs)
        self.fields["wish"].initial = enrolment.wish
        self.fields["terms"].initial = [term.pk for term in enrolment.terms.all()]


class CheckForm(OnceFormMixin, ActForm):
    kind = forms.ChoiceField(label=_("Check"), choices=ScreeningKind.choices)
    outcome = forms.ChoiceField(
        label=_("Result"), choices=CheckOutcome.choices, widget=forms.RadioSelect, initial=CheckOutcome.APPROVED
    )
    checked_on = day_field(_("Date"))
    note = forms.CharField(
        label=_("Note"),
        max_length=120,
        required=False,
        help_text=_("Never the certificate itself and never a CPR number."),
    )
