"""Pages of events, by subject."""

from events.views.check_in import (
    AddParticipantView,
    CheckInView,
    GuestCountView,
    MarkAbsentView,
    TickView,
    UndoAbsentView,
    UndoTickView,
)
from events.views.confirmation import ConfirmationView, UndoConfirmationView
from events.views.events import (
    EventCancelView,
    EventCreateView,
    EventDetailView,
    EventReinstateView,
    EventUpdateView,
)
from events.views.files import (
    AddressesView,
    CalendarFileView,
    EventCalendarFileView,
    ParticipantExportView,
    ParticipantSheetView,
)
from events.views.invitations import (
    InvitePeopleView,
    InviteProgrammesView,
    WithdrawInvitationsView,
    WithdrawProgrammeInvitationView,
)
from events.views.lists import CalendarView, EventExportView, EventListView
from events.views.places import CancelSignUpView, RemoveInvitationView, SignUpRowView, SignUpView

__all__ = [
    "AddParticipantView",
    "AddressesView",
    "CalendarFileView",
    "CalendarView",
    "CancelSignUpView",
    "CheckInView",
    "ConfirmationView",
    "EventCalendarFileView",
    "EventCancelView",
    "EventCreateView",
    "EventDetailView",
    "EventExportView",
    "EventListView",
    "EventReinstateView",
    "EventUpdateView",
    "GuestCountView",
    "InvitePeopleView",
    "InviteProgrammesView",
    "MarkAbsentView",
    "ParticipantExportView",
    "ParticipantSheetView",
    "RemoveInvitationView",
    "SignUpRowView",
    "SignUpView",
    "TickView",
    "UndoAbsentView",
    "UndoConfirmationView",
    "UndoTickView",
    "WithdrawInvitationsView",
    "WithdrawProgrammeInvitationView",
]
