"""All kinds of lists that can be imported, those of people first, in the order in which they build on each other."""

from imports.engine.kind import Kind
from imports.kinds.attendance import AttendanceKind
from imports.kinds.events import EventListKind
from imports.kinds.groups import GROUP_KINDS, OrganisationListKind
from imports.kinds.interviews import InterviewKind
from imports.kinds.matches import MatchKind
from imports.kinds.people import PERSON_KINDS
from imports.kinds.records import FollowUpListKind, MeetingKind, OutcomeListKind

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        *PERSON_KINDS,
        OrganisationListKind(),
        *GROUP_KINDS,
        MatchKind(),
        InterviewKind(),
        MeetingKind(),
        FollowUpListKind(),
        OutcomeListKind(),
        EventListKind(),
        AttendanceKind(),
    )
}


def all_kinds() -> list[Kind]:
    """Return all kinds."""
    return list(KINDS.values())


def kind_of(code: str) -> Kind:
    """Return the kind with a code. Raises KeyError."""
    return KINDS[code]
