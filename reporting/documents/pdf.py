"""Write the report as PDF: the HTML printed on A4, tagged for screen readers."""

import logging

from django.utils.translation import gettext as _

from reporting.documents.contents import Report
from reporting.documents.html import print_picture, render_html


class PdfUnavailable(Exception):
    """The text library Pango is not installed on the server; the message says what to install."""


def render_pdf(report: Report, *, annex: bool) -> bytes:
    """Return the PDF. Raises PdfUnavailable when WeasyPrint cannot load Pango."""
    for name in ("weasyprint", "weasyprint.progress"):
        logging.getLogger(name).setLevel(logging.ERROR)  # it logs each step of each page
    try:
        from weasyprint import HTML  # noqa: PLC0415 - takes most of a second, and needs Pango
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 - see above
    except OSError as error:
        raise PdfUnavailable(
            _(
                "The PDF cannot be made, because Pango is not installed. Ask the administrator of the server to "
                "install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0. Word, Excel and HTML work."
            )
        ) from error
    page = render_html(report, annex=annex, picture=print_picture)
    inside_only = URLFetcher(allowed_protocols={"data"})  # no access to files or the network
    return HTML(string=page, url_fetcher=inside_only).write_pdf(pdf_variant="pdf/ua-1")
