"""What events adds to lower apps: a person's timeline, merges, words of histories, sentences of the access log."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.log_words import LISTS, LOG_SENTENCES, LoggedList, LogSentence, choice_words, filters_of
from common.history import ACT_WORDS, RECORD_WORDS, RecordWords
from common.journal import RESTORERS
from events.enums import AttendanceStatus
from events.exports import EVENTS, PARTICIPANTS
from events.filters import EventFilter, EventTime
from events.lists import ListName
from events.merging import ATTENDANCE_RULE, merge_consequences, take_free_places
from events.models import Attendance, Event, ProgrammeInvitation
from events.services.person_states import STATE_ENDING
from events.timeline import event_entries
from people.endings import STATE_ENDINGS
from people.merging import MERGE_CONSEQUENCES, MERGE_RULES
from people.timeline import TIMELINE_SOURCES

TIMELINE_SOURCES.add(event_entries)
STATE_ENDINGS.add(STATE_ENDING)
MERGE_RULES.add(ATTENDANCE_RULE, key=Attendance)
RESTORERS.add(take_free_places, key=Attendance)
MERGE_CONSEQUENCES.add(merge_consequences)
RECORD_WORDS.add_all(
    {
        Event: RecordWords(url=lambda event: reverse("events:event-detail", args=[event.pk])),
        Attendance: RecordWords(names=("event", "person"), hidden=("place_number",)),
        ProgrammeInvitation: RecordWords(names=("event", "programme")),
    }
)
ACT_WORDS.add_all(
    {
        "create_event": _("Event created"),
        "update_event": _("Event changed"),
        "correct_event": _("Event corrected"),
        "cancel_event": _("Event cancelled"),
        "confirm_event": _("Confirmed as held"),
        "undo_confirmation": _("Confirmation undone"),
        "correct_participants": _("Number of participants corrected"),
        "reinstate_event": _("Cancellation undone"),
        "invite_people": _("People invited"),
        "withdraw_invitations": _("Invitations withdrawn"),
        "remove_invitation": _("Person removed from the list"),
        "invite_programmes": _("Another branch invited"),
        "withdraw_programme_invitation": _("Invitation of another branch withdrawn"),
        "sign_up": _("Person signed up"),
        "cancel_sign_up": _("Sign-up cancelled"),
        "tick_attendance": _("Attendance registered"),
        "undo_attendance": _("Attendance undone"),
        "add_participant": _("Participant added"),
        "mark_absent": _("The rest marked as absent"),
        "undo_absent": _("Absence undone"),
        "set_unnamed_guests": _("Guests without names"),
        "change_unnamed_guests": _("Guests without names"),
    }
)
LISTS.add_all(
    {
        EVENTS.key: LoggedList(EVENTS.label, {"tid": (_("Time"), choice_words(EventTime)), **filters_of(EventFilter)}),
        PARTICIPANTS.key: LoggedList(
            PARTICIPANTS.label, {"liste": (_("List"), choice_words(ListName))}, title="%(label)s, %(part)s"
        ),
    }
)
LOG_SENTENCES.add_all(
    {
        "event_created": LogSentence(_("Event created")),
        "event_changed": LogSentence(_("Event changed")),
        "event_cancelled": LogSentence(_("Event cancelled")),
        "event_reinstated": LogSentence(_("Cancellation undone")),
        "event_confirmed": LogSentence(_("Confirmed as held")),
        "confirmation_undone": LogSentence(_("Confirmation undone")),
        "participants_corrected": LogSentence(_("Number of participants corrected")),
        "people_invited": LogSentence(_("Invited to the event")),
        "invitations_withdrawn": LogSentence(_("Invitations withdrawn")),
        "invitation_removed": LogSentence(_("taken off the list"), about="event"),
        "programme_invited": LogSentence(_("Another branch invited")),
        "programme_invitation_withdrawn": LogSentence(_("Invitation of another branch withdrawn")),
        "attendance_changed": LogSentence("%(status)s", about="event", status=choice_words(AttendanceStatus)),
        "attendance_undone": LogSentence(_("attendance undone"), about="event"),
        "rest_marked_absent": LogSentence(_("The rest marked as absent")),
        "absence_undone": LogSentence(_("Absence undone")),
        "unnamed_guests_set": LogSentence(_("Guests without names")),
        "participants_shown": LogSentence(_("list of participants"), about="event"),
        "check_in_shown": LogSentence(_("check-in list"), about="event"),
        "sheet_shown": LogSentence(_("participants' sheet to print, with names"), about="event"),
        "staff_sheet_shown": LogSentence(_("participants' sheet to print, with roles and phones"), about="event"),
        "addresses_shown": LogSentence(_("e-mail addresses, %(list)s"), about="event", list=choice_words(ListName)),
    }
)
