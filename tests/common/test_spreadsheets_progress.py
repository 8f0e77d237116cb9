"""How far the reading of a file is: the worker says it, the reader passes it on, another request may ask."""

import contextlib
import io

import openpyxl
import pytest
from django.core.cache import cache

from common.spreadsheets import FileRefused, progress, read_spreadsheet, reading, write_csv, write_ods
from common.spreadsheets.progress import KeptProgress, Progress, Stage, Watch, is_on_the_way, progress_of
from common.spreadsheets.worker import files, xls
from common.spreadsheets.worker.refusals import Refused
from tests.common.test_spreadsheets_marks import MARKED
from tests.common.test_spreadsheets_reading import LIMITS

ROWS = [[f"Åse {number}", number] for number in range(2_400)]
KEY = "reading-1-6ec1f1c5"


@pytest.fixture(autouse=True)
def _nothing_is_kept():
    yield
    cache.clear()


def on_the_way(data: bytes) -> list[dict]:
    """What the worker says about how far it is."""
    lines = []
    files.read_file(io.BytesIO(data), LIMITS | {"rows": 9_000, "cells": 90_000, "text": 10**6}, lines.append)
    return [line for line in lines if is_on_the_way(line)]


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
def test_a_text_says_at_once_how_many_rows_it_has(text, count):
    lines = []
    with contextlib.suppress(Refused):  # of the last: its quotation stays open
        files.read_file(io.BytesIO(text.encode()), LIMITS | {"text": 10**6}, lines.append)
    assert [line for line in lines if "of" in line] == [{"of": count}]


def test_a_workbook_is_looked_through_first_and_then_says_how_many_rows_each_sheet_has():
    told = on_the_way(workbook_of(ROWS, [], ROWS[:30]))
    assert [line["looked"] for line in told if "looked" in line] == [2_400, 2_400, 2_430]
    assert [line["of"] for line in told if "of" in line] == [2_430, 2_430, 2_430, 2_430]


def test_blank_rows_below_a_list_are_not_waited_for():
    told = on_the_way(workbook_of([["Navn"], ["Åse"], *[[None]] * 50]))
    assert [line["of"] for line in told if "of" in line] == [52, 2]


def test_an_ods_file_says_it_too():
    data = write_ods("x", ["Navn", "Nr."], ROWS).read()
    assert on_the_way(data) == [{"looked": 1_000}, {"looked": 2_000}, {"of": 2_401}, {"of": 2_401}]


def test_an_old_excel_file_says_it_too(monkeypatch):
    monkeypatch.setattr(xls, "TOLD_EVERY", 4)
    told = on_the_way((MARKED / "marked.xls").read_bytes())
    assert [line["looked"] for line in told if "looked" in line] == [0, 4, 8, 9]
    assert [line["of"] for line in told if "of" in line] == [10, 10, 10]


# ---------------------------------------------------------------- beside the worker


def test_the_watch_counts_what_was_written_so_far(tmp_path):
    told = []
    with (tmp_path / "result").open("w+b", buffering=0) as result:
        watch = Watch(result, lambda *far: told.append(far))
        for piece in (
            b"",
            b'{"looked":700}\n{"loo',
            b'ked":900}\n{"format":"xlsx","at":""}\n{"of":1200}\n{"sheet":"A","hidden":false}\n',
            b'[1,["Navn"]]\n[3,["[12,"]]\n[4,["cut',
            b'"]]\n{"errors":{}}\n{"sheet":"B","hidden":false}\n{"of":1150}\n[7,["x"]]\n',
            b'[9999,["x"]]\n{"end":true}\n',
        ):
            result.write(piece)
            watch.look()
    assert told == [
        (Stage.LOOKED_THROUGH, 0, 0),
        (Stage.LOOKED_THROUGH, 700, 0),
        (Stage.READ, 0, 1200),
        (Stage.READ, 3, 1200),
        (Stage.READ, 11, 1150),
        (Stage.READ, 1150, 1150),
    ]


def test_whoever_reads_is_told_to_the_last_row():
    told = []
    read_spreadsheet(write_csv("x", ["Navn", "Nr."], ROWS), lambda *far: told.append(far))
    assert told[-1] == (Stage.READ, 2_401, 2_401)


def test_a_slow_file_is_watched_and_stopped(monkeypatch, settings):
    """The worker sleeps: its progress is read again and again until the wall clock stops it."""
    settings.IMPORT_READ_SECONDS = 0.2
    monkeypatch.setattr(reading, "PACE", 0.05)
    monkeypatch.setattr(reading, "WORKER", "-c")
    monkeypatch.setattr(reading.json, "dumps", lambda limits: "import time; time.sleep(60)")
    told = []
    with pytest.raises(FileRefused) as caught:
        read_spreadsheet(io.BytesIO(b"Navn\n"), lambda *far: told.append(far))
    assert caught.value.code == "server_busy"
    assert len(told) >= 2
    assert set(told) == {(Stage.LOOKED_THROUGH, 0, 0)}


# ---------------------------------------------------------------- beside the request


def test_another_request_may_ask():
    with KeptProgress(KEY) as tell:
        assert progress_of(KEY) is None
        tell(Stage.LOOKED_THROUGH, 300)
        assert progress_of(KEY) == Progress(Stage.LOOKED_THROUGH, 300)
        tell(Stage.READ, 100, 400)
        assert progress_of(KEY) == Progress(Stage.READ, 100, 400)
        assert progress_of("reading-2-6ec1f1c5") is None
    assert progress_of(KEY) == Progress(Stage.READ, 100, 400)
    with KeptProgress(KEY):  # the same form again
        assert progress_of(KEY) is None


def test_a_refused_file_is_forgotten_as_well():
    with pytest.raises(FileRefused), KeptProgress(KEY) as tell:
        read_spreadsheet(io.BytesIO(b"<html>"), tell)
    assert progress_of(KEY) is None


def test_it_is_not_written_down_at_every_word(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    heard = []
    with KeptProgress(KEY) as tell:
        for seconds, done in ((0, 1), (0.1, 2), (0.29, 3), (0.3, 4), (0.4, 5), (0.5, 400)):
            now[0] = seconds
            tell(Stage.READ, done, 400)
            heard.append(progress_of(KEY).done)
    assert heard == [1, 1, 1, 4, 4, 400]  # the last row is always told


@pytest.mark.parametrize(
    ("told", "share"),
    [
        (Progress(Stage.LOOKED_THROUGH, 300), None),
        (Progress(Stage.READ, 0, 400), 0),
        (Progress(Stage.READ, 200, 400), 35),
        (Progress(Stage.READ, 400, 400), 70),
        (Progress(Stage.SEARCHED, 200, 400), 82),
        (Progress(Stage.SEARCHED, 400, 400), 95),
        (Progress(Stage.KEPT, 400, 400), 95),
        (Progress(Stage.KEPT, 0, 0), None),
    ],
)
def test_the_bar_only_grows(told, share):
    assert told.share == share
