"""Write the report as HTML: a part of a page, a file of its own, and the source of the PDF."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.charts import FAMILY, LIGHT, BulletLegend, StateMark, font_files, svg
from common.charts import Plot as Drawing
from common.templatetags.danish import danish_date
from reporting.documents.chapters import Chapter, chapters_of, summary
from reporting.documents.contents import Evidence, Report, TargetLine, Total
from reporting.enums import TargetState

LANGUAGE = "da"  # of every report, in place of the language of the user
MARK_OF_STATE = {
    TargetState.REACHED: "done",
    TargetState.AHEAD: "good",
    TargetState.ON_PLAN: "good",
    TargetState.BEHIND: "warn",
    TargetState.UNLIKELY: "bad",
    TargetState.MISSED: "bad",
    TargetState.COMING: "idle",
}

# Turns a drawing into an HTML element: (drawing, *, narrow) -> HTML.
Picture = Callable[..., SafeString]


@dataclass(frozen=True)
class Row:
    """A row of the table of targets with its pictures; a total has none."""

    line: TargetLine | Total
    bar: SafeString | str = ""
    mark: SafeString | str = ""
    colour: str = ""

    @property
    def is_total(self) -> bool:
        return isinstance(self.line, Total)


@dataclass(frozen=True)
class Figure:
    """A target's plot with its data table."""

    line: TargetLine
    picture: SafeString
    table: object


def page_picture(drawing: Drawing, *, narrow: bool = False) -> SafeString:
    """Return the drawing for a page of the product, in the colours of its light or dark theme."""
    return svg(drawing, phone=narrow)


def paper_picture(drawing: Drawing, *, narrow: bool = False) -> SafeString:
    """Return the drawing for a file, in the light colours."""
    return svg(drawing, phone=narrow, variables=False)


def print_picture(drawing: Drawing, *, narrow: bool = False) -> SafeString:
    """Return the drawing for the PDF: an image with an alternative text, which a tagged PDF gives to screen readers."""
    caption = drawing.caption()
    data = base64.b64encode(paper_picture(drawing, narrow=narrow).encode()).decode()
    words = f"{caption.title}. {caption.description}" if caption.description else caption.title
    return format_html('<img class="drawing" alt="{}" src="data:image/svg+xml;base64,{}">', words, data)


def render_body(report: Report, *, annex: bool, picture: Picture = page_picture) -> SafeString:
    """Return the report's text, tables and pictures as one ``<article>``."""
    with translation.override(LANGUAGE):
        return mark_safe(render_to_string("reporting/documents/_report.html", body_context(report, annex, picture)))


def render_html(report: Report, *, annex: bool, picture: Picture = paper_picture) -> str:
    """Return a complete page with its stylesheet and fonts inside, which loads nothing from the network."""
    with translation.override(LANGUAGE):
        context = body_context(report, annex, picture)
        return render_to_string("reporting/documents/document.html", context | _document_context()).lstrip()


def body_context(report: Report, annex: bool, picture: Picture) -> dict:
    """Return the context of ``_report.html``."""
    running = is_running(report)
    return {
        "report": report,
        "heading": report.heading,
        "summary": summary(report),
        "chapters": [_chapter(chapter, report, picture) for chapter in chapters_of(report)],
        "definitions": report.definitions(),
        "annex": [_records(line, report) for line in report.targets if line.counted or line.left_out] if annex else [],
        "running": running,
        "legend": picture(legend(report)) if running else "",
        "paper": picture is not page_picture,
    }


def is_running(report: Report) -> bool:
    """Whether any target's period was still running on the day of the report, so that plan and forecast are shown."""
    return any(report.heading.on < line.end for line in report.targets)


def legend(report: Report) -> BulletLegend:
    """Return the legend of the bars, with the day of the forecast."""
    ends = {line.end for line in report.targets if line.has_forecast and report.heading.on < line.end}
    day = danish_date(max(ends), "year") if len(ends) == 1 else _("at the end of the period")
    expected = _("expected %(day)s (8 times out of 10)") % {"day": day} if ends else ""
    return BulletLegend(plan=_("plan to date"), expected=expected)


def _records(line: TargetLine, report: Report) -> dict:
    return {"line": line, "numbers": [write_record(record, report) for record in line.counted]}


def write_record(record: Evidence, report: Report) -> str:
    """Format a record, such as ``M-2010-002 (T-2010-062), 15. dec.``"""
    text = f"{record.number} ({record.text})" if record.text else record.number
    return f"{text}, {report.write_day(record.day)}" if record.day else text


def _chapter(chapter: Chapter, report: Report, picture: Picture) -> dict:
    on = report.heading.on
    return {
        "chapter": chapter,
        "rows": [_row(line, on, picture) for line in chapter.rows],
        "notes": chapter.notes,
        "figures": [_figure(line, on, picture) for line in chapter.plots],
    }


def _row(line: TargetLine | Total, on, picture: Picture) -> Row:
    if isinstance(line, Total):
        return Row(line)
    kind = MARK_OF_STATE.get(line.state, "idle")
    return Row(line, picture(line.bar(on)), picture(StateMark(kind, line.state_label)), kind)


def _figure(line: TargetLine, on, picture: Picture) -> Figure:
    plot = line.plot(on)
    return Figure(line, picture(plot, narrow=True), plot.table())


def _document_context() -> dict:
    return {
        "css": mark_safe(Path(finders.find("css/report.css")).read_text(encoding="utf-8")),
        "palette": LIGHT,
        "family": FAMILY,
        "faces": [(weight, _data_uri(file)) for weight, file in font_files().items()],
    }


def _data_uri(file: Path) -> str:
    return f"data:font/ttf;base64,{base64.b64encode(file.read_bytes()).decode()}"
