"""The status of a target on a day: value, plan, forecast, state, rhythm, and its plot.

The plan for a day is rounded to whole records, halves up. The state is derived from the rounded plan, so that readers
can check it on the page. The day itself counts as over.
"""

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from common.charts import CumulativePlot, Forecast
from common.templatetags.danish import quoted
from programmes.models import Programme
from reporting.enums import TargetState
from reporting.forecasting import forecast_pace, forecast_rhythm
from reporting.indicators import EvidenceRow, Indicator, NearMiss, Unknown, find_indicator
from reporting.indicators.base import cumulate
from reporting.models import Target, TargetPhase
from reporting.rhythm import RhythmWindow, WindowState, rhythm_spans, rhythm_windows

# A figure follows its plan when it differs by at most this share of the target (design, "Target state").
TOLERANCE = 0.05

Corner = tuple[dt.date, float]


@dataclass(frozen=True)
class TargetStatus:
    """A target on the day ``on``. ``reached`` and ``plan`` are the corners of the lines in the cumulative plot."""

    target: Target
    on: dt.date
    value: int
    plan_today: int
    forecast: Forecast
    state: TargetState
    phases: tuple[TargetPhase, ...]
    windows: tuple[RhythmWindow, ...]
    reached: tuple[tuple[dt.date, int], ...]
    plan: tuple[Corner, ...]

    @property
    def promised(self) -> int:
        """The figure that the agreement states for the period."""
        return self.target.value

    @property
    def wording(self) -> str:
        """The target in the agreement's words."""
        return self.target.wording

    @cached_property
    def indicator(self) -> Indicator:
        return find_indicator(self.target.indicator)

    @property
    def state_label(self) -> str:
        """The state in words; the name of an indicator that is unknown."""
        return str(self.indicator.label if self.state == TargetState.UNCOUNTED else self.state.label)

    @property
    def start(self) -> dt.date:
        return self.target.period_start

    @property
    def end(self) -> dt.date:
        return self.target.period_end

    @property
    def last_day(self) -> dt.date:
        """The last day whose records count."""
        return min(self.on, self.end)

    @property
    def phased(self) -> int | None:
        """The total of the phased plan; None when the target has no phases."""
        return sum(phase.value for phase in self.phases) if self.phases else None

    @property
    def has_phases_apart(self) -> bool:
        """Whether the phased plan differs from an even pace towards the target, so that pages show both."""
        return bool(self.phases) and (len(self.phases) > 1 or self.phased != self.promised)

    @property
    def is_running(self) -> bool:
        return self.start <= self.on < self.end

    @property
    def rule(self) -> str:
        """The counting rule in words."""
        return self.indicator.rule(self.start, self.end, self.target.filters)

    @property
    def behind(self) -> int:
        """How many records are missing to the plan; negative when the figure is ahead of it."""
        return self.plan_today - self.value

    def evidence(self):
        """Return the records that count, as a queryset with ``value`` rows."""
        return target_evidence(self.target, self.on)

    def evidence_rows(self) -> list[EvidenceRow]:
        return self.indicator.rows(self.evidence())

    def not_counted(self) -> list[NearMiss]:
        return self.indicator.not_counted(
            self.target.programme, self.start, self.end, self.target.filters, on=self.last_day
        )

    @property
    def kept(self) -> list[RhythmWindow]:
        return [window for window in self.windows if window.state == WindowState.KEPT]

    @property
    def missed(self) -> list[RhythmWindow]:
        return [window for window in self.windows if window.state == WindowState.MISSED]

    @property
    def coming(self) -> list[RhythmWindow]:
        return [window for window in self.windows if window.state == WindowState.COMING]

    def plot(self) -> CumulativePlot:
        """Return the cumulative plot."""
        return CumulativePlot(
            title=_("%(wording)s, added up") % {"wording": quoted(self.wording)},
            start=self.start,
            end=self.end,
            today=self.on,
            plan=self.plan,
            reached=self.reached,
            plan_today=self.plan_today,
            forecast=self.forecast,
            plan_steps=bool(self.windows),
        )


def evaluate_targets(programme: Programme, *, start: dt.date, end: dt.date, on: dt.date) -> list[TargetStatus]:
    """Return the status on ``on`` of the programme's targets for a period, in the agreement's order.

    These are the targets whose own period lies within ``start`` and ``end``; when there are none, as in a report on
    half a year, those whose period overlaps it. Takes two queries, and one for each target.
    """
    targets = programme.targets.select_related("programme").prefetch_related("phases")
    overlapping = [t for t in targets if t.period_start <= end and t.period_end >= start]
    within = [t for t in overlapping if t.period_start >= start and t.period_end <= end]
    return [evaluate_target(target, on) for target in within or overlapping]


def evaluate_target(target: Target, on: dt.date) -> TargetStatus:
    """Return the status of a target on ``on``. An unknown indicator counts nothing."""
    indicator = find_indicator(target.indicator)
    counts = indicator.count_by_day(target_evidence(target, on)) if on >= target.period_start else Counter()
    phases = tuple(target.phases.all())
    spans = _spans(target)
    windows = rhythm_windows(spans, counts, on)
    plan = _plan(target, phases, spans)
    value, plan_today = counts.total(), _planned(plan, on, steps=bool(spans))
    forecast = _forecast(target, value, windows, plan[-1][1], on)
    return TargetStatus(
        target=target,
        on=on,
        value=value,
        plan_today=plan_today,
        forecast=forecast,
        state=TargetState.UNCOUNTED
        if isinstance(indicator, Unknown)
        else target_state(target, value, plan_today, forecast, on),
        phases=phases,
        windows=windows,
        reached=tuple(cumulate(counts)),
        plan=plan,
    )


def target_evidence(target: Target, on: dt.date):
    """Return the records that count towards the target on ``on``, as a queryset."""
    end = min(on, target.period_end)
    return find_indicator(target.indicator).evidence(target.programme, target.period_start, end, target.filters)


def target_state(target: Target, value: int, plan_today: int, forecast: Forecast, on: dt.date) -> TargetState:
    """Return the state of a target, by the rules of the design's "Target state"."""
    ahead, slack = value - plan_today, TOLERANCE * target.value
    if value >= target.value:
        return TargetState.REACHED
    if on < target.period_start:
        return TargetState.COMING
    if on > target.period_end:
        return TargetState.MISSED
    if forecast.high < target.value:
        return TargetState.UNLIKELY
    if ahead < -slack:
        return TargetState.BEHIND
    return TargetState.AHEAD if ahead > slack else TargetState.ON_PLAN


def _spans(target: Target) -> list[tuple[dt.date, dt.date]]:
    if not target.rhythm_months:
        return []
    return rhythm_spans(target.period_start, target.period_end, target.rhythm_months, target.rhythm_pause_months)


def _plan(target: Target, phases: tuple[TargetPhase, ...], spans: list[tuple[dt.date, dt.date]]) -> tuple[Corner, ...]:
    """Return the corners of the planned line: a step at the end of each window, the phases, or one straight line."""
    if spans:
        steps = [(last, target.value * number / len(spans)) for number, (_first, last) in enumerate(spans, start=1)]
        return ((target.period_start, 0), *steps)
    if not phases:
        return ((target.period_start, 0), (target.period_end, target.value))
    corners: list[Corner] = [(target.period_start, 0)]
    total = 0
    for phase in phases:
        if phase.starts_on > corners[-1][0]:
            corners.append((phase.starts_on - dt.timedelta(days=1), total))
        total += phase.value
        corners.append((phase.ends_on, total))
    return tuple(corners)


def _planned(plan: tuple[Corner, ...], on: dt.date, *, steps: bool) -> int:
    """Return the plan at the end of the day ``on``, rounded to whole records, halves up."""
    (begin, planned), *corners = plan
    if on < begin:
        return 0
    before = begin - dt.timedelta(days=1)  # the day at whose end the plan is still 0
    for day, value in corners:
        if day > on:
            if not steps:
                planned += (value - planned) * (on - before).days / (day - before).days
            break
        before, planned = day, value
    return math.floor(planned + 0.5)


def _forecast(target: Target, value: int, windows: tuple[RhythmWindow, ...], planned: float, on: dt.date) -> Forecast:
    if windows:
        states = Counter(window.state for window in windows)
        kept, missed, coming = (states[state] for state in (WindowState.KEPT, WindowState.MISSED, WindowState.COMING))
        return forecast_rhythm(value=value, promised=target.value, kept=kept, missed=missed, coming=coming)
    total = (target.period_end - target.period_start).days + 1
    elapsed = min(max((on - target.period_start).days + 1, 0), total)
    return forecast_pace(value=value, elapsed=elapsed, remaining=total - elapsed, planned=planned)
