"""Enrol people in programmes, and change, pause, end and reopen enrolments."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from common.journal import act, set_related
from common.templatetags.danish import danish_date
from people.endings import EndingGroup, EndingItem, StateEnding, changed_in
from people.enums import CLOSED_STATUSES, OPEN_STATUSES, EnrolmentStatus
from people.models import Enrolment, Person, PersonState, Term, VolunteerGroup
from people.periods import keep_periods, periods_of
from people.services.permissions import refuse_closed_people, require_work_in, save_clean
from people.statuses import (
    STATUS_FIELDS,
    OpenMatchLeft,
    has_open_match,
    open_match_sentence,
    set_status,
    settle,
    settle_locked,
)
from programmes.enums import ParticipantRole
from programmes.models import Programme


@act
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

    Raises PermissionDenied, StateRefused, and ValidationError when the person has the role already.
    """
    require_work_in([programme.branch_id], by)
    refuse_closed_people([person.pk])  # locks the person, as the services of matches do
    enrolment = Enrolment(person=person, programme=programme, role=role, created_by=by, **fields)
    settle_locked([enrolment])
    save_clean(enrolment)
    keep_periods([enrolment])
    set_related(enrolment, "terms", terms)
    set_related(enrolment, "groups", _of_programme(groups, enrolment))
    _log(enrolment, by=by, code="person_enrolled", role=role)
    return enrolment


@act
def update_enrolment(
    enrolment: Enrolment,
    *,
    by: User | None,
    terms: Iterable[Term] | None = None,
    groups: Iterable[VolunteerGroup] | None = None,
    **fields,
) -> Enrolment:
    """Change the given fields, terms and volunteer groups of an enrolment. The capacity can change the status.

    Raises PermissionDenied and ValidationError.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    changed = [name for name, value in fields.items() if getattr(enrolment, name) != value]
    for name in changed:
        setattr(enrolment, name, fields[name])
    settle_locked([enrolment])
    save_clean(enrolment)
    keep_periods([enrolment])
    if terms is not None:
        set_related(enrolment, "terms", terms)
        changed.append("terms")
    if groups is not None:
        set_related(enrolment, "groups", _of_programme(groups, enrolment))
        changed.append("groups")
    _log(enrolment, by=by, code="enrolment_changed" if changed else "", fields=changed)
    return enrolment


def _of_programme(groups: Iterable[VolunteerGroup], enrolment: Enrolment) -> list[VolunteerGroup]:
    """Return the groups as a list. Raises ValidationError if one belongs to another programme."""
    groups = list(groups)
    if any(group.programme_id != enrolment.programme_id for group in groups):
        raise ValidationError({"groups": _("The group belongs to another programme.")})
    return groups


@act
def pause_enrolment(
    enrolment: Enrolment, *, by: User | None, on: dt.date, reason: str, until: dt.date | None = None
) -> Enrolment:
    """Pause an enrolment; the person is in no ranking meanwhile. ``until``: the day on which the pause should end.

    Raises PermissionDenied, and ValidationError unless the status is applied or waiting, or for days out of order.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITING]:
        raise ValidationError(
            _("Only a person who has applied or is waiting can be set on pause. Pause the match instead.")
        )
    _refuse_day(enrolment, on)
    refuse_end_before(on, until)
    set_status(enrolment, EnrolmentStatus.PAUSED, on=on, reason=reason, until=until)
    save_clean(enrolment)
    keep_periods([enrolment], days={enrolment.pk: on})
    _log(enrolment, by=by, code="enrolment_paused")
    return enrolment


@act
def end_enrolment(
    enrolment: Enrolment, *, by: User | None, on: dt.date, reason: str, is_declined: bool = False
) -> Enrolment:
    """End an enrolment, or decline an application. The programme's retention period starts on this day.

    Raises PermissionDenied, and ValidationError while the person has an open match, if it has ended already, or for
    days out of order.
    """
    require_work_in([enrolment.programme.branch_id], by)
    _lock(enrolment)
    if enrolment.status not in OPEN_STATUSES:
        raise ValidationError(_("This has ended already."))
    if has_open_match(enrolment):
        raise OpenMatchLeft(open_match_sentence(enrolment))
    _refuse_day(enrolment, on)
    status = EnrolmentStatus.DECLINED if is_declined else EnrolmentStatus.ENDED
    set_status(enrolment, status, on=on, reason=reason)
    save_clean(enrolment)
    keep_periods([enrolment], days={enrolment.pk: on})
    _log(enrolment, by=by, code="application_declined" if is_declined else "enrolment_ended")
    return enrolment


@act
def reopen_enrolment(
    enrolment: Enrolment, *, by: User | None, on: dt.date | None = None, reason: str = ""
) -> Enrolment:
    """Reopen an enrolment that is paused or has ended: in a match, waiting, or applied if the person never was ready.

    ``on`` is the day on which the person takes part again, today if it is left out. The days on the waiting list go on
    from where they were. Raises PermissionDenied, StateRefused if the person has died, moved away or wants no contact,
    and ValidationError if it is open or the day is out of order.
    """
    require_work_in([enrolment.programme.branch_id], by)
    refuse_closed_people([enrolment.person_id])
    _lock(enrolment)
    if enrolment.status not in CLOSED_STATUSES:
        raise ValidationError(_("This is open already."))
    on = on or clock.today()
    _refuse_day(enrolment, on)
    set_status(enrolment, EnrolmentStatus.APPLIED, on=on)
    settle_locked([enrolment])
    save_clean(enrolment)
    keep_periods([enrolment], days={enrolment.pk: on}, reason=reason)
    _log(enrolment, by=by, code="enrolment_reopened")
    return enrolment


def _refuse_day(enrolment: Enrolment, on: dt.date) -> None:
    """Raise ValidationError for a day in the future, or before the application or the last wait, pause or end."""
    if on > clock.today():
        raise ValidationError({"on": _("The day is in the future. Write the day it happened.")})
    if enrolment.applied_on and on < enrolment.applied_on:
        raise ValidationError({"on": _("The day is before the application.")})
    last = last_day_of(enrolment)
    if last and on < last:
        words = _("The day is before %(day)s, when the wait, the pause or the end before it began or was over.")
        raise ValidationError({"on": words % {"day": danish_date(last)}})


def last_day_of(enrolment: Enrolment) -> dt.date | None:
    """Return the last day that the application, the waits, the pauses and the ends of an enrolment name."""
    periods = periods_of([enrolment])[enrolment.pk]
    days = [enrolment.applied_on, *(day for row in periods for day in (row.began_on, row.ended_on))]
    return max(filter(None, days), default=None)


def refuse_end_before(began_on: dt.date, expected_on: dt.date | None, field: str = "until") -> None:
    """Raise ValidationError at ``field`` if a pause is expected to end before it begins."""
    if expected_on and expected_on <= began_on:
        raise ValidationError({field: _("The pause ends before it begins.")})


def open_roles(person: Person, user: User | None) -> list[EndingGroup]:
    """Return the open roles of a person for the page that asks whether a state shall end them."""
    rows = Enrolment.objects.filter(person=person, status__in=OPEN_STATUSES)
    return _role_groups(rows, user, person)


def end_roles(state: PersonState, by: User | None) -> None:
    """End the open roles of a person with a state, whose matches have ended."""
    for enrolment in Enrolment.objects.filter(person=state.person, status__in=OPEN_STATUSES).order_by("pk"):
        on = max(state.on, last_day_of(enrolment) or state.on)
        end_enrolment(enrolment, by=by, on=on, reason=state.get_kind_display())


def ended_roles(state: PersonState, user: User) -> list[EndingGroup]:
    """Return the roles that a state has ended."""
    return _role_groups(Enrolment.objects.filter(pk__in=changed_in(state, Enrolment)), user, state.person)


def _role_groups(rows: QuerySet[Enrolment], user: User | None, person: Person) -> list[EndingGroup]:
    rows = rows.filter(person=person).select_related("programme").order_by("pk")
    visible = rows if user is None else rows.filter(pk__in=Enrolment.objects.visible_to(user).values("pk"))
    address = reverse("people:person-detail", args=[person.pk])
    items = [
        EndingItem(
            _("%(role)s in %(programme)s") % {"role": row.get_role_display(), "programme": row.programme.name},
            f"{address}?rolle={row.pk}",
        )
        for row in visible
    ]
    count = rows.count()
    title = ngettext("%(count)s role", "%(count)s roles", count) % {"count": count}
    return [EndingGroup(title, items)] if count else []


ROLE_ENDING = StateEnding(lock=lambda _person: (), open_groups=open_roles, end=end_roles, ended_groups=ended_roles)


def settle_programme(programme: Programme) -> None:
    """Settle the mentors of a programme whose default capacity has changed."""
    settle(Enrolment.objects.filter(programme=programme, role=ParticipantRole.MENTOR, capacity=None))


def _lock(enrolment: Enrolment) -> None:
    """Lock the row and reload its status and days, which a colleague may have changed."""
    rows = Enrolment.objects.select_for_update().filter(pk=enrolment.pk)
    for name, value in rows.values(*STATUS_FIELDS).get().items():
        setattr(enrolment, name, value)


def _log(enrolment: Enrolment, *, by: User | None, code: str, **values: Any) -> None:
    record_access(
        by=by,
        kind=AccessKind.WRITE,
        subject=enrolment.person,
        branch=enrolment.programme.branch_id,
        code=code,
        values=values,
    )
