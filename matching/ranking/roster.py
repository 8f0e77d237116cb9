"""A programme's mentors as columns: what every ranking needs of them, whoever the mentee is.

Read in seven narrow queries. For a programme of ordinary size that is a few milliseconds; the roster of a very large
one is kept in memory until somebody has changed something: every change of people or cases leaves a row in the log of
access, in the transaction of the change, so the newest such row tells whether the roster is still true. What is shown
is read anew in any case (``candidate``) and checked against the rules that a change could touch.
"""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Q

from accounts.enums import AccessKind
from accounts.models import AccessRecord
from matching.enums import OPEN_STATUSES, CheckOutcome, InterviewAssessment, MatchStatus
from matching.models import Interview, Match, ScreeningCheck
from people.enums import EnrolmentStatus, LanguageLevel
from people.models import Enrolment, LanguageSkill
from programmes.enums import ParticipantRole

GONE = [EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]
UNKNOWN = -1
KEEP_FROM = 3_000  # mentors; a smaller roster is read every time
KEEP_SECONDS = 300
MOST_KEPT = 8

_PERSON_COLUMNS = ["person__gender", "person__birth_date", "person__birth_year", "person__postcode"]
_OWN_COLUMNS = ["status", "capacity", "preferred_gender", "gender_is_required", "min_age", "max_age", "available_from"]


@dataclass(frozen=True)
class Roster:
    """Columns of equal length, one place for each mentor who has not left, by the enrolments' ids.

    Words that are not known are empty, numbers ``UNKNOWN``; days are ordinals. ``terms`` and ``languages`` are pairs of
    a place and a word's id.
    """

    ids: np.ndarray
    people: np.ndarray
    gender: np.ndarray
    birth: np.ndarray  # year, month, day; month UNKNOWN when only the year is known
    postcode: np.ndarray
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
        """Age in whole years as ``Person.age_on`` has it, ``UNKNOWN`` where the birth year is not known."""
        year, month, of_month = self.birth.T
        before_birthday = (month > day.month) | ((month == day.month) & (of_month > day.day))
        return np.where(year == UNKNOWN, UNKNOWN, day.year - year - before_birthday)


_kept: dict[int, tuple[tuple, float, Roster]] = {}


def roster_of(programme_id: int) -> Roster:
    """The roster of a programme, from memory when it is large and nothing has changed."""
    if programme_id in _kept:
        stamp, read_at, roster = _kept[programme_id]
        if time.monotonic() - read_at < KEEP_SECONDS and stamp == _stamp(programme_id):
            return roster
        _kept.pop(programme_id, None)
    stamp = _stamp(programme_id)
    roster = read_roster(programme_id)
    if len(roster) >= KEEP_FROM:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[programme_id] = (stamp, time.monotonic(), roster)
    return roster


def _stamp(programme_id: int) -> tuple:
    """Changes with every change that is logged, and with the number of mentors."""
    changes = AccessRecord.objects.filter(kind__in=[AccessKind.WRITE, AccessKind.IMPORT]).order_by("-pk")
    newest = changes.values_list("pk", flat=True).first()
    return newest, Enrolment.objects.filter(programme=programme_id, role=ParticipantRole.MENTOR).count()


def read_roster(programme_id: int) -> Roster:
    """Read the columns. The branch is the caller's: who may open a mentee of the programme may see its mentors."""
    mentors = Enrolment.objects.filter(programme=programme_id, role=ParticipantRole.MENTOR).exclude(status__in=GONE)
    rows = list(mentors.order_by("pk").values_list("pk", "person", *_PERSON_COLUMNS, *_OWN_COLUMNS))
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _name in range(13)]
    ids, people = _numbers(columns[0]), _numbers(columns[1])
    places = {pk: place for place, pk in enumerate(columns[0])}
    gender, births, years, postcodes = columns[2:6]
    status, capacity, wish, is_required, lowest, highest, free_from = columns[6:]
    open_matches, past_matches = _read_matches(programme_id, places)
    return Roster(
        ids=ids,
        people=people,
        gender=np.array(gender, dtype="U20"),
        birth=np.array([_birth(*pair) for pair in zip(births, years, strict=True)], dtype=np.int64).reshape(-1, 3),
        postcode=np.array(postcodes, dtype="U10"),
        status=np.array(status, dtype="U20"),
        capacity=_numbers(capacity),
        wished_gender=np.array(wish, dtype="U20"),
        gender_is_required=np.array(is_required, dtype=bool),
        min_age=_numbers(lowest),
        max_age=_numbers(highest),
        available_from=_numbers(day.toordinal() if day else None for day in free_from),
        is_interviewed=_read_interviews(programme_id, places),
        checks=_read_checks(programme_id, places),
        open_matches=open_matches,
        past_matches=past_matches,
        terms=_read_pairs(_term_rows(programme_id), places),
        languages=_read_pairs(_language_rows(programme_id), places),
    )


def _numbers(values: Iterable[int | None]) -> np.ndarray:
    return np.array([UNKNOWN if value is None else value for value in values], dtype=np.int64)


def _birth(date: dt.date | None, year: int | None) -> tuple[int, int, int]:
    if date:
        return date.year, date.month, date.day
    return UNKNOWN if year is None else year, UNKNOWN, UNKNOWN


def _of_mentors(path: str, programme_id: int) -> dict:
    return {f"{path}__programme": programme_id, f"{path}__role": ParticipantRole.MENTOR}


def _read_interviews(programme_id: int, places: dict[int, int]) -> np.ndarray:
    held = Interview.objects.filter(**_of_mentors("enrolment", programme_id), held_on__isnull=False)
    rows = held.exclude(assessment=InterviewAssessment.NOT_SUITABLE).order_by().values_list("enrolment_id", flat=True)
    column = np.zeros(len(places), dtype=bool)
    column[[places[pk] for pk in rows if pk in places]] = True
    return column


def _read_checks(programme_id: int, places: dict[int, int]) -> dict[str, np.ndarray]:
    """By kind of check, how many approved ones each mentor has."""
    approved = ScreeningCheck.objects.filter(**_of_mentors("enrolment", programme_id), outcome=CheckOutcome.APPROVED)
    found: dict[str, np.ndarray] = {}
    for pk, kind in approved.order_by().values_list("enrolment_id", "kind"):
        column = found.setdefault(kind, np.zeros(len(places), dtype=np.int64))
        if pk in places:
            column[places[pk]] += 1
    return found


def _read_matches(programme_id: int, places: dict[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Open matches, each of which takes a place in whatever programme, and those that had a first meeting."""
    met = Q(started_on__isnull=False) & ~Q(status=MatchStatus.WITHDRAWN)
    rows = (
        Match.objects.filter(**_of_mentors("mentor__enrolments", programme_id))
        .order_by()
        .values_list("mentor__enrolments")
        .annotate(taken=Count("pk", filter=Q(status__in=OPEN_STATUSES)), met=Count("pk", filter=met))
    )
    columns = np.zeros((2, len(places)), dtype=np.int64)
    for pk, taken, held in rows:
        if pk in places:
            columns[:, places[pk]] = taken, held
    return columns[0], columns[1]


def _term_rows(programme_id: int):
    rows = Enrolment.terms.through.objects.filter(**_of_mentors("enrolment", programme_id))
    return rows.values_list("enrolment_id", "term_id")


def _language_rows(programme_id: int):
    """Languages spoken well enough for a talk; where the level is not known, it is taken to be."""
    rows = LanguageSkill.objects.filter(**_of_mentors("person__enrolments", programme_id)).order_by()
    return rows.exclude(level=LanguageLevel.SOME).values_list("person__enrolments", "language_id")


def _read_pairs(rows: Iterable[tuple[int, int]], places: dict[int, int]) -> np.ndarray:
    """Pairs of a place and a word; two rows, so that each is one stretch of memory."""
    pairs = [(places[pk], word) for pk, word in rows if pk in places]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2).T.copy()
