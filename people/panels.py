"""Panels of a person's page, and the next action shown above them.

Upper apps add sources to ``PANEL_SOURCES`` and ``NEXT_ACTION_SOURCES``. A source shows only what rests on rows
``visible_to(user)``, in a constant number of queries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from accounts.models import Membership, User
from accounts.open_work import OpenWork
from common.hooks import Hook, Panel
from common.templatetags.danish import danish_number
from people.models import Draft, Person

OWN_ORDER = 50  # panels with a lower ``order`` come above the person's wishes, the others below


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction:
    """The next thing to do for a person. The page shows the one with the lowest ``priority``.

    10 overdue · 20 due today · 30 needs a decision · 40 coming · 50 to be planned.
    """

    priority: int
    badge: str = ""  # a state of the ``badge`` tag, such as "overdue"
    badge_text: str = ""
    title: str  # bold: what and with whom
    text: str = ""  # when, in a sentence
    url: str = ""
    label: str = ""  # of the filled button


PanelSource = Callable[[Person, User], Iterable[Panel]]
NextActionSource = Callable[[Person, User], Iterable[NextAction]]
PANEL_SOURCES: Hook[PanelSource] = Hook()
NEXT_ACTION_SOURCES: Hook[NextActionSource] = Hook()


def open_drafts(member: Membership, reader: User) -> OpenWork | None:
    """Return how many drafts of intakes a member has in the branch. Only the member sees them."""
    count = Draft.objects.filter(branch=member.branch_id, created_by=member.user_id).count()
    words = ngettext(
        "%(count)s draft of an intake, which only the user sees",
        "%(count)s drafts of intakes, which only the user sees",
        count,
    )
    return OpenWork([words % {"count": danish_number(count)}]) if count else None


def panels_for(person: Person, user: User) -> list[Panel]:
    """Return the panels of the right column in their order."""
    return sorted((panel for source in PANEL_SOURCES for panel in source(person, user)), key=lambda panel: panel.order)


def next_action_for(person: Person, user: User) -> NextAction | None:
    """Return the most urgent action, if any."""
    actions = [action for source in NEXT_ACTION_SOURCES for action in source(person, user)]
    return min(actions, key=lambda action: action.priority, default=None)
