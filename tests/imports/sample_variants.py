# ruff: noqa: E501 - tables of headings
"""Variants of the samples: shuffled columns, other headings, English headings, other file formats."""

import csv
import datetime as dt
import io
import random

import xlsxwriter

from common.spreadsheets import read_spreadsheet
from imports.engine.cells import as_text
from imports.engine.recognition import choose_sheet
from imports.kinds import all_kinds
from tests.imports.samples import SAMPLES

SYNONYMS = {
    "mentorbank_pilot_2009.xlsx": {
        "Fornavn": "Fornavn(e)", "Efternavn": "Familienavn", "Køn": "K/M", "Født": "Fødselsdato", "Mobil": "Tlf. nr.",
        "E-mail": "Mailadresse", "Adresse": "Vej og nr.", "Postnr.": "Postnummer", "By": "Bynavn", "Stilling": "Erhverv",
        "Branche": "Sektor", "Uddannelse": "Uddannelsesniveau", "Sprog": "Sprogkundskaber",
        "Kan hjælpe med": "Kan bidrage med", "Ledig fra": "Kan starte fra", "Maks. antal mentees": "Kapacitet",
        "Straffeattest": "Attest", "Bemærkninger": "Kommentarer",
    },
    "mentees_tingbjerg_2010.csv": {
        "Efternavn": "Efternavne", "Fornavn": "Fornavne", "Køn": "Mand/kvinde", "Født": "Født den", "Telefon": "Mobilnr.",
        "E-mail": "Emailadresse", "Adresse": "Bopæl", "Postnr. og by": "Postnr./by", "Oprindelsesland": "Hjemland",
        "Ankomstår": "Kom til Danmark", "Sprog": "Taler sprog", "Forsørgelse": "Forsørgelsesgrundlag",
        "Uddannelse": "Skolegang", "Danskniveau": "Danskkundskaber", "Ønsker": "Ønsker hjælp til",
        "Interviewdato": "Samtaledato", "Interviewer": "Interviewet af", "Status": "Nuværende status",
        "Bemærkninger": "Noter",
    },
    "kontaktpersoner.ods": {
        "Navn": "Fulde navn", "Titel": "Stillingsbetegnelse", "Organisation": "Arbejdsplads", "Afdeling": "Forvaltning",
        "Adresse": "Gade", "Postnr.": "Post nr.", "By": "Postdistrikt", "Telefon": "Kontortelefon",
        "Mobil": "Mobiltelefon", "E-mail": "E-post", "Type": "Kategori", "Sidst kontaktet": "Seneste kontakt",
        "Noter": "Øvrigt",
    },
    "tilmelding_google_forms.csv": {
        "Tidsstempel": "Indsendt", "Hvad er dit": "Navn", "Køn": "Køn", "Hvornår": "Fødselsdag", "E-mailadresse": "Mail",
        "Telefonnummer": "Mobil", "Hvor bor": "Adresse, postnr. og by", "Jeg vil": "Rolle", "Hvilke sprog": "Sprog",
        "Hvad kan": "Ønsker", "Hvor har": "Hørt om os", "Må vi": "Samtykke",
    },
    "matches_2010.xlsx": {
        "Mentor e-mail": "Mentors e-mail", "Mentee e-mail": "Mentees e-mail", "Startdato": "Startet",
        "Slutdato": "Sluttet", "Koordinator": "Ansvarlig", "Antal møder": "Møder", "Afslutningsårsag": "Årsag",
        "Bemærkninger": "Noter",
    },
}  # fmt: skip
ENGLISH = {
    "mentorbank_pilot_2009.xlsx": {
        "Fornavn": "First name", "Efternavn": "Last name", "Køn": "Gender", "Født": "Date of birth",
        "Mobil": "Mobile phone", "E-mail": "E-mail address", "Adresse": "Street address", "Postnr.": "Postcode",
        "By": "City", "Stilling": "Job title", "Branche": "Industry", "Uddannelse": "Education", "Sprog": "Languages",
        "Kan hjælpe med": "Can help with", "Ledig fra": "Available from", "Maks. antal mentees": "Max. number of mentees",
        "Straffeattest": "Criminal record", "Bemærkninger": "Notes",
    },
    "mentees_tingbjerg_2010.csv": {
        "Nr.": "No.", "Efternavn": "Surname", "Fornavn": "Given name", "Køn": "Sex", "Født": "Born", "Telefon": "Phone",
        "E-mail": "Email", "Adresse": "Address", "Postnr. og by": "Postcode and town", "Oprindelsesland": "Home country",
        "Ankomstår": "Year of arrival", "Sprog": "Languages spoken", "Forsørgelse": "Livelihood",
        "Uddannelse": "Education", "Danskniveau": "Level of Danish", "Ønsker": "Wishes",
        "Interviewdato": "Interview date", "Interviewer": "Interviewed by", "Status": "Status", "Bemærkninger": "Comments",
    },
    "kontaktpersoner.ods": {
        "Navn": "Name", "Titel": "Title", "Organisation": "Organisation name", "Afdeling": "Department",
        "Adresse": "Address", "Postnr.": "Zip code", "By": "Town", "Telefon": "Office phone", "Mobil": "Mobile",
        "E-mail": "Email", "Type": "Category", "Sidst kontaktet": "Last contacted", "Noter": "Remarks",
    },
    "tilmelding_google_forms.csv": {
        "Tidsstempel": "Timestamp", "Hvad er dit": "What is your full name?", "Køn": "Gender", "Hvornår": "Date of birth",
        "E-mailadresse": "Email Address", "Telefonnummer": "Phone number", "Hvor bor": "Where do you live?",
        "Jeg vil": "I would like to be …", "Hvilke sprog": "Which languages do you speak?",
        "Hvad kan": "What can you help with, or what would you like help with?",
        "Hvor har": "Where did you hear about us?", "Må vi": "May we keep your details?",
    },
    "matches_2010.xlsx": {
        "Match nr.": "Match number", "Mentor": "Mentor name", "Mentor e-mail": "Mentor email", "Mentee": "Mentee name",
        "Mentee e-mail": "Mentee email", "Startdato": "Start date", "Slutdato": "End date", "Koordinator": "Coordinator",
        "Antal møder": "Number of meetings", "Afslutningsårsag": "Reason", "Bemærkninger": "Notes",
    },
}  # fmt: skip


def shuffled(name: str) -> bytes:
    """Return the sample with shuffled columns. Cells to the right of the last heading stay at the end."""
    headers, _rows = grid(name)
    order = list(range(len(headers)))
    random.Random(name).shuffle(order)
    return written(name, lambda cells: rearranged(cells, order))


def rearranged(cells: list, order: list[int]) -> list:
    padded = [*cells, *[None] * (len(order) - len(cells))]
    moved = [padded[index] for index in order] + padded[len(order) :]
    while moved and moved[-1] is None:
        moved.pop()
    return moved


def renamed(name: str, headings: dict[str, dict[str, str]]) -> bytes:
    """Return the sample with other headings in all header rows. Long questions are given by their beginning."""
    headers, _rows = grid(name)
    wanted = headings[name]
    words = {
        header: new
        for header in headers
        if header and (new := wanted.get(header) or next((wanted[key] for key in long_keys(wanted, header)), None))
    }

    def rename(cells: list) -> list:
        is_header = sum(cell in words for cell in cells if isinstance(cell, str)) >= len(words) - 1
        return [words.get(cell, cell) for cell in cells] if is_header else cells

    return written(name, rename)


def long_keys(wanted: dict[str, str], header: str) -> list[str]:
    """Return the keys with which a long heading begins."""
    return [key for key in wanted if header.startswith(key) and len(header) > 10 + len(key)]


def as_utf_16(name: str) -> bytes:
    """Return the sample as Excel saves "Unicode text": tabs, UTF-16 with a byte order mark, formatted dates."""
    _headers, rows = grid(name)
    return text_of(rows, "\t").encode("utf-16")


def grid(name: str) -> tuple[list, dict[int, list]]:
    """Return the header of the list, and row number → cells of its sheet."""
    with (SAMPLES / name).open("rb") as file:
        sheet, header_row = choose_sheet(read_spreadsheet(file), all_kinds())
    rows = dict(sheet.rows)
    return rows[header_row], rows


def written(name: str, change) -> bytes:
    """Return the sample in its own format (ods as xlsx) with ``change`` applied to every row."""
    _headers, rows = grid(name)
    rows = {number: change(list(cells)) for number, cells in rows.items()}
    return text_of(rows, ";").encode() if name.endswith(".csv") else workbook_of(rows)


def text_of(rows: dict[int, list], separator: str) -> str:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator)
    for number in range(1, max(rows) + 1):
        writer.writerow([as_text(cell) for cell in rows.get(number, [])])
    return target.getvalue()


def workbook_of(rows: dict[int, list]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet, day = book.add_worksheet("Ark1"), book.add_format({"num_format": "dd-mm-yyyy"})
    for number, cells in rows.items():
        for column, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                sheet.write_datetime(number - 1, column, cell, day)
            elif cell is not None:
                sheet.write(number - 1, column, cell)
    book.close()
    return target.getvalue()
