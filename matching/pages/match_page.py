"""Contents of the page of a match."""

import datetime as dt
import itertools
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import charts
from common.history import Writing, writings_of
from common.templatetags.danish import danish_date
from matching.enums import PlanState
from matching.models import Contact, Match, PlannedMeeting
from matching.pages.follow_up_rows import FollowUpRow, set_last_talk
from matching.pages.person_timeline import plan_changes
from matching.pages.steps import steps_with_kinds
from matching.quality.criteria import Criterion, MatchEvidence, ended_early, judge_match
from matching.rules.days import DAY_SLUGS, MATCH_DAYS
from matching.rules.months import add_months, first_of_month
from matching.rules.pauses import paused_days
from matching.rules.talks import talks_of
from people.models import Person
from programmes.enums import FollowUpKind

PAST_ROWS = 6  # past follow-ups shown before *Vis hele året*
CHART_MONTHS = 6
MOST_PLANS = 3  # moved or cancelled meetings that are shown


@dataclass(frozen=True)
class DayLine:
    """A day of a match: the day on which it happened, and when it was written in, which the journal may not know."""

    match: Match
    name: str
    writing: Writing | None

    @property
    def label(self) -> str:
        return str(MATCH_DAYS[self.name])

    @property
    def day(self) -> dt.date:
        return getattr(self.match, self.name)

    @property
    def written(self) -> str:
        if self.writing is None:
            return ""
        words = {"day": danish_date(self.writing.at), "by": self.writing.by or _("a command on the server")}
        text = _("%(day)s by %(by)s, corrected") if self.writing.is_corrected else _("%(day)s by %(by)s")
        return text % words

    @property
    def url(self) -> str:
        return f"{reverse('matching:match-days', args=[self.match.pk])}?felt={DAY_SLUGS[self.name]}"


@dataclass(frozen=True)
class MatchEvent:
    """A line of the match's timeline: a step, or a follow-up that was moved or skipped."""

    on: dt.date
    title: str
    text: str = ""
    by: User | None = None


@dataclass(frozen=True)
class PeriodLine:
    """A pause, an end that was reopened, or the closing talks of the end, with the page that corrects its days."""

    label: str
    days: str
    url: str


class MatchPage:
    """The contents of a match's page on a day, read in a constant number of queries."""

    def __init__(self, match: Match, on: dt.date, *, show_all: bool = False):
        self.match, self.on, self.show_all = match, on, show_all
        self.evidence = MatchEvidence.read(match, on)
        self.meetings = self.evidence.meetings
        talks = talks_of(self.evidence.follow_ups, self.evidence.contacts)
        for follow_up in self.evidence.follow_ups:
            follow_up.match = match
            set_last_talk(follow_up, talks)

    @cached_property
    def criteria(self) -> list[Criterion]:
        return judge_match(self.evidence)

    # --- head ---

    @property
    def week(self) -> int | None:
        """The week of a running match, counted from the first meeting, without days of pause."""
        if not self.match.is_running:
            return None
        return self.match.week_on(self.on, paused_days(self.evidence.pauses, self.match.started_on, self.on))

    @property
    def is_early_end(self) -> bool:
        return ended_early(self.match, self.evidence.pauses)

    @property
    def paused(self):
        """The open pause, if the match is on pause."""
        return next((pause for pause in self.evidence.pauses if pause.ended_on is None), None)

    @cached_property
    def endings(self) -> list:
        """The ends of the match, the last one first; those before it were reopened."""
        return list(self.match.endings.order_by("-on", "-pk"))

    @property
    def ending(self):
        """The end of a match that has ended."""
        return next((ending for ending in self.endings if ending.reopened_on is None), None)

    @property
    def earlier_endings(self) -> list:
        return [ending for ending in self.endings if ending.reopened_on is not None]

    @cached_property
    def timeline(self) -> list[MatchEvent]:
        """What happened to the match and to its plan, the newest first."""
        steps = steps_with_kinds(self.match.steps.select_related("by"))
        events = [MatchEvent(step.on, str(kind.label), step.note, step.by) for step, kind in steps]
        changes = [change for row in self.evidence.follow_ups for change in plan_changes(row)]
        events += [MatchEvent(change.on, change.title, change.text) for change in changes]
        return sorted(events, key=lambda event: event.on)[::-1]

    @cached_property
    def handovers(self) -> list:
        """The handovers of the match, the newest first."""
        return list(self.match.handovers.select_related("giver", "receiver").order_by("-from_on", "-pk"))

    @property
    def deputies(self) -> list:
        """The periods of deputies that are not over."""
        return [one for one in self.handovers if one.until_on and one.until_on >= self.on]

    @property
    def is_deputised(self) -> bool:
        """Whether a deputy takes care of the match."""
        begun = [one for one in self.deputies if one.from_on <= self.on]
        return any(one.receiver_id == self.match.acting_id != self.match.coordinator_id for one in begun)

    @property
    def past_handovers(self) -> list:
        """The handovers for good, and the periods of deputies that are over."""
        return [one for one in self.handovers if one not in self.deputies]

    @property
    def arranged_words(self) -> str:
        """What to do about the arranged first meeting: it is ahead, today, or past without being registered."""
        day = self.match.introduced_on
        if day == self.on:
            return _("The first meeting is today. Take part, and let all sign the agreement.")
        if day > self.on:
            words = _("The first meeting is arranged for %(day)s. Take part, and let all sign the agreement.")
        else:
            words = _("The first meeting was arranged for %(day)s. Register whether it was held.")
        return words % {"day": danish_date(day)}

    @property
    def parties(self) -> list[tuple[str, Person]]:
        """The two by their side."""
        return [("mentee", self.match.mentee), ("mentor", self.match.mentor)]

    # --- planned meetings ---

    @cached_property
    def plans(self) -> list[PlannedMeeting]:
        return list(self.match.planned_meetings.select_related("staff").order_by("pk"))

    @property
    def planned(self) -> PlannedMeeting | None:
        """The open planned meeting, which is the first one of a match that has not started."""
        return next((plan for plan in self.plans if plan.is_open), None)

    @property
    def earlier_plans(self) -> list[PlannedMeeting]:
        """The plans that were moved or cancelled since the last meeting that was held, the newest first."""
        since = itertools.takewhile(lambda plan: plan.state != PlanState.HELD, reversed(self.plans))
        return [plan for plan in since if not plan.is_open][:MOST_PLANS]

    # --- plan ---

    @cached_property
    def rows(self) -> list[FollowUpRow]:
        return [FollowUpRow(follow_up, self.on) for follow_up in self.evidence.follow_ups]

    @property
    def shown_rows(self) -> list[FollowUpRow]:
        """The last past rows, all overdue ones, the next ones and the closing talk; or all rows."""
        if self.show_all:
            return self.rows
        past = [row for row in self.rows if row.follow_up.due_on <= self.on]
        ahead = [row for row in self.rows if row.follow_up.due_on > self.on and row.follow_up.is_open]
        kept = {row.pk for row in past[-PAST_ROWS:]} | {row.pk for row in past if row.is_overdue}
        kept |= {row.pk for row in ahead if row.follow_up.due_on == ahead[0].follow_up.due_on}
        kept |= {row.pk for row in self.rows if row.follow_up.kind == FollowUpKind.CLOSING}
        return [row for row in self.rows if row.pk in kept]

    @property
    def hidden_count(self) -> int:
        return len(self.rows) - len(self.shown_rows)

    @property
    def on_time_words(self) -> str:
        """``4 af 6 til tiden``, counted among the follow-ups that have been due.

        One that was moved is judged by its new day, and counted as moved; one that was skipped does not count.
        """
        past = [f for f in self.evidence.follow_ups if f.due_on <= self.on and f.kind != FollowUpKind.OUTCOMES]
        due = [f for f in past if not f.is_skipped]
        moved = sum(1 for f in due if f.first_due_on)
        parts = []
        if due:
            kept = sum(1 for f in due if f.done_on and f.done_on <= f.due_on)
            parts.append(_("%(kept)s of %(due)s on time") % {"kept": kept, "due": len(due)})
        if moved:
            words = ngettext(
                "%(count)s moved counts from its new day", "%(count)s moved count from their new days", moved
            )
            parts.append(words % {"count": moved})
        if skipped := len(past) - len(due):
            parts.append(ngettext("%(count)s skipped", "%(count)s skipped", skipped) % {"count": skipped})
        return ", ".join(parts)

    @property
    def contacts(self) -> list[Contact]:
        """The contacts outside the plan, the newest first."""
        return self.evidence.contacts[::-1]

    # --- meetings ---

    @property
    def hours(self) -> Decimal:
        return sum((meeting.hours for meeting in self.meetings), Decimal(0))

    @cached_property
    def plot(self) -> charts.MeetingBars | None:
        if not self.meetings or self.match.started_on is None:
            return None
        last = self.evidence.on
        start = max(self.match.started_on, add_months(first_of_month(last), 1 - CHART_MONTHS))
        end = add_months(first_of_month(last), 1) - dt.timedelta(days=1)
        shown = tuple((m.held_on, float(m.hours)) for m in self.meetings if start <= m.held_on <= end)
        return charts.MeetingBars(
            title=_("Meetings of %(mentee)s and %(mentor)s")
            % {"mentee": self.match.mentee.first_name, "mentor": self.match.mentor.first_name},
            start=start,
            end=end,
            today=self.on,
            meetings=shown,
            required_hours=float(self.match.programme.hours_per_meeting) or None,
        )

    @cached_property
    def chart(self) -> SafeString:
        return charts.svg(self.plot) if self.plot else SafeString()

    @cached_property
    def phone_chart(self) -> SafeString:
        return charts.svg(self.plot, phone=True, uid="phone") if self.plot else SafeString()

    # --- before the start ---

    @property
    def answers(self) -> list[dict]:
        """The answers of the two to the proposal."""
        match = self.match
        return [
            {"side": "mentee", "person": match.mentee, "said_yes_on": match.mentee_said_yes_on},
            {"side": "mentor", "person": match.mentor, "said_yes_on": match.mentor_said_yes_on},
        ]

    @property
    def is_agreed(self) -> bool:
        return all(answer["said_yes_on"] for answer in self.answers)

    # --- days ---

    @cached_property
    def days(self) -> list["DayLine"]:
        """The days of the match, in their order, each with who wrote it in, and when."""
        names = [name for name in MATCH_DAYS if getattr(self.match, name) is not None]
        writings = writings_of(self.match, names)
        return [DayLine(self.match, name, writings.get(name)) for name in names]

    @cached_property
    def periods(self) -> list[PeriodLine]:
        """The pauses of the match, its ends that were reopened, and the closing talks, each with its days."""
        lines = [_pause_line(pause) for pause in self.evidence.pauses]
        return [*lines, *(_ending_line(ending) for ending in reversed(self.endings))]

    @property
    def has_writings(self) -> bool:
        """Whether the journal knows when a day was written in; it does not for a match from before the journal."""
        return any(line.writing for line in self.days)

    # --- right column ---

    @cached_property
    def goals(self) -> list:
        return list(self.match.goals.all())

    @property
    def question(self):
        """The open question about outcomes after the end of the match."""
        rows = self.evidence.follow_ups
        return next((f for f in rows if f.kind == FollowUpKind.OUTCOMES and f.done_on is None), None)

    @cached_property
    def outcomes(self) -> list:
        return list(self.match.outcomes.all())


def _pause_line(pause) -> PeriodLine:
    first, last = danish_date(pause.began_on, "year"), danish_date(pause.ended_on, "year")
    days = _("%(first)s to %(last)s") % {"first": first, "last": last} if last else _("since %(day)s") % {"day": first}
    return PeriodLine(_("Pause"), days, reverse("matching:pause-correct", args=[pause.pk]))


def _ending_line(ending) -> PeriodLine:
    url = reverse("matching:ending-correct", args=[ending.pk])
    if ending.reopened_on:
        words = {"first": danish_date(ending.on, "year"), "last": danish_date(ending.reopened_on, "year")}
        return PeriodLine(_("Ended and reopened"), _("%(first)s to %(last)s") % words, url)
    talks = sorted({day for day in (ending.mentee_talk_on, ending.mentor_talk_on) if day})
    days = _(" and ").join(danish_date(day, "year") for day in talks)
    return PeriodLine(_("Closing talks"), days or _("not held"), url)


def person_line(person) -> str:
    """Return ``sygeplejerske, Brønshøj``, or how the person is best reached."""
    if person.best_reached:
        return person.best_reached
    return ", ".join(filter(None, [person.occupation[:1].lower() + person.occupation[1:], person.town]))


def status_counts(matches) -> dict[str, int]:
    """Count matches by status, in one query."""
    rows = matches.order_by().values("status").annotate(n=Count("pk"))
    return {row["status"]: row["n"] for row in rows}
