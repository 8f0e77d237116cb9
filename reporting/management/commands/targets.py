"""``manage.py targets PROGRAMME``: the targets of a programme and their status."""

import datetime as dt
import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from common.templatetags.danish import danish_date
from programmes.models import Programme
from reporting.evaluation import TargetStatus, evaluate_targets
from reporting.rhythm import RhythmWindow


class Command(BaseCommand):
    help = "Shows the targets of a programme for a year, with the records behind each figure."

    def add_arguments(self, parser):
        parser.add_argument("programme", help="short name, such as tingbjerg-2010")
        parser.add_argument("--year", type=int, help="a year of the programme (default: all of its targets)")
        parser.add_argument("--on", help="the day to count on, such as 2010-09-15 (default: today)")
        parser.add_argument("--json", action="store_true", help="print JSON, for other programs")

    def handle(self, *args, programme, year, on, **options):
        found = self._programme(programme)
        start, end = self._period(found, year)
        day = self._day(on)
        statuses = evaluate_targets(found, start=start, end=end, on=day)
        if options["json"]:
            content = {
                "programme": found.slug,
                "year": year,
                "on": day.isoformat(),
                "targets": [as_data(status) for status in statuses],
            }
            self.stdout.write(json.dumps(content, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{found.name} · {year or ''} · {danish_date(day, 'year')}".replace(" ·  · ", " · "))
            self.stdout.write("\n".join(as_table(statuses)))

    def _programme(self, slug: str) -> Programme:
        found = Programme.objects.filter(slug=slug).first()
        if found is None:
            known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "–"
            message = _("There is no programme »%(slug)s«. There are: %(known)s.") % {"slug": slug, "known": known}
            raise CommandError(message, returncode=2)
        return found

    def _period(self, programme: Programme, year: int | None) -> tuple[dt.date, dt.date]:
        if year is None:
            return programme.starts_on, programme.ends_on
        if not programme.starts_on.year <= year <= programme.ends_on.year:
            words = {"year": year, "first": programme.starts_on.year, "last": programme.ends_on.year}
            raise CommandError(
                _("The programme does not run in %(year)s, but from %(first)s to %(last)s.") % words, returncode=2
            )
        return dt.date(year, 1, 1), dt.date(year, 12, 31)

    def _day(self, text: str | None) -> dt.date:
        if text is None:
            return clock.today()
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            message = _("»%(text)s« is not a date such as 2010-09-15.") % {"text": text}
            raise CommandError(message, returncode=2) from None


def as_data(status: TargetStatus) -> dict:
    """Return a target's status for JSON: plain words, numbers and ISO dates."""
    target = status.target
    return {
        "key": target.key,
        "label": target.label,
        "wording": target.wording,
        "indicator": target.indicator,
        "filters": target.filters,
        "period": {"from": target.period_start.isoformat(), "to": target.period_end.isoformat()},
        "rule": status.rule,
        "promised": status.promised,
        "phased_plan": [
            {"from": phase.starts_on.isoformat(), "to": phase.ends_on.isoformat(), "value": phase.value}
            for phase in status.phases
        ],
        "value": status.value,
        "plan_today": status.plan_today,
        "forecast": {"low": status.forecast.low, "mid": status.forecast.middle, "high": status.forecast.high},
        "state": str(status.state),
        "rhythm": [window_data(window) for window in status.windows],
        "evidence": [
            {"id": row.pk, "case_number": row.number, "other": row.other, "on": row.on and row.on.isoformat()}
            for row in status.evidence_rows()
        ],
    }


def window_data(window: RhythmWindow) -> dict:
    """Return a window of the rhythm for JSON."""
    return {
        "from": window.starts_on.isoformat(),
        "to": window.ends_on.isoformat(),
        "count": window.count,
        "state": str(window.state),
    }


def as_table(statuses: list[TargetStatus]) -> list[str]:
    """Return the lines of a table for the terminal."""
    heads = (_("Promise"), _("Reached"), _("Plan today"), _("Expected"), _("State"))
    rows = [heads]
    for status in statuses:
        low, high = status.forecast.low, status.forecast.high
        rows.append(
            (
                f"{status.target.label} {status.start.year}",
                _("%(value)s of %(promised)s") % {"value": status.value, "promised": status.promised},
                str(status.plan_today),
                str(low) if low == high else f"{low}–{high}",
                status.state_label,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
