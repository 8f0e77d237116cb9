"""What upper apps add to a person's page: cards in the right column, and what is to be done next.

Registered in ``AppConfig.ready()``. Like the timeline's sources, they show only what rests on rows
``visible_to(user)``, in a constant number of queries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from common.hooks import Panel
from people.models import Person

OWN_ORDER = 50  # cards with a lower ``order`` come above the person's wishes, the others below


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction:
    """What is to be done next for a person. The lowest ``priority`` is shown.

    10 overdue · 20 due today · 30 needs a decision · 40 coming · 50 to be planned.
    """

    priority: int
    badge: str = ""  # a state of the ``badge`` tag, such as "overdue"
    badge_text: str = ""
    title: str  # bold: what and with whom
    text: str = ""  # and when, in a sentence
    url: str = ""
    label: str = ""  # of the filled button


PanelSource = Callable[[Person, User], Iterable[Panel]]
NextActionSource = Callable[[Person, User], Iterable[NextAction]]
_panels: list[PanelSource] = []
_next_actions: list[NextActionSource] = []


def register(source: PanelSource) -> PanelSource:
    """Add a source of cards; may be used as a decorator. Registering twice counts once."""
    if source not in _panels:
        _panels.append(source)
    return source


def register_next_action(source: NextActionSource) -> NextActionSource:
    """Add a source of what is to be done next; may be used as a decorator."""
    if source not in _next_actions:
        _next_actions.append(source)
    return source


def panels_for(person: Person, user: User) -> list[Panel]:
    """Cards of the right column in their order."""
    return sorted((panel for source in _panels for panel in source(person, user)), key=lambda panel: panel.order)


def next_action_for(person: Person, user: User) -> NextAction | None:
    """The most urgent thing to do, if any."""
    actions = [action for source in _next_actions for action in source(person, user)]
    return min(actions, key=lambda action: action.priority, default=None)
