"""Stores the interviews and checks that a list of people brings."""

from collections.abc import Sequence

from common import clock
from common.bulk import build
from imports.engine.store import Store
from imports.kinds.persons import PersonRecord
from matching.enums import CheckOutcome
from matching.models import Interview, ScreeningCheck
from matching.services.bulk import bulk_create_checks, bulk_create_interviews
from people.models import Enrolment
from programmes.enums import ScreeningKind


def store_interviews_and_checks(rows: Sequence[tuple[PersonRecord, Enrolment, int]], *, store: Store) -> None:
    """Store the interviews and criminal records of a list of people: record, enrolment and id of each row."""
    today = clock.today()
    interviews, interview_rows, checks = [], [], []
    for record, enrolment, row_id in rows:
        if record.interview_on:
            key = "held_on" if record.interview_on <= today else "planned_on"
            interviews.append(
                build(
                    Interview,
                    enrolment_id=enrolment.pk,
                    interviewer_note=record.interviewer,
                    **{key: record.interview_on},
                )
            )
            interview_rows.append(row_id)
        if record.criminal_record:
            checks.append(
                build(
                    ScreeningCheck,
                    enrolment_id=enrolment.pk,
                    kind=ScreeningKind.CRIMINAL_RECORD,
                    outcome=CheckOutcome.APPROVED if record.has_criminal_record else CheckOutcome.PENDING,
                    checked_on=record.criminal_record_on,
                    note=record.criminal_record,
                )
            )
    stored = bulk_create_interviews(interviews, journal=store.journal)
    for row_id, interview in zip(interview_rows, stored, strict=True):
        store.came_from(row_id, interview)
    bulk_create_checks(checks, journal=store.journal)
