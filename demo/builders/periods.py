"""Stores the waits, pauses and ends of the demo's enrolments, as their matches and days say."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Min

from matching.enums import NEVER_STARTED_STATUSES
from matching.models import Match
from people.enums import LEFT_STATUSES, EnrolmentStatus
from people.models import Enrolment, EnrolmentPeriod
from programmes.enums import ParticipantRole
from programmes.models import Programme


def store_periods(programme: Programme) -> None:
    """Store the periods of all enrolments of a programme."""
    rows = Enrolment.objects.filter(programme=programme)
    found = []
    matches = _matches_of(programme)
    for row in rows.annotate(ready_on=Min("interviews__held_on")).order_by("pk"):
        found += _waits(row, matches[row.role, row.person_id])
        if row.status in LEFT_STATUSES:
            found.append(
                EnrolmentPeriod(enrolment=row, status=row.status, began_on=row.ended_on, reason=row.ended_reason)
            )
        elif row.status == EnrolmentStatus.PAUSED:
            facts = {"began_on": row.paused_on, "expected_on": row.paused_until, "reason": row.paused_reason}
            found.append(EnrolmentPeriod(enrolment=row, status=row.status, **facts))
    EnrolmentPeriod.objects.bulk_create(found, batch_size=2000)
    rows.filter(status=EnrolmentStatus.WAITING).update(wait_counted_from=F("waiting_since"))


def _matches_of(programme: Programme) -> defaultdict[tuple[str, int], list[Match]]:
    """Return role and person → the matches that took the person, in their order."""
    found = defaultdict(list)
    for match in Match.objects.filter(programme=programme).exclude(status__in=NEVER_STARTED_STATUSES):
        found[ParticipantRole.MENTEE, match.mentee_id].append(match)
        found[ParticipantRole.MENTOR, match.mentor_id].append(match)
    for matches in found.values():
        matches.sort(key=lambda match: match.proposed_on)
    return found


def _waits(row: Enrolment, matches: list[Match]) -> Iterator[EnrolmentPeriod]:
    """Yield the waits until each match, and from its end. A mentor waits until the match that takes the last place."""
    began_on: dt.date | None = row.ready_on
    if row.role == ParticipantRole.MENTOR:
        matches = matches[-1:] if row.status == EnrolmentStatus.MATCHED else []
    for match in matches:
        if began_on and began_on <= match.proposed_on:
            yield _wait(row, began_on, match.proposed_on)
        began_on = match.ended_on
    if row.status == EnrolmentStatus.WAITING:
        yield _wait(row, row.waiting_since)
    elif began_on and row.paused_on and began_on <= row.paused_on:
        yield _wait(row, began_on, row.paused_on)


def _wait(row: Enrolment, began_on: dt.date | None, ended_on: dt.date | None = None) -> EnrolmentPeriod:
    status = EnrolmentStatus.WAITING
    return EnrolmentPeriod(enrolment=row, status=status, began_on=began_on, ended_on=ended_on, starts_over=True)
