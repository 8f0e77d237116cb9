"""All kinds of lists that can be imported, those of people first, in the order in which they build on each other."""

from imports.engine.kind import Kind
from imports.kinds.attendance import AttendanceKind
from imports.kinds.events import EventListKind
from imports.kinds.follow_ups import FollowUpList
from imports.kinds.groups import GROUP_KINDS
from imports.kinds.interviews import InterviewKind
from imports.kinds.matches import MatchKind
from imports.kinds.meetings import MeetingKind
from imports.kinds.organisations import OrganisationListKind
from imports.kinds.outcomes import OutcomeList
from imports.kinds.people.kind import PERSON_KINDS

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        *PERSON_KINDS,
        OrganisationListKind(),
        *GROUP_KINDS,
        MatchKind(),
        InterviewKind(),
        MeetingKind(),
        FollowUpList(),
        OutcomeList(),
        EventListKind(),
        AttendanceKind(),
    )
}


def kinds() -> list[Kind]:
    """Return all kinds."""
    return list(KINDS.values())


def kind_of(code: str) -> Kind:
    """Return the kind with a code. Raises KeyError."""
    return KINDS[code]
