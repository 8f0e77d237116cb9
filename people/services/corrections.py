"""Services that correct what is registered about a person's roles and consents. Each asks for a reason."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from common.journal import act
from common.templatetags.danish import danish_date
from people.models import Consent, Enrolment, EnrolmentPeriod
from people.periods import keep_periods, move_days, move_wait
from people.services.enrolments import refuse_end_before
from people.services.permissions import require_work_in, save_clean


@act(reason="reason")
def correct_application(enrolment: Enrolment, *, by: User | None, reason: str, applied_on: dt.date) -> Enrolment:
    """Correct the day of an application, which counts in the targets.

    A wait that began with the application moves with it. Raises PermissionDenied, and ValidationError for a day in the
    future, or after the wait or the end of the role.
    """
    require_work_in([enrolment.programme.branch_id], by)
    enrolment.refresh_from_db(from_queryset=Enrolment.objects.select_for_update())
    old, enrolment.applied_on = enrolment.applied_on, applied_on
    _refuse_future(applied_on, "applied_on")
    if old and enrolment.waiting_since == old:
        move_wait(enrolment, applied_on)
    for day, words in (
        (enrolment.waiting_since, _("On the waiting list since %(day)s. The day cannot be after that.")),
        (enrolment.ended_on, _("The role ended %(day)s. The day cannot be after that.")),
    ):
        if day and applied_on > day:
            raise ValidationError({"applied_on": words % {"day": danish_date(day)}}, code="order")
    save_clean(enrolment)
    keep_periods([enrolment])
    _log(enrolment.person, by=by, branch=enrolment.programme.branch_id, code="application_corrected")
    return enrolment


@act(reason="reason")
def correct_period(
    period: EnrolmentPeriod,
    *,
    by: User | None,
    reason: str,
    began_on: dt.date,
    ended_on: dt.date | None = None,
    expected_on: dt.date | None = None,
) -> EnrolmentPeriod:
    """Correct the days of a pause or an end of a role; the waits before and after it move along.

    ``ended_on`` is the day on which the role was open again, ``expected_on`` that on which a pause was expected to end.
    Raises PermissionDenied, and ValidationError for days in the future or out of order, or if an open record gets an
    end or one that is over loses it.
    """
    enrolment = period.enrolment
    require_work_in([enrolment.programme.branch_id], by)
    enrolment.refresh_from_db(from_queryset=Enrolment.objects.select_for_update())
    period.refresh_from_db()
    if (ended_on is None) != (period.ended_on is None):
        raise ValidationError({"ended_on": _("Set the role on pause, end or reopen it instead.")})
    for name, day in (("began_on", began_on), ("ended_on", ended_on)):
        if day:
            _refuse_future(day, name)
    if ended_on and ended_on < began_on:
        raise ValidationError({"ended_on": _("The period ends before it begins.")}, code="order")
    refuse_end_before(began_on, expected_on, "expected_on")
    move_days(enrolment, period, {"began_on": began_on, "ended_on": ended_on, "expected_on": expected_on})
    save_clean(enrolment)
    keep_periods([enrolment])
    period.refresh_from_db()
    _log(enrolment.person, by=by, branch=enrolment.programme.branch_id, code="period_corrected")
    return period


@act(reason="reason")
def correct_consent(
    consent: Consent, *, by: User | None, reason: str, is_given: bool, on: dt.date, source: str = ""
) -> Consent:
    """Correct a recorded answer: yes or no, its day, and how it was given.

    Raises PermissionDenied, and ValidationError for a day in the future.
    """
    require_work_in(consent.person.branch_ids(), by)
    _refuse_future(on, "on")
    consent.refresh_from_db(from_queryset=Consent.objects.select_for_update())
    consent.is_given, consent.on, consent.source = is_given, on, source
    save_clean(consent)
    _log(consent.person, by=by, branch=consent.person.home_branch_id, code="consent_corrected")
    return consent


def _refuse_future(day: dt.date, name: str) -> None:
    if day > clock.today():
        raise ValidationError({name: _("The day is in the future. Write the day it happened.")}, code="future")


def _log(person, *, by: User | None, branch: int, code: str) -> None:
    record_access(by=by, kind=AccessKind.WRITE, subject=person, branch=branch, code=code)
