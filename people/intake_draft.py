"""The draft of an intake, kept in the session until the person is created.

A CPR number in the draft is shown back with its error, but never stored, not even in the session.
"""

import uuid
from typing import Any

from django.http import QueryDict

from common.cpr import find_cpr_numbers

SESSION_KEY = "people.intake_draft"
STEP_SLUGS = {"who": "hvem", "role": "rolle", "wishes": "oensker", "consent": "samtykke"}  # step → part of its address
STEPS = list(STEP_SLUGS)


class IntakeDraft:
    """The values posted so far, by step."""

    def __init__(self, session):
        self._session = session
        self._just_typed: dict[str, dict[str, list[str]]] = {}
        self._data: dict[str, Any] = session.get(SESSION_KEY) or {
            "once": str(uuid.uuid4()),
            "typed": {},
            "person": None,
            "distinct_ids": [],
            "role": "",
        }

    @property
    def is_empty(self) -> bool:
        return not self._data["typed"] and not self._data["person"]

    @property
    def once(self) -> str:
        """The one-time key, which creates one record even if the draft is sent twice."""
        return self._data["once"]

    @property
    def person_id(self) -> int | None:
        """The id of the known person who gets a role, or None for a new person."""
        return self._data["person"]

    @property
    def wanted_role(self) -> str:
        """The role preset by the link to the intake, until one is chosen."""
        return self._data["role"]

    @property
    def distinct_ids(self) -> list[int]:
        """Ids of suggested people whom the user marked as distinct from the new one."""
        return self._data["distinct_ids"]

    def typed(self, step: str) -> QueryDict | None:
        """Return the posted values of a step as form data, or None if it was not posted yet."""
        typed = self._just_typed.get(step, self._data["typed"].get(step))
        if typed is None:
            return None
        values = QueryDict(mutable=True)
        for name, items in typed.items():
            values.setlist(name, items)
        return values

    def keep(self, step: str, post: QueryDict) -> None:
        """Store the posted values of a step, without CPR numbers."""
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

    def mark_distinct(self, ids: list[int]) -> None:
        self._data["distinct_ids"] = ids
        self._store()

    def clear(self) -> None:
        self._session.pop(SESSION_KEY, None)

    def _store(self) -> None:
        self._session[SESSION_KEY] = self._data
        self._session.modified = True
