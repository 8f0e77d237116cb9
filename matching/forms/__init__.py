"""Forms of the matching app, by subject."""

from matching.forms.acts import (
    AgreementForm,
    DeclineForm,
    EndMatchForm,
    MatchPauseForm,
    ProposeForm,
    ReopenForm,
    ResumeForm,
    SaidYesForm,
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
from matching.forms.meetings import CancelMeetingForm, FirstMeetingForm, PlanMeetingForm
from matching.forms.records import FollowUpForm, GoalForm, MeetingForm, OutcomeForm
from matching.forms.screening import CheckForm, InterviewForm, PlanInterviewForm

__all__ = [
    "AgreementForm",
    "CancelMeetingForm",
    "CheckCorrectionForm",
    "CheckForm",
    "DeclineForm",
    "EndMatchForm",
    "EndingCorrectionForm",
    "FirstMeetingForm",
    "FollowUpCorrectionForm",
    "FollowUpForm",
    "GoalForm",
    "HandoverForm",
    "InterviewCorrectionForm",
    "InterviewForm",
    "MatchDaysForm",
    "MatchPauseForm",
    "MeetingCorrectionForm",
    "MeetingForm",
    "OutcomeCorrectionForm",
    "OutcomeForm",
    "PauseCorrectionForm",
    "PlanInterviewForm",
    "PlanMeetingForm",
    "ProposeForm",
    "ReopenForm",
    "ResumeForm",
    "SaidYesForm",
    "WithdrawForm",
    "WrittenNamesForm",
]
