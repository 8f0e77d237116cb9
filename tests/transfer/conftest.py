import csv
import hashlib
import io
import json
import zipfile

import pytest
from django.db import connection

from accounts.models import AccessRecord, User
from common.models import NumberSeries
from common.spreadsheets import FileRefused
from tests.transfer.sample_branch import SampleBranch, empty_tables
from transfer.packing import MANIFEST
from transfer.services import export_branch, restore_branch
from transfer.tables import branch_tables


@pytest.fixture
def sample(db):
    return SampleBranch()


@pytest.fixture
def exported(sample):
    """The bytes of the sample branch's file."""
    return file_of(sample.branch)


def file_of(branch, by=None) -> bytes:
    with export_branch(branch, by=by).file as file:
        return file.read()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tables(data: bytes) -> dict[str, bytes]:
    """Return the tables of a file, without the parts that name its user and time."""
    return {name: content for name, content in members(data).items() if name.startswith("tabeller/")}


def rows_of(data: bytes, name: str) -> list[list[str]]:
    """Return the rows of a table, headings first."""
    text = members(data)[f"tabeller/{name}.csv"].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def packed(contents: dict[str, bytes], **manifest) -> io.BytesIO:
    """Return a zip of the contents; ``manifest`` replaces values of the manifest."""
    if manifest:
        contents = contents | {MANIFEST: json.dumps(json.loads(contents[MANIFEST]) | manifest).encode()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file


def forged(data: bytes, name: str, edit, **manifest) -> io.BytesIO:
    """Return the file with an edited table (rows as lists, headings first) and the right checksum."""
    rows = rows_of(data, name)
    edit(rows)
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return signed(data, name, text.getvalue().encode("utf-8-sig"), len(rows) - 1, **manifest)


def signed(data: bytes, name: str, content: bytes, rows: int, **manifest) -> io.BytesIO:
    """Return the file with other content of a table, and its checksum and number of rows in the manifest."""
    contents = members(data)
    listed = json.loads(contents[MANIFEST])["tables"]
    for table in listed:
        if table["name"] == name:
            table |= {"rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
            contents[table["file"]] = content
    return packed(contents, tables=listed, **manifest)


def cell(row: int, column: str, text: str):
    """Return an edit of one cell of a table; rows count from 1 below the headings."""

    def edit(rows):
        rows[row][rows[0].index(column)] = text

    return edit


@pytest.fixture(scope="session")
def packed_samples():
    """A list that keeps the sample's file for all tests, which need not create the sample again."""
    return []


@pytest.fixture
def file(db, packed_samples, request):
    """The sample branch's file, and a database without the sample and its users."""
    if not packed_samples:
        packed_samples.append(request.getfixturevalue("exported"))
        empty_tables()
        User.objects.all()._raw_delete(using=connection.alias)
    return packed_samples[0]


def refusal(file, **options) -> str:
    """Return the message of a refused restore, after checking that nothing is stored."""
    with pytest.raises(FileRefused) as caught:
        restore_branch(file, by=None, **options)
    assert stored() == []
    return str(caught.value)


def stored() -> list[str]:
    models = [AccessRecord, NumberSeries, *(table.model for table in branch_tables())]
    return [model._meta.label for model in models if model._base_manager.exists()]


def manifest_of(data: bytes) -> dict:
    return json.loads(members(data)[MANIFEST])
