"""Read a report's figures and lists from the database; the other modules of this package make no queries."""

import datetime as dt

from django.db.models import Count as Rows
from django.db.models import Q, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.danish import danish_number, quoted
from events.models import Event, ProgrammeInvitation
from matching.enums import MatchStatus, OutcomeKind
from matching.models import Match, Meeting, Outcome
from programmes.models import Programme
from reporting.documents.contents import (
    Count,
    EventLine,
    Evidence,
    Heading,
    MatchLine,
    PhaseLine,
    Report,
    TargetLine,
)
from reporting.documents.html import LANGUAGE
from reporting.documents.sections import AREA_OF_EVENT, Area, written
from reporting.evaluation import TargetStatus, evaluate_target, evaluate_targets
from reporting.indicators import EventsHeld, Indicator, MatchesEstablished, Recruited
from reporting.indicators.base import as_day, period_words
from reporting.indicators.events import end_limit
from reporting.indicators.matches import ESTABLISHED
from reporting.rhythm import RhythmWindow


def collect_report(
    programme: Programme, *, title: str, start: dt.date, end: dt.date, on: dt.date, texts: dict[str, str]
) -> Report:
    """Return the report on the period ``start`` to ``end`` with the figures of the day ``on``.

    ``texts`` holds the written parts by the key of their section. A day after the period gives the figures of its
    last day: later records do not count.
    """
    last = max(min(on, end), start)
    with translation.override(LANGUAGE):
        return Report(
            heading=_heading(programme, title, start, end, last),
            sections=tuple(written(texts)),
            targets=tuple(_target(status) for status in _statuses(programme, start, end, on)),
            events=tuple(_events(programme, start, last)),
            invitations=tuple(_invitations(programme, start, last)),
            matches=tuple(_matches(programme, start, last)),
            match_counts=tuple(_match_counts(programme, start, last)),
            outcomes=tuple(_outcomes(programme, start, last)),
        )


def _heading(programme: Programme, title: str, start: dt.date, end: dt.date, on: dt.date) -> Heading:
    return Heading(
        title=title,
        programme=programme.name,
        slug=programme.slug,
        branch=programme.branch.name,
        agreement=programme.agreement,
        funders=tuple(programme.funders.values_list("name", flat=True)),
        policy_areas=tuple(programme.policy_areas.values_list("policy_area__name", flat=True)),
        start=start,
        end=end,
        on=on,
    )


def _statuses(programme: Programme, start: dt.date, end: dt.date, on: dt.date) -> list[TargetStatus]:
    """Return the targets as of the report's last day; one whose own period ended before ``on`` has its final state."""
    last = min(on, end)
    statuses = evaluate_targets(programme, start=start, end=end, on=last)
    return [evaluate_target(s.target, on) if s.end <= last and on > s.end else s for s in statuses]


def _target(status: TargetStatus) -> TargetLine:
    target, forecast = status.target, status.forecast if status.is_running else None
    return TargetLine(
        key=target.key,
        area=str(area_of(status.indicator)),
        label=target.label,
        wording=target.wording,
        start=status.start,
        end=status.end,
        value=status.value,
        target=target.value,
        plan_today=status.plan_today,
        state=str(status.state),
        state_label=status.state_label,
        rule=status.rule,
        low=forecast and forecast.low,
        middle=forecast and forecast.middle,
        high=forecast and forecast.high,
        note=_note(status),
        rhythm_wording=target.rhythm_wording,
        sums_with=f"{target.indicator} {status.start} {status.end}" if "gender" in target.filters else "",
        plan=tuple(status.plan),
        plan_steps=bool(status.windows),
        reached=tuple(status.reached),
        phases=tuple(PhaseLine(phase.starts_on, phase.ends_on, phase.value, phase.wording) for phase in status.phases),
        counted=tuple(_evidence(status)),
        left_out=tuple(sentence for miss in status.not_counted() for sentence in miss.sentences()),
    )


def area_of(indicator: Indicator) -> Area:
    """Return the area under which the report shows an indicator."""
    if isinstance(indicator, Recruited):
        return Area.RECRUITMENT
    if isinstance(indicator, MatchesEstablished):
        return Area.MATCHING
    return AREA_OF_EVENT[indicator.kind] if isinstance(indicator, EventsHeld) else Area.NETWORK_EVENTS


def _evidence(status: TargetStatus) -> list[Evidence]:
    """Return the records behind a figure, without names. A recruited person's status is left out, too."""
    has_text = not isinstance(status.indicator, Recruited)
    return [Evidence(row.number, row.on, row.other if has_text else "") for row in status.evidence_rows()]


def _note(status: TargetStatus) -> str:
    """Return the note under a target: its own note, its phases, and how the rhythm was kept."""
    parts = [status.target.note]
    if status.has_phases_apart and not status.target.note:
        steps = [f"{danish_number(p.value)} {period_words(p.starts_on, p.ends_on)}" for p in status.phases]
        words = {"wording": quoted(status.wording), "steps": ", ".join(steps)}
        parts.append(_("%(wording)s: the agreement's timetable says %(steps)s.") % words)
    if status.windows:
        parts.append(_rhythm(status))
    return " ".join(part for part in parts if part)


def _rhythm(status: TargetStatus) -> str:
    name = quoted(status.target.rhythm_wording or status.wording)
    kept, missed = _months(status.kept), _months(status.missed)
    if kept and missed:
        sentence = _("%(name)s: held in %(kept)s; not held in %(missed)s.")
    elif missed:
        sentence = _("%(name)s: not held in %(missed)s.")
    else:
        sentence = _("%(name)s: held in %(kept)s.") if kept else ""
    return (sentence % {"name": name, "kept": kept, "missed": missed}).replace("..", ".")


def _months(windows: list[RhythmWindow]) -> str:
    return ", ".join(window.months for window in windows)


def _events(programme: Programme, start: dt.date, last: dt.date) -> list[EventLine]:
    rows = Event.objects.filter(programme=programme).held_between(start, last).filter(ends_at__lte=end_limit(last))
    return [
        EventLine(
            day=as_day(event.starts_at),
            area=str(AREA_OF_EVENT[event.kind]),
            kind=event.get_kind_display(),
            title=event.title,
            place=event.place,
            participants=event.attended_count,
            guests=event.unnamed_guests,
        )
        for event in rows.with_counts().order_by("starts_at", "pk")
    ]


def _invitations(programme: Programme, start: dt.date, last: dt.date) -> list[EventLine]:
    rows = ProgrammeInvitation.objects.filter(
        programme=programme, event__is_cancelled=False, invited_on__gte=start, invited_on__lte=last
    ).exclude(event__programme__branch=programme.branch_id)
    return [
        EventLine(
            day=as_day(row.event.starts_at),
            area=str(Area.NETWORK_EVENTS),
            kind=row.event.get_kind_display(),
            title=row.event.title,
            place=row.event.programme.branch.name,
            participants=0,
            guests=0,
        )
        for row in rows.select_related("event__programme__branch").order_by("event__starts_at", "pk")
    ]


def _established(programme: Programme):
    return Match.objects.filter(programme=programme, status__in=ESTABLISHED, started_on__isnull=False)


def _matches(programme: Programme, start: dt.date, last: dt.date) -> list[MatchLine]:
    """Return the matches that ran in the period, with the number and hours of their meetings in it."""
    met = Q(meetings__held_on__gte=start, meetings__held_on__lte=last)
    rows = _established(programme).filter(started_on__lte=last)
    rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=start)).select_related("mentee", "mentor")
    rows = rows.annotate(met=Rows("meetings", filter=met), hours=Sum("meetings__hours", filter=met))
    return [_match(match, last) for match in rows.order_by("started_on", "number")]


def _match(match: Match, last: dt.date) -> MatchLine:
    """Return the match as of the last day: one that ended later still runs."""
    has_ended = match.ended_on is not None and match.ended_on <= last
    ended_later = match.status == MatchStatus.ENDED and not has_ended
    return MatchLine(
        number=match.number,
        mentee=match.mentee.case_number,
        mentor=match.mentor.case_number,
        gender=match.mentee.get_gender_display(),
        status=str(MatchStatus.ACTIVE.label) if ended_later else match.get_status_display(),
        started_on=match.started_on,
        ended_on=match.ended_on if has_ended else None,
        meetings=match.met,
        hours=float(match.hours or 0),
    )


def _match_counts(programme: Programme, start: dt.date, last: dt.date) -> list[Count]:
    matches = _established(programme)
    is_running = Q(started_on__lte=last) & (Q(ended_on__isnull=True) | Q(ended_on__gt=last))
    figures = matches.aggregate(
        running=Rows("pk", filter=is_running),
        started=Rows("pk", filter=Q(started_on__gte=start, started_on__lte=last)),
        ended=Rows("pk", filter=Q(ended_on__gte=start, ended_on__lte=last)),
    )
    running, started, ended = figures["running"], figures["started"], figures["ended"]
    meetings = Meeting.objects.filter(match__in=matches, held_on__gte=start, held_on__lte=last)
    met = meetings.aggregate(number=Rows("pk"), hours=Sum("hours"))
    if not (running or started or ended):
        return []
    return [
        Count(ngettext("match running", "matches running", running), running),
        Count(ngettext("match started in the period", "matches started in the period", started), started),
        Count(ngettext("match ended in the period", "matches ended in the period", ended), ended),
        Count(ngettext("meeting registered", "meetings registered", met["number"]), met["number"]),
        Count(ngettext("hour together", "hours together", 2), float(met["hours"] or 0)),
    ]


def _outcomes(programme: Programme, start: dt.date, last: dt.date) -> list[Count]:
    """Return the number of outcomes of each kind in the period, the most frequent first."""
    rows = Outcome.objects.filter(match__programme=programme, on__gte=start, on__lte=last)
    counts = dict(rows.order_by().values_list("kind").annotate(Rows("pk")))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Count(str(OutcomeKind(kind).label), number) for kind, number in ordered]
