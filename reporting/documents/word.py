"""Write the report as a Word document, with styles, repeated table headings and alternative texts."""

import io
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import Plot, StateMark, png
from common.templatetags.danish import danish_date, danish_number, danish_period, quoted
from common.templatetags.ui import span
from reporting.documents.chapters import Block, Chapter, chapters_of, summary
from reporting.documents.contents import EventLine, Report, TargetLine, Total
from reporting.documents.html import LANGUAGE, MARK_OF_STATE, is_running, legend, write_record
from reporting.documents.word_document import WordDocument, WordTable

PICTURE_WIDTH = 85  # mm, so that two fit in a row
BAR_WIDTH = 27
LEGEND_WIDTH = 125
MARK_WIDTH = 3.4
COLOUR_OF_MARK = {"done": "0a6553", "good": "0a6553", "warn": "7a5000", "bad": "a01c20", "idle": "5e545b"}


def render_docx(report: Report, *, annex: bool) -> bytes:
    """Return the report as a .docx file. ``annex`` adds the case numbers behind the figures."""
    with translation.override(LANGUAGE):
        document = WordDocument(
            title=report.heading.title, author=report.heading.branch, subject=report.heading.programme
        )
        document.set_running_lines(
            f"{report.heading.programme} · {report.heading.title}",
            danish_period(report.heading.start, report.heading.end),
        )
        _head(document, report)
        for chapter in chapters_of(report):
            _chapter(document, chapter, report)
        _definitions(document, report)
        if annex:
            _annex(document, report)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()


def _head(document: WordDocument, report: Report) -> None:
    heading = report.heading
    document.paragraph(heading.programme, style="Subtitle")
    document.paragraph(heading.title, style="Title")
    facts = [
        (_("Period"), danish_period(heading.start, heading.end)),
        (_("Counted on"), danish_date(heading.on, "year")),
        (_("Supported by"), " · ".join(heading.funders)),
        (_("Agreement"), heading.agreement),
        (_("Policy areas"), " · ".join(heading.policy_areas)),
    ]
    document.facts([(name, value) for name, value in facts if value])


def _chapter(document: WordDocument, chapter: Chapter, report: Report) -> None:
    document.heading(chapter.heading)
    _blocks(document, chapter.blocks)
    if chapter.rows:
        _targets(document, chapter, report)
    if chapter.facts:
        document.paragraph(" · ".join(chapter.facts))
    if chapter.outcomes:
        document.caption(_("Outcomes registered in the period"))
        table = document.table([_("Outcome"), _("Number")], widths=[70, 25], right=[1])
        for label, number in chapter.outcomes:
            table.row([label, number])
    if chapter.plots:
        _figures(document, chapter.plots, report)
    if chapter.events:
        _events(document, chapter)
    if chapter.invitations:
        _invitations(document, chapter.invitations)


def _blocks(document: WordDocument, blocks: Sequence[Block]) -> None:
    for block in blocks:
        for item in block.items:
            document.paragraph(item, style="List Bullet")
        if block.text:
            document.paragraph(block.text)


def _of(line: TargetLine | Total) -> str:
    return _("%(value)s of %(target)s") % {"value": danish_number(line.value), "target": danish_number(line.target)}


def _targets(document: WordDocument, chapter: Chapter, report: Report) -> None:
    running = is_running(report)
    document.paragraph(summary(report), bold=True)
    if running:
        document.picture(*_image(legend(report)), width=LEGEND_WIDTH)
    columns = [(_("Promise, in the agreement's words"), 54), (_("Reached"), 19)]
    if running:
        columns += [(_("Plan to date"), 17), (_("Expected"), 21)]
    columns += [(_("Progress"), 32), (_("State"), 34 if running else 38)]
    widths = [width for _name, width in columns]
    widths[0] += 175 - sum(widths)
    table = document.table([name for name, _width in columns], widths=widths, right=[1, 2, 3] if running else [1])
    for line in chapter.rows:
        _target_row(table, line, report, running)
    for note in chapter.notes:
        document.paragraph(note, style="Caption")


def _target_row(table: WordTable, line: TargetLine | Total, report: Report, running: bool) -> None:
    planned = [danish_number(line.plan_today, 0)] if running else []
    if isinstance(line, Total):
        label = _("In all: %(what)s") % {"what": line.label}
        table.row([label, _of(line), *planned, *([""] if running else []), "", ""], bold=True, shaded=True)
        return
    expected = [span(line.low, line.high) if line.has_forecast else ""] if running else []
    cells = table.row([quoted(line.wording), _of(line), *planned, *expected, "", ""])
    table.put_picture(cells[-2], *_image(line.bar(report.heading.on)), width=BAR_WIDTH)
    kind = MARK_OF_STATE.get(line.state, "idle")
    table.put_picture(cells[-1], *_image(StateMark(kind, line.state_label)), width=MARK_WIDTH)
    table.put_text(cells[-1], f" {line.state_label}", bold=True, colour=COLOUR_OF_MARK[kind])


def _image(drawing: Plot, *, narrow: bool = False) -> tuple[bytes, str]:
    caption = drawing.caption()
    words = f"{caption.title}. {caption.description}" if caption.description else caption.title
    return png(drawing, phone=narrow), words


def _figures(document: WordDocument, lines: Sequence[TargetLine], report: Report) -> None:
    """Add the plots of the targets, two in a row, each below the wording of its target."""
    grid = document.grid(2, width=175)
    for number, line in enumerate(lines):
        cell = grid.cell(number)
        grid.put_text(cell, quoted(line.wording), bold=True)
        grid.put_text(cell, f" {_of(line)}")
        grid.put_picture(cell, *_image(line.plot(report.heading.on), narrow=True), width=PICTURE_WIDTH, below=True)


def _events(document: WordDocument, chapter: Chapter) -> None:
    count = len(chapter.events)
    document.caption(ngettext("%(count)s activity held", "%(count)s activities held", count) % {"count": count})
    heads = [_("Date"), _("Activity"), _("Kind"), _("Place"), _("Took part")]
    table = document.table(heads, widths=[33, 42, 45, 37, 18], right=[4])
    for event in chapter.events:
        table.row([*_day_and_title(event), event.kind, event.place, danish_number(event.attendance)])
    if count > 1:
        table.keep_last_row()
        table.row(["", _("In all"), "", "", danish_number(chapter.attendance)], bold=True, shaded=True)


def _invitations(document: WordDocument, invitations: Sequence[EventLine]) -> None:
    document.caption(_("Invitations to the events of other branches"))
    table = document.table([_("Date"), _("Event"), _("Held by")], widths=[33, 87, 55])
    for event in invitations:
        table.row([*_day_and_title(event), event.place])


def _day_and_title(event: EventLine) -> list[str]:
    return [danish_date(event.day, "year"), event.title]


def _definitions(document: WordDocument, report: Report) -> None:
    if not report.definitions():
        return
    document.heading(_("How the figures are counted"))
    table = document.table([_("Target"), _("What is counted")], widths=[55, 120])
    for label, rule in report.definitions():
        table.row([label, rule])


def _annex(document: WordDocument, report: Report) -> None:
    document.heading(_("Annex: the case numbers behind the figures"), new_page=True)
    document.paragraph(_("The numbers are the network's own; names are not part of this report."))
    for line in report.targets:
        if line.counted or line.left_out:
            document.heading(quoted(line.wording), level=2)
        if line.counted:
            grid = document.grid(3, width=175)
            for number, record in enumerate(line.counted):
                grid.put_text(grid.cell(number), write_record(record, report))
        if line.left_out:
            document.paragraph(
                _("Does not count: %(records)s") % {"records": "; ".join(line.left_out)}, style="Caption"
            )
