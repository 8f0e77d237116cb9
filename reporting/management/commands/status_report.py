"""``manage.py status_report PROGRAMME``: the status report of a programme as a file."""

import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from programmes.models import Programme
from reporting.documents import FORMATS, PdfUnavailable, Report, write_document
from reporting.documents.collecting import collect_report
from reporting.models import StatusReport
from reporting.services.status_reports import record_export, report_contents, standard_texts, standard_title

USAGE = 2  # exit status for a wrong argument, as in argparse


class Command(BaseCommand):
    """Use the stored report on the period, if there is one: a sent one before a draft."""

    help = "Writes the status report of a programme as Word, PDF, Excel or HTML."

    def add_arguments(self, parser):
        parser.add_argument("programme", help="short name, such as tingbjerg-2010")
        parser.add_argument("--from", dest="start", required=True, help="first day, such as 2010-01-01")
        parser.add_argument("--to", dest="end", required=True, help="last day, such as 2010-12-31")
        parser.add_argument("--format", dest="kind", required=True, choices=sorted(FORMATS))
        parser.add_argument("--output", required=True, help="the file to write")
        parser.add_argument("--on", help="count as on this day (default: today); no stored report is used then")
        parser.add_argument("--annex", action="store_true", help="add the case numbers behind the figures")

    def handle(self, *args, **options):
        programme = self._programme(options["programme"])
        start, end = self._day(options["start"], "--from"), self._day(options["end"], "--to")
        if end < start:
            raise CommandError(_("The period ends before it begins."), returncode=USAGE)
        if end < programme.starts_on or start > programme.ends_on:
            raise CommandError(_("The programme does not run in this period."), returncode=USAGE)
        on = self._day(options["on"], "--on") if options["on"] else None
        stored = None if on else self._stored(programme, start, end)
        contents = report_contents(stored) if stored else _unwritten(programme, start, end, on or clock.today())
        kind, annex, output = options["kind"], options["annex"], Path(options["output"])
        self._write(contents, kind, annex, output)
        record_export(
            programme,
            by=None,
            report=stored,
            code="report_file_written_with_annex" if annex else "report_file_written",
            values={"file": kind, "start": start.isoformat(), "end": end.isoformat()},
            contents=contents,
        )
        self.stdout.write(str(output))

    def _programme(self, slug: str) -> Programme:
        programme = Programme.objects.select_related("branch").filter(slug=slug).first()
        if programme is None:
            known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "–"
            message = _("There is no programme »%(slug)s«. There are: %(known)s.") % {"slug": slug, "known": known}
            raise CommandError(message, returncode=USAGE)
        return programme

    def _day(self, text: str, option: str) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            message = _("%(option)s: »%(text)s« is not a date. Write it as 2010-12-31.")
            raise CommandError(message % {"option": option, "text": text}, returncode=USAGE) from error

    def _stored(self, programme: Programme, start: dt.date, end: dt.date) -> StatusReport | None:
        rows = StatusReport.objects.filter(programme=programme, period_start=start, period_end=end)
        return rows.order_by("-status", "-pk").first()  # "sent" sorts after "draft"

    def _write(self, contents: Report, kind: str, annex: bool, output: Path) -> None:
        try:
            output.write_bytes(write_document(contents, kind, annex=annex))
        except PdfUnavailable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            message = _("»%(file)s« cannot be written: %(reason)s.") % {"file": output, "reason": error.strerror}
            raise CommandError(message) from error


def _unwritten(programme: Programme, start: dt.date, end: dt.date, on: dt.date) -> Report:
    """Return the report with the agreement's texts only, as no user has written one for the period."""
    texts, title = standard_texts(programme, start, end), standard_title(start, end)
    return collect_report(programme, title=title, start=start, end=end, on=on, texts=texts)
