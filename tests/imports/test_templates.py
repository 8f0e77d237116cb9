"""Templates to download are recognised and imported."""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from common.folding import fold
from imports.engine import recognition
from imports.engine.kind import template_of
from imports.engine.reader import RowReader
from imports.engine.table import SourceRow, Table
from imports.kinds import all_kinds, kind_of
from imports.models import ImportBatch
from imports.services import apply_import, read_upload
from people.models import Person
from tests.imports.checks import check_all
from tests.imports.samples import stage_and_check

CODES = [kind.code for kind in all_kinds()]
# Case numbers of the people in the examples of other lists.
CASE_NUMBERS = {"Birgitte": "T-2011-002", "Amina": "T-2011-014"}


def workbook_of(client, code: str) -> openpyxl.Workbook:
    response = client.get(reverse("imports:import-template", args=[code]))
    return openpyxl.load_workbook(io.BytesIO(response.content))


def filled_in(book: openpyxl.Workbook):
    """Return the workbook as a file with the examples copied to the list."""
    target, examples = book.worksheets[:2]
    for row in examples.iter_rows(min_row=2):
        for cell in row:
            if cell.value is not None:
                target[cell.coordinate] = cell.value
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def number_people() -> None:
    """Give the people in the examples of other lists their case numbers, and the others new ones."""
    for number, person in enumerate(Person.objects.all(), start=100):
        person.case_number = f"T-2010-{number}"
        person.save()
    for name, number in CASE_NUMBERS.items():
        Person.objects.filter(first_name=name).update(case_number=number)


@pytest.mark.django_db
def test_every_template_filled_with_its_examples_is_imported(admin, programme, administrator):
    """The kinds are imported in their order into one database."""
    for code in CODES:
        upload = read_upload(filled_in(workbook_of(admin, code)), f"{code}.xlsx")
        batch = stage_and_check(upload, programme=programme, by=administrator)
        assert (batch.kind, batch.mapping["guesses"], batch.header_row) == (code, [], 1)
        with translation.override("da"):
            headings = template_of(kind_of(code)).headings
        assert (batch.headers, len(batch.mapping["columns"])) == (headings, len(headings))
        rows = [(row.number, row.state, [issue["code"] for issue in row.issues]) for row in batch.rows.all()]
        assert {state for _number, state, _codes in rows} <= {"clean", "warned"}, (code, rows)
        assert len(rows) >= 2
        apply_import(batch, by=administrator)
        if code == "mentee":
            number_people()


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_an_empty_template_has_no_rows(admin, programme, code):
    file = io.BytesIO()
    workbook_of(admin, code).save(file)
    file.seek(0)
    kinds = all_kinds()
    sheet, header_row = recognition.choose_sheet(read_upload(file, "x.xlsx").spreadsheet, kinds)
    table = recognition.make_table(sheet, header_row)
    assert (header_row, table.rows) == (1, [])


@pytest.mark.django_db
def test_drop_downs_have_the_words_and_date_columns_are_dates(admin):
    book = workbook_of(admin, "mentee")
    assert book.sheetnames == ["Mentees", "Eksempler", "Forklaring", "Lister"]
    sheet, lists = book["Mentees"], book["Lister"]
    headings = {cell.value: cell for cell in sheet[1]}
    assert sheet.freeze_panes == "A2"
    found = {}
    for validation in sheet.data_validations.dataValidation:
        place = validation.formula1.removeprefix("Lister!").removeprefix("'Lister'!").replace("$", "")
        heading = sheet.cell(1, next(iter(validation.sqref.ranges)).min_col).value
        found[heading] = [cell.value for (cell,) in lists[place]]
    assert found == {"Køn": ["kvinde", "mand", "andet", "ikke kendt"], "Status": ["venteliste", "matchet", "afsluttet"]}
    examples = {heading: book["Eksempler"][cell.column_letter + "2"] for heading, cell in headings.items()}
    assert (examples["Interviewdato"].is_date, examples["Født"].value) == (True, "03-09-1979")
    yellow = [heading for heading, cell in headings.items() if cell.fill.fgColor.rgb == "FFFFE8B3"]
    assert yellow == ["Fornavn", "Efternavn"]


@pytest.mark.django_db
def test_every_column_is_explained(admin):
    rows = list(workbook_of(admin, "signup")["Forklaring"].iter_rows(min_row=6, values_only=True))
    assert rows[0] == ("Kolonne", "Skal eller kan", "Det kan der stå", "Eksempel")
    lines = {row[0]: row[1:] for row in rows[1:]}
    assert lines["Sendt den"] == (
        "Kan være tom",
        "Dagen for tilmeldingen; den tæller i resultatmålene. En dato som dag, måned, år.",
        "12-08-2011",
    )
    assert lines["Fornavn"][0] == "En af disse skal udfyldes: Fornavn, Efternavn"
    assert lines["Mentor eller mentee"] == (
        "Skal udfyldes",
        "Skal stå: mentor eller mentee. Et af: mentor, mentee.",
        "mentee",
    )


@pytest.mark.django_db
def test_templates_are_offered_on_the_page_that_chooses_a_file(admin, client_of, coordinator):
    page = admin.get(reverse("imports:import-create")).text
    slugs = [kind.slug for kind in all_kinds()]
    assert [slug for slug in slugs if reverse("imports:import-template", args=[slug]) not in page] == []
    response = admin.get(reverse("imports:import-template", args=["frivillige"]))
    assert response["Content-Disposition"] == 'attachment; filename="skabelon-frivillige.xlsx"'
    response = admin.get(reverse("imports:import-template", args=["follow_up"]))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''skabelon-opf%C3%B8lgninger.xlsx"
    assert admin.get(reverse("imports:import-template", args=["nothing"])).status_code == 404
    assert client_of(coordinator).get(reverse("imports:import-template", args=["mentor"])).status_code == 403
    assert ImportBatch.objects.count() == 0


# ---------------------------------------------------------------- words of the drop-downs


def reader_of(field, word: str) -> RowReader:
    table = Table("x", 1, [str(field.label)])
    return RowReader(table, SourceRow(2, [word]), {field.key: 0})


CHOICES = [(kind.code, field) for kind in all_kinds() for field in kind.fields if field.choices]


@pytest.mark.parametrize(("code", "field"), CHOICES, ids=[f"{code}-{field.key}" for code, field in CHOICES])
@pytest.mark.django_db
def test_every_word_of_a_choice_is_read_without_an_issue(programme, code, field):
    """The cell has no issue; the rest of the row is blank."""
    kind = kind_of(code)
    known = kind.load_known(programme)
    for choice in field.choices:
        assert choice.covers(choice.word.upper())
        for word in {choice.word, choice.word.capitalize(), *choice.spellings}:
            table = Table("x", 1, [str(field.label)], rows=[SourceRow(2, [word])])
            (row,) = check_all(kind, table, {field.key: 0}, known, today=programme.starts_on)
            strange = [issue.code for issue in row.issues if issue.cell]
            assert strange == ([] if (field.key, choice.word) != ("consent", "nej") else ["no_consent"]), word


def test_a_word_in_a_longer_text_is_covered():
    choices = {(code, field.key): field.choices for code, field in CHOICES}
    for key, text, word in (
        (("mentor", "criminal_record"), "indhentet 3.9.2009", "ja"),
        (("mentor", "criminal_record"), "afventer svar", "bestilt"),
        (("mentor", "criminal_record"), "mangler", "nej"),
        (("signup", "role"), "Mentee / frivillig", "mentee"),
        (("signup", "consent"), "Ja, det må I gerne", "ja"),
        (("mentee", "gender"), "Kvinde / Woman", "kvinde"),
        (("organisation", "kind"), "Firma.", "virksomhed"),
        (("mentee", "status"), "VL", "venteliste"),
    ):
        assert [choice.word for choice in choices[key] if choice.covers(text)] == [word]
    assert not any(choice.covers("måske") for choice in choices["mentor", "criminal_record"])
    assert fold("Sprogcafé") in choices["group", "kind"][4].spellings
