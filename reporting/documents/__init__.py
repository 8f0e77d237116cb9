"""A status report as a document: its contents, their order, and a writer for each format."""

from dataclasses import dataclass

from django.utils.module_loading import import_string

from reporting.documents.contents import Report
from reporting.documents.pdf import PdfUnavailable

__all__ = ["FORMATS", "DocumentFormat", "PdfUnavailable", "Report", "file_name", "write_document"]


@dataclass(frozen=True)
class DocumentFormat:
    """A file format: its extension, its content type and the name of the function that writes it.

    The function is imported when it is used, because python-docx and XlsxWriter are slow to import.
    """

    extension: str
    content_type: str
    render: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "docx": DocumentFormat("docx", f"{_OFFICE}.wordprocessingml.document", "word.render_docx"),
    "pdf": DocumentFormat("pdf", "application/pdf", "pdf.render_pdf"),
    "xlsx": DocumentFormat("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "excel.render_xlsx"),
    "html": DocumentFormat("html", "text/html; charset=utf-8", "html.render_html"),
}


def write_document(report: Report, kind: str, *, annex: bool) -> bytes:
    """Return the report as a file of the format ``kind``, a key of ``FORMATS``.

    ``annex`` adds the case numbers behind the figures. Raises KeyError and PdfUnavailable.
    """
    render = import_string(f"{__name__}.{FORMATS[kind].render}")
    content = render(report, annex=annex)
    return content.encode() if isinstance(content, str) else content


def file_name(report: Report, kind: str) -> str:
    """Return a name such as ``statusrapport-tingbjerg-2010-2010-01-01-2010-12-31.docx``."""
    heading = report.heading
    return f"statusrapport-{heading.slug}-{heading.start}-{heading.end}.{FORMATS[kind].extension}"
