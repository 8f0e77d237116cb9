"""A status report as a document: what it holds, in which order, and how each format is written."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.documents.contents import Report
from reporting.documents.pdf import PdfUnavailable, render_pdf

__all__ = ["FORMATS", "Format", "PdfUnavailable", "Report", "file_name", "write_document"]


@dataclass(frozen=True)
class Format:
    """A kind of file: its ending, its type on the network, and who writes it."""

    ending: str
    content_type: str
    render: Callable[..., bytes]


def _docx(report: Report, *, annex: bool) -> bytes:
    from reporting.documents.word import render_docx  # noqa: PLC0415 python-docx is slow to import

    return render_docx(report, annex=annex)


def _xlsx(report: Report, *, annex: bool) -> bytes:
    from reporting.documents.excel import render_xlsx  # noqa: PLC0415 only an export needs it

    return render_xlsx(report, annex=annex)


def _html(report: Report, *, annex: bool) -> bytes:
    from reporting.documents.html import render_html  # noqa: PLC0415 as the others

    return render_html(report, annex=annex).encode()


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "docx": Format("docx", f"{_OFFICE}.wordprocessingml.document", _docx),
    "pdf": Format("pdf", "application/pdf", render_pdf),
    "xlsx": Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _xlsx),
    "html": Format("html", "text/html; charset=utf-8", _html),
}


def write_document(report: Report, kind: str, *, annex: bool) -> bytes:
    """The report as a file. ``annex`` adds the case numbers behind the figures. Raises KeyError, PdfUnavailable."""
    return FORMATS[kind].render(report, annex=annex)


def file_name(report: Report, kind: str) -> str:
    """``statusrapport-tingbjerg-2010-2010-01-01-2010-12-31.docx``."""
    heading = report.heading
    return f"statusrapport-{heading.slug}-{heading.start}-{heading.end}.{FORMATS[kind].ending}"
