"""What stands in a cell of the file, and back again without loss.

Days are yyyy-mm-dd, instants carry their zone, decimals a comma, yes and no are ``ja`` and ``nej``, lists are JSON.
A text that a spreadsheet would calculate has an apostrophe in front (common.spreadsheets); reading takes it off.
"""

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.spreadsheets.writing import harmless_text, plain_text

YES, NO = "ja", "nej"
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Kind:
    """How values of a kind of column are written and read; ``words`` say it to people.

    ``read`` raises ValueError. ``is_text``: an empty cell is an empty text, not the lack of a value.
    """

    words: object
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    is_text: bool = False


def safe_text(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet would calculate it; nothing is cut off."""
    return f"'{text}" if _is_guarded(text) else text


def original_text(cell: str) -> str:
    """The text that :func:`safe_text` made the cell of."""
    return cell[1:] if cell.startswith("'") and _is_guarded(cell[1:]) else cell


def _is_guarded(text: str) -> bool:
    return harmless_text(text) != plain_text(text)


def _read_bool(cell: str) -> bool:
    if cell not in {YES, NO}:
        raise ValueError(cell)
    return cell == YES


def _read_whole(cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,19}", cell):
        raise ValueError(cell)
    return int(cell)


def _read_decimal(cell: str) -> Decimal:
    try:
        number = Decimal(cell.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(cell) from error
    if not number.is_finite():
        raise ValueError(cell)
    return number


def _read_instant(cell: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(cell)
    if timezone.is_naive(instant):
        raise ValueError(cell)
    try:
        return instant.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError(cell) from error


def _write_json(value: Any) -> str:
    return safe_text(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _read_time(cell: str) -> dt.time:
    time = dt.time.fromisoformat(cell)
    if time.tzinfo is not None:
        raise ValueError(cell)
    return time


def _write_instant(instant: dt.datetime) -> str:
    try:
        return timezone.localtime(instant).isoformat(" ")
    except OverflowError:  # the last hour of the calendar
        return instant.isoformat(" ")


def _read_text(cell: str) -> str:
    text = original_text(cell)
    _refuse_unstorable(text)
    return text


def _refuse_unstorable(text: str) -> None:
    """No database of ours holds a NUL or half a character. Raises ValueError."""
    if UNSTORABLE.search(text):
        raise ValueError(text)


def _read_json(cell: str) -> Any:
    try:
        value = json.loads(original_text(cell), parse_constant=_refuse)
        for text in texts_of(value):
            _refuse_unstorable(text)
    except RecursionError as error:
        raise ValueError(cell) from error
    return value


def texts_of(value: Any) -> Iterator[str]:
    """The texts in a value that JSON can hold, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        yield from value
        yield from texts_of(list(value.values()))


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are not JSON


TEXT = Kind(_("text"), safe_text, _read_text, is_text=True)
WHOLE = Kind(_("whole number"), str, _read_whole)
KINDS: tuple[tuple[type[models.Field], Kind], ...] = (
    (models.BooleanField, Kind(_("ja or nej"), lambda value: YES if value else NO, _read_bool)),
    (models.DecimalField, Kind(_("decimal number"), lambda value: f"{value:f}".replace(".", ","), _read_decimal)),
    (
        models.DateTimeField,
        Kind(_("date and time with zone"), _write_instant, _read_instant),
    ),
    (models.DateField, Kind(_("date"), dt.date.isoformat, dt.date.fromisoformat)),
    (models.TimeField, Kind(_("time of the day"), dt.time.isoformat, _read_time)),
    (models.UUIDField, Kind(_("id of a calendar entry (UUID)"), str, uuid.UUID)),
    (models.JSONField, Kind(_("list (JSON)"), _write_json, _read_json)),
    (models.IntegerField, WHOLE),
    (models.TextField, TEXT),
    (models.CharField, TEXT),
)


def kind_of(field: models.Field) -> Kind | None:
    """How the values of a column are written; None when no cell can hold them. Files are text to the database only."""
    return next((kind for types, kind in KINDS if isinstance(field, types)), None)


def is_supported(field: models.Field) -> bool:
    """Whether every value of the column comes back: an empty cell cannot tell an empty text from none at all."""
    kind = kind_of(field)
    return kind is not None and not (kind.is_text and field.null)


def write_cell(kind: Kind, value: Any) -> str:
    return "" if value is None else kind.write(value)


def read_cell(kind: Kind, cell: str) -> Any:
    """The value of a cell. Raises ValueError."""
    return None if cell == "" and not kind.is_text else kind.read(cell)
