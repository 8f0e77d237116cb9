"""Builds the events of both branches, past and coming, with their attendances."""

import datetime as dt
import random

from django.utils import timezone

from accounts.models import User
from events.enums import AttendanceStatus, EventKind
from events.models import Attendance, Event, ProgrammeInvitation
from people.models import Enrolment
from programmes.enums import ParticipantRole
from programmes.models import Programme

N, R, E, X = EventKind.NETWORK, EventKind.MENTOR_COURSE, EventKind.MENTEE_COURSE, EventKind.EXCHANGE
# Day, kind, title, place, capacity.
TINGBJERG = [
    ((2010, 2, 18), N, "Fastelavn på biblioteket", "Tingbjerg Bibliotek", None),
    ((2010, 4, 15), N, "Forårsmarked og netværk", "Ruten", None),
    ((2010, 6, 3), N, "Sommerfest med fælles spisning", "Tingbjerg Skole", 80),
    ((2010, 9, 16), N, "Aften om skole og forældre", "Tingbjerg Skole", 50),
    ((2010, 11, 25), N, "Juleværksted", "Fritidscentret", 60),
    ((2010, 3, 9), R, "Introduktion for nye mentorer", "Områdesekretariatet", 15),
    ((2010, 10, 5), R, "At være mentor ved traumer", "Områdesekretariatet", 15),
    ((2010, 3, 23), E, "Introduktion for mentees", "Tingbjerg Bibliotek", 20),
    ((2010, 9, 28), E, "Skriv din ansøgning", "Tingbjerg Bibliotek", 15),
    ((2010, 2, 23), X, "Mentorer mødes", "Områdesekretariatet", None),
    ((2010, 5, 25), X, "Mentorer mødes", "Områdesekretariatet", None),
    ((2010, 11, 9), X, "Mentorer mødes", "Områdesekretariatet", None),
    ((2011, 2, 10), N, "Vinteraften med fortællinger", "Tingbjerg Bibliotek", None),
    ((2011, 4, 7), N, "Virksomheder i nærheden", "Tingbjerg Skole", 50),
    ((2011, 6, 9), N, "Haveselskab i Arkaderne", "Arkaderne", None),
    ((2011, 3, 15), R, "Introduktion for nye mentorer", "Områdesekretariatet", 15),
    ((2011, 2, 22), E, "Introduktion for mentees", "Tingbjerg Bibliotek", 20),
    ((2011, 9, 8), E, "Skole og hjem", "Tingbjerg Skole", 30),
    ((2011, 3, 1), X, "Mentorer mødes", "Områdesekretariatet", None),
    ((2011, 9, 22), N, "Netværksaften: Mød jobcentret", "Tingbjerg Bibliotek", 40),
    ((2011, 10, 4), R, "Kursus for nye mentorer", "Områdesekretariatet", 12),
    ((2011, 11, 24), N, "Juleværksted", "Fritidscentret", 60),
]
KOEBENHAVN = [
    ((2010, 3, 8), N, "Kvindernes internationale kampdag", "Christians Brygge 3", 150, True),
    ((2010, 5, 27), N, "Mentornetværkets årsdag", "Christians Brygge 3", 200, True),
    ((2010, 9, 9), N, "Arbejdsmarkedet lige nu", "Christians Brygge 3", 100, True),
    ((2010, 12, 2), N, "Julesalon", "Christians Brygge 3", 120, True),
    ((2011, 3, 8), N, "Kvindernes internationale kampdag", "Christians Brygge 3", 150, True),
    ((2011, 5, 26), N, "Mentornetværkets årsdag", "Christians Brygge 3", 200, True),
    ((2011, 8, 25), N, "Iværksætteraften", "Christians Brygge 3", 100, True),
    ((2011, 5, 4), R, "Introduktion for nye mentorer", "Christians Brygge 3", 25, False),
    ((2011, 10, 12), N, "Netværk i sundhedssektoren", "Christians Brygge 3", 80, False),
]
# Sign-ups of coming events: the network evening has free places, the course is full with a waiting list.
SIGNED_UP = {"Netværksaften: Mød jobcentret": 31, "Kursus for nye mentorer": 15, "Juleværksted": 6}
# No user has confirmed this event, and its list is not finished: it waits on I dag.
UNCONFIRMED = "Skole og hjem"


class EventBuilder:
    """Stores the events of a programme with their attendances."""

    def __init__(self, programme: Programme, by: User, today: dt.date, rng: random.Random):
        self.programme, self.by, self.today, self.rng = programme, by, today, rng
        enrolled = Enrolment.objects.filter(programme=programme).order_by("applied_on", "pk").select_related("person")
        self.enrolments = list(enrolled)
        self.rows: list[Attendance] = []

    def add(
        self, day, kind: str, title: str, place: str, capacity: int | None, invited: Programme | None = None
    ) -> None:
        held_on = dt.date(*day)
        start = timezone.make_aware(dt.datetime.combine(held_on, dt.time(17, 0)))
        is_confirmed = held_on < self.today and kind == N
        event = Event.objects.create(
            programme=self.programme,
            kind=kind,
            title=title,
            place=place,
            capacity=capacity,
            starts_at=start,
            ends_at=start + dt.timedelta(hours=3),
            created_by=self.by,
            confirmed_at=start + dt.timedelta(hours=16) if is_confirmed else None,
            confirmed_by=self.by if is_confirmed else None,
            unnamed_guests=self.rng.randint(2, 14) if kind == N and held_on < self.today else 0,
        )
        if invited:
            invited_on = held_on - dt.timedelta(days=25)
            ProgrammeInvitation.objects.create(event=event, programme=invited, invited_on=invited_on)
        self._add_attendances(event, held_on)

    def store(self) -> None:
        Attendance.objects.bulk_create(self.rows, batch_size=2000)

    def _add_attendances(self, event: Event, held_on: dt.date) -> None:
        known = self._audience(event, held_on)
        coming = held_on >= self.today
        count = (
            SIGNED_UP.get(event.title, 0) if coming else min(len(known), event.capacity or 60, self.rng.randint(12, 42))
        )
        people = self.rng.sample(known, k=min(count, len(known)))
        for number, enrolment in enumerate(people, start=1):
            self.rows.append(self._row(event, enrolment, number, held_on, coming))

    def _audience(self, event: Event, held_on: dt.date) -> list[Enrolment]:
        roles = {
            EventKind.MENTOR_COURSE: [ParticipantRole.MENTOR],
            EventKind.EXCHANGE: [ParticipantRole.MENTOR],
            EventKind.MENTEE_COURSE: [ParticipantRole.MENTEE],
        }.get(event.kind, [ParticipantRole.MENTOR, ParticipantRole.MENTEE])
        return [e for e in self.enrolments if e.role in roles and e.applied_on <= held_on][-140:]

    def _row(self, event: Event, enrolment: Enrolment, number: int, held_on: dt.date, coming: bool) -> Attendance:
        has_place = not event.capacity or number <= event.capacity
        came = not coming and self.rng.random() < 0.82
        rest = AttendanceStatus.SIGNED_UP if event.title == UNCONFIRMED else AttendanceStatus.ABSENT
        status = AttendanceStatus.ATTENDED if came else rest
        if coming:
            status = AttendanceStatus.SIGNED_UP if has_place else AttendanceStatus.WAITING_LIST
        takes_place = status in {AttendanceStatus.ATTENDED, AttendanceStatus.SIGNED_UP}
        return Attendance(
            event=event,
            person=enrolment.person,
            status=status,
            place_number=number if takes_place else None,
            invited_on=held_on - dt.timedelta(days=21),
            signed_up_at=event.starts_at - dt.timedelta(days=25, minutes=-number),
            came_at=event.starts_at + dt.timedelta(minutes=self.rng.randint(-10, 25)) if came else None,
        )
