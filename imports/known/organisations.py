"""Which organisation a name in a row means: one rule for every list."""

from collections.abc import Iterable

from common.folding import fold
from people.models import Organisation


def find_by_name(organisations: Iterable[Organisation], names: Iterable[str]) -> dict[str, Organisation]:
    """Name → the organisation that it means, of those names that mean one.

    Spelt in the same way, or else alike when capitals and accents are left out, as two groups or two organisations
    of a list are one; of several alike the first.
    """
    exact: dict[str, Organisation] = {}
    alike: dict[str, Organisation] = {}
    for organisation in organisations:
        exact.setdefault(organisation.name, organisation)
        alike.setdefault(fold(organisation.name), organisation)
    found = {name: exact.get(name) or alike.get(fold(name)) for name in names}
    return {name: organisation for name, organisation in found.items() if organisation}
