"""The kinds of lists that can be imported. Upper floors register theirs in `AppConfig.ready()`."""

from people.importing.kinds import Kind
from people.importing.people_kinds import PERSON_KINDS
from people.importing.record_kinds import RECORD_KINDS

_kinds: dict[str, Kind] = {kind.code: kind for kind in (*PERSON_KINDS, *RECORD_KINDS)}


def register(kind: Kind) -> None:
    """Add a kind of list; registering it again replaces it."""
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    """All kinds, those of people first."""
    return list(_kinds.values())


def kind_of(code: str) -> Kind:
    """The kind with a code. Raises KeyError for one that nobody registered."""
    return _kinds[code]
