"""The indicators that a target can count, by their short names."""

from django.utils.translation import gettext_lazy as _

from events.enums import EventKind
from programmes.enums import ParticipantRole
from reporting.indicators.base import Indicator, UnknownIndicator
from reporting.indicators.events import EventsHeld, InvitationsToOtherBranches
from reporting.indicators.matches import MatchesEstablished
from reporting.indicators.recruitment import Recruited
from reporting.indicators.unknown import Unknown

# In the order in which the form of a target offers them.
INDICATORS: tuple[Indicator, ...] = (
    Recruited("mentees_recruited", _("Mentees recruited"), _("mentee"), _("mentees"), role=ParticipantRole.MENTEE),
    Recruited("mentors_recruited", _("Mentors recruited"), _("mentor"), _("mentors"), role=ParticipantRole.MENTOR),
    Recruited(
        "contact_persons_recruited",
        _("Contact persons recruited"),
        _("contact person"),
        _("contact persons"),
        role=ParticipantRole.CONTACT,
    ),
    MatchesEstablished("matches_established", _("Matches established"), _("match"), _("matches")),
    EventsHeld(
        "network_events_held", _("Network events held"), _("network event"), _("network events"), kind=EventKind.NETWORK
    ),
    EventsHeld(
        "mentor_courses_held",
        _("Courses for mentors held"),
        _("course for mentors"),
        _("courses for mentors"),
        kind=EventKind.MENTOR_COURSE,
    ),
    EventsHeld(
        "mentee_courses_held",
        _("Courses for mentees held"),
        _("course for mentees"),
        _("courses for mentees"),
        kind=EventKind.MENTEE_COURSE,
    ),
    EventsHeld(
        "exchange_meetings_held",
        _("Experience exchange meetings held"),
        _("exchange meeting"),
        _("exchange meetings"),
        kind=EventKind.EXCHANGE,
    ),
    EventsHeld(
        "introduction_meetings_held",
        _("Introduction meetings held"),
        _("introduction meeting"),
        _("introduction meetings"),
        kind=EventKind.INTRODUCTION,
    ),
    InvitationsToOtherBranches(
        "invitations_to_other_branches",
        _("Invitations to other branches' events"),
        _("invitation"),
        _("invitations"),
    ),
)

_BY_SLUG = {indicator.slug: indicator for indicator in INDICATORS}


def get_indicator(slug: str) -> Indicator:
    """Return the indicator with a short name. Raises UnknownIndicator."""
    try:
        return _BY_SLUG[slug]
    except KeyError:
        raise UnknownIndicator(slug) from None


def find_indicator(slug: str) -> Indicator:
    """Return the indicator with a short name that is stored, or one that says that it is unknown."""
    return _BY_SLUG.get(slug) or Unknown(slug)


def indicator_choices() -> list[tuple[str, str]]:
    """Return the short name and label of each indicator, for a select."""
    return [(indicator.slug, indicator.label) for indicator in INDICATORS]
