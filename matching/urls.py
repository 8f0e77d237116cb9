from django.urls import path, re_path

from matching.views import acts, desk, follow_ups, matches, records, screening

app_name = "matching"
SIDES = "mentor|mentee"

urlpatterns = [
    path("liste/", matches.MatchListView.as_view(), name="match-list"),
    path("liste/hent/", matches.MatchExportView.as_view(), name="match-list-export"),
    re_path(r"^liste/hent/(?P<kind>xlsx|ods|csv)/$", matches.MatchExportView.as_view(), name="match-export"),
    path("<int:pk>/", matches.MatchDetailView.as_view(), name="match-detail"),
    re_path(rf"^(?P<pk>\d+)/svar/(?P<side>{SIDES})/$", acts.MatchAnswerView.as_view(), name="match-answer"),
    re_path(rf"^(?P<pk>\d+)/nej/(?P<side>{SIDES})/$", acts.MatchDeclineView.as_view(), name="match-decline"),
    path("<int:pk>/introducer/", acts.MatchIntroduceView.as_view(), name="match-introduce"),
    path("<int:pk>/start/", acts.MatchStartView.as_view(), name="match-start"),
    path("<int:pk>/aftale/", acts.MatchSignView.as_view(), name="match-sign"),
    path("<int:pk>/pause/", acts.MatchPauseView.as_view(), name="match-pause"),
    path("<int:pk>/genoptag/", acts.MatchResumeView.as_view(), name="match-resume"),
    path("<int:pk>/afslut/", acts.MatchEndView.as_view(), name="match-end"),
    path("<int:pk>/genaabn/", acts.MatchReopenView.as_view(), name="match-reopen"),
    path("<int:pk>/tag-tilbage/", acts.MatchWithdrawView.as_view(), name="match-withdraw"),
    path("<int:pk>/moeder/", records.MeetingListView.as_view(), name="meeting-list"),
    path("<int:pk>/moeder/hent/", records.MeetingExportView.as_view(), name="meeting-export"),
    path("<int:pk>/moeder/nyt/", records.MeetingCreateView.as_view(), name="meeting-create"),
    path("moeder/<int:pk>/fjern/", records.MeetingRemoveView.as_view(), name="meeting-remove"),
    path("<int:pk>/maal/nyt/", records.GoalCreateView.as_view(), name="goal-create"),
    path("maal/<int:pk>/", records.GoalUpdateView.as_view(), name="goal-update"),
    path("<int:pk>/resultater/nyt/", records.OutcomeCreateView.as_view(), name="outcome-create"),
    path("resultater/<int:pk>/fjern/", records.OutcomeRemoveView.as_view(), name="outcome-remove"),
    path("interview/", screening.InterviewListView.as_view(), name="interview-list"),
    path("interview/hent/", screening.InterviewExportView.as_view(), name="interview-export"),
    path("interview/<int:pk>/planlaeg/", screening.InterviewPlanView.as_view(), name="interview-plan"),
    path("interview/<int:pk>/registrer/", screening.InterviewRecordView.as_view(), name="interview-record"),
    path("interview/<int:pk>/aflys/", screening.InterviewCancelView.as_view(), name="interview-cancel"),
    path("tjek/<int:pk>/registrer/", screening.CheckCreateView.as_view(), name="check-create"),
    path("opmaerksomhed/", matches.AttentionListView.as_view(), name="attention-list"),
    path("opmaerksomhed/hent/", matches.AttentionExportView.as_view(), name="attention-export"),
    path("", desk.MatchDeskView.as_view(), name="desk"),
    path("saadan-rangeres-der/", desk.RankingExplanationView.as_view(), name="desk-factors"),
    path("foreslaa/<int:mentee>/<int:mentor>/", desk.MatchProposeView.as_view(), name="desk-propose"),
    path("opfoelgninger/", follow_ups.FollowUpListView.as_view(), name="follow-up-list"),
    path("opfoelgninger/hent/", follow_ups.FollowUpExportView.as_view(), name="follow-up-export"),
    path("opfoelgninger/<int:pk>/", follow_ups.FollowUpRowView.as_view(), name="follow-up-row"),
    path("opfoelgninger/<int:pk>/registrer/", follow_ups.FollowUpRecordView.as_view(), name="follow-up-log"),
    path("opfoelgninger/<int:pk>/fortryd/", follow_ups.FollowUpUndoView.as_view(), name="follow-up-undo"),
]
