"""The sections of the frame and the lists of each: what the top bar, the tab bar and the segments link to."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Role
from accounts.roles import Verb


class Segment(NamedTuple):
    """A link to one list of a section: path name, label, the verb that opens the list, and the query it needs.

    ``in_branch`` says that the list needs the verb in the current branch. ``count`` is the path name of a fragment with
    the number of its rows, which htmx loads after the page.
    """

    name: str
    label: str
    verb: str
    query: str = ""
    in_branch: bool = False
    count: str = ""


class NavSection(NamedTuple):
    """A link of the top bar: path name, label, the verb that opens it, icon, and its lists."""

    name: str
    label: str
    verb: str | None
    icon: str
    segments: tuple[Segment, ...] = ()


PROPOSALS = "status=forslag"

SECTIONS = [
    NavSection("desk:today", _("Today"), None, "sun"),
    NavSection(
        "people:person-list",
        _("People"),
        Verb.READ_CASES,
        "people",
        (
            Segment("people:person-list", _("All people"), Verb.READ_CASES),
            Segment("people:organisation-list", _("Organisations"), Verb.READ_CASES),
            Segment("people:group-list", _("Volunteer groups"), Verb.READ_CASES),
            Segment("people:duplicate-list", _("Possible duplicates"), Verb.WORK_CASES, count="people:duplicate-count"),
            Segment("people:question-list", _("Questions"), Verb.READ_CASES),
            Segment("people:transfer-list", _("Transfers"), Verb.READ_CASES),
        ),
    ),
    NavSection(
        "matching:desk",
        _("Match"),
        Verb.READ_CASES,
        "rings",
        (
            Segment("matching:desk", _("Find mentor"), Verb.READ_CASES),
            Segment("matching:match-list", _("Proposals"), Verb.READ_CASES, query=PROPOSALS),
            Segment("matching:match-list", _("All matches"), Verb.READ_CASES),
            Segment("matching:interview-list", _("Interviews"), Verb.READ_CASES),
            Segment("matching:follow-up-list", _("Follow-ups"), Verb.READ_CASES),
            Segment("matching:attention-list", _("Needs attention"), Verb.READ_CASES),
        ),
    ),
    NavSection(
        "events:event-list",
        _("Events"),
        Verb.READ_EVENTS,
        "calendar3",
        (
            Segment("events:event-list", _("List"), Verb.READ_EVENTS),
            Segment("events:calendar", _("Calendar"), Verb.READ_EVENTS),
            Segment(
                "events:event-list", pgettext_lazy("events", "To be confirmed"), Verb.READ_EVENTS, query="tid=mangler"
            ),
        ),
    ),
    NavSection("programmes:programme-list", _("Programmes"), Verb.SEE_PROGRAMMES, "journal"),
    NavSection(
        "reporting:target-list",
        _("Reports"),
        Verb.SEE_FIGURES,
        "bar-chart",
        (
            Segment("reporting:target-list", _("Targets"), Verb.SEE_FIGURES),
            Segment("reporting:report-list", _("Status reports"), Verb.SEE_FIGURES),
        ),
    ),
    NavSection(
        "accounts:administration",
        _("Administration"),
        Verb.MANAGE_USERS,
        "gear",
        (
            Segment("accounts:administration", _("Overview"), Verb.MANAGE_USERS),
            Segment("imports:import-list", _("Import"), Verb.IMPORT),
            Segment("accounts:user-list", _("Users"), Verb.MANAGE_USERS),
            Segment("matching:written-names", _("Written names of coordinators"), Verb.HAND_OVER, in_branch=True),
            Segment("accounts:access-log", _("Log"), Verb.READ_LOG),
            Segment("accounts:task-list", _("Background tasks"), Verb.MANAGE_TASKS),
            Segment("transfer:branch-file", _("Download the whole branch"), Verb.EXPORT_BRANCH, in_branch=True),
        ),
    ),
]


def links_of(request: HttpRequest) -> tuple[list[dict], list[dict]]:
    """Return the sections that the user may see, and the segments of the list that the page shows; none elsewhere."""
    here = _section_of(request)
    sections = [
        {
            "url": reverse(section.name),
            "label": _label(section, request),
            "icon": section.icon,
            "current": section is here,
            "name": section.name,
        }
        for section in SECTIONS
        if section.verb is None or request.user.may(section.verb)
    ]
    return sections, _segments(here, request) if here else []


def _label(section: NavSection, request: HttpRequest) -> str:
    is_overview = section.verb is None and request.membership and request.membership.role == Role.MANAGER
    return _("Overview") if is_overview else section.label


def _section_of(request: HttpRequest) -> NavSection | None:
    """Return the section of the page: the one that lists it, else the one with the lists of its app.

    ``request.nav_section`` names another app, for a page that belongs to the section of that one.
    """
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    for section in SECTIONS:
        if any(segment.name == name for segment in section.segments):
            return section
    app = getattr(request, "nav_section", None) or name.partition(":")[0]
    for section in SECTIONS:
        if any(link.name.partition(":")[0] == app for link in (section, *section.segments)):
            return section
    return None


def _segments(section: NavSection, request: HttpRequest) -> list[dict]:
    shown = [segment for segment in section.segments if _may_open(segment, request)]
    current = _current(shown, request)
    if current is None or len(shown) < 2:
        return []
    return [
        {
            "url": reverse(segment.name) + (f"?{segment.query}" if segment.query else ""),
            "label": segment.label,
            "count_url": reverse(segment.count) if segment.count else "",
            "current": segment is current,
        }
        for segment in shown
    ]


def _may_open(segment: Segment, request: HttpRequest) -> bool:
    if segment.in_branch:
        return bool(request.membership) and request.user.may(segment.verb, request.membership.branch_id)
    return request.user.may(segment.verb)


def _current(segments: list[Segment], request: HttpRequest) -> Segment | None:
    """Return the segment of the page: the one whose query the address has, else the one without a query."""
    here = [segment for segment in segments if segment.name == request.resolver_match.view_name]
    asked = [segment for segment in here if segment.query and segment.query in request.GET.urlencode().split("&")]
    return next(iter([*asked, *(segment for segment in here if not segment.query)]), None)
