from django.urls import path, re_path

from matching.views import acts, desk, follow_ups, matches, records, screening

app_name = "matching"
SIDES = "mentor|mentee"

urlpatterns = [
    path("liste/", matches.MatchList.as_view(), name="match-list"),
    path("liste/hent/", matches.MatchExport.as_view(), name="match-list-export"),
    re_path(r"^liste/hent/(?P<kind>xlsx|ods|csv)/$", matches.MatchExport.as_view(), name="match-export"),
    path("<int:pk>/", matches.MatchDetail.as_view(), name="match-detail"),
    re_path(rf"^(?P<pk>\d+)/svar/(?P<side>{SIDES})/$", acts.MatchAnswer.as_view(), name="match-answer"),
    re_path(rf"^(?P<pk>\d+)/nej/(?P<side>{SIDES})/$", acts.MatchDecline.as_view(), name="match-decline"),
    path("<int:pk>/introducer/", acts.MatchIntroduce.as_view(), name="match-introduce"),
    path("<int:pk>/start/", acts.MatchStart.as_view(), name="match-start"),
    path("<int:pk>/aftale/", acts.MatchSign.as_view(), name="match-sign"),
    path("<int:pk>/pause/", acts.MatchPause.as_view(), name="match-pause"),
    path("<int:pk>/genoptag/", acts.MatchResume.as_view(), name="match-resume"),
    path("<int:pk>/afslut/", acts.MatchEnd.as_view(), name="match-end"),
    path("<int:pk>/genaabn/", acts.MatchReopen.as_view(), name="match-reopen"),
    path("<int:pk>/tag-tilbage/", acts.MatchWithdrawView.as_view(), name="match-withdraw"),
    path("<int:pk>/moeder/", records.MeetingList.as_view(), name="meeting-list"),
    path("<int:pk>/moeder/hent/", records.MeetingExport.as_view(), name="meeting-export"),
    path("<int:pk>/moeder/nyt/", records.MeetingCreate.as_view(), name="meeting-create"),
    path("moeder/<int:pk>/fjern/", records.MeetingRemove.as_view(), name="meeting-remove"),
    path("<int:pk>/maal/nyt/", records.GoalCreate.as_view(), name="goal-create"),
    path("maal/<int:pk>/", records.GoalUpdate.as_view(), name="goal-update"),
    path("<int:pk>/resultater/nyt/", records.OutcomeCreate.as_view(), name="outcome-create"),
    path("resultater/<int:pk>/fjern/", records.OutcomeRemove.as_view(), name="outcome-remove"),
    path("interview/", screening.InterviewList.as_view(), name="interview-list"),
    path("interview/hent/", screening.InterviewExport.as_view(), name="interview-export"),
    path("interview/<int:pk>/planlaeg/", screening.InterviewPlan.as_view(), name="interview-plan"),
    path("interview/<int:pk>/registrer/", screening.InterviewRecord.as_view(), name="interview-record"),
    path("interview/<int:pk>/aflys/", screening.InterviewCancel.as_view(), name="interview-cancel"),
    path("tjek/<int:pk>/registrer/", screening.CheckCreate.as_view(), name="check-create"),
    path("opmaerksomhed/", matches.AttentionListView.as_view(), name="attention-list"),
    path("opmaerksomhed/hent/", matches.AttentionExportView.as_view(), name="attention-export"),
    path("", desk.Desk.as_view(), name="desk"),
    path("saadan-rangeres-der/", desk.Explanation.as_view(), name="desk-factors"),
    path("foreslaa/<int:mentee>/<int:mentor>/", desk.Propose.as_view(), name="desk-propose"),
    path("opfoelgninger/", follow_ups.FollowUpList.as_view(), name="follow-up-list"),
    path("opfoelgninger/hent/", follow_ups.FollowUpExport.as_view(), name="follow-up-export"),
    path("opfoelgninger/<int:pk>/", follow_ups.FollowUpRowView.as_view(), name="follow-up-row"),
    path("opfoelgninger/<int:pk>/registrer/", follow_ups.FollowUpLog.as_view(), name="follow-up-log"),
    path("opfoelgninger/<int:pk>/fortryd/", follow_ups.FollowUpUndo.as_view(), name="follow-up-undo"),
]
