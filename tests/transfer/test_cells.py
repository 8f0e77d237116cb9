"""Cells keep values without loss, and hold no text that a spreadsheet would calculate."""

import csv
import datetime as dt
import io
import random

import pytest

from people.models import Person
from tests.transfer.conftest import members
from tests.transfer.sample_branch import AWKWARD
from transfer.cells import TEXT, codec_of, original_text, read_cell, safe_text, write_cell

ALPHABET = "'\"=+-@|%\t\r\n ;,.0123456789abÅ\ufeff\u00a0\x01\x0b(){}[]\\😀"


def test_ten_thousand_texts_are_read_unchanged_and_none_is_a_formula():
    rng = random.Random(8)
    texts = AWKWARD + ["".join(rng.choices(ALPHABET, k=rng.randrange(8))) for _ in range(10_000)]
    cells = [safe_text(text) for text in texts]
    assert [original_text(cell) for cell in cells] == texts
    stripped = [cell.strip("\x01\x0b\ufeff \t\r\n\u00a0") for cell in cells]
    formulas = [cell for cell in stripped if cell[:1] in "=@|%" and cell]
    assert formulas == []
    signed = [cell for cell in stripped if cell[:1] in {"+", "-"} and set(cell[1:]) - set("0123456789 .,()\x01")]
    assert signed == []


def test_texts_are_unchanged_after_writing_and_reading_csv():
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe_text(text), "x"] for text in AWKWARD)
    file.seek(0)
    read = list(csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=";", strict=True))
    assert [original_text(row[0]) for row in read] == AWKWARD


def test_empty_cell_is_an_empty_text_or_none():
    assert (read_cell(TEXT, ""), write_cell(TEXT, "")) == ("", "")
    codec = codec_of(Person._meta.get_field("birth_date"))
    assert (read_cell(codec, ""), write_cell(codec, None)) == (None, "")


@pytest.mark.parametrize(
    "instant",
    [
        dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
        dt.datetime(2011, 10, 30, 0, 30, tzinfo=dt.UTC),
        dt.datetime(2011, 10, 30, 1, 30, tzinfo=dt.UTC),
    ],
)
def test_date_times_keep_their_offset(instant):
    codec = codec_of(Person._meta.get_field("created_at"))
    assert read_cell(codec, write_cell(codec, instant)) == instant


@pytest.mark.django_db
def test_format_of_values_in_the_file(exported):
    person = next(csv.DictReader(io.StringIO(_text(exported, "people.person"), newline=""), delimiter=";"))
    assert (person["nr"], person["case_number"], person["home_branch"]) == ("1", "K-2010-005", "koebenhavn")
    assert (person["phones"], person["emails"]) == ('["+4550252858"]', '["=x@example.net"]')
    meeting = next(csv.DictReader(io.StringIO(_text(exported, "matching.meeting"), newline=""), delimiter=";"))
    assert meeting["hours"] == "7,50"
    event = next(csv.DictReader(io.StringIO(_text(exported, "events.event"), newline=""), delimiter=";"))
    assert (event["starts_at"], event["is_cancelled"]) == ("2011-10-30 02:30:00+02:00", "ja")
    assert event["ends_at"] == "2011-10-30 02:30:00+01:00"


def _text(data: bytes, name: str) -> str:
    return members(data)[f"tabeller/{name}.csv"].decode("utf-8-sig")
