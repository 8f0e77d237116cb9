"""The draft of an intake: kept in the session until the person is created, so that going back loses nothing.

A CPR number typed into it is shown back with its error, but never stored, not even in the session.
"""

import uuid
from typing import Any

from django.http import QueryDict

from common.cpr import find_cpr_numbers

SESSION_KEY = "people.intake"
STEPS = ["who", "role", "wishes", "consent"]


class IntakeDraft:
    """What was typed so far, step by step, as it was typed."""

    def __init__(self, session):
        self._session = session
        self._just_typed: dict[str, dict[str, list[str]]] = {}
        self._data: dict[str, Any] = session.get(SESSION_KEY) or {
            "once": str(uuid.uuid4()),
            "typed": {},
            "person": None,
            "told_apart": [],
            "role": "",
        }

    @property
    def is_empty(self) -> bool:
        return not self._data["typed"] and not self._data["person"]

    @property
    def once(self) -> str:
        """The one-time key: a draft becomes one record, however often it is sent."""
        return self._data["once"]

    @property
    def person_id(self) -> int | None:
        """The known person who gets a role, instead of a new one."""
        return self._data["person"]

    @property
    def wanted_role(self) -> str:
        """The role that the link asked for, before one is chosen."""
        return self._data["role"]

    @property
    def told_apart(self) -> list[int]:
        """People who were shown as the same and were said to be others."""
        return self._data["told_apart"]

    def typed(self, step: str) -> QueryDict | None:
        """What was typed in a step, as the form takes it; None before it was reached."""
        typed = self._just_typed.get(step, self._data["typed"].get(step))
        if typed is None:
            return None
        values = QueryDict(mutable=True)
        for name, items in typed.items():
            values.setlist(name, items)
        return values

    def keep(self, step: str, post: QueryDict) -> None:
        skipped = {"csrfmiddlewaretoken", "go", "once"}
        typed = {name: items for name, items in post.lists() if name not in skipped}
        self._just_typed[step] = typed
        self._data["typed"][step] = {
            name: ["" if find_cpr_numbers(item) else item for item in items] for name, items in typed.items()
        }
        self._store()

    def choose_person(self, pk: int | None) -> None:
        self._data["person"] = pk
        self._store()

    def preset_role(self, role: str) -> None:
        self._data["role"] = role
        self._store()

    def tell_apart(self, ids: list[int]) -> None:
        self._data["told_apart"] = ids
        self._store()

    def clear(self) -> None:
        self._session.pop(SESSION_KEY, None)

    def _store(self) -> None:
        self._session[SESSION_KEY] = self._data
        self._session.modified = True
