"""The status of an enrolment: ``status_of`` decides it from facts, and ``settle`` stores it.

Every act that changes one of these facts settles the enrolments concerned, in its own transaction.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.hooks import Hook
from common.journal import current_journal, recording
from people.enums import CLOSED_STATUSES, LEFT_STATUSES, PERIOD_STATUSES, EnrolmentStatus
from people.models import Enrolment, Person
from people.periods import keep_periods, periods_of
from programmes.enums import ParticipantRole
from programmes.models import Programme

SETTLED_FIELDS = ("status", "waiting_since", "wait_counted_from")
# What a chosen status sets.
STATUS_FIELDS = (*SETTLED_FIELDS, "ended_on", "ended_reason", "paused_on", "paused_until", "paused_reason")

# Called before an enrolment changes, with it and the names of the fields that may change.
BeforeChange = Callable[[Enrolment, Sequence[str]], None]
EnrolmentKey = tuple[str, int, int]  # role, person id, programme id

# ``source(enrolments)`` yields a key for each open match of their people in their roles, in all programmes.
OPEN_MATCH_SOURCES: Hook[Callable[[Collection[Enrolment]], Iterable[EnrolmentKey]]] = Hook()


class OpenMatchLeft(ValidationError):
    """An act would leave an open match on a role that has ended."""


class StatusFacts(NamedTuple):
    """What decides the status of an enrolment.

    ``closed`` is *paused*, *ended* or *declined* if a user closed it. ``is_ready``: accepted for the waiting list.
    ``is_taken``: the mentee has an open match, or the open matches of the mentor use up the capacity.
    """

    closed: str
    is_ready: bool
    is_taken: bool


def status_of(facts: StatusFacts) -> EnrolmentStatus:
    """Return the status that the facts give. What a user closed stays closed; a match goes before the waiting list."""
    if facts.closed:
        return EnrolmentStatus(facts.closed)
    if facts.is_taken:
        return EnrolmentStatus.MATCHED
    return EnrolmentStatus.WAITING if facts.is_ready else EnrolmentStatus.APPLIED


class OpenMatches:
    """The numbers of open matches of locked enrolments, read in at most three queries.

    The default capacities are read here, because a colleague may have changed one before the lock.
    """

    def __init__(self, enrolments: Collection[Enrolment]):
        self._of_enrolment = Counter(key for source in OPEN_MATCH_SOURCES for key in source(enrolments))
        self._of_person: Counter[tuple[str, int]] = Counter()
        for (role, person_id, _programme), count in self._of_enrolment.items():
            self._of_person[role, person_id] += count
        mentors = [
            row for row in enrolments if row.capacity is None and self._of_person[ParticipantRole.MENTOR, row.person_id]
        ]
        programmes = {row.programme_id for row in mentors}
        rows = Programme.objects.filter(pk__in=programmes).values_list("pk", "default_capacity")
        self._default_capacity = dict(rows) if programmes else {}

    def of(self, enrolment: Enrolment) -> int:
        """Return the number of open matches in the enrolment's programme and role."""
        return self._of_enrolment[enrolment.role, enrolment.person_id, enrolment.programme_id]

    def take(self, enrolment: Enrolment) -> bool:
        """Return whether open matches take the mentee, or all places of the mentor in all programmes."""
        if enrolment.role != ParticipantRole.MENTOR:
            return self.of(enrolment) > 0
        used, capacity = self._of_person[enrolment.role, enrolment.person_id], enrolment.capacity
        return used > 0 and used >= (self._default_capacity[enrolment.programme_id] if capacity is None else capacity)


def has_open_match(enrolment: Enrolment) -> bool:
    """Return whether the person has an open match in the programme and role of the enrolment."""
    return OpenMatches([enrolment]).of(enrolment) > 0


def set_status(
    enrolment: Enrolment, status: str, *, on: dt.date, reason: str = "", until: dt.date | None = None
) -> None:
    """Set a status that a user chose, with its day and reason, without saving. *Waiting* counts from ``on``.

    ``until`` is the day on which a pause is expected to end. The caller keeps the periods (``people.periods``).
    """
    _remember_wait(enrolment, on)
    has_left, is_paused = status in LEFT_STATUSES, status == EnrolmentStatus.PAUSED
    enrolment.status, enrolment.wait_counted_from = status, None
    enrolment.ended_on = on if has_left else None
    enrolment.ended_reason = reason if has_left else ""
    enrolment.paused_on = on if is_paused else None
    enrolment.paused_until = until if is_paused else None
    enrolment.paused_reason = reason if is_paused else ""
    if status == EnrolmentStatus.WAITING:
        enrolment.waiting_since = on


def settle(enrolments: QuerySet[Enrolment]) -> None:
    """Lock enrolments and store the status that their facts give, in the open act. Raises OpenMatchLeft."""
    journal, rows = current_journal(), lock_enrolments(enrolments)
    journal.save_all(Enrolment, settle_locked(rows, journal.changes), SETTLED_FIELDS)
    keep_periods(rows)


def settle_restored(enrolments: QuerySet[Enrolment]) -> None:
    """Settle enrolments of an older version, where a role could end under an open match: such a role is open again.

    Its files have no periods of enrolments either; those that are open now are made from the status.
    """
    rows = lock_enrolments(enrolments)
    known = periods_of(rows)
    open_matches = OpenMatches(rows)
    left = [row for row in rows if row.status in LEFT_STATUSES and open_matches.of(row)]
    for enrolment in left:
        set_status(enrolment, EnrolmentStatus.APPLIED, on=clock.today())
    changed = {row.pk: row for row in [*left, *settle_locked(rows)]}.values()
    for enrolment in changed:
        enrolment.save(update_fields=STATUS_FIELDS)
    without = [row for row in rows if row.status in PERIOD_STATUSES and not known[row.pk]]
    with recording("restore_branch", by=None):
        keep_periods([*changed, *without])


def lock_enrolments(enrolments: QuerySet[Enrolment]) -> list[Enrolment]:
    """Lock and read enrolments by ascending id."""
    return list(enrolments.select_for_update().order_by("pk"))


def settle_locked(enrolments: Collection[Enrolment], before_change: BeforeChange | None = None) -> list[Enrolment]:
    """Set the status of new or locked enrolments by their facts; return the changed ones, which are not saved yet.

    ``before_change`` is called with each enrolment that changes and ``SETTLED_FIELDS``. Raises OpenMatchLeft if an
    enrolment that has ended has an open match.
    """
    open_matches, changed = OpenMatches(enrolments), []
    for enrolment in enrolments:
        status = status_of(_facts(enrolment, open_matches))
        if status in LEFT_STATUSES and open_matches.of(enrolment):
            raise OpenMatchLeft(open_match_sentence(enrolment))
        if status != enrolment.status:
            if before_change is not None:
                before_change(enrolment, SETTLED_FIELDS)
            _remember_wait(enrolment, clock.today())
            enrolment.status, enrolment.wait_counted_from = status, None
            changed.append(enrolment)
        if enrolment._state.adding and status == EnrolmentStatus.WAITING:
            enrolment.wait_counted_from = enrolment.waiting_since
    return changed


def refuse_lost_roles(people: Collection[Person]) -> None:
    """Raise OpenMatchLeft if a person has an open match in a role that the person does not have."""
    roles = [Enrolment(person=person, role=role) for person in people for role in ParticipantRole.values]
    found = {key for source in OPEN_MATCH_SOURCES for key in source(roles)}
    enrolled = set(Enrolment.objects.filter(person__in=people).values_list("role", "person_id", "programme_id"))
    for _role, person_id, _programme_id in sorted(found - enrolled):
        person = next(person for person in people if person.pk == person_id)
        raise OpenMatchLeft(open_match_sentence(Enrolment(person=person)))


def open_match_sentence(enrolment: Enrolment) -> str:
    """Return the sentence about an open match that has to end before the role does."""
    return _("%(name)s is in a match. End the match first.") % {"name": enrolment.person.name}


def _facts(enrolment: Enrolment, open_matches: OpenMatches) -> StatusFacts:
    return StatusFacts(
        closed=enrolment.status if enrolment.status in CLOSED_STATUSES else "",
        is_ready=enrolment.status == EnrolmentStatus.WAITING or enrolment.waiting_since is not None,
        is_taken=open_matches.take(enrolment),
    )


def _remember_wait(enrolment: Enrolment, on: dt.date) -> None:
    """Give a person who leaves the waiting list a ``waiting_since``, the sign that the person was ready."""
    if enrolment.status == EnrolmentStatus.WAITING and enrolment.waiting_since is None:
        enrolment.waiting_since = enrolment.applied_on or on
