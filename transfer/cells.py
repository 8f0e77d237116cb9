"""The cells of a branch file: writing values as text, and reading them back without loss.

Dates are yyyy-mm-dd, date-times have an offset, decimals a comma, booleans are ``ja`` and ``nej``, lists are JSON.
A text that a spreadsheet would calculate gets a leading apostrophe, which reading removes.
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
class CellCodec:
    """Writes and reads the values of a type of column. ``label`` names the type in the list of columns.

    ``read`` raises ValueError. With ``is_text``, an empty cell is an empty text; otherwise it is None.
    """

    label: object
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    is_text: bool = False


def safe_text(text: str) -> str:
    """Return the text, with a leading apostrophe when a spreadsheet would calculate it."""
    return f"'{text}" if _is_guarded(text) else text


def original_text(cell: str) -> str:
    """Return the text from which ``safe_text()`` made the cell."""
    return cell[1:] if cell.startswith("'") and _is_guarded(cell[1:]) else cell


def _is_guarded(text: str) -> bool:
    return harmless_text(text) != plain_text(text)


def _read_bool(cell: str) -> bool:
    if cell not in {YES, NO}:
        raise ValueError(cell)
    return cell == YES


def _read_integer(cell: str) -> int:
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
    except OverflowError:  # the last hour of the year 9999
        return instant.isoformat(" ")


def _read_text(cell: str) -> str:
    text = original_text(cell)
    _check_storable(text)
    return text


def _check_storable(text: str) -> None:
    """Raise ValueError for NUL and unpaired surrogates, which databases do not store."""
    if UNSTORABLE.search(text):
        raise ValueError(text)


def _read_json(cell: str) -> Any:
    try:
        value = json.loads(original_text(cell), parse_constant=_refuse_constant)
        for text in texts_of(value):
            _check_storable(text)
    except RecursionError as error:
        raise ValueError(cell) from error
    return value


def texts_of(value: Any) -> Iterator[str]:
    """Yield all texts in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        yield from value
        yield from texts_of(list(value.values()))


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are not JSON


TEXT = CellCodec(_("text"), safe_text, _read_text, is_text=True)
INTEGER = CellCodec(_("whole number"), str, _read_integer)
CODECS: tuple[tuple[type[models.Field], CellCodec], ...] = (
    (models.BooleanField, CellCodec(_("ja or nej"), lambda value: YES if value else NO, _read_bool)),
    (models.DecimalField, CellCodec(_("decimal number"), lambda value: f"{value:f}".replace(".", ","), _read_decimal)),
    (
        models.DateTimeField,
        CellCodec(_("date and time with zone"), _write_instant, _read_instant),
    ),
    (models.DateField, CellCodec(_("date"), dt.date.isoformat, dt.date.fromisoformat)),
    (models.TimeField, CellCodec(_("time of the day"), dt.time.isoformat, _read_time)),
    (models.UUIDField, CellCodec(_("id of a calendar entry (UUID)"), str, uuid.UUID)),
    (models.JSONField, CellCodec(_("list (JSON)"), _write_json, _read_json)),
    (models.IntegerField, INTEGER),
    (models.TextField, TEXT),
    (models.CharField, TEXT),
)


def codec_of(field: models.Field) -> CellCodec | None:
    """Return the codec of a column, or None when no cell can hold its values, as for files."""
    return next((codec for field_class, codec in CODECS if isinstance(field, field_class)), None)


def is_supported(field: models.Field) -> bool:
    """Return whether all values of a column can be read back; a text that may be None cannot."""
    codec = codec_of(field)
    return codec is not None and not (codec.is_text and field.null)


def write_cell(codec: CellCodec, value: Any) -> str:
    """Return the cell of a value; None is an empty cell."""
    return "" if value is None else codec.write(value)


def read_cell(codec: CellCodec, cell: str) -> Any:
    """Return the value of a cell. Raises ValueError."""
    return None if cell == "" and not codec.is_text else codec.read(cell)
