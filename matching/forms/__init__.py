"""Forms of the matching app. They check; the services write."""

from matching.forms.acts import (
    AgreementForm,
    EndMatchForm,
    IntroduceForm,
    NoteForm,
    PauseForm,
    ReopenForm,
    StartForm,
    TakeBackForm,
)
from matching.forms.follow_ups import FollowUpForm
from matching.forms.intake import CheckForm, InterviewForm, PlanInterviewForm
from matching.forms.records import GoalForm, MeetingForm, OutcomeForm

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
    "ReopenForm",
    "StartForm",
    "TakeBackForm",
]
