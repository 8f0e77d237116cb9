"""The waiting list of the match desk."""

import datetime as dt
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Min, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Verb
from common.choices import SluggedChoices
from people.enums import EnrolmentStatus, Gender, LanguageLevel, TermKind
from people.models import Enrolment
from programmes.enums import ParticipantRole

SHOWN_AT_FIRST = 11
SHOWN_MORE = 12
SEGMENTS = {"": "", **{gender.slug: gender for gender in (Gender.MAN, Gender.WOMAN)}}


class WaitingOrder(SluggedChoices):
    """The orders of the waiting list beside the one by waiting time."""

    NAME = "name", "navn", _("Name")
    LAST_NAME = "last_name", "efternavn", _("Last name")


ORDERS = {
    "": [F("wait_counted_from").asc(nulls_last=True), "pk"],
    WaitingOrder.NAME.slug: ["person__first_name", "person__last_name", "pk"],
    WaitingOrder.LAST_NAME.slug: ["person__last_name", "person__first_name", "pk"],
}


def mentees_of(user: User, branch_id: int) -> QuerySet[Enrolment]:
    """Return the mentees of a branch that a user may see, also those who are not waiting."""
    return Enrolment.objects.visible_to(user, Verb.READ_CASES).filter(
        role=ParticipantRole.MENTEE, programme__branch=branch_id
    )


class WaitingRows(NamedTuple):
    """The rows that are shown: ``before`` others precede them, and *show more* adds ``more``."""

    rows: list[Enrolment]
    before: int
    more: int

    @property
    def shown_next(self) -> int:
        """The number of rows from the first of the list, once more are shown."""
        return self.before + len(self.rows) + self.more


@dataclass(frozen=True)
class WaitingList:
    """The mentees on the waiting list of a branch.

    ``mentees`` are those that pass the filters; ``segment`` is a key of ``SEGMENTS``, ``order`` one of ``ORDERS``;
    ``shown`` is the number of full rows.
    """

    mentees: QuerySet[Enrolment]
    segment: str = ""
    order: str = ""
    shown: int = SHOWN_AT_FIRST

    @cached_property
    def _all(self) -> list[tuple[int, str]]:
        rows = self.mentees.filter(status=EnrolmentStatus.WAITING).order_by(*ORDERS[self.order])
        return list(rows.values_list("pk", "person__gender"))

    @cached_property
    def ids(self) -> list[int]:
        wanted = SEGMENTS[self.segment]
        return [pk for pk, gender in self._all if not wanted or gender == wanted]

    def segment_counts(self) -> list[tuple[str, int]]:
        counts = Counter(gender for _pk, gender in self._all)
        return [(segment, counts[gender] if gender else len(self._all)) for segment, gender in SEGMENTS.items()]

    def rows_with(self, chosen: int | None) -> WaitingRows:
        """Return the first ``shown`` rows, or those around the chosen enrolment if it comes later."""
        place = self.position(chosen)
        start = 0 if place <= self.shown else place - 1 - SHOWN_AT_FIRST // 2
        wanted = self.ids[start : start + (SHOWN_AT_FIRST if start else self.shown)]
        found = (
            Enrolment.objects.filter(pk__in=wanted)
            .select_related("person")
            .prefetch_related("terms", "person__languages__language")
        )
        by_id = {enrolment.pk: enrolment for enrolment in found}
        rows = [by_id[pk] for pk in wanted if pk in by_id]
        return WaitingRows(rows, start, max(0, min(SHOWN_MORE, len(self.ids) - start - len(wanted))))

    def position(self, enrolment_id: int | None) -> int:
        """Return the position of a mentee in the list from 1, or 0 if the mentee is not on it."""
        with suppress(ValueError):
            return self.ids.index(enrolment_id) + 1
        return 0

    def neighbours(self, enrolment_id: int) -> tuple[int | None, int | None]:
        """Return the enrolment ids before and after a mentee."""
        place = self.position(enrolment_id)
        if not place:
            return None, self.ids[0] if self.ids else None
        before = self.ids[place - 2] if place > 1 else None
        after = self.ids[place] if place < len(self.ids) else None
        return before, after


def applications(mentees: QuerySet[Enrolment]) -> tuple[int, dt.date | None]:
    """Return the number of mentees who have applied, and the day of the oldest application."""
    applied = mentees.filter(status=EnrolmentStatus.APPLIED)
    oldest = applied.aggregate(day=Min("applied_on"))["day"]
    return applied.count(), oldest


def sought_words(enrolment: Enrolment) -> list[str]:
    """Return the industries and topics that a mentee seeks."""
    kinds = enrolment.terms_by_kind
    return [term.name for kind in (TermKind.INDUSTRY, TermKind.TOPIC) for term in kinds[kind]]


def spoken_words(enrolment: Enrolment) -> list[tuple[str, str]]:
    """Return a person's languages with their levels, the mother tongue first."""
    skills = sorted(enrolment.person.languages.all(), key=lambda skill: skill.level != LanguageLevel.NATIVE)
    return [(skill.language.name, skill.level) for skill in skills]
