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
from people.models import Consent, Enrolment
from people.periods import keep_periods, move_wait
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
