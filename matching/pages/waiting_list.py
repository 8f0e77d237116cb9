"""The waiting list of the match desk."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Min, QuerySet
from django.utils.functional import cached_property

from accounts.models import User
from accounts.roles import Verb
from people.enums import EnrolmentStatus, Gender, LanguageLevel, TermKind
from people.models import Enrolment
from programmes.enums import ParticipantRole

SHOWN_AT_FIRST = 11
SHOWN_MORE = 12
SEGMENTS = ["", Gender.MAN, Gender.WOMAN]
ORDERS = {
    "": [F("wait_counted_from").asc(nulls_last=True), "pk"],
    "name": ["person__first_name", "person__last_name", "pk"],
    "last_name": ["person__last_name", "person__first_name", "pk"],
}


@dataclass(frozen=True)
class WaitingList:
    """The mentees on the waiting list of a branch that a user may see.

    ``segment`` is a gender, or empty for all; ``order`` is a key of ``ORDERS``; ``shown`` is the number of full rows.
    """

    user: User
    branch_id: int
    segment: str = ""
    order: str = ""
    shown: int = SHOWN_AT_FIRST

    @property
    def mentees(self) -> QuerySet[Enrolment]:
        """All mentees of the branch, also those who are not waiting."""
        return Enrolment.objects.visible_to(self.user, Verb.READ_CASES).filter(
            role=ParticipantRole.MENTEE, programme__branch=self.branch_id
        )

    @cached_property
    def _all(self) -> list[tuple[int, str]]:
        rows = self.mentees.filter(status=EnrolmentStatus.WAITING).order_by(*ORDERS[self.order])
        return list(rows.values_list("pk", "person__gender"))

    @cached_property
    def ids(self) -> list[int]:
        return [pk for pk, gender in self._all if self.segment in {"", gender}]

    @property
    def count(self) -> int:
        return len(self._all)

    def segment_counts(self) -> list[tuple[str, int]]:
        return [(segment, sum(segment in {"", gender} for _pk, gender in self._all)) for segment in SEGMENTS]

    @cached_property
    def rows(self) -> list[Enrolment]:
        """The first ``shown`` enrolments, with what a row shows."""
        wanted = self.ids[: self.shown]
        found = (
            Enrolment.objects.filter(pk__in=wanted)
            .select_related("person")
            .prefetch_related("terms", "person__languages__language")
        )
        by_id = {enrolment.pk: enrolment for enrolment in found}
        return [by_id[pk] for pk in wanted if pk in by_id]

    @property
    def more(self) -> int:
        """The number of rows that *show more* adds."""
        return max(0, min(SHOWN_MORE, len(self.ids) - self.shown))

    @property
    def shown_next(self) -> int:
        return self.shown + SHOWN_MORE

    def position(self, enrolment_id: int) -> int:
        """Return the position of a mentee in the list from 1, or 0 if the mentee is not on it."""
        return self.ids.index(enrolment_id) + 1 if enrolment_id in self.ids else 0

    def neighbours(self, enrolment_id: int) -> tuple[int | None, int | None]:
        """Return the enrolment ids before and after a mentee."""
        place = self.position(enrolment_id)
        if not place:
            return None, self.ids[0] if self.ids else None
        before = self.ids[place - 2] if place > 1 else None
        after = self.ids[place] if place < len(self.ids) else None
        return before, after

    def applications(self) -> tuple[int, dt.date | None]:
        """Return the number of mentees who have applied, and the day of the oldest application."""
        applied = self.mentees.filter(status=EnrolmentStatus.APPLIED)
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
