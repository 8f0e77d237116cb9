"""What the outcome of an interview does to an enrolment: one rule for one interview and for an imported list."""

import datetime as dt
from typing import NamedTuple

from matching.enums import InterviewAssessment
from people.enums import LEFT_STATUSES, EnrolmentStatus
from people.models import Enrolment


class Effect(NamedTuple):
    """The status that an outcome chooses, before open matches count, and since when the person is ready."""

    status: str
    waiting_since: dt.date | None


def effect_of(enrolment: Enrolment, assessment: str, held_on: dt.date, latest_on: dt.date | None) -> Effect:
    """Return what an assessed interview, held on a day, does to an enrolment.

    *Ready to be matched* puts the person on the waiting list from that day; who is ready already keeps the earlier
    day. *Not yet* makes an applicant of the person. *Not suited* declines the enrolment. But

    - an interview says nothing if a later one was assessed (``latest_on``), or if the person became ready after it;
    - a role that has ended stays so: reopening it is an act of its own. After its end the outcome decides whether the
      person is ready when the role is reopened;
    - a pause that began after the interview, or on an unknown day, lasts.
    """
    unchanged = Effect(enrolment.status, enrolment.waiting_since)
    if _is_outdated(enrolment, held_on, latest_on):
        return unchanged
    if enrolment.status in LEFT_STATUSES:
        if enrolment.ended_on is None or held_on <= enrolment.ended_on:
            return unchanged
        is_ready = assessment == InterviewAssessment.SUITABLE
        return Effect(enrolment.status, (enrolment.waiting_since or held_on) if is_ready else None)
    is_paused = enrolment.status == EnrolmentStatus.PAUSED
    if assessment == InterviewAssessment.SUITABLE:
        pause_lasts = is_paused and (enrolment.paused_on is None or enrolment.paused_on > held_on)
        status = EnrolmentStatus.PAUSED if pause_lasts else EnrolmentStatus.WAITING
        return Effect(status, enrolment.waiting_since or held_on)
    if assessment == InterviewAssessment.LATER:
        return Effect(EnrolmentStatus.PAUSED if is_paused else EnrolmentStatus.APPLIED, None)
    return Effect(EnrolmentStatus.DECLINED, None)


def _is_outdated(enrolment: Enrolment, held_on: dt.date, latest_on: dt.date | None) -> bool:
    """Return whether a later day decided already. A list without interviews lets people wait from their application."""
    if latest_on is not None and held_on < latest_on:
        return True
    since = enrolment.waiting_since
    return since is not None and held_on < since and since != enrolment.applied_on
