"""Header, columns and kind; CPR numbers gone before anything else is done."""

import datetime as dt

import pytest

from common.spreadsheets import Sheet, Spreadsheet
from people.importing import recognition, registry, source
from people.importing.fields import normal
from people.importing.register import KnownPerson, Register

MENTORS = ["Fornavn", "Efternavn", "Mobil", "E-mail", "Branche", "Kan hjælpe med"]


def kind_of(*headers):
    kind = recognition.recognise_kind(headers, registry.kinds())
    return kind and kind.code


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (MENTORS, "mentor"),
        (["Navn", "Status", "Ankomstår", "Interviewdato"], "mentee"),
        (["Navn", "Organisation", "Telefon", "Sidst kontaktet"], "contact"),
        (["Full name", "Role", "Consent"], "signup"),
        (["Mentor", "Mentee", "Startdato", "Slutdato"], "match"),
        (["First name", "Last name", "Industry", "Capacity", "E-mail"], "mentor"),
        (["Navn", "E-mail"], None),
        (["Pris", "Antal"], None),
    ],
)
def test_kinds_are_told_by_their_headings(headers, kind):
    assert kind_of(*headers) == kind


def test_a_slip_of_the_pen_is_a_guess():
    mapping = recognition.recognise_columns(["Fornavn", "Eftenavn", "Emial", "XYZ"], registry.kind_of("mentor").fields)
    assert mapping.columns == {"first_name": 0, "last_name": 1, "email": 2}
    assert mapping.guesses == {"last_name", "email"}


def test_a_column_has_one_meaning_and_the_left_one_wins():
    mapping = recognition.recognise_columns(["Telefon", "Mobil", "Navn"], registry.kind_of("mentor").fields)
    assert mapping.columns == {"phone": 0, "full_name": 2}


def test_headings_are_compared_without_dots_and_accents():
    assert normal(" Postnr. ") == normal("POSTNR")
    assert normal("E-mail / adresse") == "e mail adresse"


def test_the_header_is_found_under_title_lines_on_the_first_sheet_that_has_one():
    notes = Sheet("Noter", rows=[(1, ["Gul = ring igen"]), (2, ["Husk", "kage"])])
    people = Sheet("Mentorer", rows=[(1, ["Mentorbank 2009"]), (4, MENTORS), (5, ["Åse"])])
    hidden = Sheet("Gamle", is_hidden=True, rows=[(1, MENTORS)])
    sheet, row = recognition.choose_sheet(Spreadsheet("xlsx", [hidden, notes, people]), registry.kinds())
    assert (sheet.name, row) == ("Mentorer", 4)


def test_without_a_known_header_the_first_filled_sheet_is_taken():
    sheets = [Sheet("Tom"), Sheet("Noter", rows=[(1, ["a", "b"])])]
    sheet, row = recognition.choose_sheet(Spreadsheet("xlsx", sheets), registry.kinds())
    assert (sheet.name, row) == ("Noter", None)


def test_blank_and_repeated_rows_are_counted_and_left_out():
    rows = [(2, ["Navn", "By"]), (3, ["Åse", "Ærø"]), (6, ["NAVN", "by"]), (7, ["Bo"])]
    table = recognition.make_table(Sheet("x", rows=rows), 2, is_text=False)
    assert [row.number for row in table.rows] == [3, 7]
    assert (table.blank_rows, table.repeated_header_rows) == (2, 1)


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("010175-1234", "[CPR]"),
        ("CPR 0101751234, ring", "CPR [CPR], ring"),
        ("010175\n 1234", "[CPR]"),
        ("010175\xa01234", "[CPR]"),
        (101751234, "[CPR]"),
        (3112991234, "[CPR]"),
        (26762697, 26762697),
        ("310275-1234", "310275-1234"),
        ("+45 26 76 26 97", "+45 26 76 26 97"),
        ("010175-1234 og 020276-4321", "[CPR] og [CPR]"),
        (None, None),
        (True, True),
    ],
)
def test_cpr_numbers_are_taken_out(cell, left):
    assert source.without_cpr(cell) == left


def test_a_spreadsheet_survives_being_packed():
    rows = [(1, ["Navn", 5, 1.5, None, True]), (3, [dt.date(2010, 5, 14), dt.datetime(2010, 5, 14, 16, 30)])]
    found = source.unpack_spreadsheet(
        source.pack_spreadsheet(Spreadsheet("xlsx", [Sheet("Ark", is_hidden=True, rows=rows)]))
    )
    assert (found.format, found.sheets) == ("xlsx", [Sheet("Ark", is_hidden=True, rows=rows)])


def test_columns_have_letters():
    assert [source.column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def known(name, **fields):
    values = {"emails": set(), "phones": set(), "birth_date": None} | fields
    return KnownPerson(name, **values)


def test_the_register_prefers_somebody_in_the_same_role():
    first = known("Åse Møller", emails={"a@b.dk"}, roles={"mentee": None})
    second = known("Åse Møller", phones={"+4550505050"}, roles={"mentor": None})
    register = Register([first, second])
    who = ("ÅSE  møller", ["a@b.dk"], ["+4550505050"], None)
    assert register.same_person(*who, role="mentor") is second
    assert register.same_person(*who, role="contact") is first
    assert register.same_person("Åse Møller", [], [], None, role="mentor") is None


def test_the_register_knows_who_shares_a_phone():
    couple, namesake = known("Per Holm", phones={"+4550505050"}), known("Åse Møller", phones={"+4550505050"})
    register = Register([namesake, couple])
    assert register.sharing_contact("Åse Møller", [], ["+4550505050"]) is couple
    assert register.sharing_contact("Ida Dam", [], ["+4550505050"]) is namesake
    assert register.sharing_contact("Ida Dam", ["x@y.dk"], []) is None
