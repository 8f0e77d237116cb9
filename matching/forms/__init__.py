"""Forms of the matching app, by subject."""

from matching.forms.acts import (
    AgreementForm,
    DeclineForm,
    EndMatchForm,
    IntroduceForm,
    MatchPauseForm,
    ProposeForm,
    ReopenForm,
    ResumeForm,
    SaidYesForm,
    StartForm,
    WithdrawForm,
)
from matching.forms.corrections import (
    CheckCorrectionForm,
    EndingCorrectionForm,
    FollowUpCorrectionForm,
    InterviewCorrectionForm,
    MatchDaysForm,
    MeetingCorrectionForm,
    OutcomeCorrectionForm,
    PauseCorrectionForm,
)
from matching.forms.handovers import HandoverForm, WrittenNamesForm
from matching.forms.records import FollowUpForm, GoalForm, MeetingForm, OutcomeForm
from matching.forms.screening import CheckForm, InterviewForm, PlanInterviewForm

__all__ = [
    "AgreementForm",
    "CheckCorrectionForm",
    "CheckForm",
    "DeclineForm",
    "EndMatchForm",
    "EndingCorrectionForm",
    "FollowUpCorrectionForm",
    "FollowUpForm",
    "GoalForm",
    "HandoverForm",
    "InterviewCorrectionForm",
    "InterviewForm",
    "IntroduceForm",
    "MatchDaysForm",
    "MatchPauseForm",
    "MeetingCorrectionForm",
    "MeetingForm",
    "OutcomeCorrectionForm",
    "OutcomeForm",
    "PauseCorrectionForm",
    "PlanInterviewForm",
    "ProposeForm",
    "ReopenForm",
    "ResumeForm",
    "SaidYesForm",
    "StartForm",
    "WithdrawForm",
    "WrittenNamesForm",
]
