"""Builds the history of the demo's matches: steps, follow-ups, meetings, outcomes and goals."""

import datetime as dt
import random
from decimal import Decimal

from accounts.models import User
from demo import names
from matching.enums import (
    RUNNING_STATUSES,
    Channel,
    ContactResult,
    GoalStatus,
    MatchStatus,
    Mood,
    OutcomeKind,
    Side,
    Support,
)
from matching.models import (
    Contact,
    FollowUp,
    Goal,
    Match,
    MatchEnding,
    MatchPause,
    MatchStep,
    Meeting,
    Outcome,
    PlannedMeeting,
)
from matching.rules.months import add_months
from matching.words import months_words
from people.models import Enrolment
from programmes.enums import ContactSide, FollowUpKind
from programmes.models import FollowUpStep

HOURS = [Decimal("1.5"), Decimal("2"), Decimal("2"), Decimal("2.5"), Decimal("3")]
LATE_SHARE = 0.12


class MatchHistory:
    """Collects the rows that belong to matches, and stores them in bulk."""

    def __init__(self, rng: random.Random, steps: list[FollowUpStep], by: User, today: dt.date):
        self.rng, self.steps, self.by, self.today = rng, steps, by, today
        self.follow_ups: list[FollowUp] = []
        self.meetings: list[Meeting] = []
        self.outcomes: list[Outcome] = []
        self.goals: list[Goal] = []
        self.match_steps: list[MatchStep] = []
        self.pauses: list[MatchPause] = []
        self.endings: list[MatchEnding] = []
        self.contacts: list[Contact] = []
        self.plans: list[PlannedMeeting] = []

    def add(self, match: Match, *, since: dt.date | None = None) -> None:
        """Add the rows of a match up to the day of the demo. ``since`` leaves out older follow-ups and meetings."""
        self._add_steps(match)
        if not match.started_on:
            return
        self._add_follow_ups(match, since)
        self._add_question(match)
        self._add_meetings(match, since)
        self._add_outcomes(match)
        self._add_goals(match)

    def store(self) -> None:
        for model, rows in (
            (MatchStep, self.match_steps),
            (MatchPause, self.pauses),
            (MatchEnding, self.endings),
            (PlannedMeeting, self.plans),
            (FollowUp, self.follow_ups),
            (Contact, self.contacts),
            (Meeting, self.meetings),
            (Outcome, self.outcomes),
            (Goal, self.goals),
        ):
            model.objects.bulk_create(rows, batch_size=2000)

    def _add_steps(self, match: Match) -> None:
        dated = [
            (MatchStatus.PROPOSED, match.proposed_on),
            (MatchStatus.INTRODUCED, match.introduced_on),
            (MatchStatus.ACTIVE, match.started_on),
            (MatchStatus.ENDED, match.ended_on),
        ]
        for status, day in dated:
            if day:
                self.match_steps.append(MatchStep(match=match, status=status, on=day, by=self.by))
        if match.ended_on:
            talk_on = match.closing_talk_on
            self.endings.append(
                MatchEnding(
                    match=match,
                    on=match.ended_on,
                    reason=match.end_reason,
                    mentee_talk_on=talk_on,
                    mentor_talk_on=talk_on,
                )
            )
        if match.paused_on:
            self.match_steps.append(MatchStep(match=match, status=match.status, on=match.paused_on, by=self.by))
            facts = {"began_on": match.paused_on, "expected_on": match.paused_until, "reason": names.PAUSE_REASON}
            self.pauses.append(MatchPause(match=match, **facts))
        if match.status in {MatchStatus.DECLINED, MatchStatus.WITHDRAWN}:
            day = min(self.today, (match.started_on or match.proposed_on) + dt.timedelta(days=30))
            self.match_steps.append(MatchStep(match=match, status=match.status, on=day, by=self.by))

    def plan_meeting(self, match: Match, on: dt.date, time: dt.time, place: str) -> None:
        """Plan a meeting in which the coordinator takes part: the first one, if the match has not started."""
        facts = {"place": place, "is_first": match.started_on is None, "staff": self.by, "planned_by": self.by}
        self.plans.append(PlannedMeeting(match=match, on=on, time=time, **facts))

    def _add_follow_ups(self, match: Match, since: dt.date | None) -> None:
        last = match.ended_on or dt.date.max
        for step in self.steps:
            for offset in step.offsets():
                due = match.started_on + dt.timedelta(days=offset)
                if due <= last and (since is None or due >= since):
                    self.follow_ups.append(self._follow_up(match, step, due))

    def _add_question(self, match: Match) -> None:
        """Add the question about outcomes of a match that ended lately, if it is asked after the next weeks."""
        months = match.programme.outcome_months
        due_on = match.ended_on and add_months(match.ended_on, months)
        if due_on and due_on > self.today + dt.timedelta(days=14):
            name = f"Resultater {months_words(months)} efter afslutningen"
            facts = {"kind": FollowUpKind.OUTCOMES, "side": ContactSide.BOTH, "due_on": due_on}
            self.follow_ups.append(FollowUp(match=match, name=name, **facts))

    def _follow_up(self, match: Match, step: FollowUpStep, due: dt.date) -> FollowUp:
        row = FollowUp(match=match, step=step, name=step.name, kind=step.kind, side=step.side, due_on=due)
        if due < self.today:
            self.complete(row)
        return row

    def complete(self, row: FollowUp, on: dt.date | None = None, mood: str | None = None) -> None:
        """Mark a follow-up as done, in most cases on time."""
        late = self.rng.randint(3, 12) if self.rng.random() < LATE_SHARE else self.rng.choice([-1, 0, 0, 0, 1])
        row.done_on = on or min(self.today, max(row.match.started_on, row.due_on + dt.timedelta(days=late)))
        row.channel = self.rng.choice([Channel.PHONE, Channel.PHONE, Channel.PHONE, Channel.MEETING, Channel.SMS])
        row.mood = mood or self.rng.choices(Mood.values, weights=[78, 18, 4])[0]
        row.note = self.rng.choice(names.FOLLOW_UP_NOTES[row.mood]) if self.rng.random() < 0.6 else ""
        row.done_by = self.by
        if row.side in {ContactSide.MENTEE, ContactSide.BOTH} and row.kind != FollowUpKind.CLOSING:
            row.support = self.rng.choices(["", Support.YES, Support.PARTLY], weights=[60, 34, 6])[0]

    def _add_meetings(self, match: Match, since: dt.date | None) -> None:
        last = min(self.today, match.ended_on or self.today)
        day = match.started_on
        while day <= last:
            if since is None or day >= since:
                hours = Decimal("1") if day == match.started_on else self.rng.choice(HOURS)
                note = "Første møde" if day == match.started_on else self.rng.choice(names.MEETING_NOTES)
                self.meetings.append(Meeting(match=match, held_on=day, hours=hours, note=note, recorded_by=self.by))
            day += dt.timedelta(days=self.rng.randint(7, 16))

    def _add_outcomes(self, match: Match) -> None:
        lasted = ((match.ended_on or self.today) - match.started_on).days
        for _ in range(self.rng.choices([0, 1, 2], weights=[3, 4, 2])[0] if lasted > 120 else 0):
            kind = self.rng.choice(OutcomeKind.values)
            self.outcomes.append(
                Outcome(
                    match=match,
                    kind=kind,
                    on=match.started_on + dt.timedelta(days=self.rng.randint(90, lasted)),
                    note=names.OUTCOME_NOTES.get(kind, ""),
                    told_by=self.rng.choice(Side.values),
                    recorded_by=self.by,
                )
            )

    def make_overdue(self, matches: list[Match], days_overdue: list[int]) -> None:
        """Make the newest past follow-up of each match overdue by a number of days."""
        for match, days in zip(matches, days_overdue, strict=True):
            past = [f for f in self.follow_ups if f.match is match and f.due_on < self.today and f.done_on]
            newest = max(past, key=lambda f: f.due_on)
            newest.due_on = self.today - dt.timedelta(days=days)
            newest.done_on = newest.done_by = None
            newest.channel = newest.mood = newest.support = newest.note = ""

    def _add_goals(self, match: Match) -> None:
        lasted = ((match.ended_on or self.today) - match.started_on).days
        for text in self.rng.sample(names.GOALS, k=self.rng.randint(1, 3) if lasted > 14 else 0):
            reached = lasted > 60 and self.rng.random() < 0.35
            self.goals.append(
                Goal(
                    match=match,
                    text=text,
                    status=GoalStatus.REACHED if reached else GoalStatus.UNDER_WAY,
                    reached_on=match.started_on + dt.timedelta(days=self.rng.randint(50, lasted)) if reached else None,
                )
            )

    def complete_one_due_today(self) -> None:
        """Mark one of today's follow-ups as done."""
        for row in self.follow_ups:
            if row.due_on == self.today and row.match.status in RUNNING_STATUSES:
                self.complete(row, on=self.today, mood=Mood.GOOD)
                return

    def add_contact(self, enrolment: Enrolment, *, days: int, result: str = ContactResult.TALKED, **facts) -> None:
        """Add a contact by phone outside the plan, some days ago."""
        on, channel = self.today - dt.timedelta(days=days), Channel.PHONE
        self.contacts.append(
            Contact(enrolment=enrolment, on=on, channel=channel, result=result, recorded_by=self.by, **facts)
        )

    def move_next(self, match: Match, *, days: int, reason: str) -> None:
        """Move the next follow-up of a match."""
        row = min((f for f in self.follow_ups if f.match is match and f.due_on > self.today), key=lambda f: f.due_on)
        row.first_due_on, row.due_on, row.moved_reason = row.due_on, row.due_on + dt.timedelta(days=days), reason

    def make_hard(self, match: Match) -> None:
        """Give the mentee's two newest follow-ups the mood hard."""
        answered = [f for f in self.follow_ups if f.match is match and f.done_on and f.side == ContactSide.MENTEE]
        for row in sorted(answered, key=lambda f: f.due_on)[-2:]:
            self.complete(row, on=row.done_on, mood=Mood.HARD)

    def stop_meetings(self, match: Match, *, days: int) -> None:
        """Remove the meetings of the last ``days`` days and add one just before them."""
        last = self.today - dt.timedelta(days=days)
        self.meetings = [row for row in self.meetings if row.match is not match or row.held_on < last]
        self.meetings.append(Meeting(match=match, held_on=last, hours=Decimal("2"), recorded_by=self.by))
