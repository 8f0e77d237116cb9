"""Reading of spreadsheets: values are unchanged; hostile files are refused quickly and in little memory."""

import datetime as dt
import io
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from common.spreadsheets import FileRefused, read_spreadsheet, reading, write_csv, write_xlsx
from tests.common.spreadsheet_bombs import HOSTILE, ods, ods_cell, ods_row, workbook

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
MEMORY = 256 * 1024 * 1024
SECONDS = 10
PEOPLE = [["Navn", "By", "Note"], ["Åse Møller", "Ærø", "ét; to\nlinjer"], ["Ğül Şahin", "Tåstrup", ""]]


def read(data: bytes):
    return read_spreadsheet(io.BytesIO(data))


def refused(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        read(data)
    return caught.value.code


def as_text(rows, separator=";", line_end="\r\n") -> str:
    lines = [separator.join(f'"{cell}"' if "\n" in cell else cell for cell in row) for row in rows]
    return line_end.join(lines) + line_end


# ---------------------------------------------------------------- the samples


@pytest.mark.parametrize(
    ("name", "sheets"),
    [
        ("mentorbank_pilot_2009.xlsx", [("Mentorer", 188), ("Noter", 4)]),
        ("mentees_tingbjerg_2010.csv", [("", 141)]),
        ("kontaktpersoner.ods", [("Kontaktpersoner", 63), ("Udgået 2008", 5)]),
        ("tilmelding_google_forms.csv", [("", 91)]),
        ("matches_2010.xlsx", [("Matches 2010", 74)]),
    ],
)
def test_samples_are_read(name, sheets):
    with (SAMPLES / name).open("rb") as file:
        found = read_spreadsheet(file)
    assert [(sheet.name, len(sheet.rows)) for sheet in found.sheets] == sheets


def test_cells_keep_their_types_and_rows_their_numbers():
    def fill(sheet):
        sheet.write(4, 2, "Åse")
        sheet.write(6, 3, 26762697)
        sheet.write(6, 4, 1.5)
        sheet.write_boolean(6, 5, 1)
        sheet.write(7, 2, "  ")

    found = read(workbook(fill))
    assert found.format == "xlsx"
    assert found.sheets[0].rows == [(5, [None, None, "Åse"]), (7, [None, None, None, 26762697, 1.5, True])]


def test_dates_and_times_are_read_as_written():
    instant, day = dt.datetime(2010, 5, 14, 16, 30), dt.date(1968, 9, 3)
    rows = read_spreadsheet(write_xlsx("x", ["a", "b"], [[instant, day]])).sheets[0].rows
    assert rows[1] == (2, [instant, day])


def test_hidden_sheets_are_marked():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.add_worksheet("Synlig").write(0, 0, "a")
    hidden = book.add_worksheet("Skjult")
    hidden.write(0, 0, "b")
    hidden.hide()
    book.close()
    assert [(sheet.name, sheet.is_hidden) for sheet in read(target.getvalue()).sheets] == [
        ("Synlig", False),
        ("Skjult", True),
    ]


def test_blank_repetitions_at_the_edge_of_an_ods_are_harmless():
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    found = read(ods(ods_row(ods_cell() + blank) + ods_row(blank, 'table:number-rows-repeated="1048000"')))
    assert found.sheets[0].rows == [(1, ["x"])]


# ---------------------------------------------------------------- text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_text_is_read_in_any_encoding_and_separator(encoding, separator):
    found = read(as_text(PEOPLE, separator).encode(encoding))
    assert found.separator == separator
    assert found.sheets[0].rows == [(1, PEOPLE[0]), (2, PEOPLE[1]), (3, PEOPLE[2][:2])]


def test_windows_1252_is_recognised():
    found = read(as_text(PEOPLE[:2]).encode("cp1252"))
    assert (found.encoding, found.sheets[0].rows[1][1][0]) == ("cp1252", "Åse Møller")


def test_mac_roman_is_read():
    found = read(as_text(PEOPLE[:2], line_end="\r").encode("mac_roman"))
    assert (found.encoding, found.sheets[0].rows[1][1][:2]) == ("mac_roman", ["Åse Møller", "Ærø"])
    found = read(as_text(PEOPLE[:2], line_end="\r").encode("cp1252"))
    assert (found.encoding, found.sheets[0].rows[1][1][0]) == ("cp1252", "Åse Møller")


@pytest.mark.parametrize(
    "name",
    ["Søren Blåbær", "Ørsted", "ÅRHUS", "Æbelø Søø", "Jürgen André", "Note: “ring igen…” – Sara’s Café"],
)
def test_letters_distinguish_windows_1252_and_mac_roman(name):
    for encoding in ("cp1252", "mac_roman"):
        found = read(f"Navn;By\n{name};x\n".encode(encoding))
        assert (found.encoding, found.sheets[0].rows[1][1][0]) == (encoding, name)
    assert read(f"{name};x\n".encode("mac_roman")).sheets[0].rows[0][1][0] == name


def test_letters_of_other_languages_do_not_mean_mac_roman():
    found = read("Navn\nNikšic\nŠahin\n„Bo“ – ring…\n".encode("cp1252"))
    assert (found.encoding, [cells for _number, cells in found.sheets[0].rows[1:]]) == (
        "cp1252", [["Nikšic"], ["Šahin"], ["„Bo“ – ring…"]],
    )  # fmt: skip


def test_blank_records_are_counted_but_not_the_line_of_the_separator():
    found = read("sep=;\r\nNavn;By\r\n\r\n;;\r\nÅse;Ærø\r\n".encode())
    assert found.sheets[0].rows == [(1, ["Navn", "By"]), (4, ["Åse", "Ærø"])]


def test_one_column_is_read():
    assert read(b"Navn\r\nHanne\r\n").sheets[0].rows == [(1, ["Navn"]), (2, ["Hanne"])]


def test_own_csv_is_read_back_with_its_formula_characters():
    texts = ["=1+1", "@x", "-1-1", "+45 50 25 28 58", "'anførsel'", "  =2"]
    found = read_spreadsheet(write_csv("x", ["Tekst"], [[text] for text in texts]))
    assert [cells[0] for _number, cells in found.sheets[0].rows[1:]] == texts


# ---------------------------------------------------------------- what is refused

MEASURED = """
import resource, sys, time
from django.conf import settings
settings.configure(IMPORT_MAX_BYTES={bytes}, IMPORT_MAX_UNPACKED_BYTES={unpacked}, IMPORT_MAX_ROWS={rows},
    IMPORT_MAX_COLUMNS={columns}, IMPORT_MAX_CELLS={cells}, IMPORT_MAX_TEXT={text},
    IMPORT_READ_MEMORY={memory}, IMPORT_READ_CPU_SECONDS={cpu_seconds}, IMPORT_READ_SECONDS=60, USE_I18N=False)
from common.spreadsheets import FileRefused, read_spreadsheet
try:
    read_spreadsheet(sys.stdin.buffer)
except FileRefused as refusal:
    own = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(refusal.code, (int(own) + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * 1024)
"""


def cpu_seconds_of_children() -> float:
    """Return the processor time of child processes, which does not depend on the load of the machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name):
    make, code = HOSTILE[name]
    assert refused(make()) == code


@pytest.mark.parametrize(
    "name", ["600 MB unpacked", "a long text a million times", "shared texts beyond counting", "a million merged cells"]
)
def test_refusing_takes_little_memory_and_time(name, settings):
    limits = {key: value for key, value in reading.reading_limits().items() if key != "output"}
    script = MEASURED.format(bytes=settings.IMPORT_MAX_BYTES, **limits)
    data = HOSTILE[name][0]()
    begin = cpu_seconds_of_children()
    done = subprocess.run(
        [sys.executable, "-c", script], input=data, capture_output=True, check=True, env={**os.environ}, timeout=60
    )
    code, peak = done.stdout.split()
    assert code.decode() == HOSTILE[name][1]
    assert int(peak) < MEMORY
    assert cpu_seconds_of_children() - begin < SECONDS


PLACES = {
    "a wrong checksum": {"place": "sheet1.xml"},
    "a workbook instead of its sheet": {"place": "Ark"},
    "entities": {"place": "sheet1.xml"},
    "one endless text": {"cell": "A1", "place": "Ark"},
    "a text without end": {"line": 2},
    "a quotation mark left open": {"line": 2},
    "a quotation mark left open in a short file": {"line": 3},
    "first and last cell": {"cell": "XFD1048576"},
    "a million merged cells": {"limit": 50_000, "place": "Ark"},
    "ods: a row repeated": {"limit": 50_000, "place": "A"},
    "ods: a cell repeated": {"limit": 200, "place": "A"},
}


@pytest.mark.parametrize("name", PLACES)
def test_a_refusal_names_the_place(name):
    make, _code = HOSTILE[name]
    with pytest.raises(FileRefused) as caught:
        read(make())
    assert caught.value.facts == PLACES[name]
    named = [str(value) for key, value in PLACES[name].items() if key != "limit"]
    assert all(place in str(caught.value) for place in named)


def test_cpr_number_in_the_name_of_a_sheet_is_not_repeated():
    last = io.BytesIO(b'{"refused":"too_many_rows","limit":5,"place":"Ark 010175-1234"}\n')
    with pytest.raises(FileRefused) as caught:
        reading.refuse_unfinished(last, 0)
    assert caught.value.facts == {"limit": 5}


def test_large_upload_is_refused_before_it_is_read(settings):
    settings.IMPORT_MAX_BYTES = 1000
    with pytest.raises(FileRefused) as caught:
        read(b"a;b\n" * 1000)
    assert str(caught.value) == "Filen er større end 0 MB. Del den i flere filer."


AT_STYLES = """print('{"format":"xlsx","at":"styles.xml"}', flush=True)\n"""


def replace_worker(monkeypatch, folder: Path, act: str) -> None:
    """Replace the worker by a script that sets the same limits and then runs ``act``."""
    worker = folder / "worker.py"
    worker.write_text(
        f"import json, os, sys, time\nsys.path.insert(0, {str(reading.WORKER.parents[1])!r})\n"
        "from worker.process import limit_this_process\n"
        f"limit_this_process(json.loads(sys.argv[1]))\n{act}\n"
    )
    monkeypatch.setattr(reading, "WORKER", worker)


def test_wall_clock_stops_a_waiting_worker_and_blames_the_server(settings, monkeypatch, tmp_path, caplog):
    replace_worker(monkeypatch, tmp_path, "time.sleep(30)")
    settings.IMPORT_READ_SECONDS = 1
    with pytest.raises(FileRefused) as caught:
        read(b"Navn\nx\n")
    assert (caught.value.code, str(caught.value)) == (
        "server_busy",
        "Serveren har for travlt til at læse filen lige nu. Vent et par minutter, og vælg filen igen.",
    )
    with translation.override("en"):
        assert str(caught.value) == (
            "The server is too busy to read the file right now. Wait a few minutes and choose the file again."
        )
    assert caplog.messages == ["The reader of spreadsheets was not done after 1 seconds"]


def test_processor_time_stops_a_computing_worker_and_blames_the_file(settings, monkeypatch, tmp_path):
    replace_worker(monkeypatch, tmp_path, AT_STYLES + "while True: pass")
    settings.IMPORT_READ_CPU_SECONDS = 1
    with pytest.raises(FileRefused) as caught:
        read(b"Navn\nx\n")
    assert (caught.value.code, caught.value.facts) == ("too_slow", {"place": "styles.xml"})
    assert str(caught.value) == (
        "Filen tager for lang tid at læse, især »styles.xml«. Gem kun arket med personerne, og vælg den igen."
    )


def test_waiting_does_not_count_as_processor_time(settings, monkeypatch, tmp_path):
    replace_worker(monkeypatch, tmp_path, "from worker.process import main\ntime.sleep(1.5)\nmain()")
    settings.IMPORT_READ_CPU_SECONDS = 1
    assert read(b"Navn\nx\n").sheets[0].rows == [(1, ["Navn"]), (2, ["x"])]


def test_worker_out_of_memory_blames_the_size_of_the_file(settings, monkeypatch, tmp_path):
    """Python raises MemoryError, which the worker reports; calamine aborts the process, as here."""
    replace_worker(monkeypatch, tmp_path, AT_STYLES + "try:\n    bytes(10**9)\nexcept MemoryError:\n    os.abort()")
    with pytest.raises(FileRefused) as caught:
        read(b"Navn\nx\n")
    assert (caught.value.code, caught.value.facts) == ("unpacks_too_large", {"place": "styles.xml"})


@pytest.mark.parametrize(
    ("returncode", "code"), [(-signal.SIGABRT, "unpacks_too_large"), (-signal.SIGKILL, "server_busy")]
)
def test_killed_worker_is_a_refusal(returncode, code):
    with pytest.raises(FileRefused) as caught:
        reading.refuse_unfinished(io.BytesIO(b'["half a line'), returncode)
    assert caught.value.code == code


def test_bug_in_the_worker_is_logged_and_not_called_damage(monkeypatch, tmp_path, caplog):
    """The log names the exception and the place in the program, but no cell."""
    worker = tmp_path / "worker.py"
    worker.write_text(
        f"import sys\nsys.path.insert(0, {str(reading.WORKER.parents[1])!r})\n"
        "from worker import process\n"
        "def stumble(file, limits, emit):\n    emit([1, ['Hanne']])\n    raise KeyError(file.read())\n"
        "process.read_file = stumble\nprocess.main()\n"
    )
    monkeypatch.setattr(reading, "WORKER", worker)
    with pytest.raises(FileRefused) as caught:
        read(b"Navn\nHanne\n")
    assert (caught.value.code, str(caught.value)) == (
        "unreadable",
        (
            "Filen kan ikke læses her, selv om den måske ikke fejler noget. Det er noteret til dem, der driver"
            " systemet. Gem den som .xlsx eller .csv, og vælg den igen."
        ),
    )
    (record,) = caplog.records
    assert (record.levelname, record.name) == ("ERROR", "mentornet.spreadsheets")
    at = [place.partition(":")[0] for place in record.args[1].split(" > ")]
    assert (record.args[0], at) == ("KeyError", ["process.py", "worker.py"])
    assert "Hanne" not in record.getMessage()


@pytest.mark.parametrize("returncode", [0, 1, -signal.SIGSEGV])
def test_worker_without_a_last_line_is_logged(returncode, caplog):
    with pytest.raises(FileRefused) as caught:
        reading.refuse_unfinished(io.BytesIO(b'{"format":"csv"}\n'), returncode)
    assert caught.value.code == "unreadable"
    assert caplog.messages == [f"The reader of spreadsheets ended with code {returncode} and no last line"]


def test_every_refusal_has_a_sentence():
    for code in reading.MESSAGES:
        assert str(FileRefused(code, cell="A1", limit=1, megabytes=1)).endswith(".")
    for code, *named in reading.PLACED_MESSAGES:
        facts = {"limit": 1, "cell": "A1"} | dict.fromkeys(named, "her")
        assert "her" in str(FileRefused(code, **facts))
