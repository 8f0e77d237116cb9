"""The page of targets with their status, the records behind each figure, and their exports."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from accounts.enums import AccessKind
from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common import clock
from common.charts import svg
from common.exports import ListExport
from programmes.models import Programme
from reporting.enums import TargetState
from reporting.evaluation import TargetStatus, evaluate_target, evaluate_targets
from reporting.exports import TARGETS, evidence_lines, evidence_of
from reporting.indicators import EvidenceRow
from reporting.models import Target

WHOLE = "hele"
COUNTED, NOT_COUNTED = "med", "ikke-med"
SHOWN_ROWS = 100  # the download has all rows

# The page plots the first target in this order until the user chooses another.
URGENCY = [
    TargetState.UNLIKELY,
    TargetState.MISSED,
    TargetState.BEHIND,
    TargetState.ON_PLAN,
    TargetState.AHEAD,
    TargetState.REACHED,
    TargetState.COMING,
    TargetState.UNCOUNTED,
]


@dataclass(frozen=True)
class Period:
    """A year of the programme, or its whole period."""

    key: str
    label: str
    start: dt.date
    end: dt.date

    @property
    def is_whole(self) -> bool:
        return self.key == WHOLE


def periods_of(programme: Programme) -> list[Period]:
    """Return the years of the programme in order, then its whole period."""
    years = range(programme.starts_on.year, programme.ends_on.year + 1)
    found = [Period(str(year), str(year), dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in years]
    return [*found, Period(WHOLE, _("The whole period"), programme.starts_on, programme.ends_on)]


def statuses_of(programme: Programme, period: Period, on: dt.date) -> list[TargetStatus]:
    """Return the targets of the period; for the whole period only those that span more than one year."""
    found = evaluate_targets(programme, start=period.start, end=period.end, on=on)
    longer = [status for status in found if status.start.year != status.end.year]
    return longer if period.is_whole and longer else found


def headline(statuses: list[TargetStatus]) -> str:
    """Return a summary such as ``6 af 9 mål følger planen, 2 er bagud, 1 nås næppe.``"""
    states, total = Counter(status.state for status in statuses), len(statuses)
    fine = states[TargetState.REACHED] + states[TargetState.AHEAD] + states[TargetState.ON_PLAN]
    is_over = states[TargetState.REACHED] + states[TargetState.MISSED] == total
    first = (
        ngettext("%(fine)s of %(count)s target is reached", "%(fine)s of %(count)s targets are reached", total)
        if is_over
        else ngettext(
            "%(fine)s of %(count)s target follows its plan", "%(fine)s of %(count)s targets follow their plan", total
        )
    )
    return f"{', '.join([first % {'fine': fine, 'count': total}, *_other_states(states)])}."


def _other_states(states: Counter) -> list[str]:
    """Return the number of targets in each state of those that do not follow their plan."""
    behind, unlikely = states[TargetState.BEHIND], states[TargetState.UNLIKELY]
    missed, coming = states[TargetState.MISSED], states[TargetState.COMING]
    uncounted = states[TargetState.UNCOUNTED]
    parts = [
        (behind, ngettext("%(count)s is behind", "%(count)s are behind", behind)),
        (
            unlikely,
            ngettext("%(count)s is unlikely to be reached", "%(count)s are unlikely to be reached", unlikely),
        ),
        (missed, ngettext("%(count)s was not reached", "%(count)s were not reached", missed)),
        (coming, ngettext("%(count)s has not started", "%(count)s have not started", coming)),
        (uncounted, ngettext("%(count)s cannot be counted", "%(count)s cannot be counted", uncounted)),
    ]
    return [words % {"count": count} for count, words in parts if count]


class TargetChoiceMixin:
    """The programme, period and target of the address (``indsats``, ``aar``, ``maal``); 404 for an unknown one."""

    @cached_property
    def programmes(self) -> list[Programme]:
        return list(Programme.objects.visible_to(self.request.user, Verb.SEE_FIGURES).select_related("branch"))

    @cached_property
    def programme(self) -> Programme | None:
        """The programme of the address; else the running or last one of the user's branch."""
        slug = self.request.GET.get("indsats")
        if slug:
            return self._first_or_404(programme for programme in self.programmes if programme.slug == slug)
        branch = self.request.membership.branch_id if self.request.membership else None
        today = clock.today()

        def fitness(programme: Programme) -> tuple:
            is_running = programme.starts_on <= today <= programme.ends_on
            return programme.branch_id == branch, is_running, programme.ends_on

        return max(self.programmes, key=fitness, default=None)

    @cached_property
    def period(self) -> Period:
        """The period of the address; else this year, or the programme's last year."""
        found = periods_of(self.programme)
        key = self.request.GET.get("aar")
        if key:
            return self._first_or_404(period for period in found if period.key == key)
        today = clock.today()
        running = (period for period in found if period.start <= today <= period.end)
        return next(running, found[-2])

    @cached_property
    def statuses(self) -> list[TargetStatus]:
        return statuses_of(self.programme, self.period, clock.today())

    @cached_property
    def chosen(self) -> TargetStatus | None:
        """The target whose evidence the page shows."""
        key = self.request.GET.get("maal")
        return self._first_or_404(status for status in self.statuses if status.target.key == key) if key else None

    @staticmethod
    def _first_or_404(found):
        for item in found:
            return item
        raise Http404


class TargetListView(VerbRequiredMixin, TargetChoiceMixin, TemplateView):
    """A programme's targets for a period: table, plot, and the evidence of the chosen target."""

    verb = Verb.SEE_FIGURES
    template_name = "reporting/target_list.html"

    def get_template_names(self) -> list[str]:
        is_part = self.request.htmx and not self.request.htmx.boosted
        return ["reporting/_targets.html"] if is_part else [self.template_name]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(programmes=self.programmes, programme=self.programme, **kwargs)
        if self.programme is None:
            return context
        user, branch = self.request.user, self.programme.branch_id
        plotted = self.chosen or min(self.statuses, key=lambda s: URGENCY.index(s.state), default=None)
        context.update(
            period=self.period,
            periods=periods_of(self.programme),
            today=clock.today(),
            statuses=self.statuses,
            headline=headline(self.statuses),
            plotted=plotted,
            chosen=self.chosen,
            closed_key=self._closed_key(),
            phased=[status for status in self.statuses if status.has_phases_apart],
            may_write_reports=user.may(Verb.WRITE_REPORTS, branch),
            may_manage=user.may(Verb.MANAGE_RULES, branch),
            names_hidden=not user.may(Verb.READ_CASES, branch),
        )
        if plotted:
            plot = plotted.plot()
            context.update(plot=svg(plot), plot_phone=svg(plot, phone=True), plot_table=plot.table())
        if self.chosen:
            context.update(self._evidence(self.chosen))
        return context

    def _closed_key(self) -> str:
        """Return the key of the target whose evidence was just closed, so that its figure gets the focus."""
        if self.chosen or not self.request.htmx:
            return ""
        before = parse_qs(urlsplit(self.request.htmx.current_url or "").query)
        return before.get("maal", [""])[0]

    def _evidence(self, status: TargetStatus) -> dict:
        rows, misses = status.evidence_rows(), status.not_counted()
        log_evidence(self.request, status, len(rows))
        return {
            "rows": [LinkedRow.of(row, self._may_open(row)) for row in rows[:SHOWN_ROWS]],
            "more_rows": max(0, len(rows) - SHOWN_ROWS),
            "misses": misses,
            "missed_count": sum(miss.count for miss in misses),
            "tab": NOT_COUNTED if self.request.GET.get("vis") == NOT_COUNTED else COUNTED,
            "columns": status.indicator.columns,
            "counted": status.indicator.counted(len(rows)),
        }

    def _may_open(self, row: EvidenceRow) -> bool:
        verb = Verb.READ_EVENTS if row.url and row.url[0].startswith("events:") else Verb.READ_CASES
        return self.request.user.may(verb, self.programme.branch_id)


@dataclass(frozen=True)
class LinkedRow:
    """A row of evidence with the addresses that the user may open, or empty ones."""

    row: EvidenceRow
    url: str = ""
    other_url: str = ""

    @classmethod
    def of(cls, row: EvidenceRow, may_open: bool) -> "LinkedRow":
        return cls(row, address_of(row.url), address_of(row.other_url)) if may_open else cls(row)


def target_url(target: Target) -> str:
    """Return the page of targets with the evidence of one."""
    is_longer = target.period_start.year != target.period_end.year
    year = WHOLE if is_longer else target.period_start.year
    place = {"indsats": target.programme.slug, "aar": year, "maal": target.key}
    return f"{reverse('reporting:target-list')}?{urlencode(place)}"


def address_of(named: tuple[str, int] | None) -> str:
    return reverse(named[0], args=[named[1]]) if named else ""


def log_evidence(request, status: TargetStatus, count: int) -> None:
    """Log that a user saw the records behind a figure."""
    target = status.target
    record_access(
        by=request.user,
        kind=AccessKind.EVIDENCE,
        subject=target,
        branch=target.programme.branch_id,
        code="evidence_shown",
        values={"programme": target.programme.slug, "key": target.key},
        count=count,
    )


class TargetsExportView(ListExportMixin, TargetChoiceMixin, View):
    """The table of targets of a programme and period as a file."""

    verb = Verb.SEE_FIGURES
    export = TARGETS
    list_url_name = "reporting:target-list"
    subject = "reporting.target"

    def dispatch(self, request, *args, **kwargs):
        if request.user.may(self.verb) and self.programme is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_rows(self):
        return self.statuses

    def get_filters(self):
        return {"indsats": self.programme.name, "aar": self.period.key}

    def get_file_name(self):
        return f"{self.get_title()} {self.period.label} {self.programme.slug}"

    def get_branch_id(self):
        return self.programme.branch_id


class EvidenceExportView(ListExportMixin, ScopedObjectMixin, View):
    """The records behind a figure as a file, with names only for users who may open the cases."""

    verb = Verb.SEE_FIGURES

    def get_queryset(self):
        return Target.objects.select_related("programme").prefetch_related("phases")

    @cached_property
    def status(self) -> TargetStatus:
        return evaluate_target(self.get_object(), clock.today())

    @cached_property
    def export(self) -> ListExport:
        return evidence_of(self.status)

    def get_rows(self):
        return self.status.evidence_rows()

    def get_lines(self, rows):
        return evidence_lines(rows)

    def get_title_part(self):
        return f"{self.status.target.label} {self.status.start.year}"

    def get_file_name(self):
        return self.get_title()

    def get_list_url(self):
        return target_url(self.status.target)

    def get_filters(self):
        return {"indsats": self.status.target.programme.name}

    def get_subject(self):
        return self.status.target

    def get_branch_id(self):
        return self.status.target.programme.branch_id
