"""Services that store the interviews, checks, matches and records of a whole list at once, with few queries.

Each runs in the transaction of the caller, adds what it makes and changes to ``journal`` and writes no access log.
All raise ValidationError when a value is not valid, and then the caller must roll back.
"""

from collections.abc import Sequence

from common.journal import Journal
from matching.models import FollowUp, Interview, Meeting, Outcome, ScreeningCheck

MatchRecord = Meeting | FollowUp | Outcome


def bulk_create_interviews(interviews: Sequence[Interview], *, journal: Journal) -> list[Interview]:
    """Store new interviews and return them. The status of the enrolments is not changed."""
    return journal.create(Interview, interviews)


def bulk_create_checks(checks: Sequence[ScreeningCheck], *, journal: Journal) -> list[ScreeningCheck]:
    """Store new screening checks and return them."""
    return journal.create(ScreeningCheck, checks)


def bulk_create_records(records: Sequence[MatchRecord], *, journal: Journal) -> list[MatchRecord]:
    """Store new meetings, follow-ups or outcomes, all of one model, and return them."""
    return journal.create(type(records[0]), records) if records else []
