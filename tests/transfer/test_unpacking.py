"""A zip that differs from the exported one is refused in words, and nothing is stored."""

import io
import zipfile

import pytest

from common.spreadsheets import FileRefused
from tests.transfer.conftest import members, packed, refusal, signed, stored
from tests.transfer.sample_branch import empty_tables
from transfer.packing import MANIFEST, README
from transfer.services import restore_branch

pytestmark = pytest.mark.django_db
CHANGED = "Filen er beskadiget eller ændret: %s er ikke, som den blev skrevet. Brug filen, som den blev hentet."


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nr;first_name\r\n1;Hodan\r\n", b"\0" * 5000])
def test_file_that_is_not_a_zip(db, content):
    assert refusal(io.BytesIO(content)) == "Det er ikke en fil fra en afdeling: det er ingen zip-fil."


def test_zip_without_a_manifest(db):
    assert refusal(packed({"a.txt": b"x"})) == "Det er ikke en fil fra en afdeling: indholdslisten mangler."


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"format": "mentornet-branch", "version": 1}',
    ],
)
def test_unreadable_manifest(file, content):
    message = refusal(packed(members(file) | {MANIFEST: content}))
    assert message in {
        "Det er ikke en fil fra en afdeling: indholdslisten mangler.",
        CHANGED % MANIFEST,
    }


@pytest.mark.parametrize(
    "part",
    [
        {"branch": "tingbjerg"},
        {"branch": {"slug": "tingbjerg"}},
        {"branch": {"slug": 1, "name": "x", "code": "T"}},
        {"migrations": []},
        {"files": {README: "0"}},
        {"elsewhere": []},
        {"elsewhere": {"people.person": [1]}},
        {"tables": {}},
        {"tables": ["people.person"]},
        {"tables": [{"name": "people.person", "file": "x", "sha256": "x", "rows": "1"}]},
    ],
)
def test_manifest_with_wrong_values(file, part):
    message = refusal(packed(members(file), **part))
    assert message == "Det er ikke en fil fra en afdeling: indholdslisten mangler."


@pytest.mark.parametrize("version", [2, "1", None])
def test_unknown_version(file, version):
    message = refusal(packed(members(file), version=version))
    assert message == f"Filen har format {version}; denne udgave af Mentornet læser format 1."


def test_missing_file(file):
    contents = members(file)
    del contents["tabeller/people.person.csv"]
    assert refusal(packed(contents)) == "Filen er ikke hel: tabeller/people.person.csv mangler."


def test_surplus_file(file):
    assert refusal(packed(members(file) | {"../ud.csv": b"x"})) == CHANGED % "../ud.csv"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_file(file):
    archive = packed(members(file))
    with zipfile.ZipFile(archive, "a") as target:
        target.writestr("tabeller/people.person.csv", b"")
    assert refusal(archive) == CHANGED % "tabeller/people.person.csv"


@pytest.mark.parametrize("name", ["tabeller/people.person.csv", "kolonner.csv", "LÆSMIG.txt"])
def test_changed_file(file, name):
    contents = members(file)
    assert refusal(packed(contents | {name: contents[name] + b" "})) == CHANGED % name


def test_changed_bytes_are_detected(file):
    """Changed bytes anywhere in the file are refused, unless they are in a place that is not read."""
    whole = members(file)
    for place in range(30, len(file), len(file) // 60):
        broken = bytearray(file)
        broken[place] ^= 0xFF
        try:
            read = restore_branch(io.BytesIO(bytes(broken)), by=None)
        except FileRefused:
            assert stored() == []
        else:
            assert members(bytes(broken)) == whole
            assert sum(read.rows.values()) > 50
            empty_tables()


def test_truncated_zip(file):
    for length in range(0, len(file), len(file) // 20):
        refusal(io.BytesIO(file[:length]))


def test_zip_with_a_password(file):
    archive = io.BytesIO(file.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"))
    message = "Filen er beskyttet af en adgangskode eller pakket på en måde, vi ikke læser. Lås den op først."
    assert refusal(archive) == message


TOO_LARGE = "Filen er større, end hvad der må læses. Se ARCHIVE_MAX_BYTES i README.md."


def test_too_large_zip_is_not_opened(file, settings):
    settings.ARCHIVE_MAX_BYTES = len(file) - 1
    assert refusal(io.BytesIO(file)) == TOO_LARGE


def test_zip_bomb_is_not_unpacked(file, settings):
    settings.ARCHIVE_MAX_UNPACKED_BYTES = 50_000_000
    bomb = signed(file, "people.person", b"0" * 51_000_000, 1)
    assert len(bomb.getvalue()) < 200_000
    assert refusal(bomb) == TOO_LARGE


def test_zip_bomb_in_the_manifest(file):
    assert refusal(packed(members(file) | {MANIFEST: b" " * 5_000_000})) == TOO_LARGE


def test_too_many_files(file):
    assert refusal(packed(members(file) | {f"{number}.csv": b"" for number in range(500)})) == TOO_LARGE


def test_too_long_cell(file, settings):
    settings.ARCHIVE_MAX_CELL = 10_000
    assert refusal(io.BytesIO(file)) == CHANGED % "tabeller/reporting.statusreport.csv"


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfnr;\xff\r\n", b'nr;"name\r\n', b'nr;"name"x\r\n'])
def test_table_that_is_not_csv(file, content):
    assert refusal(signed(file, "people.term", content, 0)) == CHANGED % "tabeller/people.term.csv"
