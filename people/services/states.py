"""States of a person: died, moved away, wants no contact. Setting one ends roles, matches, invitations, interviews.

Lock order: what the apps of ``STATE_ENDINGS`` lock before people, the people by ascending id, the rest.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from common.journal import act, current_journal, save
from common.templatetags.danish import danish_date
from people.endings import STATE_ENDINGS, groups_digest, open_groups
from people.models import Person, PersonState
from people.services.permissions import StateRefused, consequences, require_work_in, save_clean, state_sentence


@act
def set_person_state(
    person: Person, *, by: User | None, kind: str, on: dt.date, note: str = "", seen: str = ""
) -> PersonState:
    """Record that a person has died, has moved away or wants no contact, and end what is open, in all branches.

    Matches end on the day, proposals and invitations are withdrawn, sign-ups and planned interviews cancelled, roles
    ended. ``seen`` is the ``groups_digest`` of what the user confirmed. Raises PermissionDenied, StateRefused if the
    person has a state, and ValidationError for a day in the future or before something that happened, or with the code
    ``stale`` if something else is open than the user confirmed.
    """
    require_work_in(person.branch_ids(), by)
    person = _lock(person)
    if person.state:
        raise StateRefused(state_sentence(person))
    if seen and seen != groups_digest(open_groups(person, by)):
        raise ValidationError(_("Something changed since you opened the page. Look again at what ends."), code="stale")
    _refuse_day(person, on)
    state = PersonState(person=person, kind=kind, on=on, note=note, recorded_by=by, act=current_journal().begin())
    save_clean(state)
    with consequences():
        for ending in reversed(list(STATE_ENDINGS)):  # a role ends after its matches
            ending.end(state, by)
    _copy(person, state)
    _log(person, by, "state_set", state=kind, on=on.isoformat())
    return state


@act
def lift_person_state(state: PersonState, *, by: User | None, on: dt.date, reason: str) -> PersonState:
    """Lift a state that was recorded by mistake or is over, from a day on. What it ended stays ended.

    Raises PermissionDenied, and ValidationError if it is lifted already, without a reason, or for a day before it.
    """
    require_work_in(state.person.branch_ids(), by)
    person = Person.objects.select_for_update().get(pk=state.person_id)
    state = PersonState.objects.select_for_update(of=("self",)).get(pk=state.pk)
    if state.lifted_on:
        words = {"name": state.lifted_by or _("A command"), "day": danish_date(state.lifted_on)}
        raise StateRefused(_("%(name)s has lifted the state already, from %(day)s.") % words)
    if on < state.on:
        raise ValidationError({"on": _("The day is before the state began.")})
    refuse_future_day(on)
    state.lifted_on, state.lifted_reason, state.lifted_by = on, reason.strip(), by
    save_clean(state)
    _copy(person, None)
    _log(person, by, "state_lifted", state=state.kind)
    return state


def copy_state(person: Person) -> None:
    """Store on a person the open state that their records say, after a merge or its undoing."""
    _copy(person, person.states.filter(lifted_on=None).first())


def refuse_future_day(on: dt.date) -> None:
    if on > clock.today():
        raise ValidationError({"on": _("The day is in the future. Write the day it happened.")}, code="future")


def _refuse_day(person: Person, on: dt.date) -> None:
    refuse_future_day(on)
    if person.birth_date and on < person.birth_date:
        raise ValidationError({"on": _("The day is before the person was born.")})


def _lock(person: Person) -> Person:
    ids = {person.pk, *(pk for ending in STATE_ENDINGS for pk in ending.lock(person))}
    rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if person.pk not in rows:
        raise StateRefused(_("The person was merged or deleted a moment ago."))
    return rows[person.pk]


def _copy(person: Person, state: PersonState | None) -> None:
    kind, on = (state.kind, state.on) if state else ("", None)
    if (person.state, person.state_on) != (kind, on):
        person.state, person.state_on = kind, on
        save(person)


def _log(person: Person, by: User | None, code: str, **values: str) -> None:
    branch = person.home_branch_id
    record_access(by=by, kind=AccessKind.WRITE, subject=person, branch=branch, code=code, values=values)
