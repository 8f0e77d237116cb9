"""Builds branch Tingbjerg on the day of the demo: two years of the grant, with matches in every state."""

import datetime as dt
import random

from accounts.enums import Role
from accounts.models import User
from demo import names
from demo.builders.matches import MatchHistory
from demo.builders.people import InventedPerson, PersonGenerator, create_organisations, store_people
from matching.enums import (
    RUNNING_STATUSES,
    CheckOutcome,
    ContactResult,
    EndReason,
    InterviewAssessment,
    MatchStatus,
    Mood,
)
from matching.models import Interview, Match, ScreeningCheck
from matching.numbers import take_match_number
from people.enums import EnrolmentStatus, Gender
from people.models import DistinctPeople, Enrolment
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.models import Programme

# Recruited mentees by period and gender; those of the pilot applied before the grant and count in no year.
RECRUITED = {
    (dt.date(2009, 9, 1), dt.date(2009, 12, 18)): {Gender.MAN: 6, Gender.WOMAN: 8},
    (dt.date(2010, 1, 4), dt.date(2010, 11, 20)): {Gender.MAN: 27, Gender.WOMAN: 33},
    (dt.date(2011, 1, 5), dt.date(2011, 7, 10)): {Gender.MAN: 12, Gender.WOMAN: 18},
}
# First meetings: 2010 reached its targets for women and men; 2011 is behind for men.
FIRST_MEETINGS = {
    Gender.MAN: [
        *[
            (2010, month, day)
            for month, days in {
                2: [3, 11, 25],
                3: [4, 15, 24],
                4: [7, 20],
                5: [5, 18, 27],
                6: [2, 16],
                8: [12, 24, 31],
                9: [8, 16, 29],
                10: [6, 14, 27],
                11: [3, 10, 23],
                12: [1, 9],
            }.items()
            for day in days
        ],
        *[(2011, 1, 19), (2011, 2, 8), (2011, 3, 1), (2011, 3, 24), (2011, 4, 12), (2011, 5, 4)],
        *[(2011, 5, 18), (2011, 6, 9), (2011, 6, 28), (2011, 8, 16), (2011, 8, 30), (2011, 9, 8)],
    ],
    Gender.WOMAN: [
        *[
            (2010, month, day)
            for month, days in {
                2: [2, 10, 17, 24],
                3: [3, 11, 17, 30],
                4: [8, 14, 22, 28],
                5: [6, 12, 19, 26],
                6: [3, 9, 23],
                8: [11, 18, 25],
                9: [1, 7, 15, 22, 30],
                10: [5, 13, 20],
                11: [2, 9, 17, 24],
                12: [2, 8],
            }.items()
            for day in days
        ],
        *[(2011, 1, 12), (2011, 1, 26), (2011, 2, 9), (2011, 2, 23), (2011, 3, 9), (2011, 3, 22), (2011, 4, 5)],
        *[(2011, 4, 27), (2011, 5, 11), (2011, 5, 25), (2011, 6, 8), (2011, 6, 15), (2011, 6, 28), (2011, 8, 9)],
        *[(2011, 8, 17), (2011, 8, 24), (2011, 8, 29), (2011, 9, 6), (2011, 9, 13)],
    ],
}
CONTACT_PERSONS = {2009: 9, 2010: 21, 2011: 14}


class TingbjergBuilder:
    """Builds the branch step by step."""

    def __init__(self, programme: Programme, staff: dict[str, User], today: dt.date, rng: random.Random):
        self.programme, self.staff, self.today, self.rng = programme, staff, today, rng
        self.by = staff[Role.COORDINATOR]
        self.generator = PersonGenerator(rng, phone_prefix=71)
        self.history = MatchHistory(rng, list(programme.follow_up_steps.all()), self.by, today)
        self.mentees: dict[str, list[InventedPerson]] = {}
        self.waiting: list[InventedPerson] = []
        self.people: list[InventedPerson] = []
        self.mentors: list[InventedPerson] = []
        self.matches: list[Match] = []
        self.busy: dict[int, list[tuple[dt.date, dt.date]]] = {}

    def build(self) -> None:
        self._invent_people()
        self._hold_interviews()
        self._check_mentors()
        for gender, days in FIRST_MEETINGS.items():
            for day in days:
                self._add_match(gender, dt.date(*day))
        self._number_matches()
        self._add_other_states()
        self._store_matches()

    def _invent_people(self) -> None:
        for (first, last), by_gender in RECRUITED.items():
            for gender, count in by_gender.items():
                days = self.generator.working_days(first, last, count)
                self.mentees.setdefault(gender, []).extend(self._mentee(day, gender) for day in days)
        for first, last, gender, days in names.NAMED_WAITING:
            applied = self.today - dt.timedelta(days=days + 14)
            entry = self._mentee(applied, gender)
            self.generator.set_named_person(entry, first, last)
            self.waiting.append(entry)
        self._set_named_mentees()
        applicants = [self._mentee(self.today - dt.timedelta(days=days), Gender.WOMAN) for days in (9, 3)]
        self.mentors = self._invent_mentors()
        self.people = [entry for entries in self.mentees.values() for entry in entries] + self.waiting + self.mentors
        store_people([*self.people, *applicants, *self._contact_persons()], self.programme.branch, by=self.by)
        self._connect_household(next(row for row in self.people if row.person.name == "Hodan Warsame"), applicants[0])

    def _connect_household(self, *entries: InventedPerson) -> None:
        """Record that two people are of the same household."""
        first, second = sorted((entry.person for entry in entries), key=lambda person: person.pk)
        DistinctPeople.objects.create(first=first, second=second, is_household=True, decided_by=self.by)

    def _mentee(self, applied: dt.date, gender: str) -> InventedPerson:
        return self.generator.generate(self.programme, ParticipantRole.MENTEE, applied, gender=gender)

    def _set_named_mentees(self) -> None:
        """Give the fixed names to the mentees of the newest matches but the last, as mentees are matched in order."""
        for gender in (Gender.MAN, Gender.WOMAN):
            cast = [row for row in names.NAMED_MENTEES if row[2] == gender]
            last = len(FIRST_MEETINGS[gender]) - 1
            for entry, (first, name, _gender) in zip(self.mentees[gender][last - len(cast) : last], cast, strict=True):
                self.generator.set_named_person(entry, first, name)

    def _invent_mentors(self) -> list[InventedPerson]:
        days = self.generator.working_days(dt.date(2009, 8, 10), dt.date(2009, 12, 15), 40)  # the mentors of the pilot
        days += self.generator.working_days(dt.date(2010, 1, 6), dt.date(2011, 8, 20), 64)
        genders = [Gender.MAN if number % 5 < 2 else Gender.WOMAN for number in range(len(days))]
        entries = [
            self.generator.generate(self.programme, ParticipantRole.MENTOR, day, gender=gender)
            for day, gender in zip(days, genders, strict=True)
        ]
        early_2011 = [entry for entry in entries if entry.enrolment.applied_on >= dt.date(2010, 11, 1)]
        for entry, (first, last, gender) in zip(early_2011, names.NAMED_MENTORS, strict=False):
            entry.person.gender = gender
            entry.enrolment.capacity = 2
            self.generator.set_named_person(entry, first, last)
        return entries

    def _contact_persons(self) -> list[InventedPerson]:
        places = create_organisations(self.programme.branch)
        entries = []
        for year, count in CONTACT_PERSONS.items():
            last = dt.date(2011, 9, 10) if year == self.today.year else dt.date(year, 12, 10)
            for day in self.generator.working_days(dt.date(year, 1 if year > 2009 else 8, 6), last, count):
                gender = self.generator.random_gender(0.6)
                entry = self.generator.generate(self.programme, ParticipantRole.CONTACT, day, gender=gender)
                entry.person.organisation = self.rng.choice(places)
                entries.append(entry)
        return entries

    def _hold_interviews(self) -> None:
        rows = []
        for entry in self.people:
            entry.interviewed_on = min(self.today, entry.enrolment.applied_on + dt.timedelta(days=14))
            entry.enrolment.status = EnrolmentStatus.WAITING
            entry.enrolment.waiting_since = entry.interviewed_on
            rows.append(
                Interview(
                    enrolment=entry.enrolment,
                    held_on=entry.interviewed_on,
                    interviewer=self.by,
                    summary=self.rng.choice(names.INTERVIEW_SUMMARIES) if entry.enrolment.wish else "",
                    assessment=InterviewAssessment.SUITABLE,
                )
            )
        Interview.objects.bulk_create(rows, batch_size=1000)

    def _check_mentors(self) -> None:
        required = list(self.programme.screening_requirements.filter(role=ParticipantRole.MENTOR))
        rows = []
        for number, entry in enumerate(self.mentors):
            for requirement in required:
                if number in {11, 34, 61} and requirement.kind == ScreeningKind.CRIMINAL_RECORD:
                    continue
                rows += [
                    ScreeningCheck(
                        enrolment=entry.enrolment,
                        kind=requirement.kind,
                        outcome=CheckOutcome.APPROVED,
                        checked_on=entry.interviewed_on,
                        assessor=self.by,
                    )
                    for _ in range(requirement.count)
                ]
        ScreeningCheck.objects.bulk_create(rows, batch_size=2000)

    def _add_match(self, gender: str, day: dt.date) -> None:
        mentee = self.mentees[gender].pop(0)
        end = self._random_end(day)
        mentor = self._choose_mentor(mentee, day, end or dt.date.max)
        self.busy.setdefault(id(mentor), []).append((day, end or dt.date.max))
        match = self._new_match(mentor, mentee, day, end)
        if end:
            self._end_match(match, mentee)
        else:
            mentee.enrolment.status = EnrolmentStatus.MATCHED
        is_waiting = mentee.enrolment.status == EnrolmentStatus.WAITING
        mentee.enrolment.waiting_since = end if is_waiting else mentee.interviewed_on
        self.matches.append(match)

    def _new_match(self, mentor: InventedPerson, mentee: InventedPerson, day: dt.date, end: dt.date | None) -> Match:
        return Match(
            programme=self.programme,
            mentor=mentor.person,
            mentee=mentee.person,
            status=MatchStatus.ENDED if end else MatchStatus.ACTIVE,
            coordinator=self.by,
            created_by=self.by,
            proposed_on=day - dt.timedelta(days=9),
            mentor_said_yes_on=day - dt.timedelta(days=8),
            mentee_said_yes_on=day - dt.timedelta(days=6),
            introduced_on=day - dt.timedelta(days=3),
            started_on=day,
            first_meeting_place=self.rng.choice(["Tingbjerg Bibliotek", "Områdesekretariatet", "Hos mentor"]),
            staff_present=self.rng.random() < 0.9,
            agreement_signed_on=day,
            ended_on=end,
        )

    def _choose_mentor(self, mentee: InventedPerson, start: dt.date, end: dt.date) -> InventedPerson:
        wanted = names.NAMED_PAIRS.get(mentee.person.name)
        if wanted:
            return next(mentor for mentor in self.mentors if mentor.person.name == wanted)
        reserved = {f"{first} {last}" for first, last, _gender in names.NAMED_MENTORS}
        ready = [
            mentor
            for mentor in self.mentors
            if mentor.interviewed_on + dt.timedelta(days=9) <= start
            and mentor.person.name not in reserved
            and self._has_capacity(mentor, start, end)
        ]
        same = [mentor for mentor in ready if mentor.person.gender == mentee.person.gender]
        return self.rng.choice(same or ready)

    def _has_capacity(self, mentor: InventedPerson, start: dt.date, end: dt.date) -> bool:
        taken = [period for period in self.busy.get(id(mentor), []) if period[0] < end and start < period[1]]
        return len(taken) < mentor.enrolment.agreed_capacity

    def _random_end(self, day: dt.date) -> dt.date | None:
        """Return the end of a match, if it has ended: most after a year, some earlier, few within three months."""
        days = self.rng.choices(
            [self.rng.randint(366, 430), self.rng.randint(130, 290), self.rng.randint(40, 85)], weights=[80, 14, 6]
        )[0]
        end = day + dt.timedelta(days=days)
        return end if end < self.today and day < dt.date(2011, 5, 1) else None

    def _end_match(self, match: Match, mentee: InventedPerson) -> None:
        lasted = (match.ended_on - match.started_on).days
        early = [EndReason.MOVED, EndReason.NO_CONTACT, EndReason.MENTEE_STOPPED, EndReason.MENTOR_STOPPED]
        match.end_reason = (
            self.rng.choice([EndReason.COMPLETED, EndReason.GOAL_REACHED]) if lasted > 360 else self.rng.choice(early)
        )
        match.closing_talk_on = match.ended_on if lasted > 120 else None
        again = lasted < 360 and match.ended_on > dt.date(2011, 5, 1) and self.rng.random() < 0.6
        mentee.enrolment.status = EnrolmentStatus.WAITING if again else EnrolmentStatus.ENDED
        mentee.enrolment.ended_on = None if again else match.ended_on

    def _add_other_states(self) -> None:
        """Add paused, proposed, introduced, declined and withdrawn matches."""
        active = [match for match in self.matches if match.status == MatchStatus.ACTIVE]
        for match, days in zip(active[3:12:6], (16, -4), strict=False):
            match.status = MatchStatus.PAUSED
            match.paused_on = self.today - dt.timedelta(days=30)
            match.paused_until = self.today + dt.timedelta(days=days)
        free = [entry for entries in self.mentees.values() for entry in entries][:8]
        states = [
            (MatchStatus.PROPOSED, 3),
            (MatchStatus.PROPOSED, 8),
            (MatchStatus.INTRODUCED, 6),
            (MatchStatus.DECLINED, 40),
            (MatchStatus.WITHDRAWN, 75),
        ]
        for (status, days), mentee in zip(states, free, strict=False):
            self._add_open_match(status, self.today - dt.timedelta(days=days), mentee)

    def _add_open_match(self, status: str, day: dt.date, mentee: InventedPerson) -> None:
        day = max(day, mentee.interviewed_on)
        mentor = self._choose_mentor(mentee, self.today, dt.date.max)
        if status in {MatchStatus.PROPOSED, MatchStatus.INTRODUCED}:
            self.busy.setdefault(id(mentor), []).append((day, dt.date.max))
        match = Match(
            programme=self.programme,
            mentor=mentor.person,
            mentee=mentee.person,
            status=status,
            coordinator=self.by,
            created_by=self.by,
            proposed_on=day,
            mentor_said_yes_on=day + dt.timedelta(days=1) if day < self.today - dt.timedelta(days=3) else None,
            mentee_said_yes_on=day + dt.timedelta(days=2) if status == MatchStatus.INTRODUCED else None,
            introduced_on=self.today if status == MatchStatus.INTRODUCED else None,
            first_meeting_place="Tingbjerg Bibliotek" if status == MatchStatus.INTRODUCED else "",
            declined_by="mentor" if status == MatchStatus.DECLINED else "",
        )
        if match.is_open:
            mentee.enrolment.status = EnrolmentStatus.MATCHED
        self.matches.append(match)
        self._number(match)

    def _number_matches(self) -> None:
        self.matches.sort(key=lambda match: match.started_on)
        for match in self.matches:
            self._number(match)

    def _number(self, match: Match) -> None:
        match.number = take_match_number(self.programme, (match.started_on or match.proposed_on).year)

    def _store_matches(self) -> None:
        self._number_places()
        # An invented mentee without a running match may have the same name.
        by_mentee = {match.mentee.name: match for match in self.matches if match.status in RUNNING_STATUSES}
        by_mentee["Emina Softić"].agreement_signed_on = None
        Match.objects.bulk_create(self.matches, batch_size=500)
        for match in self.matches:
            self.history.add(match)
        overdue = ["Bashir Omar", "Hodan Warsame", "Emina Softić", "Leyla Demir"]
        self.history.make_overdue([by_mentee[name] for name in overdue], [13, 9, 3, 1])
        self.history.complete_one_due_today()
        self.history.make_hard(by_mentee["Samira Haddad"])
        self.history.stop_meetings(by_mentee["Amina Yusuf"], days=34)
        self._plan_meetings(by_mentee["Samira Haddad"])
        self._add_contacts(by_mentee["Hodan Warsame"])
        self.history.move_next(by_mentee["Samira Haddad"], days=6, reason=names.MOVED_REASON)
        self.history.store()
        self._update_enrolments()

    def _plan_meetings(self, running: Match) -> None:
        """Plan the first meeting of the introduced match for today, and the next one of a running match."""
        introduced = next(match for match in self.matches if match.status == MatchStatus.INTRODUCED)
        self.history.plan_meeting(introduced, self.today, dt.time(16, 30), introduced.first_meeting_place)
        self.history.plan_meeting(running, self.today + dt.timedelta(days=1), dt.time(10), "Områdesekretariatet")

    def _add_contacts(self, running: Match) -> None:
        """Add tries to reach the mentee of an overdue follow-up, and talks outside the plan."""
        role = Enrolment.objects.get(programme=self.programme, person=running.mentee, role=ParticipantRole.MENTEE)
        self.history.add_contact(role, days=7, result=ContactResult.NOT_REACHED, match=running)
        self.history.add_contact(role, days=3, result=ContactResult.LEFT_MESSAGE, match=running)
        self.history.add_contact(role, days=45, mood=Mood.GOOD, note=names.CONTACT_NOTES[0], match=running)
        self.history.add_contact(self.waiting[0].enrolment, days=10, note=names.CONTACT_NOTES[1])

    def _number_places(self) -> None:
        """Number the open matches of each mentor; mentors without free capacity get the status matched."""
        places: dict[int, int] = {}
        for match in self.matches:
            if match.is_open:
                places[match.mentor_id] = match.mentor_place = places.get(match.mentor_id, 0) + 1
        for mentor in self.mentors:
            if places.get(mentor.person.pk, 0) >= mentor.enrolment.agreed_capacity:
                mentor.enrolment.status = EnrolmentStatus.MATCHED

    def _update_enrolments(self) -> None:
        self._pause_a_role()
        fields = ["status", "waiting_since", "ended_on", "paused_on", "paused_until", "paused_reason"]
        Enrolment.objects.bulk_update([entry.enrolment for entry in self.people], fields, batch_size=500)

    def _pause_a_role(self) -> None:
        """Put the role of the first mentor who waits and never had a match on pause."""
        waiting = [entry for entry in self.mentors if entry.enrolment.status == EnrolmentStatus.WAITING]
        enrolment = next(entry for entry in waiting if id(entry) not in self.busy).enrolment
        enrolment.status, enrolment.paused_reason = EnrolmentStatus.PAUSED, names.PAUSE_REASON
        enrolment.paused_on = self.today - dt.timedelta(days=20)
        enrolment.paused_until = self.today + dt.timedelta(days=25)
