"""Columns of the lists that users can download: matches, follow-ups, attention, meetings, interviews."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.exports import Column, ListExport, phone_words
from matching.enums import Mood
from matching.models import FollowUp, Interview
from matching.pages.follow_up_rows import row_of, title_of
from people.display import name_with_state
from people.models import Enrolment


def parties(read) -> tuple[Column, ...]:
    """Return the columns of a match's people: name and case number. ``read(row)`` returns the match of a row."""
    return (
        Column("mentee", _("Mentee"), lambda row: name_with_state(read(row).mentee)),
        Column("mentee_number", _("Mentee's case number"), lambda row: read(row).mentee.case_number),
        Column("mentor", _("Mentor"), lambda row: name_with_state(read(row).mentor)),
        Column("mentor_number", _("Mentor's case number"), lambda row: read(row).mentor.case_number),
    )


def _last_mood(row: FollowUp) -> str:
    mood = row_of(row).last_talk[1]
    return Mood(mood).label if mood else ""


# Rows of ``with_parties().with_meetings()``.
MATCHES = ListExport(
    "matches",
    _("Matches"),
    (
        Column("number", _("Match")),
        *parties(lambda match: match),
        Column("status", _("Status"), lambda match: match.get_status_display()),
        Column("programme", _("Programme"), lambda match: match.programme.name),
        Column("coordinator", _("Coordinator"), lambda match: match.coordinator_name),
        Column("proposed_on", _("Proposed on")),
        Column("started_on", _("First meeting")),
        Column("agreement_signed_on", _("Agreement signed")),
        Column("meetings", _("Meetings"), lambda match: match.meeting_count),
        Column("hours", _("Hours"), lambda match: match.meeting_hours),
        Column("last_meeting_on", _("Last meeting")),
        Column("ended_on", _("Ended on")),
        Column("end_reason", _("Why it ended"), lambda match: match.get_end_reason_display()),
        Column("closing_talk_on", _("Closing talk")),
    ),
)

# Rows of ``for_rows().with_acting()``.
FOLLOW_UPS = ListExport(
    "follow-ups",
    _("Follow-ups"),
    (
        Column("due_on", _("Due on")),
        Column("follow_up", _("Follow-up"), title_of),
        Column("side", _("With whom"), lambda row: row.get_side_display()),
        *parties(lambda row: row.match),
        Column("match", _("Match"), lambda row: row.match.number),
        Column("phone", _("Phone"), lambda row: phone_words([row_of(row).person.phone_to_call])),
        Column("programme", _("Programme"), lambda row: row.match.programme.name),
        Column("coordinator", _("Coordinator"), lambda row: row.acting_name or row.match.coordinator_name),
        Column("last_done_on", _("Last contact"), lambda row: row_of(row).last_talk[0]),
        Column("last_mood", _("How it went"), _last_mood),
        Column("tries", _("Tries since then"), lambda row: row_of(row).try_words),
        Column("moved", _("Moved"), lambda row: row_of(row).moved_words),
    ),
)

# Items of ``attention_items()``.
ATTENTION = ListExport(
    "attention",
    _("Needs attention"),
    (
        Column("match", _("Match"), lambda item: item.match.number),
        *parties(lambda item: item.match),
        Column("kind", _("Kind of attention"), lambda item: item.label),
        Column("reason", _("Why"), lambda item: item.sentence),
        Column("days", _("Days")),
        Column("status", _("Status"), lambda item: item.match.get_status_display()),
        Column("programme", _("Programme"), lambda item: item.match.programme.name),
        Column("coordinator", _("Coordinator"), lambda item: item.match.coordinator_name),
    ),
)

MEETINGS = ListExport(
    "meetings",
    _("Meetings"),
    (
        Column("held_on", _("Date")),
        Column("hours", _("Hours")),
        Column("note", _("Note")),
        Column("recorded_by", _("Registered by"), lambda meeting: str(meeting.recorded_by or "")),
    ),
)


@dataclass(frozen=True, slots=True)
class InterviewLine:
    """An enrolment to interview, and the interview if it is planned."""

    enrolment: Enrolment
    interview: Interview | None

    @property
    def state(self) -> str:
        return gettext("Planned") if self.interview else gettext("Without an interview")


def interview_lines(rows: Iterable[Interview | Enrolment]) -> Iterator[InterviewLine]:
    """Yield a line for each planned interview and for each enrolment without one."""
    for row in rows:
        yield InterviewLine(row.enrolment, row) if isinstance(row, Interview) else InterviewLine(row, None)


def _planned(key: str, label, read) -> Column:
    """Return a column that is empty unless the interview is planned."""
    return Column(key, label, lambda line: read(line.interview) if line.interview else None)


INTERVIEWS = ListExport(
    "interviews",
    _("Interviews"),
    (
        Column("state", _("Interview")),
        _planned("planned_on", pgettext_lazy("interview", "Planned for"), lambda interview: interview.planned_on),
        _planned("time", pgettext_lazy("interview", "Time"), lambda interview: interview.planned_time),
        _planned("place", _("Place"), lambda interview: interview.place),
        _planned("interviewer", _("Interviewer"), lambda interview: str(interview.interviewer or "")),
        Column("case_number", _("Case number"), lambda line: line.enrolment.person.case_number),
        Column("name", _("Name"), lambda line: name_with_state(line.enrolment.person)),
        Column("role", _("Role"), lambda line: line.enrolment.get_role_display()),
        Column("programme", _("Programme"), lambda line: line.enrolment.programme.name),
        Column("phone", _("Phone"), lambda line: phone_words(line.enrolment.person.phones)),
        Column("email", _("E-mail"), lambda line: ", ".join(line.enrolment.person.emails)),
        Column("applied_on", _("Recruited on"), lambda line: line.enrolment.applied_on),
        Column("recruited_via", _("How they heard of us"), lambda line: line.enrolment.recruited_via),
    ),
)
