"""The README in two languages and the list of all columns."""

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


def test_readme_explains_content_and_import(sample):
    text = readme_of(file_of(sample.branch, by=UserFactory(name="Hanne =Lund", email="h@example.net")))
    assert text.startswith("\ufeffAlt, hvad afdelingen Tingbjerg har i Mentornet\r\n")
    lines = text.split("\r\n")
    for line in (
        "Lavet den 15. september 2011 af Hanne =Lund (h@example.net).",
        "  4  Personer (tabeller/people.person.csv)",
        "  1  Fremmøder: hører til en anden afdeling.",
        "  Adgangslog: Loggen hører til det system, hvor der blev læst.",
        "  python manage.py import_branch FILE",
        "Everything that the branch Tingbjerg has in Mentornet",
        "Made on 15 September 2011 by Hanne =Lund (h@example.net).",
        "  4  People (tabeller/people.person.csv)",
    ):
        assert line in lines, line
    assert "FILEN INDEHOLDER PERSONOPLYSNINGER" in text
    assert "THE FILE HOLDS PERSONAL DATA" in text
    assert "\n\n\n\n" not in text.replace("\r", "")


def test_readme_of_a_command_names_no_user(sample, exported):
    assert "Lavet den 15. september 2011.\r\n" in readme_of(exported)


def test_column_list_has_every_column(exported):
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
def test_column_list_describes_columns(exported, table, name, words):
    rows = [row for row in columns_of(exported) if row[1] == f"tabeller/{table}.csv" and row[2] == name]
    assert [row[3:] for row in rows] == [words]


def test_column_list_and_readme_do_not_depend_on_the_language(sample, exported):
    with translation.override("en"):
        assert members(file_of(sample.branch))[COLUMNS] == members(exported)[COLUMNS]
        assert members(file_of(sample.branch))[README] == members(exported)[README]
