"""Cards that upper apps add to a programme's page, such as its targets."""

from collections.abc import Callable

from accounts.models import User
from common.hooks import Hook, Panel
from programmes.models import Programme

# Each returns a card, or None when the user may not see it, in a constant number of queries.
PROGRAMME_PANELS: Hook[Callable[[Programme, User], Panel | None]] = Hook()


def panels_for(programme: Programme, user: User) -> list[Panel]:
    """Return the cards of a programme's page that the user may see."""
    return [panel for source in PROGRAMME_PANELS if (panel := source(programme, user))]
