"""The stylesheets of the pages, each put together from one file a subject.

A page asks for ``css/all.css``, and a page of status reports for ``css/all_report.css`` as well. ``collectstatic``
hashes and compresses them; with DEBUG a changed source is seen at the next request.
"""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCES = settings.BASE_DIR / "static"
STYLESHEETS = {
    "css/all.css": (
        "vendor/tabler/tabler.min.css",
        "css/tokens.css",
        "css/frame.css",
        "css/narrow.css",
        "css/components.css",
        "css/search.css",
        "css/cases.css",
        "css/figures.css",
        "css/messages.css",
        "css/session.css",
        "css/forms.css",
        "css/tables.css",
        "css/print.css",
        # Styles of single apps.
        "css/accounts.css",
        "css/people.css",
        "css/questions.css",
        "css/match_desk.css",
        "css/matching.css",
        "css/events.css",
        "css/imports.css",
        "css/merging.css",
        "css/programmes.css",
        "css/reporting.css",
    ),
    # Apart, because a report on paper has margins of its own. reporting.documents puts css/report.css into files.
    "css/all_report.css": ("css/report.css", "css/report_page.css"),
}


class StylesheetFinder(BaseFinder):
    """Finds the stylesheets. They are written to ``var/stylesheets`` when their sources have changed."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "stylesheets")

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        """Return the path of a stylesheet, in a list with ``find_all``; an empty list for other files."""
        if path not in STYLESHEETS:
            return []
        written = self._write(path)
        return [written] if find_all else written

    def list(self, ignore_patterns):
        """Yield each stylesheet with the storage that has it."""
        for path in STYLESHEETS:
            self._write(path)
            yield path, self.storage

    def _write(self, path: str) -> str:
        target = Path(self.storage.path(path))
        content = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in STYLESHEETS[path])
        if not target.exists() or target.read_text(encoding="utf-8") != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(content)
            Path(draft).chmod(0o644)
            Path(draft).replace(target)
        return str(target)
