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
from matching.forms.contacts import ContactCorrectionForm, FollowUpMoveForm, FollowUpSkipForm, NewContactForm
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
from matching.forms.records import FollowUpForm, GoalForm, MeetingForm, OutcomeForm, OutcomeQuestionForm
from matching.forms.screening import CheckForm, InterviewForm, PlanInterviewForm

__all__ = [
    "AgreementForm",
    "CancelMeetingForm",
    "CheckCorrectionForm",
    "CheckForm",
    "ContactCorrectionForm",
    "DeclineForm",
    "EndMatchForm",
    "EndingCorrectionForm",
    "FirstMeetingForm",
    "FollowUpCorrectionForm",
    "FollowUpForm",
    "FollowUpMoveForm",
    "FollowUpSkipForm",
    "GoalForm",
    "HandoverForm",
    "InterviewCorrectionForm",
    "InterviewForm",
    "MatchDaysForm",
    "MatchPauseForm",
    "MeetingCorrectionForm",
    "MeetingForm",
    "NewContactForm",
    "OutcomeCorrectionForm",
    "OutcomeForm",
    "OutcomeQuestionForm",
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
