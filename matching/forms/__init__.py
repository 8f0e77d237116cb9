"""Forms of the matching app, by subject."""

from matching.forms.acts import (
    AgreementForm,
    DeclineForm,
    EndMatchForm,
    IntroduceForm,
    MatchPauseForm,
    ProposeForm,
    ReopenForm,
    SaidYesForm,
    StartForm,
    WithdrawForm,
)
from matching.forms.corrections import (
    FollowUpCorrectionForm,
    MatchDaysForm,
    MeetingCorrectionForm,
    OutcomeCorrectionForm,
)
from matching.forms.records import FollowUpForm, GoalForm, MeetingForm, OutcomeForm
from matching.forms.screening import CheckForm, InterviewForm, PlanInterviewForm

__all__ = [
    "AgreementForm",
    "CheckForm",
    "DeclineForm",
    "EndMatchForm",
    "FollowUpCorrectionForm",
    "FollowUpForm",
    "GoalForm",
    "InterviewForm",
    "IntroduceForm",
    "MatchDaysForm",
    "MatchPauseForm",
    "MeetingCorrectionForm",
    "MeetingForm",
    "OutcomeCorrectionForm",
    "OutcomeForm",
    "PlanInterviewForm",
    "ProposeForm",
    "ReopenForm",
    "SaidYesForm",
    "StartForm",
    "WithdrawForm",
]
