"""The file explains itself to people: a README in two languages and a list of all columns."""

import csv
import io

import pytest
from django.utils import translation

from demo.factories import UserFactory
from tests.transfer.conftest import file_of, members
from transfer.packing import COLUMNS, README
from transfer.tables import branch_tables

pytestmark = pytest.mark.django_db


def readme_of(data: bytes) -> str:
    return members(data)[README].decode().replace("\xa0", " ")


def columns_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(members(data)[COLUMNS].decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_readme_says_what_it_is_and_how_it_comes_back(world):
    text = readme_of(file_of(world.branch, by=UserFactory(name="Hanne =Lund", email="h@example.net")))
    assert text.startswith("\ufeffAlt, hvad afdelingen Tingbjerg har i Mentornet\r\n")
    lines = text.split("\r\n")
    for line in (
        "Lavet den 15. september 2011 af Hanne =Lund (h@example.net).",
        "  4  Personer (tabeller/people.person.csv)",
        "  1  Fremmøder: hører til en anden afdeling.",
        "  Adgangslog: Loggen hører til det system, hvor der blev læst.",
        "  python manage.py import_branch FILE",
        "All that the branch Tingbjerg has in Mentornet",
        "Made on 15 September 2011 by Hanne =Lund (h@example.net).",
        "  4  People (tabeller/people.person.csv)",
    ):
        assert line in lines, line
    assert "FILEN INDEHOLDER PERSONOPLYSNINGER" in text
    assert "THE FILE HOLDS PERSONAL DATA" in text
    assert "\n\n\n\n" not in text.replace("\r", "")


def test_the_readme_knows_no_sender_of_a_command(world, exported):
    assert "Lavet den 15. september 2011.\r\n" in readme_of(exported)


def test_every_column_is_explained(exported):
    headings, *rows = columns_of(exported)
    assert headings == [
        "Tabel",
        "Fil",
        "Kolonne",
        "Betegnelse",
        "Slags",
        "Må være tom",
        "Forklaring",
        "Henviser til",
        "Værdier",
    ]
    for table in branch_tables():
        explained = [row[2] for row in rows if row[1] == table.file and row[4] != "ikke i filen"]
        assert explained == ["nr", *(column.name for column in table.columns)]
    assert [row[2:5] for row in rows if not (row[3] and row[4])] == []


@pytest.mark.parametrize(
    ("table", "name", "words"),
    [
        ("people.person", "case_number", ["sagsnummer", "tekst", "Nej", "", "", ""]),
        ("people.person", "home_branch", ["hjemafdeling", "kort navn", "Nej", "", "Afdelinger, slug", ""]),
        ("people.person", "created_by", ["oprettet af", "en brugers e-mail", "Ja", "", "Brugere", ""]),
        (
            "people.person",
            "organisation",
            ["organisation", "rækkens nr", "Ja", "", "Organisationer, nr", ""],
        ),
        (
            "people.person",
            "gender",
            ["køn", "tekst", "Nej", "", "", "woman = Kvinde · man = Mand · other = Andet · unknown = Ikke kendt"],
        ),
        (
            "people.person",
            "search_text",
            ["søgetekst", "ikke i filen", "", "Regnes ud igen af navn, nummer, e-mail og telefon.", "", ""],
        ),
        ("people.enrolment_terms", "term", ["ord", "rækkens nr", "Nej", "", "Ordliste, nr", ""]),
    ],
)
def test_columns_in_words(exported, table, name, words):
    rows = [row for row in columns_of(exported) if row[1] == f"tabeller/{table}.csv" and row[2] == name]
    assert [row[3:] for row in rows] == [words]


def test_the_list_is_danish_whoever_asks(world, exported):
    with translation.override("en"):
        assert members(file_of(world.branch))[COLUMNS] == members(exported)[COLUMNS]
        assert members(file_of(world.branch))[README] == members(exported)[README]
