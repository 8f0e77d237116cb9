"""What happens between a mentor and a mentee in the demo: steps, follow-ups, meetings, results."""

import datetime as dt
import random
from decimal import Decimal

from accounts.models import User
from demo import names
from matching.enums import RUNNING_STATUSES, Channel, GoalStatus, MatchStatus, Mood, OutcomeKind, Side, Support
from matching.models import FollowUp, Goal, Match, MatchStep, Meeting, Outcome
from programmes.enums import ContactSide, FollowUpKind
from programmes.models import FollowUpStep

HOURS = [Decimal("1.5"), Decimal("2"), Decimal("2"), Decimal("2.5"), Decimal("3")]
LATE_SHARE = 0.12


class CaseHistory:
    """Collects everything that hangs on matches, and stores it in bulk."""

    def __init__(self, rng: random.Random, steps: list[FollowUpStep], by: User, today: dt.date):
        self.rng, self.steps, self.by, self.today = rng, steps, by, today
        self.follow_ups: list[FollowUp] = []
        self.meetings: list[Meeting] = []
        self.outcomes: list[Outcome] = []
        self.goals: list[Goal] = []
        self.match_steps: list[MatchStep] = []

    def tell(self, match: Match, *, meets: bool = True, since: dt.date | None = None) -> None:
        """All that has happened on a match by the demo's day; ``since`` leaves out what lies further back."""
        self._status_changes(match)
        if not match.started_on:
            return
        self._plan(match, since)
        if meets:
            self._meetings(match, since)
        self._results(match)
        self._agree_on_goals(match)

    def store(self) -> None:
        for model, rows in (
            (MatchStep, self.match_steps),
            (FollowUp, self.follow_ups),
            (Meeting, self.meetings),
            (Outcome, self.outcomes),
            (Goal, self.goals),
        ):
            model.objects.bulk_create(rows, batch_size=2000)

    def _status_changes(self, match: Match) -> None:
        dated = [
            (MatchStatus.PROPOSED, match.proposed_on),
            (MatchStatus.INTRODUCED, match.introduced_on),
            (MatchStatus.ACTIVE, match.started_on),
            (MatchStatus.ENDED, match.ended_on),
        ]
        for status, day in dated:
            if day:
                self.match_steps.append(MatchStep(match=match, status=status, on=day, by=self.by))
        if match.status in {MatchStatus.PAUSED, MatchStatus.DECLINED, MatchStatus.WITHDRAWN}:
            day = min(self.today, (match.started_on or match.proposed_on) + dt.timedelta(days=30))
            self.match_steps.append(MatchStep(match=match, status=match.status, on=day, by=self.by))

    def _plan(self, match: Match, since: dt.date | None) -> None:
        last = match.ended_on or dt.date.max
        for step in self.steps:
            for offset in step.offsets():
                due = match.started_on + dt.timedelta(days=offset)
                if due <= last and (since is None or due >= since):
                    self.follow_ups.append(self._follow_up(match, step, due))

    def _follow_up(self, match: Match, step: FollowUpStep, due: dt.date) -> FollowUp:
        row = FollowUp(match=match, step=step, name=step.name, kind=step.kind, side=step.side, due_on=due)
        if due < self.today:
            self.do(row)
        return row

    def do(self, row: FollowUp, on: dt.date | None = None, mood: str | None = None) -> None:
        """Fill in a follow-up as done, mostly on time."""
        late = self.rng.randint(3, 12) if self.rng.random() < LATE_SHARE else self.rng.choice([-1, 0, 0, 0, 1])
        row.done_on = on or min(self.today, max(row.match.started_on, row.due_on + dt.timedelta(days=late)))
        row.channel = self.rng.choice([Channel.PHONE, Channel.PHONE, Channel.PHONE, Channel.MEETING, Channel.SMS])
        row.mood = mood or self.rng.choices(Mood.values, weights=[78, 18, 4])[0]
        row.note = self.rng.choice(names.FOLLOW_UP_NOTES[row.mood]) if self.rng.random() < 0.6 else ""
        row.done_by = self.by
        if row.side in {ContactSide.MENTEE, ContactSide.BOTH} and row.kind != FollowUpKind.CLOSING:
            row.support = self.rng.choices(["", Support.YES, Support.PARTLY], weights=[60, 34, 6])[0]

    def _meetings(self, match: Match, since: dt.date | None) -> None:
        last = min(self.today, match.ended_on or self.today)
        day = match.started_on
        while day <= last:
            if since is None or day >= since:
                hours = Decimal("1") if day == match.started_on else self.rng.choice(HOURS)
                note = "Første møde" if day == match.started_on else self.rng.choice(names.MEETING_NOTES)
                self.meetings.append(Meeting(match=match, held_on=day, hours=hours, note=note, recorded_by=self.by))
            day += dt.timedelta(days=self.rng.randint(7, 16))

    def _results(self, match: Match) -> None:
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

    def leave_undone(self, matches: list[Match], days_over: list[int]) -> None:
        """Let the newest past follow-up of each match stay undone, so many days over."""
        for match, days in zip(matches, days_over, strict=True):
            past = [f for f in self.follow_ups if f.match is match and f.due_on < self.today and f.done_on]
            newest = max(past, key=lambda f: f.due_on)
            newest.due_on = self.today - dt.timedelta(days=days)
            newest.done_on = newest.done_by = None
            newest.channel = newest.mood = newest.support = newest.note = ""

    def _agree_on_goals(self, match: Match) -> None:
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

    def do_one_of_today(self) -> None:
        """One of today's follow-ups is registered already."""
        for row in self.follow_ups:
            if row.due_on == self.today and row.match.status in RUNNING_STATUSES:
                self.do(row, on=self.today, mood=Mood.GOOD)
                return

    def turn_hard(self, match: Match) -> None:
        """The mentee's two newest answers are that it is hard."""
        answered = [f for f in self.follow_ups if f.match is match and f.done_on and f.side == ContactSide.MENTEE]
        for row in sorted(answered, key=lambda f: f.due_on)[-2:]:
            self.do(row, on=row.done_on, mood=Mood.HARD)

    def fall_silent(self, match: Match, *, days: int) -> None:
        """No meeting in the last ``days`` days; the newest one lies just before."""
        last = self.today - dt.timedelta(days=days)
        self.meetings = [row for row in self.meetings if row.match is not match or row.held_on < last]
        self.meetings.append(Meeting(match=match, held_on=last, hours=Decimal("2"), recorded_by=self.by))
