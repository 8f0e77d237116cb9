"""Forms of the matching app, by subject."""

from matching.forms.acts import (
    AgreementForm,
    DeclineForm,
    EndMatchForm,
    IntroduceForm,
    MatchPauseForm,
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
    "DeclineForm",
    "EndMatchForm",
    "FollowUpForm",
    "GoalForm",
    "InterviewForm",
    "IntroduceForm",
    "MatchPauseForm",
    "MeetingForm",
    "OutcomeForm",
    "PlanInterviewForm",
    "ProposeForm",
    "ReopenForm",
    "StartForm",
    "WithdrawForm",
]
