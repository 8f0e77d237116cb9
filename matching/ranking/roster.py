"""Roster: the mentors of a programme as columns, the same for every mentee.

It is read in seven narrow queries, which take a few milliseconds for a programme of ordinary size. The roster of a
very large programme is cached until anything changes: every change of people or cases adds a row to the access log, in
the same transaction, so the newest of these rows shows whether the cache is valid. The mentors that are shown are
always read again (``candidate``) and checked against the rules that a change can affect.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.enums import AccessKind
from accounts.models import AccessRecord
from common.lazy import LazyModule
from matching.enums import OPEN_STATUSES, CheckOutcome, MatchStatus
from matching.models import Interview, Match, ScreeningCheck
from matching.rules.screening import INTERVIEWED
from people.enums import LEFT_STATUSES, LanguageLevel
from people.models import Enrolment, LanguageSkill
from programmes.enums import ParticipantRole

np = LazyModule("numpy")

UNKNOWN = -1
CACHE_FROM = 3_000  # mentors; a smaller roster is read every time
CACHE_SECONDS = 300
CACHE_SIZE = 8

_PERSON_COLUMNS = ["person__gender", "person__birth_date", "person__birth_year", "person__postcode", "person__state"]
_OWN_COLUMNS = ["status", "capacity", "preferred_gender", "gender_is_required", "min_age", "max_age", "available_from"]


@dataclass(frozen=True)
class Roster:
    """Columns of equal length with one position for each mentor who has not left, ordered by enrolment id.

    Unknown texts are empty, unknown numbers ``UNKNOWN``; days are ordinals. ``terms`` and ``languages`` are pairs of a
    position and a term's id.
    """

    ids: np.ndarray
    people: np.ndarray
    gender: np.ndarray
    birth: np.ndarray  # year, month, day; month UNKNOWN when only the year is known
    postcode: np.ndarray
    postcode_number: np.ndarray  # UNKNOWN if the postcode is no number
    state: np.ndarray
    status: np.ndarray
    capacity: np.ndarray
    wished_gender: np.ndarray
    gender_is_required: np.ndarray
    min_age: np.ndarray
    max_age: np.ndarray
    available_from: np.ndarray
    is_interviewed: np.ndarray
    checks: dict[str, np.ndarray]
    open_matches: np.ndarray
    past_matches: np.ndarray
    terms: np.ndarray
    languages: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def age_on(self, day: dt.date) -> np.ndarray:
        """Return the ages in whole years, as ``Person.age_on`` does, ``UNKNOWN`` without a birth year."""
        year, month, day_of_month = self.birth.T
        before_birthday = (month > day.month) | ((month == day.month) & (day_of_month > day.day))
        return np.where(year == UNKNOWN, UNKNOWN, day.year - year - before_birthday)


_cache: dict[int, tuple[tuple, float, Roster]] = {}


def roster_of(programme_id: int) -> Roster:
    """Return the roster of a programme, from the cache if it is there and nothing has changed."""
    if programme_id in _cache:
        stamp, read_at, roster = _cache[programme_id]
        if time.monotonic() - read_at < CACHE_SECONDS and stamp == _stamp(programme_id):
            return roster
        _cache.pop(programme_id, None)
    stamp = _stamp(programme_id)
    roster = read_roster(programme_id)
    if len(roster) >= CACHE_FROM:
        while len(_cache) >= CACHE_SIZE:
            _cache.pop(next(iter(_cache)), None)
        _cache[programme_id] = (stamp, time.monotonic(), roster)
    return roster


def _stamp(programme_id: int) -> tuple:
    """Return a stamp that changes with every logged change and with the number of mentors."""
    changes = AccessRecord.objects.filter(kind__in=[AccessKind.WRITE, AccessKind.IMPORT]).order_by("-pk")
    newest = changes.values_list("pk", flat=True).first()
    return newest, Enrolment.objects.filter(programme=programme_id, role=ParticipantRole.MENTOR).count()


def read_roster(programme_id: int) -> Roster:
    """Read the roster of a programme. The caller checks access: a user who may open a mentee may see the mentors."""
    mentors = Enrolment.objects.filter(programme=programme_id, role=ParticipantRole.MENTOR)
    mentors = mentors.exclude(status__in=LEFT_STATUSES)
    rows = list(mentors.order_by("pk").values_list("pk", "person", *_PERSON_COLUMNS, *_OWN_COLUMNS))
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _name in range(14)]
    ids, people = _numbers(columns[0]), _numbers(columns[1])
    positions = {pk: position for position, pk in enumerate(columns[0])}
    gender, births, years, postcodes, states = columns[2:7]
    status, capacity, wish, is_required, lowest, highest, free_from = columns[7:]
    open_matches, past_matches = _read_matches(programme_id, positions)
    return Roster(
        ids=ids,
        people=people,
        gender=np.array(gender, dtype="U20"),
        birth=np.array([_birth(*pair) for pair in zip(births, years, strict=True)], dtype=np.int64).reshape(-1, 3),
        postcode=np.array(postcodes, dtype="U10"),
        postcode_number=_numbers(int(code) if code.isdecimal() else None for code in postcodes),
        state=np.array(states, dtype="U10"),
        status=np.array(status, dtype="U20"),
        capacity=_numbers(capacity),
        wished_gender=np.array(wish, dtype="U20"),
        gender_is_required=np.array(is_required, dtype=bool),
        min_age=_numbers(lowest),
        max_age=_numbers(highest),
        available_from=_numbers(day.toordinal() if day else None for day in free_from),
        is_interviewed=_read_interviews(programme_id, positions),
        checks=_read_checks(programme_id, positions),
        open_matches=open_matches,
        past_matches=past_matches,
        terms=_read_pairs(_term_rows(programme_id), positions),
        languages=_read_pairs(_language_rows(programme_id), positions),
    )


def _numbers(values: Iterable[int | None]) -> np.ndarray:
    return np.array([UNKNOWN if value is None else value for value in values], dtype=np.int64)


def _birth(date: dt.date | None, year: int | None) -> tuple[int, int, int]:
    if date:
        return date.year, date.month, date.day
    return UNKNOWN if year is None else year, UNKNOWN, UNKNOWN


def _of_mentors(path: str, programme_id: int) -> dict:
    return {f"{path}__programme": programme_id, f"{path}__role": ParticipantRole.MENTOR}


def _read_interviews(programme_id: int, positions: dict[int, int]) -> np.ndarray:
    held = Interview.objects.filter(INTERVIEWED, **_of_mentors("enrolment", programme_id))
    rows = held.order_by().values_list("enrolment_id", flat=True)
    column = np.zeros(len(positions), dtype=bool)
    column[[positions[pk] for pk in rows if pk in positions]] = True
    return column


def _read_checks(programme_id: int, positions: dict[int, int]) -> dict[str, np.ndarray]:
    """Count the approved checks of each mentor, by kind."""
    approved = ScreeningCheck.objects.filter(**_of_mentors("enrolment", programme_id), outcome=CheckOutcome.APPROVED)
    found: dict[str, np.ndarray] = {}
    for pk, kind in approved.order_by().values_list("enrolment_id", "kind"):
        column = found.setdefault(kind, np.zeros(len(positions), dtype=np.int64))
        if pk in positions:
            column[positions[pk]] += 1
    return found


def _read_matches(programme_id: int, positions: dict[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Count, for each mentor, the open matches in all programmes and the matches that had a first meeting."""
    met = Q(started_on__isnull=False) & ~Q(status=MatchStatus.WITHDRAWN)
    rows = (
        Match.objects.filter(**_of_mentors("mentor__enrolments", programme_id))
        .order_by()
        .values_list("mentor__enrolments")
        .annotate(taken=Count("pk", filter=Q(status__in=OPEN_STATUSES)), met=Count("pk", filter=met))
    )
    columns = np.zeros((2, len(positions)), dtype=np.int64)
    for pk, taken, held in rows:
        if pk in positions:
            columns[:, positions[pk]] = taken, held
    return columns[0], columns[1]


def _term_rows(programme_id: int):
    rows = Enrolment.terms.through.objects.filter(**_of_mentors("enrolment", programme_id))
    return rows.values_list("enrolment_id", "term_id")


def _language_rows(programme_id: int):
    """Return the languages spoken well enough for a conversation, or at an unknown level."""
    rows = LanguageSkill.objects.filter(**_of_mentors("person__enrolments", programme_id)).order_by()
    return rows.exclude(level=LanguageLevel.SOME).values_list("person__enrolments", "language_id")


def _read_pairs(rows: Iterable[tuple[int, int]], positions: dict[int, int]) -> np.ndarray:
    """Return pairs of a position and a term's id as two rows, each contiguous in memory."""
    pairs = [(positions[pk], term) for pk, term in rows if pk in positions]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2).T.copy()
