"""Which targets and reports a correction of a day moves."""

import datetime as dt
from collections.abc import Collection

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.danish_order import danish_key
from common.history import ActNote, DayChanges
from common.models import Change, ChangeKind
from common.record_values import as_stored
from events.models import Event
from matching.models import Match
from people.models import Enrolment
from programmes.models import Programme
from reporting.enums import ReportStatus
from reporting.indicators import INDICATORS, get_indicator
from reporting.indicators.base import as_day
from reporting.indicators.events import EventsHeld
from reporting.indicators.matches import ESTABLISHED, MatchesEstablished
from reporting.indicators.recruitment import Recruited
from reporting.models import StatusReport, Target

# Model → the field with the day on which its records count, and the indicators that count them.
_COUNTING = {
    Match: ("started_on", MatchesEstablished),
    Enrolment: ("applied_on", Recruited),
    Event: ("starts_at", EventsHeld),
}

_ALWAYS = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


def moved_figures(record: models.Model, changes: DayChanges) -> list[str]:
    """Return in which year a record counts now, which targets that changes, and whether a sent report differs."""
    name, kind = _COUNTING.get(type(record), ("", None))
    if name not in changes or not _counts(record):
        return []
    before, after = (as_day(day) if day else None for day in changes[name])
    slugs = [indicator.slug for indicator in INDICATORS if isinstance(indicator, kind)]
    targets = Target.objects.filter(programme=record.programme, indicator__in=slugs)
    moved = [target for target in _with_one_of(targets, before, after) if _is_counted_by(target, record)]
    labels = sorted({str(target) for target in moved}, key=danish_key)
    sentences = [year_words(before, after)]
    if labels:
        sentences.append(_("Targets that change: %(labels)s.") % {"labels": ", ".join(labels)})
    if _sent_reports(record.programme, before, after):
        sentences.append(_("A report that is sent stays as it is. The next one has the new figure."))
    return sentences


def _is_counted_by(target: Target, record: models.Model) -> bool:
    """Return whether the target counts records such as this one, whatever their day."""
    evidence = get_indicator(target.indicator).evidence(target.programme, *_ALWAYS, target.filters)
    return evidence.filter(pk=record.pk).exists()


def _counts(record: models.Model) -> bool:
    return not isinstance(record, Match) or record.status in ESTABLISHED


def year_words(before: dt.date | None, after: dt.date | None) -> str:
    """Return in which year something counts after a correction of its day."""
    if after is None:
        return _("It counts in no year.")
    if before is None or before.year == after.year:
        return _("It counts in %(year)s.") % {"year": after.year}
    return _("It counts in %(year)s instead of %(before)s.") % {"year": after.year, "before": before.year}


def _with_one_of(rows: QuerySet, before: dt.date | None, after: dt.date | None) -> QuerySet:
    """Return the rows whose period includes one of two days and not the other."""
    has_before, has_after = _includes(before), _includes(after)
    return rows.filter((has_before & ~has_after) | (has_after & ~has_before))


def _includes(day: dt.date | None) -> Q:
    return Q(period_start__lte=day, period_end__gte=day) if day else Q(pk__in=[])


def _sent_reports(programme: Programme, before: dt.date | None, after: dt.date | None) -> bool:
    reports = StatusReport.objects.filter(programme=programme, status=ReportStatus.SENT)
    return _with_one_of(reports, before, after).exists()


def correction_notes(act_ids: Collection[int], user) -> dict[int, ActNote]:
    """Return for each correction of a day that counts in which year the record counts since."""
    fields = Q()
    for model, (name, _kind) in _COUNTING.items():
        fields |= Q(model=model._meta.label_lower, field=name)
    changes = Change.objects.filter(fields, act__in=act_ids, kind=ChangeKind.CHANGED, salt__isnull=False)
    notes = {}
    for change in changes.exclude(act__reason=""):
        stored = (as_stored(apps.get_model(change.model), change.field, day) for day in (change.before, change.after))
        notes[change.act_id] = ActNote(year_words(*(as_day(day) if day else None for day in stored)))
    return notes
