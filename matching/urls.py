from django.urls import path

from matching.views import follow_ups

app_name = "matching"

urlpatterns = [
    path("opfoelgninger/", follow_ups.FollowUpList.as_view(), name="follow-up-list"),
    path("opfoelgninger/<int:pk>/", follow_ups.FollowUpRowView.as_view(), name="follow-up-row"),
    path("opfoelgninger/<int:pk>/registrer/", follow_ups.FollowUpLog.as_view(), name="follow-up-log"),
    path("opfoelgninger/<int:pk>/fortryd/", follow_ups.FollowUpUndo.as_view(), name="follow-up-undo"),
]
