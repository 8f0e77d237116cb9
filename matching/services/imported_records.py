"""Storing what lists say about interviews, meetings, follow-ups and outcomes: in bulk, in the import's transaction."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from common.bulk import BATCH
from matching.enums import InterviewAssessment
from matching.importing.interviews import InterviewRecord
from matching.models import FollowUp, Interview, Meeting, Outcome
from people.enums import EnrolmentStatus
from people.importing.journal import Journal
from people.importing.kinds import CheckedRow
from people.models import Enrolment
from people.services.imported_people import bulk_store

Rows = Sequence[tuple[CheckedRow, int]]  # checked row, id of its ImportRow
MOVED_FIELDS = ("status", "waiting_since", "ended_on", "ended_reason")


def store_records(model: type, rows: Rows, *, by: User | None, journal: Journal) -> None:
    """Store meetings, follow-ups or outcomes, each on its match."""
    STORES[model](rows, by, journal)


def store_meetings(rows: Rows, by: User | None, journal: Journal) -> None:
    meetings = [_on_match(Meeting, row, row_id, recorded_by=by) for row, row_id in rows]
    bulk_store(Meeting, meetings, journal)


def store_outcomes(rows: Rows, by: User | None, journal: Journal) -> None:
    outcomes = [_on_match(Outcome, row, row_id, recorded_by=by) for row, row_id in rows]
    bulk_store(Outcome, outcomes, journal)


def _on_match(model: type, row: CheckedRow, row_id: int, **values):
    return model(match_id=row.record.course.match_id, import_row_id=row_id, **row.record.values(), **values)


def store_follow_ups(rows: Rows, by: User | None, journal: Journal) -> None:
    """Contacts that fulfil a step of the plan are written on it; the others are follow-ups of their own.

    Who talked is not known: `by` only brought the list.
    """
    own = [_on_match(FollowUp, row, row_id) for row, row_id in rows if row.record.fulfils is None]
    for follow_up in own:
        follow_up.name = follow_up.name or _("Follow-up")
    bulk_store(FollowUp, own, journal)
    fulfilled = {row.record.fulfils: (row.record, row_id) for row, row_id in rows if row.record.fulfils is not None}
    changed = []
    for pk, follow_up in FollowUp.objects.in_bulk(fulfilled).items():
        record, row_id = fulfilled[pk]
        values = record.answers() | {"import_row_id": row_id}
        if not record.note:
            del values["note"]
        _change(follow_up, values, journal)
        changed.append(follow_up)
    names = ("done_on", "channel", "mood", "support", "note", "import_row")
    FollowUp.objects.bulk_update(changed, names, batch_size=BATCH)


def _change(record, values: dict, journal: Journal) -> None:
    """Set values of a stored record, told to the journal, and check its own fields."""
    fields = {field.attname: field for field in record._meta.concrete_fields} | {
        field.name: field for field in record._meta.concrete_fields
    }
    journal.changes(record, [fields[name].name for name in values])
    for name, value in values.items():
        setattr(record, name, value)
    record.clean_fields(exclude=[field.name for field in record._meta.fields if field.is_relation])


STORES = {Meeting: store_meetings, FollowUp: store_follow_ups, Outcome: store_outcomes}


# ---------------------------------------------------------------- interviews


def store_interviews(rows: Rows, *, journal: Journal) -> None:
    """Store new interviews, fill in what known ones lack, and move on the people whom an interview was about."""
    new = [
        Interview(enrolment_id=row.record.party.enrolment_id, import_row_id=row_id, **row.record.values())
        for row, row_id in rows
        if row.record.completes is None
    ]
    bulk_store(Interview, new, journal)
    _complete([(row.record, row_id) for row, row_id in rows if row.record.completes is not None], journal)
    _move_on([row.record for row, _id in rows], journal)


def _complete(records: list[tuple[InterviewRecord, int]], journal: Journal) -> None:
    wanted = {record.completes: (record, row_id) for record, row_id in records}
    changed, names = [], set()
    for pk, interview in Interview.objects.in_bulk(wanted).items():
        record, row_id = wanted[pk]
        values = {name: value for name, value in record.values().items() if not getattr(interview, name)}
        if interview.import_row_id is None:
            values["import_row_id"] = row_id
        _change(interview, values, journal)
        names |= {name.removesuffix("_id") for name in values}
        changed.append(interview)
    if changed:
        Interview.objects.bulk_update(changed, sorted(names), batch_size=BATCH)


def _move_on(records: Sequence[InterviewRecord], journal: Journal) -> None:
    """The last assessment moves an applicant: onto the waiting list, or out. Whoever is further along stays.

    The same rule as matching.services.interviews.record_interview, for all interviews of a list at once.
    """
    assessed = [record for record in records if record.held_on and record.assessment]
    last = {record.party.enrolment_id: record for record in sorted(assessed, key=lambda record: record.held_on)}
    moved = []
    for pk, enrolment in Enrolment.objects.filter(status=EnrolmentStatus.APPLIED).in_bulk(last).items():
        record = last[pk]
        if record.assessment == InterviewAssessment.LATER:
            continue
        journal.changes(enrolment, MOVED_FIELDS)
        if record.assessment == InterviewAssessment.SUITABLE:
            enrolment.status, enrolment.waiting_since = EnrolmentStatus.WAITING, record.held_on
        else:
            enrolment.status, enrolment.ended_on = EnrolmentStatus.DECLINED, record.held_on
            enrolment.ended_reason = record.texts["assessment_note"][:200]
        moved.append(enrolment)
    Enrolment.objects.bulk_update(moved, MOVED_FIELDS, batch_size=BATCH)
