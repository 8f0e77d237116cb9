"""Recognition of header, columns and kind, and removal of CPR numbers."""

import datetime as dt

import pytest

from common.spreadsheets import Sheet, Spreadsheet, column_letters
from imports.engine import recognition
from imports.engine import table as source
from imports.engine.fields import normal
from imports.kinds import all_kinds, kind_of
from imports.kinds.known_people import KnownPeople, KnownPerson
from people.likeness import Facts

MENTORS = ["Fornavn", "Efternavn", "Mobil", "E-mail", "Branche", "Kan hjælpe med"]


def code_of(*headers):
    kind = recognition.recognise_kind(headers, all_kinds())
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
def test_kinds_are_recognised_by_their_headings(headers, kind):
    assert code_of(*headers) == kind


def test_a_misspelt_heading_is_a_guess():
    mapping = recognition.recognise_columns(["Fornavn", "Eftenavn", "Emial", "XYZ"], kind_of("mentor").fields)
    assert mapping.columns == {"first_name": 0, "last_name": 1, "email": 2}
    assert mapping.guesses == {"last_name", "email"}


def test_a_column_has_one_meaning_and_the_left_one_wins():
    mapping = recognition.recognise_columns(["Stilling", "Job", "Navn"], kind_of("mentor").fields)
    assert mapping.columns == {"occupation": 0, "full_name": 2}


def test_a_second_phone_and_email_have_their_own_fields():
    headers = recognition.numbered_headings(
        ["Mobil", "Telefon", "E-mail", "E-mail", "Telefon", "Noter", "Bemærkninger"]
    )
    assert headers == ["Mobil", "Telefon", "E-mail", "E-mail (2)", "Telefon (2)", "Noter", "Bemærkninger"]
    mapping = recognition.recognise_columns(headers, kind_of("mentor").fields)
    assert (mapping.columns, mapping.guesses) == (
        {"phone": 0, "phone_2": 1, "email": 2, "email_2": 3, "phone_3": 4, "notes": 5, "notes_2": 6},
        set(),
    )


def test_hidden_columns_are_not_recognised():
    mapping = recognition.recognise_columns(["Navn", "Mobil"], kind_of("mentor").fields, leave_out=[1])
    assert mapping.columns == {"full_name": 0}


def test_headings_are_compared_without_dots_and_accents():
    assert normal(" Postnr. ") == normal("POSTNR")
    assert normal("E-mail / adresse") == "e mail adresse"


def test_the_header_is_found_under_title_lines_on_the_first_sheet_that_has_one():
    notes = Sheet("Noter", rows=[(1, ["Gul = ring igen"]), (2, ["Husk", "kage"])])
    people = Sheet("Mentorer", rows=[(1, ["Mentorbank 2009"]), (4, MENTORS), (5, ["Åse"])])
    hidden = Sheet("Gamle", is_hidden=True, rows=[(1, MENTORS)])
    sheet, row = recognition.choose_sheet(Spreadsheet("xlsx", [hidden, notes, people]), all_kinds())
    assert (sheet.name, row) == ("Mentorer", 4)


def test_without_a_known_header_the_longest_visible_sheet_is_chosen():
    rows = [(1, ["a", "b"]), (2, ["c", "d"])]
    sheets = [Sheet("Forside", rows=rows[:1]), Sheet("Noter", rows=rows), Sheet("Gamle", is_hidden=True, rows=3 * rows)]
    sheet, row = recognition.choose_sheet(Spreadsheet("xlsx", sheets), all_kinds())
    assert (sheet.name, row) == ("Noter", None)


def test_blank_and_repeated_rows_are_counted_and_left_out():
    rows = [(2, ["Navn", "By"]), (3, ["Åse", "Ærø"]), (6, ["NAVN", "by"]), (7, ["Bo"])]
    table = recognition.make_table(Sheet("x", rows=rows), 2)
    assert [row.number for row in table.rows] == [3, 7]
    assert (table.blank_rows, table.repeated_header_rows) == (2, 1)


def test_a_cell_merged_over_rows_counts_for_each_row_that_is_not_blank():
    rows = [(2, ["Navn", "Organisation"]), (3, ["Åse", "VIDIT"]), (4, ["Bo"]), (6, ["Ida", "rest"]), (7, ["Per"])]
    sheet = Sheet("x", rows=rows, merges=[[1, 2, 0], [3, 6, 1], [4, 7, 1], [7, 9, 5]])
    table = recognition.make_table(sheet, 2)
    assert [row.cells for row in table.rows] == [["Åse", "VIDIT"], ["Bo", "VIDIT"], ["Ida", "VIDIT"], ["Per"]]


def test_cells_to_the_right_of_the_last_heading_have_a_column():
    table = recognition.make_table(Sheet("x", rows=[(1, ["Navn", None]), (2, ["Åse"]), (3, ["Bo", None, "husk"])]), 1)
    assert (table.headers, table.width) == (["Navn", "", ""], 1)


def test_hidden_rows_are_left_out_unless_chosen():
    remark = {"code": "hidden_rows", "count": 2, "rows": [1, 4]}
    rows = [(1, ["Gammel"]), (2, ["Navn"]), (3, ["Åse"]), (4, ["Bo"])]
    sheet = Sheet("x", rows=rows, hidden_rows=[1, 4], hidden_columns=[3], remarks=[remark])
    table = recognition.make_table(sheet, 2)
    assert ([row.number for row in table.rows], table.hidden_rows, table.blank_rows) == ([3], [4], 0)
    assert (table.hidden_columns, table.remarks) == ([3], [remark])
    table = recognition.make_table(sheet, 2, with_hidden_rows=True)
    assert ([row.number for row in table.rows], table.hidden_rows) == ([3, 4], [4])


# ---------------------------------------------------------------- other programs' exports

EXPORTS = {
    "google_contacts": {
        "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Birthday,Gender,Location,Occupation,"
        "Notes,Language,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,"
        "Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
        "Address 1 - Postal Code,Address 1 - Country,Organization 1 - Name,Organization 1 - Title": {
            "full_name": "Name", "first_name": "Given Name", "middle_name": "Additional Name",
            "last_name": "Family Name", "birth": "Birthday", "gender": "Gender",
            "occupation": "Organization 1 - Title", "notes": "Notes", "email": "E-mail 1 - Value",
            "email_2": "E-mail 2 - Value", "phone": "Phone 1 - Value", "address": "Address 1 - Street",
            "town": "Address 1 - City", "postcode": "Address 1 - Postal Code",
        },
        "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
        "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,"
        "Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
        "Phone 2 - Value,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Branche": {
            "first_name": "First Name", "middle_name": "Middle Name", "last_name": "Last Name",
            "full_name": "File As", "birth": "Birthday",
            "occupation": "Organization Title", "notes": "Notes", "email": "E-mail 1 - Value",
            "phone": "Phone 1 - Value", "phone_2": "Phone 2 - Value", "address": "Address 1 - Street",
            "town": "Address 1 - City", "postcode": "Address 1 - Postal Code", "industry": "Branche",
        },
    },
    "outlook_da": {
        "Titel,Fornavn,Mellemnavn,Efternavn,Suffiks,Firma,Afdeling,Stilling,Gade (arbejde),Postnummer (arbejde),"
        "By (arbejde),Gade (privat),Gade 2 (privat),By (privat),Postnummer (privat),Land/område (privat),"
        "Telefon (arbejde),Telefon (privat),Mobiltelefon,Primær telefon,Fødselsdag,E-mail-adresse,E-mail-type,"
        "E-mail-vist navn,E-mail 2-adresse,Køn,Kategorier,Notater,Profession,Sprog,Sted": {
            "first_name": "Fornavn", "middle_name": "Mellemnavn", "last_name": "Efternavn", "gender": "Køn",
            "birth": "Fødselsdag",
            "phone": "Mobiltelefon", "phone_2": "Telefon (privat)", "phone_3": "Telefon (arbejde)",
            "email": "E-mail-adresse", "email_2": "E-mail 2-adresse", "address": "Gade (privat)",
            "postcode": "Postnummer (privat)", "town": "By (privat)", "occupation": "Stilling", "languages": "Sprog",
            "notes": "Notater",
        },
        "Fornavn,Efternavn,Firma,Afdeling,Stilling,Adresse (privat),Postnummer (privat),By (privat),Telefon (privat),"
        "Mobiltelefon,E-mailadresse,Fødselsdato,Køn,Noter,Initialer": {
            "first_name": "Fornavn", "last_name": "Efternavn", "gender": "Køn", "birth": "Fødselsdato",
            "phone": "Mobiltelefon", "phone_2": "Telefon (privat)", "email": "E-mailadresse",
            "address": "Adresse (privat)", "postcode": "Postnummer (privat)", "town": "By (privat)",
            "occupation": "Stilling", "notes": "Noter",
        },
    },
    "outlook_en": {
        "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,"
        "E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Mobile Phone,Primary Phone,"
        "Job Title,Department,Company,Home Street,Home City,Home State,Home Postal Code,Home Country/Region,Spouse,"
        "Location,Web Page,Birthday,Anniversary,Notes": {
            "first_name": "First Name", "middle_name": "Middle Name", "last_name": "Last Name", "birth": "Birthday",
            "phone": "Mobile Phone",
            "phone_2": "Home Phone", "phone_3": "Business Phone", "email": "E-mail Address",
            "email_2": "E-mail 2 Address", "address": "Home Street", "postcode": "Home Postal Code",
            "town": "Home City", "occupation": "Job Title", "notes": "Notes",
        },
    },
    "civicrm": {
        "Contact ID,Contact Type,Contact Subtype,Do Not Email,Sort Name,Display Name,Preferred Language,First Name,"
        "Middle Name,Last Name,Job Title,Birth Date,Gender,Current Employer,Street Address,Supplemental Address 1,"
        "City,Postal Code,State,Country,Phone,Email,Note(s),Group(s),Tag(s),Is Deceased": {
            "full_name": "Display Name", "record_type": "Contact Type", "deceased": "Is Deceased",
            "first_name": "First Name", "middle_name": "Middle Name", "last_name": "Last Name", "birth": "Birth Date",
            "gender": "Gender", "address": "Street Address", "town": "City", "postcode": "Postal Code",
            "phone": "Phone", "email": "Email", "occupation": "Job Title", "languages": "Preferred Language",
            "notes": "Note(s)",
        },
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "headers", "wanted"),
    [(code, headers.split(","), wanted) for code, lists in EXPORTS.items() for headers, wanted in lists.items()],
)
def test_address_books_are_recognised_by_their_headings(code, headers, wanted):
    mapping = recognition.recognise_columns(headers, kind_of("mentor").fields)
    assert {key: headers[index] for key, index in mapping.columns.items()} == wanted
    assert (mapping.profile, mapping.guesses) == (code, set())
    assert recognition.recognise_kind(headers, all_kinds()) is None
    sheet = Sheet("x", rows=[(1, ["Mine kontakter"]), (2, headers), (3, ["x"] * len(headers))])
    assert recognition.find_header_row(sheet, all_kinds()) == 2


def test_an_address_book_gives_the_office_of_a_contact_person():
    headers = next(iter(EXPORTS["outlook_da"])).split(",")
    columns = recognition.recognise_columns(headers, kind_of("contact").fields).columns
    names = {key: headers[columns[key]] for key in ("phone", "phone_2", "office_phone", "organisation", "department")}
    assert names == {
        "phone": "Mobiltelefon", "phone_2": "Telefon (privat)", "office_phone": "Telefon (arbejde)",
        "organisation": "Firma", "department": "Afdeling",
    }  # fmt: skip


HABITS = {
    "mentor": [
        {"For- og efternavn": "full_name", "Mobil tlf.": "phone", "E-mail adresse": "email", "Vej og nr.": "address"},
        {"Surname": "last_name", "Forename": "first_name", "D.O.B.": "birth", "Cell phone": "phone", "Skills": "help"},
        {
            "Navn": "full_name",
            "K/M": "gender",
            "Straffeattest indhentet": "criminal_record",
            "Postnr./by": "postcode_town",
        },
    ],
    "mentee": [
        {"Navn": "full_name", "Hjemland": "origin", "Kom til DK": "arrival_year", "Samtale d.": "interview_on"},
        {"Name": "full_name", "In Denmark since": "arrival_year", "Level of Danish": "danish_level", "Goals": "wish"},
    ],
    "contact": [
        {
            "Navn": "full_name",
            "Arbejdsgiver": "organisation",
            "Funktion": "occupation",
            "Direkte telefon": "office_phone",
        },
    ],
    "signup": [
        {"Starttidspunkt": "timestamp", "Hvad hedder du?": "full_name", "Vil du være mentor eller mentee?": "role"},
    ],
}


@pytest.mark.parametrize(("kind", "wanted"), [(kind, wanted) for kind, lists in HABITS.items() for wanted in lists])
def test_headings_in_common_use_are_recognised(kind, wanted):
    headers = list(wanted)
    mapping = recognition.recognise_columns(headers, kind_of(kind).fields)
    assert {headers[index]: key for key, index in mapping.columns.items()} == wanted
    assert mapping.guesses == set()


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("010175-1234", "[CPR]"),
        ("CPR 0101751234, ring", "CPR [CPR], ring"),
        ("010175\n 1234", "[CPR]"),
        ("010175\xa01234", "[CPR]"),
        (101751234, "[CPR]"),
        (3112991234, "[CPR]"),
        ("101751234", "[CPR]"),
        (" 101751234", "[CPR]"),
        ("tlf. 101751234", "tlf. 101751234"),
        ("399751234", "399751234"),
        (26762697, 26762697),
        ("310275-1234", "310275-1234"),
        ("+45 26 76 26 97", "+45 26 76 26 97"),
        ("010175-1234 og 020276-4321", "[CPR] og [CPR]"),
        (None, None),
        (True, True),
    ],
)
def test_cpr_numbers_are_removed(cell, left):
    assert source.without_cpr(cell) == left


def test_below_a_cpr_heading_all_numbers_are_removed():
    rows = [
        (1, ["Liste 2010"]),
        (3, ["Navn", "CPR-nr.", "Noter"]),
        (4, ["Åse", 1234, "kl. 16"]),
        (5, ["Bo", "1.1.70-"]),
    ]
    rows += [(6, ["Navn", "CPR-nr."]), (7, ["Ib", "har ikke", 5]), (8, ["Ida"])]
    [sheet] = source.remove_cpr_numbers(Spreadsheet("csv", [Sheet("x", rows=rows)])).sheets
    assert [cells[1:] for _number, cells in sheet.rows] == [
        [], ["CPR-nr.", "Noter"], ["[CPR]", "kl. 16"], ["[CPR]"], ["CPR-nr."], ["har ikke", 5], []
    ]  # fmt: skip


def test_a_packed_spreadsheet_is_unpacked_unchanged():
    rows = [(1, ["Navn", 5, 1.5, None, True]), (3, [dt.date(2010, 5, 14), dt.datetime(2010, 5, 14, 16, 30)])]
    marks = {"hidden_rows": [3], "hidden_columns": [1], "merges": [[1, 3, 0]], "remarks": [{"code": "x", "count": 1}]}
    sheets = [Sheet("Ark", is_hidden=True, rows=rows, **marks), Sheet("Uden")]
    packed = Spreadsheet("csv", sheets, "cp1252", ";")
    assert source.unpack_spreadsheet(source.pack_spreadsheet(packed)) == packed


def test_columns_have_letters():
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def known(name, **fields):
    values = {"emails": set(), "phones": set(), "birth_date": None} | fields
    return KnownPerson(name, **values)


def test_a_known_person_in_the_same_role_is_preferred():
    first = known("Åse Møller", emails={"a@b.dk"}, roles={"mentee": None})
    second = known("Åse Møller", phones={"+4550505050"}, roles={"mentor": None})
    people = KnownPeople([first, second])
    person = Facts("ÅSE  møller", {"a@b.dk"}, {"+4550505050"})
    assert people.same_person(person, role="mentor") is second
    assert people.same_person(person, role="contact") is first
    assert people.same_person(Facts("Åse Møller"), role="mentor") is None


def test_people_of_another_name_share_a_contact():
    couple, namesake = known("Per Holm", phones={"+4550505050"}), known("Åse Møller", phones={"+4550505050"})
    people = KnownPeople([namesake, couple])
    assert people.sharing_contact(Facts("Åse Møller", phones={"+4550505050"})) is couple
    assert people.sharing_contact(Facts("Ida Dam", phones={"+4550505050"})) is namesake
    assert people.sharing_contact(Facts("Ida Dam", emails={"x@y.dk"})) is None
