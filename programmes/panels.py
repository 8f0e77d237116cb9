"""What upper apps add to a programme's page: cards under its rules, such as the targets.

Registered in ``AppConfig.ready()``. A panel shows only what the user may see, in a constant number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.models import User
from programmes.models import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A card: template and context."""

    template: str
    context: dict = field(default_factory=dict)


PanelSource = Callable[[Programme, User], Panel | None]
_sources: list[PanelSource] = []


def register(source: PanelSource) -> PanelSource:
    """Add a source of cards; may be used as a decorator. Registering twice counts once."""
    if source not in _sources:
        _sources.append(source)
    return source


def panels_for(programme: Programme, user: User) -> list[Panel]:
    """The cards that upper apps add to the programme's page."""
    return [panel for source in _sources if (panel := source(programme, user))]
