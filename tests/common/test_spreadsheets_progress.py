"""Progress of reading a file: the worker writes it, the reader reports it, another request finds it in the cache."""

import contextlib
import io

import openpyxl
import pytest
from django.core.cache import cache

from common.spreadsheets import FileRefused, progress, read_spreadsheet, reading, write_csv, write_ods
from common.spreadsheets.progress import (
    CachedProgress,
    Progress,
    ProgressReader,
    ReadingStep,
    is_progress_line,
    progress_of,
)
from common.spreadsheets.worker import files, xls
from common.spreadsheets.worker.refusals import Refused
from tests.common.test_spreadsheets_marks import MARKED
from tests.common.test_spreadsheets_worker import LIMITS

ROWS = [[f"Åse {number}", number] for number in range(2_400)]
KEY = "reading-1-6ec1f1c5"


@pytest.fixture(autouse=True)
def _clear_cache():
    yield
    cache.clear()


def progress_lines(data: bytes) -> list[dict]:
    """Return the lines of the worker that report progress."""
    lines = []
    files.read_file(io.BytesIO(data), LIMITS | {"rows": 9_000, "cells": 90_000, "text": 10**6}, lines.append)
    return [line for line in lines if is_progress_line(line)]


def workbook_of(*sheets) -> bytes:
    workbook, data = openpyxl.Workbook(write_only=True), io.BytesIO()
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    workbook.save(data)
    return data.getvalue()


# ---------------------------------------------------------------- the worker


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Navn\nÅse\nBo\n", 3),
        ("Navn\r\nÅse\r\nBo", 3),
        ("Navn\rÅse\r", 2),
        ('Navn;Note\nÅse;"to\nlinjer"\n', 2),
        ('Navn;Note\nÅse;"' + "x" * 200_000 + "\n", 2),
    ],
)
def test_text_reports_its_number_of_rows_first(text, count):
    lines = []
    with contextlib.suppress(Refused):  # the last text has an open quotation mark
        files.read_file(io.BytesIO(text.encode()), LIMITS | {"text": 10**6}, lines.append)
    assert [line for line in lines if "total" in line] == [{"total": count}]


def test_workbook_reports_scanned_rows_and_then_the_total():
    reported = progress_lines(workbook_of(ROWS, [], ROWS[:30]))
    assert [line["scanned"] for line in reported if "scanned" in line] == [2_400, 2_400, 2_430]
    assert [line["total"] for line in reported if "total" in line] == [2_430, 2_430, 2_430, 2_430]


def test_blank_rows_below_a_list_are_not_in_the_total():
    reported = progress_lines(workbook_of([["Navn"], ["Åse"], *[[None]] * 50]))
    assert [line["total"] for line in reported if "total" in line] == [52, 2]


def test_ods_reports_progress():
    data = write_ods("x", ["Navn", "Nr."], ROWS).read()
    assert progress_lines(data) == [{"scanned": 1_000}, {"scanned": 2_000}, {"total": 2_401}, {"total": 2_401}]


def test_xls_reports_progress(monkeypatch):
    monkeypatch.setattr(xls, "PROGRESS_ROWS", 4)
    reported = progress_lines((MARKED / "marked.xls").read_bytes())
    assert [line["scanned"] for line in reported if "scanned" in line] == [0, 4, 8, 9]
    assert [line["total"] for line in reported if "total" in line] == [10, 10, 10]


# ---------------------------------------------------------------- the reader


def test_progress_reader_counts_the_rows_written_so_far(tmp_path):
    reported = []
    with (tmp_path / "result").open("w+b", buffering=0) as result:
        progress_reader = ProgressReader(result, lambda *progress: reported.append(progress))
        for piece in (
            b"",
            b'{"scanned":700}\n{"scan',
            b'ned":900}\n{"format":"xlsx","at":""}\n{"total":1200}\n{"sheet":"A","hidden":false}\n',
            b'[1,["Navn"]]\n[3,["[12,"]]\n[4,["cut',
            b'"]]\n{"errors":{}}\n{"sheet":"B","hidden":false}\n{"total":1150}\n[7,["x"]]\n',
            b'[9999,["x"]]\n{"end":true}\n',
        ):
            result.write(piece)
            progress_reader.update()
    assert reported == [
        (ReadingStep.SCANNED, 0, 0),
        (ReadingStep.SCANNED, 700, 0),
        (ReadingStep.READ, 0, 1200),
        (ReadingStep.READ, 3, 1200),
        (ReadingStep.READ, 11, 1150),
        (ReadingStep.READ, 1150, 1150),
    ]


def test_progress_is_reported_up_to_the_last_row():
    reported = []
    read_spreadsheet(write_csv("x", ["Navn", "Nr."], ROWS), lambda *progress: reported.append(progress))
    assert reported[-1] == (ReadingStep.READ, 2_401, 2_401)


def test_progress_of_a_waiting_worker_is_reported_until_it_is_stopped(monkeypatch, settings):
    """The worker sleeps: its progress is read again and again until the wall clock stops it."""
    settings.IMPORT_READ_SECONDS = 0.2
    monkeypatch.setattr(reading, "REPORT_INTERVAL", 0.05)
    monkeypatch.setattr(reading, "WORKER", "-c")
    monkeypatch.setattr(reading.json, "dumps", lambda limits: "import time; time.sleep(60)")
    reported = []
    with pytest.raises(FileRefused) as caught:
        read_spreadsheet(io.BytesIO(b"Navn\n"), lambda *progress: reported.append(progress))
    assert caught.value.code == "server_busy"
    assert len(reported) >= 2
    assert set(reported) == {(ReadingStep.SCANNED, 0, 0)}


# ---------------------------------------------------------------- the cache


def test_another_request_finds_the_progress():
    with CachedProgress(KEY) as report:
        assert progress_of(KEY) is None
        report(ReadingStep.SCANNED, 300)
        assert progress_of(KEY) == Progress(ReadingStep.SCANNED, 300)
        report(ReadingStep.READ, 100, 400)
        assert progress_of(KEY) == Progress(ReadingStep.READ, 100, 400)
        assert progress_of("reading-2-6ec1f1c5") is None
    assert progress_of(KEY) == Progress(ReadingStep.READ, 100, 400)
    with CachedProgress(KEY):  # the same form again
        assert progress_of(KEY) is None


def test_progress_of_a_refused_file_is_deleted():
    with pytest.raises(FileRefused), CachedProgress(KEY) as report:
        read_spreadsheet(io.BytesIO(b"<html>"), report)
    assert progress_of(KEY) is None


def test_progress_is_cached_at_intervals(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    seen = []
    with CachedProgress(KEY) as report:
        for seconds, done in ((0, 1), (0.1, 2), (0.29, 3), (0.3, 4), (0.4, 5), (0.5, 400)):
            now[0] = seconds
            report(ReadingStep.READ, done, 400)
            seen.append(progress_of(KEY).done)
    assert seen == [1, 1, 1, 4, 4, 400]  # the last row is always reported


@pytest.mark.parametrize(
    ("reported", "share"),
    [
        (Progress(ReadingStep.SCANNED, 300), None),
        (Progress(ReadingStep.READ, 0, 400), 0),
        (Progress(ReadingStep.READ, 200, 400), 35),
        (Progress(ReadingStep.READ, 400, 400), 70),
        (Progress(ReadingStep.SEARCHED, 200, 400), 82),
        (Progress(ReadingStep.SEARCHED, 400, 400), 95),
        (Progress(ReadingStep.STORED, 400, 400), 95),
        (Progress(ReadingStep.STORED, 0, 0), None),
    ],
)
def test_share_of_the_whole(reported, share):
    assert reported.share == share
