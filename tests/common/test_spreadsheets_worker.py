"""The worker that reads spreadsheets, called in this process."""

import datetime as dt
import io
import json
import sys

import pytest
import xlsxwriter

from common.spreadsheets.progress import is_progress_line
from common.spreadsheets.worker import files, process
from common.spreadsheets.worker.refusals import Refused
from tests.common.spreadsheet_bombs import HOSTILE, ods, ods_cell, ods_row, workbook

LIMITS = {
    "unpacked": 10**7,
    "rows": 100,
    "columns": 50,
    "cells": 1000,
    "text": 10_000,
    "memory": 0,
    "cpu_seconds": 9,
    "output": 0,
}


def run_worker(data: bytes, **limits) -> list:
    """Return the lines of the worker without its progress."""
    lines = []
    files.read_file(io.BytesIO(data), LIMITS | limits, lines.append)
    return [line for line in lines if not is_progress_line(line)]


def test_worker_emits_sheets_and_rows():
    assert run_worker(b"Navn;By\r\n\xc5se;\r\n") == [
        {"format": "csv", "encoding": "cp1252", "separator": ";"},
        {"sheet": "", "hidden": False},
        [1, ["Navn", "By"]],
        [2, ["Åse"]],
    ]
    assert run_worker(workbook())[1:] == [{"sheet": "Ark", "hidden": False}, [1, ["Navn"]]]
    assert run_worker(ods(ods_row(ods_cell())))[1:] == [{"sheet": "A", "hidden": False}, [1, ["x"]]]


@pytest.mark.parametrize(
    ("data", "encoding", "row"),
    [
        ("Navn\nÅse\n".encode("utf-16"), "utf-16-le", ["Åse"]),
        ("Navn\nÅse\n".encode("utf-16-be"), "utf-16-be", ["Åse"]),
        ("Navn\rÅse Møller\r".encode("mac_roman"), "mac_roman", ["Åse Møller"]),
        (b"sep=|\nNavn|By\n'=1+1|x\n", "utf-8", ["=1+1", "x"]),
        (b'Navn\n"a;b"\n', "utf-8", ["a;b"]),
    ],
)
def test_worker_reads_text(data, encoding, row):
    lines = run_worker(data)
    assert (lines[0]["encoding"], lines[-1][1]) == (encoding, row)


def test_worker_keeps_types():
    instant, day, clock = dt.datetime(2010, 5, 14, 16, 30), dt.date(2010, 5, 14), dt.time(8, 5)

    def fill(sheet):
        for column, value in enumerate([5, 1.5, "x"]):
            sheet.write(0, column, value)
        for column, value in enumerate([instant, day, clock], start=3):
            sheet.write_datetime(0, column, value)

    (row,) = [line for line in run_worker(dated_workbook(fill)) if isinstance(line, list)]
    assert row[1][:5] == [5, 1.5, "x", {"time": "2010-05-14T16:30:00"}, {"day": "2010-05-14"}]


def dated_workbook(fill) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "dd-mm-yyyy hh:mm"})
    fill(book.add_worksheet())
    book.close()
    return target.getvalue()


@pytest.mark.parametrize("data", [b";;\r\n", b"\n\n"])
def test_worker_refuses_blank_text_as_empty(data):
    with pytest.raises(Refused) as caught:
        run_worker(data)
    assert caught.value.code == "empty"


@pytest.mark.parametrize("name", [name for name in HOSTILE if "MB" not in name and "million" not in name])
def test_worker_refuses_hostile_files_with_a_code(name):
    make, code = HOSTILE[name]
    data = make()
    if code == "empty" and data:
        return  # for blank sheets the reader decides
    with pytest.raises(Refused) as caught:
        run_worker(data)
    assert caught.value.code in {code, "too_many_rows", "too_many_columns", "unpacks_too_large"}


@pytest.mark.parametrize(
    ("limits", "code"), [({"cells": 2}, "too_many_cells_in_file"), ({"text": 3}, "unpacks_too_large")]
)
def test_worker_refuses_too_many_cells_and_too_much_text(limits, code):
    with pytest.raises(Refused) as caught:
        run_worker(b"Navn;By\nHanne;Lund\n", **limits)
    assert caught.value.code == code


def test_worker_as_a_script(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["worker.py", json.dumps(LIMITS)])
    monkeypatch.setattr(process, "limit_this_process", lambda limits: None)
    for data, last_line in ((b"%PDF-1.4", {"refused": "wrong_type"}), (b"Navn\nHanne\n", {"end": True})):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        process.main()
        assert json.loads(capsys.readouterr().out.splitlines()[-1]) == last_line


def test_worker_reports_that_memory_ran_out(monkeypatch, capsys):
    def swell(file, limits, emit):
        raise MemoryError

    monkeypatch.setattr(sys, "argv", ["worker.py", json.dumps(LIMITS)])
    monkeypatch.setattr(process, "limit_this_process", lambda limits: None)
    monkeypatch.setattr(process, "read_file", swell)
    process.main()
    assert json.loads(capsys.readouterr().out) == {"refused": "unpacks_too_large", "megabytes": 10}
