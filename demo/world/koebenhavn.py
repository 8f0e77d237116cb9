"""Branch København at the size the grant application names, with its running matches."""

import datetime as dt
import random

from accounts.enums import Role
from accounts.models import User
from demo.world.cases import CaseHistory
from demo.world.inventor import Draft, Inventor, organisations, store
from matching.enums import CheckOutcome, InterviewAssessment, MatchStatus
from matching.models import Interview, Match, ScreeningCheck
from matching.numbers import take_match_number
from people.enums import EnrolmentStatus
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.models import Programme

SIZE = {ParticipantRole.MENTOR: 1478, ParticipantRole.MENTEE: 1843, ParticipantRole.CONTACT: 583}
RUNNING_MATCHES = 310
HISTORY_DAYS = 45


class Koebenhavn:
    """Builds the branch: people first, then a match for the first hundreds of them."""

    def __init__(self, programme: Programme, staff: dict[str, User], today: dt.date, rng: random.Random, share: float):
        self.programme, self.today, self.rng, self.share = programme, today, rng, share
        self.by = staff[Role.COORDINATOR]
        self.inventor = Inventor(rng, phone_prefix=61)

    def build(self) -> None:
        places = organisations(self.programme.branch)
        drafts = {role: self._people(role, max(4, round(count * self.share))) for role, count in SIZE.items()}
        for draft in drafts[ParticipantRole.CONTACT]:
            draft.person.organisation = self.rng.choice(places)
        running = min(round(RUNNING_MATCHES * self.share), len(drafts[ParticipantRole.MENTOR]) - 1)
        pairs = list(zip(drafts[ParticipantRole.MENTOR], drafts[ParticipantRole.MENTEE], strict=False))[:running]
        for pair in pairs:
            for draft in pair:
                draft.enrolment.status = EnrolmentStatus.MATCHED
                draft.enrolment.ended_on = None
        store([draft for found in drafts.values() for draft in found], self.programme.branch, by=self.by)
        self._interviews([*drafts[ParticipantRole.MENTOR], *drafts[ParticipantRole.MENTEE]])
        self._checks(drafts[ParticipantRole.MENTOR])
        self._matches(pairs)

    def _people(self, role: str, count: int) -> list[Draft]:
        days = self.inventor.days(dt.date(2007, 1, 8), self.today - dt.timedelta(days=20), count)
        drafts = []
        for day in days:
            gender = self.inventor.gender(0.97)
            draft = self.inventor.draft(self.programme, role, day, gender=gender)
            draft.enrolment.status = self._status(role, day)
            if draft.enrolment.status == EnrolmentStatus.WAITING:
                draft.enrolment.waiting_since = day + dt.timedelta(days=14)
            if draft.enrolment.status == EnrolmentStatus.ENDED:
                draft.enrolment.ended_on = min(self.today, day + dt.timedelta(days=430))
            drafts.append(draft)
        self.rng.shuffle(drafts)
        return sorted(drafts, key=lambda d: d.enrolment.status != EnrolmentStatus.WAITING)

    def _status(self, role: str, day: dt.date) -> str:
        if role == ParticipantRole.CONTACT:
            return EnrolmentStatus.APPLIED
        if role == ParticipantRole.MENTEE and (self.today - day).days > 400:
            return EnrolmentStatus.ENDED
        return EnrolmentStatus.WAITING

    def _interviews(self, drafts: list[Draft]) -> None:
        rows = [
            Interview(
                enrolment=draft.enrolment,
                held_on=draft.enrolment.applied_on + dt.timedelta(days=14),
                interviewer=self.by,
                assessment=InterviewAssessment.SUITABLE,
            )
            for draft in drafts
        ]
        Interview.objects.bulk_create(rows, batch_size=1000)

    def _checks(self, drafts: list[Draft]) -> None:
        kinds = [ScreeningKind.CRIMINAL_RECORD, ScreeningKind.CONFIDENTIALITY]
        rows = [
            ScreeningCheck(
                enrolment=draft.enrolment,
                kind=kind,
                outcome=CheckOutcome.APPROVED,
                checked_on=draft.enrolment.applied_on + dt.timedelta(days=14),
                assessor=self.by,
            )
            for draft in drafts
            for kind in kinds
        ]
        ScreeningCheck.objects.bulk_create(rows, batch_size=2000)

    def _matches(self, pairs: list[tuple[Draft, Draft]]) -> None:
        history = CaseHistory(self.rng, list(self.programme.follow_up_steps.all()), self.by, self.today)
        matches = []
        for mentor, mentee in pairs:
            earliest = max(mentor.enrolment.applied_on, mentee.enrolment.applied_on) + dt.timedelta(days=16)
            start = max(earliest, self.today - dt.timedelta(days=self.rng.randint(20, 330)))
            matches.append(
                Match(
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
            )
        for match in sorted(matches, key=lambda row: row.started_on):
            match.number = take_match_number(self.programme, match.started_on.year)
        Match.objects.bulk_create(matches, batch_size=500)
        for match in matches:
            history.tell(match, since=self.today - dt.timedelta(days=HISTORY_DAYS))
        history.store()
