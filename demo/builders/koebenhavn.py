"""Builds branch København, at the size that the grant application states, with its running matches."""

import datetime as dt
import random

from accounts.enums import Role
from accounts.models import User
from common.bulk import store_changed
from demo.builders.matches import MatchHistory
from demo.builders.people import InventedPerson, PersonGenerator, create_organisations, store_people
from matching.enums import CheckOutcome, InterviewAssessment, MatchStatus
from matching.models import Interview, Match, ScreeningCheck
from matching.numbers import take_match_number
from people.enums import EnrolmentStatus
from people.models import Enrolment
from people.statuses import SETTLED_FIELDS, lock_enrolments, settle_locked
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.models import Programme

SIZE = {ParticipantRole.MENTOR: 1478, ParticipantRole.MENTEE: 1843, ParticipantRole.CONTACT: 583}
RUNNING_MATCHES = 310
HISTORY_DAYS = 45


class KoebenhavnBuilder:
    """Builds the branch: its people, then a match for each of the first of them."""

    def __init__(self, programme: Programme, staff: dict[str, User], today: dt.date, rng: random.Random, share: float):
        self.programme, self.today, self.rng, self.share = programme, today, rng, share
        self.by = staff[Role.COORDINATOR]
        self.generator = PersonGenerator(rng, phone_prefix=61)

    def build(self) -> None:
        places = create_organisations(self.programme.branch)
        by_role = {role: self._people(role, max(4, round(count * self.share))) for role, count in SIZE.items()}
        for entry in by_role[ParticipantRole.CONTACT]:
            entry.person.organisation = self.rng.choice(places)
        running = min(round(RUNNING_MATCHES * self.share), len(by_role[ParticipantRole.MENTOR]) - 1)
        pairs = list(zip(by_role[ParticipantRole.MENTOR], by_role[ParticipantRole.MENTEE], strict=False))[:running]
        for pair in pairs:
            for entry in pair:
                entry.enrolment.status = EnrolmentStatus.MATCHED
                entry.enrolment.ended_on = None
        store_people([entry for entries in by_role.values() for entry in entries], self.programme.branch, by=self.by)
        self._interviews([*by_role[ParticipantRole.MENTOR], *by_role[ParticipantRole.MENTEE]])
        self._checks(by_role[ParticipantRole.MENTOR])
        self._matches(pairs)
        mentors = lock_enrolments(Enrolment.objects.filter(programme=self.programme, role=ParticipantRole.MENTOR))
        store_changed(Enrolment, settle_locked(mentors), SETTLED_FIELDS)

    def _people(self, role: str, count: int) -> list[InventedPerson]:
        days = self.generator.working_days(dt.date(2007, 1, 8), self.today - dt.timedelta(days=20), count)
        entries = []
        for day in days:
            gender = self.generator.random_gender(0.97)
            entry = self.generator.generate(self.programme, role, day, gender=gender)
            entry.enrolment.status = self._status(role, day)
            if entry.enrolment.status == EnrolmentStatus.WAITING:
                entry.enrolment.waiting_since = day + dt.timedelta(days=14)
            if entry.enrolment.status == EnrolmentStatus.ENDED:
                entry.enrolment.ended_on = min(self.today, day + dt.timedelta(days=430))
            entries.append(entry)
        self.rng.shuffle(entries)
        return sorted(entries, key=lambda entry: entry.enrolment.status != EnrolmentStatus.WAITING)

    def _status(self, role: str, day: dt.date) -> str:
        if role == ParticipantRole.CONTACT:
            return EnrolmentStatus.APPLIED
        if role == ParticipantRole.MENTEE and (self.today - day).days > 400:
            return EnrolmentStatus.ENDED
        return EnrolmentStatus.WAITING

    def _interviews(self, entries: list[InventedPerson]) -> None:
        rows = [
            Interview(
                enrolment=entry.enrolment,
                held_on=entry.enrolment.applied_on + dt.timedelta(days=14),
                interviewer=self.by,
                assessment=InterviewAssessment.SUITABLE,
            )
            for entry in entries
        ]
        Interview.objects.bulk_create(rows, batch_size=1000)

    def _checks(self, entries: list[InventedPerson]) -> None:
        kinds = [ScreeningKind.CRIMINAL_RECORD, ScreeningKind.CONFIDENTIALITY]
        rows = [
            ScreeningCheck(
                enrolment=entry.enrolment,
                kind=kind,
                outcome=CheckOutcome.APPROVED,
                checked_on=entry.enrolment.applied_on + dt.timedelta(days=14),
                assessor=self.by,
            )
            for entry in entries
            for kind in kinds
        ]
        ScreeningCheck.objects.bulk_create(rows, batch_size=2000)

    def _matches(self, pairs: list[tuple[InventedPerson, InventedPerson]]) -> None:
        history = MatchHistory(self.rng, list(self.programme.follow_up_steps.all()), self.by, self.today)
        matches = [self._new_match(mentor, mentee) for mentor, mentee in pairs]
        for match in sorted(matches, key=lambda row: row.started_on):
            match.number = take_match_number(self.programme, match.started_on.year)
        Match.objects.bulk_create(matches, batch_size=500)
        for match in matches:
            history.add(match, since=self.today - dt.timedelta(days=HISTORY_DAYS))
        history.store()

    def _new_match(self, mentor: InventedPerson, mentee: InventedPerson) -> Match:
        earliest = max(mentor.enrolment.applied_on, mentee.enrolment.applied_on) + dt.timedelta(days=16)
        start = max(earliest, self.today - dt.timedelta(days=self.rng.randint(20, 330)))
        return Match(
            programme=self.programme,
            mentor=mentor.person,
            mentee=mentee.person,
            status=MatchStatus.ACTIVE,
            mentor_place=1,
            coordinator=self.by,
            proposed_on=start - dt.timedelta(days=9),
            introduced_on=start,
            started_on=start,
            staff_present=True,
            agreement_signed_on=start,
        )
