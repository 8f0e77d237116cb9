"""Forms of the matching app. They check; the services write."""

from matching.forms.acts import (
    AgreementForm,
    EndMatchForm,
    IntroduceForm,
    NoteForm,
    PauseForm,
    ProposeForm,
    ReopenForm,
    StartForm,
    WithdrawForm,
)
from matching.forms.records import FollowUpForm, GoalForm, MeetingForm, OutcomeForm
from matching.forms.screening import CheckForm, InterviewForm, PlanInterviewForm

__all__ = [
    "AgreementForm",
    "CheckForm",
    "EndMatchForm",
    "FollowUpForm",
    "GoalForm",
    "InterviewForm",
    "IntroduceForm",
    "MeetingForm",
    "NoteForm",
    "OutcomeForm",
    "PauseForm",
    "PlanInterviewForm",
    "ProposeForm",
    "ReopenForm",
    "StartForm",
    "WithdrawForm",
]
