"""Readers of single cells: dates, times, hours, numbers, addresses and words in the forms that people type.

Each function takes a cell as :mod:`common.spreadsheets` returns it, and returns plain values.
"""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal

from common.spreadsheets import Cell
from common.texts import clean_text
from people.enums import EnrolmentStatus, Gender

OLDEST_YEAR, LAST_YEAR = 1900, 2100
COUNTED_DAYS, COUNTED_FROM_1990 = (10_000, 60_000), 32_874  # a spreadsheet's count: from 1927 up to 2064
MOST_DIGITS = 9
FIVE_DIGITS = re.compile(r"^\s*[0-9]{5}\s*$")

ISO_DAY = re.compile(r"^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:,?[Tt ].*)?$", re.S)
DANISH_DAY = re.compile(
    r"^(?:d(?:en)?\.? )?(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{4}|\d{2})(?:,? (?:kl\.? )?\d{1,2}[:.]\d{2}.*)?$"
)
WORDED_DAY = re.compile(
    r"^(?:d(?:en)?\.? )?(\d{1,2})[. /-]{0,2}([a-zæøå]{3,9})[. /-]{0,2}'?(\d{4}|\d{2})"
    r"(?:,? (?:kl\.? )?\d{1,2}[:.]\d{2}.*)?$"
)
BARE_DAY = re.compile(r"^(\d{2})(\d{2})(\d{4}|\d{2})$")
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
ENGLISH_MONTHS = {"may": "maj", "oct": "okt"}
NO_DAY = re.compile(r"^0{1,4}([./-]0{1,4}){2}$")  # Outlook's blank: 0/0/00
BARE_YEAR = re.compile(r"^\d{4}$")
ANY_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")

EMAIL = re.compile(r"^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$")
POSTCODE = re.compile(r"(?<!\d)(\d{4})(?!\d)")
TOWN_AFTER_POSTCODE = re.compile(r"(?<!\d)(?:DK-?)?(\d{4})(?!\d)[ ,]*(\D*)$", re.I)
LANGUAGE_PARTS = re.compile(r"[,;/+&\n]|\b(?:og|and)\b")
LIST_PARTS = re.compile(r"[,;]")
EDGES = re.compile(r"^\W+|\W+$")

STATUS_WORDS = {
    "": None,
    "venteliste": EnrolmentStatus.WAITING,
    "på venteliste": EnrolmentStatus.WAITING,
    "vl": EnrolmentStatus.WAITING,
    "waiting list": EnrolmentStatus.WAITING,
    "matchet": EnrolmentStatus.MATCHED,
    "match": EnrolmentStatus.MATCHED,
    "matched": EnrolmentStatus.MATCHED,
    "afsluttet": EnrolmentStatus.ENDED,
    "afsl.": EnrolmentStatus.ENDED,
    "afsl": EnrolmentStatus.ENDED,
    "ended": EnrolmentStatus.ENDED,
}
GENDER_WORDS = {
    "k": Gender.WOMAN,
    "kv": Gender.WOMAN,
    "kvinde": Gender.WOMAN,
    "woman": Gender.WOMAN,
    "female": Gender.WOMAN,
    "m": Gender.MAN,
    "mand": Gender.MAN,
    "man": Gender.MAN,
    "male": Gender.MAN,
    "andet": Gender.OTHER,
    "anden": Gender.OTHER,
    "other": Gender.OTHER,
    "ikke kendt": Gender.UNKNOWN,  # as the lists that leave here have it
    "not known": Gender.UNKNOWN,
}
AT_ONCE = ("nu", "straks", "now")
CHECK_IN_PLACE = re.compile(r"^(?:ja|x|ok|indhentet|yes)\b", re.I)
CHECK_UNDER_WAY = re.compile(r"^(?:afvent|vent|bestilt|under vejs|undervejs|pending)", re.I)
SAYS_NO = re.compile(r"^(?:nej|no)\b", re.I)
SAYS_YES = re.compile(r"^(?:ja|yes)\b", re.I)
ROLE_WORD = re.compile(r"\b(mentor|mentee)(?:s|n|en|er|erne)?\b", re.I)
ROLE = re.compile(r"mentor|mentee", re.I)


def as_text(value: Cell) -> str:
    """Return the cell as a trimmed text without control characters. Dates become dd-mm-yyyy."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value.strip()
        text = value
    elif isinstance(value, bool):
        return "ja" if value else "nej"
    elif isinstance(value, dt.date):
        return f"{value.day:02}-{value.month:02}-{value.year:04}"
    else:
        text = str(value)
    return clean_text(text).strip()


def as_line(value: Cell) -> str:
    """Return the cell as a text on one line with single blanks."""
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return " ".join(value.split()) if "  " in value else value.strip()
    return " ".join(as_text(value).split())


# ---------------------------------------------------------------- names


def split_name(text: str) -> tuple[str, str]:
    """Return first and last name: of ``Efternavn, Fornavn``, or otherwise the first word and the rest."""
    if "," in text:
        last, _comma, first = (part.strip() for part in text.partition(","))
        return first, last
    first, _blank, last = text.partition(" ")
    return first, last


# ---------------------------------------------------------------- days and years


@dataclass(frozen=True)
class Day:
    """The content of a date cell: a day, a year, a day that does not exist, or unreadable text."""

    day: dt.date | None = None
    year: int | None = None
    is_wrong: bool = False
    is_unreadable: bool = False
    is_counted: bool = False  # the cell held a spreadsheet's count of days, not shown as a date


BLANK_DAY = Day()


def read_day(value: Cell, *, century: int, may_be_bare: bool = True) -> Day:
    """Read day, month and year in any common order and form. A year of two digits is counted from ``century``.

    With ``may_be_bare`` a cell of six or eight digits is read as ddmmyy or ddmmyyyy.
    """
    if stored := _stored_day(value, century, may_be_bare=may_be_bare):
        return stored
    text = as_line(value)
    if not text or NO_DAY.match(text):
        return BLANK_DAY
    if BARE_YEAR.match(text):
        return Day(year=int(text))
    if parts := _day_parts(text.lower(), century) or (_bare_day_parts(value, text, century) if may_be_bare else None):
        try:
            return Day(day=dt.date(*parts))
        except ValueError:
            return Day(is_wrong=True)
    years = ANY_YEAR.findall(text)
    return Day(year=int(years[0]) if len(years) == 1 else None, is_unreadable=True)


def _day_parts(text: str, century: int) -> tuple[int, int, int] | None:
    """Return year, month and day if the text has the form of a full date. The day may not exist."""
    if found := ISO_DAY.match(text):
        year, month, day = found.group(1, 3, 4)
        return int(year), int(month), int(day)
    if found := DANISH_DAY.match(text):
        day, month, year = found.groups()
        return _full_year(year, century), int(month), int(day)
    if found := WORDED_DAY.match(text):
        day, word, year = found.groups()
        month = ENGLISH_MONTHS.get(word[:3], word[:3])
        return (_full_year(year, century), MONTHS.index(month) + 1, int(day)) if month in MONTHS else None
    return None


def _full_year(year: str, century: int) -> int:
    return int(year) + (century if len(year) == 2 else 0)


def _bare_day_parts(value: Cell, text: str, century: int) -> tuple[int, int, int] | None:
    """Return year, month and day of ddmmyy or ddmmyyyy, if the day exists and the year is likely.

    A number cell may have lost the first zero of ddmmyyyy. A ddmmyy without it is not read, because its five digits may
    be a spreadsheet's count of days.
    """
    digits = text.zfill(8) if isinstance(value, int) and len(text) == 7 else text
    found = BARE_DAY.match(digits)
    if not found:
        return None
    day, month, year = int(found[1]), int(found[2]), _full_year(found[3], century)
    is_day = OLDEST_YEAR <= year <= LAST_YEAR and 1 <= month <= len(MONTHS) and 1 <= day <= monthrange(year, month)[1]
    return (year, month, day) if is_day else None


def _stored_day(value: Cell, century: int, *, may_be_bare: bool) -> Day | None:
    """Return the day of a date cell, or of a number cell with a spreadsheet's count of days since the end of 1899.

    Returns None for a number that may also be a ddmmyy without its first zero, except for a count from 1990 on in a
    column that holds no birth dates.
    """
    if isinstance(value, dt.date):
        return Day(day=value.date() if isinstance(value, dt.datetime) else value)
    if isinstance(value, str) and may_be_bare and FIVE_DIGITS.match(value):
        value = int(value)
    if isinstance(value, str | bool | None) or not COUNTED_DAYS[0] <= value < COUNTED_DAYS[1]:
        return None
    is_of_work = century == 2000 and value >= COUNTED_FROM_1990
    if not is_of_work and _bare_day_parts(value, str(int(value)).zfill(6), century):
        return None
    return Day(day=dt.date(1899, 12, 30) + dt.timedelta(days=int(value)), is_counted=True)


def is_likely(day: dt.date) -> bool:
    """Whether the year is between 1900 and 2100. No record is older, and none is planned later."""
    return OLDEST_YEAR <= day.year <= LAST_YEAR


def read_birth(value: Cell, *, today: dt.date) -> Day:
    """Read a birth date; yy means 19yy. A date before 1900 or after today is wrong, like 31/2."""
    found = read_day(value, century=1900)
    if found.day and not dt.date(OLDEST_YEAR, 1, 1) <= found.day <= today:
        return Day(is_wrong=True)
    if found.year and not OLDEST_YEAR <= found.year <= today.year:
        return Day(is_wrong=True)
    return found


def read_year(value: Cell) -> int | None:
    """Return the first four-digit year of the 20th or 21st century, as in ``ca. 2001``."""
    found = ANY_YEAR.search(as_text(value))
    return int(found.group(1)) if found else None


def is_at_once(value: Cell) -> bool:
    """Whether the cell means now, such as ``straks``."""
    return as_line(value).casefold().rstrip("!.") in AT_ONCE


# ---------------------------------------------------------------- e-mails, addresses


def read_emails(value: Cell) -> list[str] | None:
    """Return the addresses in their order and in lower case, or None if the cell holds anything else."""
    found: list[str] = []
    for part in re.split(r"[;,/]|:::", as_text(value)):
        address = part.strip().lower().removeprefix("mailto:").strip()
        if address and not EMAIL.match(address):
            return None
        if address and address not in found:
            found.append(address)
    return found


def read_postcode(value: Cell) -> tuple[str, str]:
    """Return the postcode and the text after it: both from ``2700 Brønshøj``, only the number from ``DK-2880``."""
    text = as_line(value)
    found = POSTCODE.search(text)
    return (found.group(1), text[found.end() :].strip(" ,.-")) if found else ("", "")


def split_address(value: Cell) -> tuple[str, str, str]:
    """Return street, postcode and town. Without a postcode, the whole text is the street."""
    text = as_line(value)
    found = TOWN_AFTER_POSTCODE.search(text)
    if not found:
        return text, "", ""
    return text[: found.start()].strip(" ,"), found.group(1), found.group(2).strip(" ,.")


# ---------------------------------------------------------------- words


def read_number(value: Cell) -> int | None:
    """Return the only whole number in the cell, as in ``max 1`` or ``2 stk.``; None for no or several numbers.

    A number of more than nine digits is no figure either.
    """
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        return None
    found = re.findall(r"-?\d+", as_text(value))
    return int(found[0]) if len(found) == 1 and len(found[0]) <= MOST_DIGITS else None


def read_gender(value: Cell) -> Gender | None:
    """Return the gender, or None for an unknown word. Both halves of ``Kvinde / Woman`` must mean the same."""
    words = [part.strip().rstrip(".") for part in as_line(value).casefold().split("/")]
    genders = {GENDER_WORDS.get(word) for word in words}
    return genders.pop() if len(genders) == 1 else None


def read_languages(value: Cell) -> list[tuple[str, str]]:
    """Return the languages in lower case, each with the note in brackets after it, as in ``dansk (lidt)``."""
    found: dict[str, str] = {}
    for part in LANGUAGE_PARTS.split(as_line(value).casefold()):
        name, _bracket, note = part.partition("(")
        if name := name.strip(" .-:"):
            found.setdefault(name, note.strip(" )"))
    return list(found.items())


def read_list(value: Cell) -> list[str]:
    """Return each line of the cell, whole and cut at commas and semicolons, without signs such as smileys."""
    found: dict[str, None] = {}
    for line in as_text(value).splitlines():
        for part in [line, *LIST_PARTS.split(line)]:
            if word := EDGES.sub("", part):
                found.setdefault(word)
    return list(found)


def read_roles(value: Cell) -> set[str]:
    """Return ``mentor``, ``mentee``, both or neither: those that are words or, if none is, parts of longer words.

    So ``Mentee i mentornetværket`` means only ``mentee``.
    """
    text = as_text(value)
    return {word.lower() for word in ROLE_WORD.findall(text) or ROLE.findall(text)}


# ---------------------------------------------------------------- times of day and hours

CLOCK = re.compile(r"(?<!\d)(?:kl\.? ?)?(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?(?!\d)")
TIME_OF_DAY = re.compile(r"(?<![\d.:-])(\d{1,2})[:.](\d{2})(?::\d{2})?$")
FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
QUARTERS = {"", "0", "00", "5", "25", "50", "75"}
DECIMAL_HOURS = re.compile(r"^(\d{1,2})(?:([.,])(\d+))?$")
HALF_HOURS = re.compile(r"^(\d{1,2})? ?([½¼¾])$")
CLOCK_HOURS = re.compile(r"^(\d{1,2}):([0-5]\d)(?::\d{2})?$")
WORDED_HOURS = re.compile(
    r"^(?:(\d{1,2}(?:[.,]\d+)?|\d{0,2} ?[½¼¾]) ?(?:timer|time|t|hours|hour|h)\b\.?)?"
    r"(?: ?(?:og|and) ?)? ?(?:(\d{1,3}) ?(?:minutter|minutes|minut|min|m)\b\.?)?$"
)
HUNDREDTH = Decimal("0.01")
LEAST_HOURS, MOST_HOURS = Decimal("0.25"), Decimal(24)
MINUTES = 60


def read_time(value: Cell) -> dt.time | None:
    """Return a time of day (19, 19.30, ``kl. 19:30``, or that of a date with one), or None."""
    if isinstance(value, dt.datetime):
        return value.time()
    if isinstance(value, float) and 0 < value < 1:  # a time of day as spreadsheets store it
        minutes = round(value * 24 * MINUTES)
        return dt.time(minutes // MINUTES % 24, minutes % MINUTES)
    found = CLOCK.search(as_line(value).casefold())
    if not found or int(found.group(1)) > 23 or int(found.group(2) or 0) > 59:
        return None
    return dt.time(int(found.group(1)), int(found.group(2) or 0))


def time_after_day(value: Cell) -> dt.time | None:
    """Return the time of day that follows a date in the same cell, or None."""
    if isinstance(value, dt.date):
        return value.time() if isinstance(value, dt.datetime) else None
    found = TIME_OF_DAY.search(as_line(value))
    return read_time(found.group(0)) if found and " " in as_line(value) else None


def read_hours(value: Cell) -> Decimal | None:
    """Return the hours in a cell (``2,5``, ``2:30``, ``2½ time``, ``90 min``, ``1 time og 30 min``), or None.

    ``2.30`` is None, because it can mean two hours and a half or 2.3 hours. So is less than a quarter of an hour or
    more than 24 hours.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _plausible(Decimal(str(value)))
    text = as_line(value).casefold()
    if found := CLOCK_HOURS.match(text):
        return _plausible(int(found.group(1)) + Decimal(int(found.group(2))) / MINUTES)
    if (bare := _bare_hours(text)) is not None:
        return _plausible(bare)
    found = WORDED_HOURS.match(text)
    if not found or not any(found.groups()):
        return None
    hours = _bare_hours(found.group(1).strip()) if found.group(1) else Decimal(0)
    return None if hours is None else _plausible(hours + Decimal(found.group(2) or 0) / MINUTES)


def _bare_hours(text: str) -> Decimal | None:
    if found := HALF_HOURS.match(text):
        return Decimal(found.group(1) or 0) + FRACTIONS[found.group(2)]
    found = DECIMAL_HOURS.match(text)
    if not found or (found.group(2) == "." and len(found.group(3)) > 1 and found.group(3) not in QUARTERS):
        return None
    return Decimal(f"{found.group(1)}.{found.group(3) or 0}")


def _plausible(hours: Decimal) -> Decimal | None:
    if not hours.is_finite() or not LEAST_HOURS <= hours <= MOST_HOURS:
        return None
    return hours.quantize(HUNDREDTH)
