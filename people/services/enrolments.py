"""Enrol people in programmes, and change, pause, end and reopen enrolments."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from people.enums import OPEN_STATUSES, EnrolmentStatus
from people.models import Enrolment, Person, Term, VolunteerGroup
from people.services.permissions import require_work_in, save_clean
from programmes.models import Programme


@transaction.atomic
def enrol_person(
    person: Person,
    *,
    by: User | None,
    programme: Programme,
    role: str,
    terms: Iterable[Term] = (),
    groups: Iterable[VolunteerGroup] = (),
    **fields,
) -> Enrolment:
    """Enrol a person in a programme in a role, with terms and volunteer groups.

    Raises PermissionDenied, and ValidationError when the person has the role already.
    """
    require_work_in([programme.branch_id], by)
    enrolment = Enrolment(person=person, programme=programme, role=role, created_by=by, **fields)
    save_clean(enrolment)
    enrolment.terms.set(terms)
    enrolment.groups.set(_of_programme(groups, enrolment))
    _log(enrolment, by=by, code="person_enrolled", role=role)
    return enrolment


@transaction.atomic
def update_enrolment(
    enrolment: Enrolment,
    *,
    by: User | None,
    terms: Iterable[Term] | None = None,
    groups: Iterable[VolunteerGroup] | None = None,
    **fields,
) -> Enrolment:
    """Change the given fields, terms and volunteer groups of an enrolment.

    Raises PermissionDenied and ValidationError.
    """
    require_work_in([enrolment.programme.branch_id], by)
    changed = [name for name, value in fields.items() if getattr(enrolment, name) != value]
    for name in changed:
        setattr(enrolment, name, fields[name])
    save_clean(enrolment)
    if terms is not None:
        enrolment.terms.set(terms)
        changed.append("terms")
    if groups is not None:
        enrolment.groups.set(_of_programme(groups, enrolment))
        changed.append("groups")
    _log(enrolment, by=by, code="enrolment_changed" if changed else "", fields=changed)
    return enrolment


def _of_programme(groups: Iterable[VolunteerGroup], enrolment: Enrolment) -> list[VolunteerGroup]:
    """Return the groups as a list. Raises ValidationError if one belongs to another programme."""
    groups = list(groups)
    if any(group.programme_id != enrolment.programme_id for group in groups):
        raise ValidationError({"groups": _("The group belongs to another programme.")})
    return groups


@transaction.atomic
def pause_enrolment(enrolment: Enrolment, *, by: User | None, on: dt.date, reason: str) -> Enrolment:
    """Pause an enrolment; the person is in no ranking meanwhile.

    Raises PermissionDenied, and ValidationError unless the status is applied or waiting.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITING]:
        raise ValidationError(
            _("Only a person who has applied or is waiting can be set on pause. Pause the match instead.")
        )
    enrolment.status = EnrolmentStatus.PAUSED
    enrolment.paused_on, enrolment.paused_reason = on, reason
    save_clean(enrolment)
    _log(enrolment, by=by, code="enrolment_paused")
    return enrolment


@transaction.atomic
def end_enrolment(
    enrolment: Enrolment, *, by: User | None, on: dt.date, reason: str, is_declined: bool = False
) -> Enrolment:
    """End an enrolment, or decline an application. The programme's retention period starts on this day.

    Raises PermissionDenied, and ValidationError while the person is in a match or if it has ended already.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in OPEN_STATUSES:
        raise ValidationError(_("This has ended already."))
    if enrolment.status == EnrolmentStatus.MATCHED:
        raise ValidationError(_("The person is in a match. End the match first."))
    if enrolment.applied_on and on < enrolment.applied_on:
        raise ValidationError({"on": _("The day is before the application.")})
    enrolment.status = EnrolmentStatus.DECLINED if is_declined else EnrolmentStatus.ENDED
    enrolment.ended_on, enrolment.ended_reason = on, reason
    save_clean(enrolment)
    _log(enrolment, by=by, code="application_declined" if is_declined else "enrolment_ended")
    return enrolment


@transaction.atomic
def reopen_enrolment(enrolment: Enrolment, *, by: User | None) -> Enrolment:
    """Reopen an enrolment that is paused or has ended; the status becomes waiting, or applied if it never was.

    Raises PermissionDenied, and ValidationError if it is open.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in [EnrolmentStatus.PAUSED, EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]:
        raise ValidationError(_("This is open already."))
    enrolment.status = EnrolmentStatus.WAITING if enrolment.waiting_since else EnrolmentStatus.APPLIED
    enrolment.paused_on, enrolment.paused_reason = None, ""
    enrolment.ended_on, enrolment.ended_reason = None, ""
    save_clean(enrolment)
    _log(enrolment, by=by, code="enrolment_reopened")
    return enrolment


def _lock(enrolment: Enrolment) -> None:
    """Lock the row and reload its status, which a colleague may have changed."""
    enrolment.status = Enrolment.objects.select_for_update().values_list("status", flat=True).get(pk=enrolment.pk)


def _log(enrolment: Enrolment, *, by: User | None, code: str, **values: Any) -> None:
    record_access(
        by=by,
        kind=AccessKind.WRITE,
        subject=enrolment.person,
        branch=enrolment.programme.branch_id,
        code=code,
        values=values,
    )
