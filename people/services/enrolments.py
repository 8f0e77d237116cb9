"""Acts on what a person is in a programme: enrol, change, pause, end, reopen."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common.wording import changed_words
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person, Term, VolunteerGroup
from people.services.permissions import require_work_in, save_clean
from programmes.models import Programme

OPEN_STATUSES = [
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.WAITING,
    EnrolmentStatus.MATCHED,
    EnrolmentStatus.PAUSED,
]


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
    """Give a person a role in a programme, with what they offer or seek and the volunteer groups they are in.

    Raises PermissionDenied, and ValidationError when the person has the role already.
    """
    require_work_in([programme.branch_id], by)
    enrolment = Enrolment(person=person, programme=programme, role=role, created_by=by, **fields)
    save_clean(enrolment)
    enrolment.terms.set(terms)
    enrolment.groups.set(_of_programme(groups, enrolment))
    _log(enrolment, by=by, detail=_("Enrolled as %(role)s") % {"role": enrolment.get_role_display().lower()})
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
    """Change what a person offers or seeks, how they came, and the volunteer groups they are in.

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
    _log(enrolment, by=by, detail=changed_words(Enrolment, changed))
    return enrolment


def _of_programme(groups: Iterable[VolunteerGroup], enrolment: Enrolment) -> list[VolunteerGroup]:
    """The groups, each of the enrolment's own programme. Raises ValidationError."""
    groups = list(groups)
    if any(group.programme_id != enrolment.programme_id for group in groups):
        raise ValidationError({"groups": _("The group belongs to another programme.")})
    return groups


@transaction.atomic
def pause_enrolment(enrolment: Enrolment, *, by: User | None, on: dt.date, reason: str) -> Enrolment:
    """Set a role on pause: nobody is proposed to or for them meanwhile.

    Raises PermissionDenied, and ValidationError unless the person has applied or waits.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITING]:
        raise ValidationError(_("Only somebody who has applied or waits can be set on pause. Pause the match instead."))
    enrolment.status = EnrolmentStatus.PAUSED
    enrolment.paused_on, enrolment.paused_reason = on, reason
    save_clean(enrolment)
    _log(enrolment, by=by, detail=_("Role on pause"))
    return enrolment


@transaction.atomic
def end_enrolment(
    enrolment: Enrolment, *, by: User | None, on: dt.date, reason: str, is_declined: bool = False
) -> Enrolment:
    """End a role, or decline an application. From this day the time until deletion runs.

    Raises PermissionDenied, and ValidationError while the person is in a match or when it has ended already.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in OPEN_STATUSES:
        raise ValidationError(_("This has ended already."))
    if enrolment.status == EnrolmentStatus.MATCHED:
        raise ValidationError(_("The person is in a match. End the match first."))
    if enrolment.applied_on and on < enrolment.applied_on:
        raise ValidationError({"on": _("The day lies before the application.")})
    enrolment.status = EnrolmentStatus.DECLINED if is_declined else EnrolmentStatus.ENDED
    enrolment.ended_on, enrolment.ended_reason = on, reason
    save_clean(enrolment)
    _log(enrolment, by=by, detail=_("Application declined") if is_declined else _("Role ended"))
    return enrolment


@transaction.atomic
def reopen_enrolment(enrolment: Enrolment, *, by: User | None) -> Enrolment:
    """Take up a role again that was on pause or had ended: back to the waiting list, or to the application.

    Raises PermissionDenied, and ValidationError when it is open.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in [EnrolmentStatus.PAUSED, EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]:
        raise ValidationError(_("This is open already."))
    enrolment.status = EnrolmentStatus.WAITING if enrolment.waiting_since else EnrolmentStatus.APPLIED
    enrolment.paused_on, enrolment.paused_reason = None, ""
    enrolment.ended_on, enrolment.ended_reason = None, ""
    save_clean(enrolment)
    _log(enrolment, by=by, detail=_("Taken up again"))
    return enrolment


def _lock(enrolment: Enrolment) -> None:
    """Take the row and read its status anew: somebody may have been faster."""
    enrolment.status = Enrolment.objects.select_for_update().values_list("status", flat=True).get(pk=enrolment.pk)


def _log(enrolment: Enrolment, *, by: User | None, detail: str) -> None:
    record_access(
        by=by,
        kind=AccessKind.WRITE,
        subject=enrolment.person,
        branch=enrolment.programme.branch_id,
        detail=detail,
    )
