"""Remembered choices of a branch: columns for headings that return, and the meanings of its own words."""

import hashlib
from collections.abc import Sequence

from accounts.models import User
from common import clock
from common.cpr import refuse_cpr
from common.spreadsheets import Sheet
from imports.engine.fields import Words, normal
from imports.engine.recognition import FEWEST_COLUMNS, headings_of, numbered_headings
from imports.engine.table import HEADER_WITHIN
from imports.kinds import all_kinds
from imports.models import ImportBatch, KnownWord, SavedMapping
from imports.review import own_headings


def headings_digest(headers: Sequence[str]) -> str:
    """Return one digest for the same headings in any order, or a blank if fewer than two headings are known."""
    headings = sorted(heading for header in headers if (heading := normal(header)) and heading not in own_headings())
    return hashlib.sha256("\n".join(headings).encode()).hexdigest() if len(headings) >= FEWEST_COLUMNS else ""


def remembered_header(branch_id: int, sheets: Sequence[Sheet]) -> tuple[Sheet | None, int | None]:
    """Return the first visible sheet with remembered headings, and their row. One query."""
    digests: dict[str, tuple[Sheet, int]] = {}
    for sheet in sheets:
        for number, cells in () if sheet.is_hidden else sheet.rows[:HEADER_WITHIN]:
            if digest := headings_digest(numbered_headings(headings_of(cells))):
                digests.setdefault(digest, (sheet, number))
    known = set(
        SavedMapping.objects.filter(branch=branch_id, headings_digest__in=digests).values_list(
            "headings_digest", flat=True
        )
    )
    return next((place for digest, place in digests.items() if digest in known), (None, None))


def remembered_columns(branch_id: int, headers: Sequence[str], kind: str = "") -> tuple[str, dict] | None:
    """Return the kind and mapping saved for these headings, or None. With ``kind``, only a mapping of that kind."""
    saved = SavedMapping.objects.filter(branch=branch_id, headings_digest=headings_digest(headers)).first()
    if saved is None or (kind and saved.kind != kind) or saved.kind not in {known.code for known in all_kinds()}:
        return None
    places = heading_places(headers)
    columns = {key: places[tuple(place)] for key, place in saved.columns.items() if tuple(place) in places}
    return saved.kind, {"columns": columns, "guesses": [], "remembered": saved.saved_at.isoformat()}


def heading_places(headers: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return (heading, how many equal headings are to its left) → column, because headings may repeat."""
    places: dict[tuple[str, int], int] = {}
    for index, header in enumerate(headers):
        heading = normal(header)
        nth = 0
        while (heading, nth) in places:
            nth += 1
        places[heading, nth] = index
    return places


def remembered_words(branch_id: int, kind: str) -> Words:
    """Return the saved meanings of the branch's own words in lists of a kind. One query."""
    words: Words = {}
    for field, word, meaning in KnownWord.objects.filter(branch=branch_id, kind=kind).values_list(
        "field", "word", "meaning"
    ):
        words.setdefault(field, {})[word] = meaning
    return words


def remember_columns(batch: ImportBatch, *, by: User | None) -> None:
    """Save the columns of a batch for the next list with the same headings, in the caller's transaction."""
    digest = headings_digest(batch.headers)
    if not digest:
        return
    places = {index: place for place, index in heading_places(batch.headers).items()}
    columns = {key: list(places[index]) for key, index in batch.mapping["columns"].items()}
    branch = batch.programme.branch
    saved = SavedMapping.objects.filter(branch=branch, headings_digest=digest).first()
    saved = saved or SavedMapping(branch=branch, headings_digest=digest)
    saved.kind, saved.columns, saved.saved_by, saved.saved_at = batch.kind, columns, by, clock.now()
    saved.full_clean()
    saved.save()


def remember_words(batch: ImportBatch, words: Words, *, by: User | None) -> None:
    """Save the meanings of a branch's words in lists of this kind, and delete words whose meaning is blank now.

    Runs in the caller's transaction. Raises ValidationError for a CPR number.
    """
    branch = batch.programme.branch
    known = {(known.field, known.word): known for known in KnownWord.objects.filter(branch=branch, kind=batch.kind)}
    for field, meanings in words.items():
        for word, meaning in meanings.items():
            record = known.get((field, word))
            if meaning:
                _save_word(record or KnownWord(branch=branch, kind=batch.kind, field=field, word=word), meaning, by)
            elif record:
                record.delete()


def _save_word(record: KnownWord, meaning: str, by: User | None) -> None:
    refuse_cpr(record.word)
    refuse_cpr(meaning)
    record.meaning, record.saved_by, record.saved_at = meaning, by, clock.now()
    record.full_clean()
    record.save()
