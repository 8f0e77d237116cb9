"""The list of matches as a spreadsheet: what the page shows, in full."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from matching.models import Match


def match_columns() -> list[str]:
    return [
        _("Match"),
        _("Mentee"),
        _("Mentee's case number"),
        _("Mentor"),
        _("Mentor's case number"),
        _("Status"),
        _("Programme"),
        _("Coordinator"),
        _("Proposed on"),
        _("First meeting"),
        _("Agreement signed"),
        _("Meetings"),
        _("Hours"),
        _("Last meeting"),
        _("Ended on"),
        _("Why it ended"),
        _("Closing talk"),
    ]


def match_rows(matches: Iterable[Match]) -> Iterator[list]:
    """One row a match of ``with_parties().with_meetings()``."""
    for match in matches:
        yield [
            match.number,
            match.mentee.name,
            match.mentee.case_number,
            match.mentor.name,
            match.mentor.case_number,
            match.get_status_display(),
            match.programme.name,
            match.coordinator.name if match.coordinator else match.coordinator_note,
            match.proposed_on,
            match.started_on,
            match.agreement_signed_on,
            match.meeting_count,
            match.meeting_hours,
            match.last_meeting_on,
            match.ended_on,
            match.get_end_reason_display(),
            match.closing_talk_on,
        ]
