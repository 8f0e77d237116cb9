"""Storing what lists say about interviews, meetings, follow-ups and outcomes: in bulk, in the import's transaction."""

from collections.abc import Sequence

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.bulk import locked
from imports.engine.kind import CheckedRow, ImportChanged, Rows
from imports.engine.store import Store
from imports.kinds.interviews import InterviewRecord, as_stored
from matching.enums import InterviewAssessment
from matching.models import FollowUp, Interview, Meeting, Outcome
from people.enums import EnrolmentStatus
from people.models import Enrolment

ANSWERED_FIELDS = ("done_on", "channel", "mood", "support", "note")
MOVED_FIELDS = ("status", "waiting_since", "ended_on", "ended_reason", "updated_at")


def store_records(model: type, rows: Rows, *, by: User | None, store: Store) -> None:
    """Store meetings, follow-ups or outcomes, each on its match."""
    STORES[model](rows, by, store)


def store_meetings(rows: Rows, by: User | None, store: Store) -> None:
    meetings = [_on_match(Meeting, row, recorded_by=by) for row, _id in rows]
    store.create(Meeting, meetings, [row_id for _row, row_id in rows])


def store_outcomes(rows: Rows, by: User | None, store: Store) -> None:
    outcomes = [_on_match(Outcome, row, recorded_by=by) for row, _id in rows]
    store.create(Outcome, outcomes, [row_id for _row, row_id in rows])


def _on_match(model: type, row: CheckedRow, **values):
    return model(match_id=row.record.match.match_id, **row.record.values(), **values)


def store_follow_ups(rows: Rows, by: User | None, store: Store) -> None:
    """Contacts that fulfil a step of the plan are written on it; the others are follow-ups of their own.

    Who talked is not known: `by` only brought the list. Raises ImportChanged when a step is gone by now or done.
    """
    free = [(row, row_id) for row, row_id in rows if row.record.fulfils is None]
    own = [_on_match(FollowUp, row) for row, _id in free]
    for follow_up in own:
        follow_up.name = follow_up.name or _("Follow-up")
    store.create(FollowUp, own, [row_id for _row, row_id in free])
    fulfilled = {row.record.fulfils: (row.record, row_id) for row, row_id in rows if row.record.fulfils is not None}
    steps = locked(FollowUp, fulfilled)
    for pk, (record, row_id) in fulfilled.items():
        step = steps.get(pk)
        if step is None or step.done_on or (step.match_id, step.side) != (record.match.match_id, record.side):
            raise ImportChanged
        values = record.answers()
        store.came_from(row_id, step)
        if not record.note:
            del values["note"]
        _change(step, values, store)
    store.change(FollowUp, list(steps.values()), ANSWERED_FIELDS)


def _change(record: Model, values: dict, store: Store) -> None:
    """Set values of a stored record, told to the journal."""
    store.journal.changes(record, [name.removesuffix("_id") for name in values])
    for name, value in values.items():
        setattr(record, name, value)


STORES = {Meeting: store_meetings, FollowUp: store_follow_ups, Outcome: store_outcomes}


# ---------------------------------------------------------------- interviews


def store_interviews(rows: Rows, *, store: Store) -> None:
    """Store new interviews, fill in what known ones lack, and move on the people whom an interview was about.

    Raises ImportChanged when a known one or somebody is gone by now, or when one does not lack the same any more.
    """
    fresh = [(row, row_id) for row, row_id in rows if row.record.completes is None]
    new = [Interview(enrolment_id=row.record.party.enrolment_id, **row.record.values()) for row, _id in fresh]
    store.create(Interview, new, [row_id for _row, row_id in fresh])
    _complete([(row.record, row_id) for row, row_id in rows if row.record.completes is not None], store)
    _move_on([row.record for row, _id in rows], store)


def _complete(records: Sequence[tuple[InterviewRecord, int]], store: Store) -> None:
    interviews = locked(Interview, {record.completes.pk for record, _row_id in records})
    for record, _row_id in records:
        interview = interviews.get(record.completes.pk)
        if interview is None or as_stored(vars(interview) | {"pk": interview.pk}) != record.completes:
            raise ImportChanged
    names = set()
    for record, row_id in records:
        interview = interviews[record.completes.pk]
        values = {name: value for name, value in record.values().items() if not getattr(interview, name)}
        store.came_from(row_id, interview)
        _change(interview, values, store)
        names |= {name.removesuffix("_id") for name in values}
    store.change(Interview, list(interviews.values()), sorted(names))


def _move_on(records: Sequence[InterviewRecord], store: Store) -> None:
    """The last assessment moves an applicant: onto the waiting list, or out. Whoever is further along stays.

    The same rule as matching.services.interviews.record_interview, for all interviews of a list at once.
    """
    assessed = [record for record in records if record.held_on and record.assessment]
    last = {record.party.enrolment_id: record for record in sorted(assessed, key=lambda record: record.held_on)}
    moved = []
    enrolments = locked(Enrolment, last)
    for pk, record in last.items():
        if pk not in enrolments:
            raise ImportChanged
        enrolment = enrolments[pk]
        if enrolment.status != EnrolmentStatus.APPLIED or record.assessment == InterviewAssessment.LATER:
            continue
        store.journal.changes(enrolment, MOVED_FIELDS)
        if record.assessment == InterviewAssessment.SUITABLE:
            enrolment.status, enrolment.waiting_since = EnrolmentStatus.WAITING, record.held_on
        else:
            enrolment.status, enrolment.ended_on = EnrolmentStatus.DECLINED, record.held_on
            enrolment.ended_reason = record.texts["assessment_note"][:200]
        enrolment.updated_at = timezone.now()
        moved.append(enrolment)
    store.change(Enrolment, moved, MOVED_FIELDS)
