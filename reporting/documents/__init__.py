"""A status report as a document: its contents, their order, and a writer for each format."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.documents.contents import Report
from reporting.documents.excel import render_xlsx
from reporting.documents.html import render_html
from reporting.documents.pdf import PdfUnavailable, render_pdf
from reporting.documents.word import render_docx

__all__ = ["FORMATS", "DocumentFormat", "PdfUnavailable", "Report", "file_name", "write_document"]


@dataclass(frozen=True)
class DocumentFormat:
    """A file format: its extension, its content type and the function that writes it."""

    extension: str
    content_type: str
    render: Callable[..., bytes | str]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "docx": DocumentFormat("docx", f"{_OFFICE}.wordprocessingml.document", render_docx),
    "pdf": DocumentFormat("pdf", "application/pdf", render_pdf),
    "xlsx": DocumentFormat("xlsx", f"{_OFFICE}.spreadsheetml.sheet", render_xlsx),
    "html": DocumentFormat("html", "text/html; charset=utf-8", render_html),
}


def write_document(report: Report, kind: str, *, annex: bool) -> bytes:
    """Return the report as a file of the format ``kind``, a key of ``FORMATS``.

    ``annex`` adds the case numbers behind the figures. Raises KeyError and PdfUnavailable.
    """
    content = FORMATS[kind].render(report, annex=annex)
    return content.encode() if isinstance(content, str) else content


def file_name(report: Report, kind: str) -> str:
    """Return a name such as ``statusrapport-tingbjerg-2010-2010-01-01-2010-12-31.docx``."""
    heading = report.heading
    return f"statusrapport-{heading.slug}-{heading.start}-{heading.end}.{FORMATS[kind].extension}"
