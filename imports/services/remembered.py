"""What a branch chose for its lists before: columns for headings that return, and what its words mean."""

import hashlib
from collections.abc import Sequence

from common.spreadsheets import Sheet
from imports.engine.fields import normal
from imports.engine.kind import Words
from imports.engine.recognition import FEWEST_COLUMNS, headings_of, told_apart
from imports.engine.table import HEADER_WITHIN
from imports.kinds import registry
from imports.models import KnownWord, SavedMapping
from imports.review.rejected_rows import own_headings


def headings_digest(headers: Sequence[str]) -> str:
    """One digest for the same headings in whatever order; blank when they are too few to know a list by."""
    headings = sorted(heading for header in headers if (heading := normal(header)) and heading not in own_headings())
    return hashlib.sha256("\n".join(headings).encode()).hexdigest() if len(headings) >= FEWEST_COLUMNS else ""


def remembered_header(branch_id: int, sheets: Sequence[Sheet]) -> tuple[Sheet | None, int | None]:
    """The first sheet in sight with headings that came before, and their row. One query."""
    digests: dict[str, tuple[Sheet, int]] = {}
    for sheet in sheets:
        for number, cells in () if sheet.is_hidden else sheet.rows[:HEADER_WITHIN]:
            if digest := headings_digest(told_apart(headings_of(cells))):
                digests.setdefault(digest, (sheet, number))
    known = set(
        SavedMapping.objects.filter(branch=branch_id, headings_digest__in=digests).values_list(
            "headings_digest", flat=True
        )
    )
    return next((place for digest, place in digests.items() if digest in known), (None, None))


def remembered_columns(branch_id: int, headers: Sequence[str], kind: str = "") -> tuple[str, dict] | None:
    """Kind and mapping chosen for a list with these headings before; None when there are none, or of another kind."""
    saved = SavedMapping.objects.filter(branch=branch_id, headings_digest=headings_digest(headers)).first()
    if saved is None or (kind and saved.kind != kind) or saved.kind not in {known.code for known in registry.kinds()}:
        return None
    places = heading_places(headers)
    columns = {key: places[tuple(place)] for key, place in saved.columns.items() if tuple(place) in places}
    return saved.kind, {"columns": columns, "guesses": [], "remembered": saved.saved_at.isoformat()}


def heading_places(headers: Sequence[str]) -> dict[tuple[str, int], int]:
    """Column by heading and, because headings may repeat, which of its like it is (from 0)."""
    places: dict[tuple[str, int], int] = {}
    for index, header in enumerate(headers):
        heading = normal(header)
        nth = 0
        while (heading, nth) in places:
            nth += 1
        places[heading, nth] = index
    return places


def remembered_words(branch_id: int, kind: str) -> Words:
    """What the branch's own words mean in lists of a kind. One query."""
    words: Words = {}
    for field, word, meaning in KnownWord.objects.filter(branch=branch_id, kind=kind).values_list(
        "field", "word", "meaning"
    ):
        words.setdefault(field, {})[word] = meaning
    return words
