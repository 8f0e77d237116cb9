"""Create, write, send and discard status reports. Sending freezes the figures and the records behind them."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import AccessRecord, User
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.journal import act, delete, save
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
    """A sent report cannot change; a user can start a new version of it."""


class StaleReport(Exception):
    """Another user changed the same ``parts`` after the page was opened; ``current`` is the stored report."""

    def __init__(self, current: StatusReport, parts: list[str]):
        super().__init__(", ".join(parts))
        self.current, self.parts = current, parts


@act
def create_report(
    programme: Programme, *, by: User | None, start: dt.date, end: dt.date, title: str = ""
) -> StatusReport:
    """Create a draft with the agreement's purpose and an opening sentence, and log it.

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
    return _save(report, by, "report_created")


@act
def save_sections(
    report: StatusReport,
    *,
    by: User | None,
    sections: Mapping[str, str],
    title: str = "",
    opened: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> StatusReport:
    """Save the texts of a draft, part by part.

    ``opened`` holds the ``fingerprints()`` of the texts with which the page was opened. A part that only another user
    has changed since keeps their text. A part that both changed raises StaleReport, or is overwritten with
    ``overwrite``. Also raises PermissionDenied, ReportIsSent and ValidationError.
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
    return _save(current, by, "report_written", once_a_day=True)


def _words(title: str, sections: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each part, without the line ends and spaces that browsers add."""
    return {name: text.replace("\r\n", "\n").strip() for name, text in _named(title, sections)}


def _named(title: str, sections: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, title), *((key, sections.get(key, "")) for key in KEYS)]


def _merge(
    mine: dict[str, str], theirs: dict[str, str], opened: Mapping[str, str], *, overwrite: bool
) -> dict[str, str | None]:
    """Return the text to store for each part; None when both users have changed it."""
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
    """Return a short hash of a text, which shows later whether the text has changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fingerprints(title: str, sections: Mapping[str, str]) -> dict[str, str]:
    """Return the fingerprints of all parts as a page shows them."""
    return {name: fingerprint(text) for name, text in _words(title, sections).items()}


@act
def send_report(report: StatusReport, *, by: User | None) -> StatusReport:
    """Mark a draft as sent, and store today's figures with the records behind them by case number. Logged.

    Raises PermissionDenied and ReportIsSent.
    """
    current = _lock_draft(report, by)
    current.status, current.sent_by, current.sent_at = ReportStatus.SENT, by, clock.now()
    current.frozen = report_contents(current, frozen=False).to_json()
    return _save(current, by, "report_sent")


@act
def begin_new_version(report: StatusReport, *, by: User | None) -> StatusReport:
    """Create a draft with the texts of a sent report and current figures. Logged. Raises PermissionDenied."""
    _require_writer(report.programme, by)
    draft = StatusReport(
        programme=report.programme,
        title=report.title,
        period_start=report.period_start,
        period_end=report.period_end,
        sections=dict(report.sections),
        created_by=by,
    )
    return _save(draft, by, "report_version_begun", {"title": report.title})


@act
def discard_report(report: StatusReport, *, by: User | None) -> None:
    """Delete a draft and log it. Raises PermissionDenied and ReportIsSent."""
    current = _lock_draft(report, by)
    _log(current, by, "report_discarded")
    delete(current)


def record_export(
    programme: Programme,
    *,
    by: User | None,
    report: StatusReport | None,
    code: str,
    values: Mapping[str, str],
    contents: Report,
) -> None:
    """Log the download of a report, with the number of matches that it lists by case number."""
    record_access(
        by=by,
        kind=AccessKind.EXPORT,
        subject=report or StatusReport._meta.label_lower,
        branch=programme.branch_id,
        code=code,
        values=values,
        count=len(contents.matches),
    )


def report_contents(report: StatusReport, *, on: dt.date | None = None, frozen: bool = True) -> Report:
    """Return the contents of a report: the frozen ones of a sent report, else counted on ``on`` (default: today)."""
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
    """Return a title such as ``Statusrapport 2010``, with both days when the period is not a year."""
    with translation.override(LANGUAGE):
        whole_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
        period = str(start.year) if whole_year else danish_period(start, end)
        return _("Status report %(period)s") % {"period": period}


def standard_texts(programme: Programme, start: dt.date, end: dt.date) -> dict[str, str]:
    """Return the texts of a new report: an opening sentence, and the purpose from the agreement."""
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


def _save(
    report: StatusReport,
    by: User | None,
    code: str,
    values: Mapping[str, Any] | None = None,
    *,
    once_a_day: bool = False,
) -> StatusReport:
    """Validate, save and log. ``once_a_day`` logs only the first save of a day, as pages save while users type."""
    save(report)
    logged = AccessRecord.objects.filter(subject=StatusReport._meta.label_lower, subject_id=report.pk, user=by)
    if not (once_a_day and logged.filter(code=code, at__date=clock.today()).exists()):
        _log(report, by, code, values)
    return report


def _log(report: StatusReport, by: User | None, code: str, values: Mapping[str, Any] | None = None) -> None:
    branch = report.programme.branch_id
    record_access(by=by, kind=AccessKind.WRITE, subject=report, branch=branch, code=code, values=values)
