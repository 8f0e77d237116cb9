import csv
import io
import json
import zipfile

import pytest

from tests.transfer.world import World
from transfer.packing import MANIFEST
from transfer.services import export_branch


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def exported(world):
    """The bytes of the world's file."""
    return file_of(world.branch)


def file_of(branch, by=None) -> bytes:
    with export_branch(branch, by=by).file as file:
        return file.read()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tables(data: bytes) -> dict[str, bytes]:
    """The tables of a file, without what says who made it and when."""
    return {name: content for name, content in members(data).items() if name.startswith("tabeller/")}


def rows_of(data: bytes, name: str) -> list[list[str]]:
    """The rows of a table, headings first."""
    text = members(data)[f"tabeller/{name}.csv"].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def packed(contents: dict[str, bytes], **manifest) -> io.BytesIO:
    """A zip of the contents; ``manifest`` changes its list of contents."""
    if manifest:
        contents = contents | {MANIFEST: json.dumps(json.loads(contents[MANIFEST]) | manifest).encode()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file
