from django.urls import path, re_path

from accounts.views import account, administration, log, tasks

app_name = "accounts"

urlpatterns = [
    path("", administration.AdministrationView.as_view(), name="administration"),
    path("konto/", account.ProfileView.as_view(), name="profile"),
    path("afdeling/", account.ChooseBranchView.as_view(), name="choose_branch"),
    re_path(
        rf"^invitation/(?P<pk>[0-9]+)/(?P<act>{'|'.join(account.InvitationAnswerView.acts)})/$",
        account.InvitationAnswerView.as_view(),
        name="invitation-answer",
    ),
    path("udseende/", account.SetThemeView.as_view(), name="set_theme"),
    path("brugere/", administration.UserListView.as_view(), name="user-list"),
    path("brugere/hent/", administration.UserExportView.as_view(), name="user-export"),
    path("brugere/inviter/", administration.InviteView.as_view(), name="user-invite"),
    path("brugere/<int:pk>/", administration.UserDetailView.as_view(), name="user-detail"),
    re_path(
        rf"^brugere/(?P<pk>[0-9]+)/(?P<act>{'|'.join(administration.UserActView.acts)})/$",
        administration.UserActView.as_view(),
        name="user-act",
    ),
    path("log/", log.AccessLogView.as_view(), name="access-log"),
    path("opgaver/", tasks.TaskListView.as_view(), name="task-list"),
    re_path(
        rf"^opgaver/(?P<pk>[0-9]+)/(?P<act>{'|'.join(tasks.TaskActView.acts)})/$",
        tasks.TaskActView.as_view(),
        name="task-act",
    ),
    path("log/hent/", log.AccessLogExportView.as_view(), name="access-log-export"),
]
