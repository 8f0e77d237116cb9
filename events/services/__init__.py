"""Every write of the events app.

Services that assign places lock the event's row, read again, then write. SQLite has no row locks, but only one
transaction writes at a time. The constraint ``attendance_place_taken_once`` is the last guard.
"""

from events.services.attendance import (
    add_participant,
    change_unnamed_guests,
    mark_absent,
    set_unnamed_guests,
    tick_attendance,
    undo_absent,
    undo_attendance,
)
from events.services.confirmation import confirm_event, correct_participants, undo_confirmation
from events.services.events import cancel_event, correct_event, create_event, reinstate_event, update_event
from events.services.invitations import (
    Invited,
    invite_people,
    invite_programmes,
    remove_invitation,
    withdraw_invitations,
    withdraw_programme_invitation,
)
from events.services.places import cancel_sign_up, sign_up

__all__ = [
    "Invited",
    "add_participant",
    "cancel_event",
    "cancel_sign_up",
    "change_unnamed_guests",
    "confirm_event",
    "correct_event",
    "correct_participants",
    "create_event",
    "invite_people",
    "invite_programmes",
    "mark_absent",
    "reinstate_event",
    "remove_invitation",
    "set_unnamed_guests",
    "sign_up",
    "tick_attendance",
    "undo_absent",
    "undo_attendance",
    "undo_confirmation",
    "update_event",
    "withdraw_invitations",
    "withdraw_programme_invitation",
]
