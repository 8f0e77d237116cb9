from django.urls import path, re_path

from accounts.views import account, administration, log

app_name = "accounts"

urlpatterns = [
    path("", administration.Administration.as_view(), name="administration"),
    path("konto/", account.Profile.as_view(), name="profile"),
    path("afdeling/", account.ChooseBranch.as_view(), name="choose_branch"),
    path("udseende/", account.SetTheme.as_view(), name="set_theme"),
    path("brugere/", administration.UserList.as_view(), name="user-list"),
    path("brugere/hent/", administration.UserExport.as_view(), name="user-export"),
    path("brugere/inviter/", administration.Invite.as_view(), name="user-invite"),
    path("brugere/<int:pk>/", administration.UserDetail.as_view(), name="user-detail"),
    re_path(
        rf"^brugere/(?P<pk>[0-9]+)/(?P<act>{'|'.join(administration.UserAct.acts)})/$",
        administration.UserAct.as_view(),
        name="user-act",
    ),
    path("log/", log.AccessLog.as_view(), name="access-log"),
    path("log/hent/", log.AccessLogExport.as_view(), name="access-log-export"),
]
