from django.urls import path, re_path

from events import views

app_name = "events"

urlpatterns = [
    path("", views.EventListView.as_view(), name="event-list"),
    path("hent/", views.EventExportView.as_view(), name="event-export"),
    path("kalender/", views.CalendarView.as_view(), name="calendar"),
    path("kalender.ics", views.CalendarFileView.as_view(), name="calendar-file"),
    path("opret/", views.EventCreateView.as_view(), name="event-create"),
    path("<int:pk>/", views.EventDetailView.as_view(), name="event-detail"),
    path("<int:pk>/rediger/", views.EventUpdateView.as_view(), name="event-edit"),
    path("<int:pk>/aflys/", views.EventCancelView.as_view(), name="event-cancel"),
    path("<int:pk>/genoptag/", views.EventReinstateView.as_view(), name="event-reinstate"),
    path("<int:pk>/holdt/", views.ConfirmationView.as_view(), name="event-confirm"),
    path("<int:pk>/holdt/fortryd/", views.UndoConfirmationView.as_view(), name="undo-confirmation"),
    path("<int:pk>/arrangement.ics", views.EventCalendarFileView.as_view(), name="event-file"),
    path("<int:pk>/inviter/", views.InvitePeopleView.as_view(), name="invite"),
    path(
        "<int:pk>/inviter/<int:first>-<int:last>/fortryd/",
        views.WithdrawInvitationsView.as_view(),
        name="withdraw-invitations",
    ),
    path("<int:pk>/inviter-indsatser/", views.InviteProgrammesView.as_view(), name="invite-programmes"),
    path(
        "<int:pk>/inviter-indsatser/<int:invitation>/fortryd/",
        views.WithdrawProgrammeInvitationView.as_view(),
        name="withdraw-programme-invitation",
    ),
    path("<int:pk>/tilmeld/", views.SignUpView.as_view(), name="sign-up"),
    path("<int:pk>/deltagere/<int:attendance>/tilmeld/", views.SignUpRowView.as_view(), name="sign-up-row"),
    path("<int:pk>/deltagere/<int:attendance>/afmeld/", views.CancelSignUpView.as_view(), name="cancel-sign-up"),
    path("<int:pk>/deltagere/<int:attendance>/fjern/", views.RemoveInvitationView.as_view(), name="remove-invitation"),
    path("<int:pk>/e-mailadresser/", views.AddressesView.as_view(), name="addresses"),
    path("<int:pk>/deltagere/udskriv/", views.ParticipantSheetView.as_view(), name="participant-sheet"),
    path("<int:pk>/deltagere/hent/", views.ParticipantExportView.as_view(), name="participant-export"),
    re_path(
        r"^(?P<pk>\d{1,18})/deltagere\.(?P<kind>xlsx|ods|csv)$",
        views.ParticipantExportView.as_view(),
        name="export-list",
    ),
    path("<int:pk>/fremmoede/", views.CheckInView.as_view(), name="check-in"),
    path("<int:pk>/fremmoede/<int:attendance>/kommet/", views.TickView.as_view(), name="check-in-tick"),
    path("<int:pk>/fremmoede/<int:attendance>/fortryd/", views.UndoTickView.as_view(), name="check-in-undo"),
    path("<int:pk>/fremmoede/andre/", views.GuestCountView.as_view(), name="guest-count"),
    path("<int:pk>/fremmoede/tilfoej/", views.AddParticipantView.as_view(), name="add-participant"),
    path("<int:pk>/fremmoede/udeblevet/", views.MarkAbsentView.as_view(), name="mark-absent"),
    path("<int:pk>/fremmoede/udeblevet/fortryd/", views.UndoAbsentView.as_view(), name="undo-absent"),
]
