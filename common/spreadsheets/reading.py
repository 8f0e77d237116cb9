"""Reads an uploaded spreadsheet within limits of processor time and memory.

:mod:`common.spreadsheets.worker` reads the file in a process of its own and returns plain rows and remarks about them.
"""

import contextlib
import datetime
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.cpr import find_cpr_numbers

from .progress import REPORT_INTERVAL, ProgressReader, ReportProgress, ignore_progress, is_progress_line
from .remarks import remarks_of
from .worker.refusals import printable

logger = logging.getLogger("mentornet.spreadsheets")
WORKER = Path(__file__).with_name("worker") / "__main__.py"
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "SYSTEMROOT")
COPY_BYTES = 1 << 20
HEADS = (b'{"format"', b'{"sheet"')  # lines of the worker that name what it reads next

Cell = str | int | float | bool | datetime.date | datetime.datetime | None

MESSAGES = {
    "empty": _("The file is empty. Choose a file with headings and rows."),
    "too_large": _("The file is larger than %(megabytes)s MB. Split it into several files."),
    "unpacks_too_large": _("The file unpacks to more than we can read safely. Save only the sheet with the people."),
    "damaged": _("The file is damaged or not complete. Open it, save it once more and choose it again."),
    "unreadable": _(
        "The file cannot be read here, although it may be fine. The error has been logged for those who run the system."
        " Save it as .xlsx or .csv and choose it again."
    ),
    "password": _("The file is protected by a password. Save it without the password and choose it again."),
    "markup": _("The file is a web page, not a spreadsheet. Open it in Excel and save it as .xlsx."),
    "wrong_type": _("This is not a spreadsheet. Choose a file of the type xlsx, xls, ods or csv."),
    "entities": _("The file holds instructions that no spreadsheet needs, so it is not read."),
    "far_cell": _("Cell %(cell)s is filled, far outside the list. Delete it and save the file."),
    "too_many_columns": _("The sheet has more than %(limit)s columns. Delete those that are not needed."),
    "too_many_rows": _("The sheet has more than %(limit)s rows. Split it into several files."),
    "too_many_cells_in_file": _("The file has more than %(limit)s filled cells. Split it into several files."),
    "too_many_sheets": _("The file has more than %(limit)s sheets. Save only the sheet with the people."),
    "too_many_merges": _("The sheet has more than %(limit)s merged cells. Unmerge them and save the file."),
    "long_cell": _("A cell holds more text than we can read safely. Shorten it and choose the file again."),
    "open_quote": _("A quotation mark is opened but never closed. Save the list as .xlsx and choose it again."),
    "strange_letters": _(
        "A part of the file is written in UTF-16, which we cannot read here. Open the file, save it once more and"
        " choose it again."
    ),
    "too_slow": _("The file takes too long to read. Save only the sheet with the people and choose it again."),
    "server_busy": _(
        "The server is too busy to read the file right now. Wait a few minutes and choose the file again."
    ),
}
# Sentences that name the place: (code, the facts needed) → sentence. The first that fits is used.
PLACED_MESSAGES = {
    ("damaged", "place", "cell"): _(
        "The file is damaged: cell %(cell)s of the sheet »%(place)s« cannot be read."
        " Open it, save it once more and choose it again."
    ),
    ("damaged", "place"): _(
        "The file is damaged: »%(place)s« cannot be read. Open it, save it once more and choose it again."
    ),
    ("unpacks_too_large", "place"): _(
        "The file unpacks to more than we can read safely, most of all »%(place)s«."
        " Save only the sheet with the people."
    ),
    ("unpacks_too_large", "line"): _(
        "The file holds more text than we can read safely: it is too much from line %(line)s on."
        " Split it into several files."
    ),
    ("too_many_cells_in_file", "place"): _(
        "The file has more than %(limit)s filled cells, too many by the sheet »%(place)s«. Split it into several files."
    ),
    ("too_many_cells_in_file", "line"): _(
        "The file has more than %(limit)s filled cells, too many from line %(line)s on. Split it into several files."
    ),
    ("too_many_columns", "line"): _("Line %(line)s has more than %(limit)s columns. Delete those that are not needed."),
    ("too_many_rows", "line"): _(
        "The list has more than %(limit)s rows: line %(line)s is the first that is too many."
        " Split it into several files."
    ),
    ("too_slow", "place"): _(
        "The file takes too long to read, most of all »%(place)s«."
        " Save only the sheet with the people and choose it again."
    ),
    ("entities", "place"): _(
        "The file holds instructions that no spreadsheet needs, in »%(place)s«, so it is not read."
    ),
    ("strange_letters", "place"): _(
        "»%(place)s« in the file is written in UTF-16, which we cannot read here. Open the file, save it once more and"
        " choose it again."
    ),
    ("too_many_columns", "place"): _(
        "The sheet »%(place)s« has more than %(limit)s columns. Delete those that are not needed."
    ),
    ("too_many_rows", "place"): _("The sheet »%(place)s« has more than %(limit)s rows. Split it into several files."),
    ("too_many_merges", "place"): _(
        "The sheet »%(place)s« has more than %(limit)s merged cells. Unmerge them and save the file."
    ),
    ("long_cell", "line"): _(
        "A cell in line %(line)s holds more text than we can read safely. Shorten it and choose the file again."
    ),
    ("long_cell", "place"): _(
        "Cell %(cell)s of the sheet »%(place)s« holds more text than we can read safely."
        " Shorten it and choose the file again."
    ),
    ("long_cell", "cell"): _(
        "Cell %(cell)s holds more text than we can read safely. Shorten it and choose the file again."
    ),
    ("open_quote", "line"): _(
        "A quotation mark is opened in line %(line)s but never closed. Remove it, or save the list as .xlsx,"
        " and choose it again."
    ),
}


class FileRefused(Exception):
    """Raised when a file is refused. ``str()`` gives a sentence for the user; ``code`` names the reason.

    ``facts`` are figures and, if known, the place: ``place`` (a sheet or a part of the file), ``cell``, ``line``.
    """

    def __init__(self, code: str, message: str | None = None, **facts):
        self.code, self.facts = code, facts
        self.sentence = message if message is not None else _sentence(code, facts)
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)


def _sentence(code: str, facts: dict):
    placed = (text for (of, *needed), text in PLACED_MESSAGES.items() if of == code and facts.keys() >= {*needed})
    return next(placed, MESSAGES[code])


@dataclass
class Sheet:
    """A sheet with its rows that are not blank, each with its row number in the sheet (csv: record number).

    ``hidden_rows`` are the numbers of rows, ``hidden_columns`` the columns from 0, that are hidden and not blank; both
    are also in ``rows``. ``merges`` are [first row, last row, column] of merged cells that span several rows; their
    value is in the first. ``remarks`` are described in :mod:`.remarks`.
    """

    name: str
    is_hidden: bool = False
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merges: list[list[int]] = field(default_factory=list)
    remarks: list[dict] = field(default_factory=list)


@dataclass
class Spreadsheet:
    """A file that was read. ``encoding`` and ``separator`` are set for csv only."""

    format: str
    sheets: list[Sheet] = field(default_factory=list)
    encoding: str = ""
    separator: str = ""


def reading_limits() -> dict[str, int]:
    """Return the limits of the worker process: memory and output in bytes, processor time in seconds."""
    return {
        "unpacked": settings.IMPORT_MAX_UNPACKED_BYTES,
        "rows": settings.IMPORT_MAX_ROWS,
        "columns": settings.IMPORT_MAX_COLUMNS,
        "cells": settings.IMPORT_MAX_CELLS,
        "text": settings.IMPORT_MAX_TEXT,
        "memory": settings.IMPORT_READ_MEMORY,
        "cpu_seconds": settings.IMPORT_READ_CPU_SECONDS,
        "output": 10 * settings.IMPORT_MAX_TEXT,
    }


def read_spreadsheet(file: IO[bytes], report: ReportProgress = ignore_progress) -> Spreadsheet:
    """Read an xlsx, xls, ods, csv or txt file from an open binary file, and report the progress.

    The format is recognised by the content, not by the name. Raises FileRefused for other files, and for one that is
    empty, damaged, protected by a password, or beyond the limits of ``settings.IMPORT_*``.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as result:
        copy_within_limit(file, source)
        returncode = _run_worker(source, result, report)
        refuse_unfinished(result, returncode)
        result.seek(0)
        spreadsheet = collect(json.loads(line) for line in result)
    if not any(sheet.rows for sheet in spreadsheet.sheets):
        raise FileRefused("empty")
    return spreadsheet


def copy_within_limit(file: IO[bytes], target: IO[bytes]) -> None:
    """Copy the upload to a file on disk and rewind it. Raises FileRefused when it is too large."""
    left = settings.IMPORT_MAX_BYTES
    while piece := file.read(COPY_BYTES):
        left -= len(piece)
        if left < 0:
            raise FileRefused("too_large", megabytes=settings.IMPORT_MAX_BYTES // (1024 * 1024))
        target.write(piece)
    target.flush()
    target.seek(0)


def _run_worker(source: IO[bytes], result: IO[bytes], report: ReportProgress) -> int:
    """Run the worker process and return its return code.

    Raises FileRefused when the worker is not done after ``settings.IMPORT_READ_SECONDS`` by the wall clock. Its limits
    of processor time and memory end it before that, unless the server gives it hardly any processor time.
    """
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-P", str(WORKER), json.dumps(reading_limits())]
    until = time.monotonic() + settings.IMPORT_READ_SECONDS
    progress = ProgressReader(result, report)
    process = subprocess.Popen(  # noqa: S603 - our own script, the file is its standard input
        command, stdin=source, stdout=result, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(min(REPORT_INTERVAL, left))
            progress.update()
            if process.returncode is not None:
                return process.returncode
    finally:
        process.kill()
        process.wait()
    logger.warning("The reader of spreadsheets was not done after %s seconds", settings.IMPORT_READ_SECONDS)
    raise FileRefused("server_busy")


def refuse_unfinished(result: IO[bytes], returncode: int) -> None:
    """Raise FileRefused unless the worker finished. A bug in the worker is logged as an error.

    A negative return code is the signal that ended the worker: SIGXCPU after its processor seconds, SIGABRT when its
    memory ran out, SIGKILL when the system needed the memory for something else.
    """
    last = json.loads(last_line(result) or b"{}") if returncode == 0 else {}
    if last == {"end": True}:
        return
    if "refused" in last:
        if "place" in last and find_cpr_numbers(last["place"]):
            del last["place"]
        raise FileRefused(last.pop("refused"), **last)
    if returncode == -signal.SIGKILL:
        raise FileRefused("server_busy")
    if returncode == -signal.SIGXCPU:
        raise FileRefused("too_slow", **last_place(result))
    if returncode == -signal.SIGABRT:
        raise FileRefused("unpacks_too_large", **last_place(result))
    if "failed" in last:
        logger.error("The reader of spreadsheets failed: %s at %s", last["failed"], last["at"])
    else:
        logger.error("The reader of spreadsheets ended with code %s and no last line", returncode)
    raise FileRefused("unreadable", **last_place(result))


def last_place(result: IO[bytes]) -> dict[str, str]:
    """Return as ``place`` the sheet, or before any sheet the part of the file, that the worker read last."""
    result.seek(0)
    heads = [line for line in result if line.startswith(HEADS) and line.endswith(b"\n")]
    last = json.loads(heads[-1]) if heads else {}
    place = printable(last.get("sheet") or last.get("at", ""))
    return {"place": place} if place and not find_cpr_numbers(place) else {}


def last_line(file: IO[bytes]) -> bytes:
    """Return the last line of the worker's output, of at most 1,000 bytes."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 1000))
    return file.read().rstrip(b"\n").rpartition(b"\n")[2]


def collect(values: Iterator) -> Spreadsheet:
    """Build the spreadsheet from the worker's lines. Equal texts share one object."""
    values = (value for value in values if not is_progress_line(value))
    head = next(values)
    head.pop("at", None)
    spreadsheet = Spreadsheet(**head)
    known: dict[str, str] = {}
    marks: list[dict] = []
    for value in values:
        if isinstance(value, list):
            number, cells = value
            spreadsheet.sheets[-1].rows.append((number, [_cell(cell, known) for cell in cells]))
        elif "sheet" in value:
            spreadsheet.sheets.append(Sheet(value["sheet"], value["hidden"], merges=value.get("merges", [])))
            marks.append(value)
        elif "end" not in value:
            marks[-1] |= value
    for sheet, found in zip(spreadsheet.sheets, marks, strict=True):
        sheet.hidden_rows = _hidden_rows(sheet, found.get("hidden_rows", []))
        sheet.hidden_columns = _hidden_columns(sheet, found.get("hidden_columns", []))
        sheet.remarks = remarks_of(sheet, found)
    return spreadsheet


def _hidden_rows(sheet: Sheet, ranges: list[list[int]]) -> list[int]:
    hidden = {number for first, last in ranges for number in range(first, last + 1)}
    return [number for number, _cells in sheet.rows if number in hidden] if hidden else []


def _hidden_columns(sheet: Sheet, ranges: list[list[int]]) -> list[int]:
    hidden = {column for first, last in ranges for column in range(first, last + 1)}
    filled = {
        column
        for column in hidden
        for _number, cells in sheet.rows
        if column < len(cells) and cells[column] is not None
    }
    return sorted(filled)


def _cell(value, known: dict[str, str]) -> Cell:
    if isinstance(value, str):
        return known.setdefault(value, value)
    if isinstance(value, dict):
        if "day" in value:
            return datetime.date.fromisoformat(value["day"])
        return datetime.datetime.fromisoformat(value["time"])  # naive: spreadsheets have no time zones
    return value
