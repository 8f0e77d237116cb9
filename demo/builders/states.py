"""Builds what is under way: states of a few people, a transfer that waits for an answer, a draft of an intake."""

import datetime as dt

from accounts.enums import Role
from accounts.models import User
from events.models import Attendance
from events.querysets import start_of
from people.enums import EnrolmentStatus, Gender, PersonStateKind
from people.models import BranchTransfer, Draft, Enrolment, Person, PersonState
from programmes.enums import ParticipantRole
from programmes.models import Programme

# State, gender, days before today, note.
STATES = (
    (PersonStateKind.DIED, Gender.MAN, 134, "Datteren ringede."),
    (PersonStateKind.NO_CONTACT, Gender.WOMAN, 61, "Skrev, at hun ikke vil kontaktes mere."),
)


def add_states(programme: Programme, by: User, today: dt.date) -> None:
    """Give people whose roles ended long ago a state, so that no figure of the demo depends on it."""
    for kind, gender, days, note in STATES:
        person = _ended(programme, today - dt.timedelta(days=days), gender)
        if person is None:
            continue
        on = today - dt.timedelta(days=days)
        PersonState.objects.create(person=person, kind=kind, on=on, note=note, recorded_by=by)
        Person.objects.filter(pk=person.pk).update(state=kind, state_on=on)


def add_transfer(programme: Programme, to: Programme, staff: dict[str, User], today: dt.date) -> None:
    """Let a branch ask another to take over a person."""
    person = _ended(programme, today, Gender.WOMAN)
    if person is not None:
        BranchTransfer.objects.create(
            person=person,
            from_branch=programme.branch,
            to_branch=to.branch,
            case_number=person.case_number,
            message=f"{person.first_name} er flyttet til {to.branch} og vil gerne med hos jer.",
            asked_by=staff[Role.COORDINATOR],
        )


def _ended(programme: Programme, before: dt.date, gender: str) -> Person | None:
    """Return the first person whose only role ended before a day."""
    rows = Enrolment.objects.filter(programme=programme, role=ParticipantRole.MENTEE, status=EnrolmentStatus.ENDED)
    rows = rows.filter(ended_on__lt=before, person__gender=gender, person__state="").select_related("person")
    busy = Enrolment.objects.exclude(status=EnrolmentStatus.ENDED).values("person")
    came_later = Attendance.objects.filter(event__starts_at__gte=start_of(before)).values("person")
    enrolment = rows.exclude(person__in=busy).exclude(person__in=came_later).order_by("-ended_on", "pk").first()
    return enrolment.person if enrolment else None


def add_draft(programme: Programme, by: User, today: dt.date) -> None:
    """Let a coordinator have typed half an intake the day before."""
    yesterday = start_of(today - dt.timedelta(days=1)) + dt.timedelta(hours=15, minutes=52)
    typed = {
        "first_name": "Fatma",
        "last_name": "Kaplan",
        "gender": Gender.WOMAN,
        "phones": "50 53 54 55",
        "role": ParticipantRole.MENTEE,
        "programme": programme.pk,
        "applied_on": f"{yesterday:%d-%m-%Y}",
    }
    Draft.objects.create(
        branch=programme.branch,
        created_by=by,
        typed={name: [str(value)] for name, value in typed.items()},
        created_at=yesterday,
        changed_at=yesterday,
    )
