"""Status reports: begun, written, sent. Sending freezes the figures and the records behind them."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import AccessRecord, User
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.templatetags.danish import danish_period
from programmes.models import Programme
from reporting.documents.collecting import collect_report
from reporting.documents.contents import Report
from reporting.documents.html import LANGUAGE
from reporting.documents.sections import KEYS
from reporting.enums import ReportStatus
from reporting.models import StatusReport

TITLE = "title"


class ReportIsSent(Exception):
    """A report that was sent stays as it is; a new version can be begun."""


class StaleReport(Exception):
    """Somebody else has changed the same parts since the page was opened: ``parts`` of ``current``."""

    def __init__(self, current: StatusReport, parts: list[str]):
        super().__init__(", ".join(parts))
        self.current, self.parts = current, parts


@transaction.atomic
def create_report(
    programme: Programme, *, by: User | None, start: dt.date, end: dt.date, title: str = ""
) -> StatusReport:
    """Begin a report with the agreement's purpose and an opening sentence filled in. Logged.

    Raises PermissionDenied, and ValidationError for a period in the wrong order or outside the programme's.
    """
    _require_writer(programme, by)
    if end < programme.starts_on or start > programme.ends_on:
        raise ValidationError(_("The programme does not run in this period."))
    report = StatusReport(
        programme=programme,
        title=title or standard_title(start, end),
        period_start=start,
        period_end=end,
        sections=standard_texts(programme, start, end),
        created_by=by,
    )
    return _save(report, by, _("Report begun"))


@transaction.atomic
def save_sections(
    report: StatusReport,
    *,
    by: User | None,
    sections: Mapping[str, str],
    title: str = "",
    opened: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> StatusReport:
    """Save what was written, part by part.

    ``opened`` is what ``fingerprints`` gave for the words the page was opened with: a part that only somebody else
    has changed since keeps their words. A part that both changed raises StaleReport, unless ``overwrite``.
    Raises PermissionDenied, ReportIsSent, ValidationError too.
    """
    current = _lock_draft(report, by)
    theirs = _words(current.title, current.sections)
    merged = _merge(_words(title or current.title, sections), theirs, opened or {}, overwrite=overwrite)
    clashes = [key for key, text in merged.items() if text is None]
    if clashes:
        raise StaleReport(current, clashes)
    if merged == theirs:
        return current
    current.title = merged.pop(TITLE)
    current.sections = {key: text for key, text in merged.items() if text}
    return _save(current, by, _("Report written"), once_a_day=True)


def _words(title: str, sections: Mapping[str, str]) -> dict[str, str]:
    """Line ends as browsers send them are no change."""
    return {name: text.replace("\r\n", "\n").strip() for name, text in _named(title, sections)}


def _named(title: str, sections: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, title), *((key, sections.get(key, "")) for key in KEYS)]


def _merge(
    mine: dict[str, str], theirs: dict[str, str], opened: Mapping[str, str], *, overwrite: bool
) -> dict[str, str | None]:
    """For each part the words to keep, or None when both have changed it."""
    merged: dict[str, str | None] = {}
    for key, text in mine.items():
        before = opened.get(key, fingerprint(theirs[key]))
        if fingerprint(theirs[key]) == before or text == theirs[key]:
            merged[key] = text
        elif fingerprint(text) == before:
            merged[key] = theirs[key]
        else:
            merged[key] = text if overwrite else None
    return merged


def fingerprint(text: str) -> str:
    """A short mark of a text, to tell later whether it was changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fingerprints(title: str, sections: Mapping[str, str]) -> dict[str, str]:
    """The marks of all parts as a page shows them."""
    return {name: fingerprint(text) for name, text in _words(title, sections).items()}


@transaction.atomic
def send_report(report: StatusReport, *, by: User | None) -> StatusReport:
    """Freeze the figures and the records behind them (by case number) as they stand today. Logged.

    Raises PermissionDenied and ReportIsSent.
    """
    current = _lock_draft(report, by)
    current.status, current.sent_by, current.sent_at = ReportStatus.SENT, by, clock.now()
    current.frozen = report_contents(current, frozen=False).to_json()
    return _save(current, by, _("Report sent"))


@transaction.atomic
def begin_new_version(report: StatusReport, *, by: User | None) -> StatusReport:
    """A draft with the words of a report that was sent; its figures are counted anew. Raises PermissionDenied."""
    _require_writer(report.programme, by)
    draft = StatusReport(
        programme=report.programme,
        title=report.title,
        period_start=report.period_start,
        period_end=report.period_end,
        sections=dict(report.sections),
        created_by=by,
    )
    return _save(draft, by, _("New version of »%(title)s«") % {"title": report.title})


@transaction.atomic
def discard_report(report: StatusReport, *, by: User | None) -> None:
    """Delete a draft. Raises PermissionDenied and ReportIsSent."""
    current = _lock_draft(report, by)
    record_access(
        by=by, kind=AccessKind.WRITE, subject=current, branch=current.programme.branch_id, detail=_("Draft deleted")
    )
    current.delete()


def record_export(
    programme: Programme, *, by: User | None, report: StatusReport | None, detail: str, contents: Report
) -> None:
    """Log that a report left the house, and how many matches stand in it by case number."""
    record_access(
        by=by,
        kind=AccessKind.EXPORT,
        subject=report or StatusReport._meta.label_lower,
        branch=programme.branch_id,
        detail=detail,
        count=len(contents.matches),
    )


def report_contents(report: StatusReport, *, on: dt.date | None = None, frozen: bool = True) -> Report:
    """What the report shows: frozen once it was sent, else counted on ``on`` (today)."""
    if frozen and report.frozen is not None:
        return Report.from_json(report.frozen)
    return collect_report(
        report.programme,
        title=report.title,
        start=report.period_start,
        end=report.period_end,
        on=on or clock.today(),
        texts=report.sections,
    )


def standard_title(start: dt.date, end: dt.date) -> str:
    """``Statusrapport 2010``, or with the days when it is not a whole year."""
    with translation.override(LANGUAGE):
        whole_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
        period = str(start.year) if whole_year else danish_period(start, end)
        return _("Status report %(period)s") % {"period": period}


def standard_texts(programme: Programme, start: dt.date, end: dt.date) -> dict[str, str]:
    """What can be said before anybody has written: what the report is, and the agreement's purpose."""
    with translation.override(LANGUAGE):
        words = {"programme": programme.name, "period": danish_period(start, end)}
        opening = _("This document is a status on %(programme)s for the period %(period)s.") % words
        parts = [programme.purpose.strip()]
        if programme.target_group.strip():
            parts.append(_("Target group: %(group)s") % {"group": programme.target_group.strip()})
        purpose = "\n\n".join(part for part in parts if part)
        return {"introduction": opening} | ({"purpose": purpose} if purpose else {})


def _require_writer(programme: Programme, by: User | None) -> None:
    if by is not None and not by.may(Verb.WRITE_REPORTS, programme.branch_id):
        raise PermissionDenied


def _lock_draft(report: StatusReport, by: User | None) -> StatusReport:
    current = StatusReport.objects.select_for_update().get(pk=report.pk)
    _require_writer(current.programme, by)
    if current.status == ReportStatus.SENT:
        raise ReportIsSent
    return current


def _save(report: StatusReport, by: User | None, detail: str, *, once_a_day: bool = False) -> StatusReport:
    """``once_a_day``: a page that saves while somebody writes is one entry of the log, not a hundred."""
    report.full_clean()
    report.save()
    subject = {"kind": AccessKind.WRITE, "subject": StatusReport._meta.label_lower, "detail": detail}
    logged = AccessRecord.objects.filter(subject_id=report.pk, user=by, at__date=timezone.localdate(), **subject)
    if not (once_a_day and logged.exists()):
        record_access(by=by, branch=report.programme.branch_id, **(subject | {"subject": report}))
    return report
