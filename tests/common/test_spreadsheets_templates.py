"""The workbook to fill in: drop-downs, formats, examples and explanations."""

import datetime as dt

import openpyxl

from common.spreadsheets import ListColumn, TemplateTexts, write_list_template

TEXTS = TemplateTexts(
    "Ex", "Why", "Kinds' words", ("Fill in.", "=1+1"), ("Column", "Must", "Holds", "Example"), "No", "Sure?"
)


def column(heading, choices=(), examples=("",), *, is_date=False):
    return ListColumn(heading, is_date, not choices, choices, examples, ("may", f"{heading} " * 40, ""))


def test_drop_downs_find_a_sheet_with_an_apostrophe():
    many = [column(f"C{number}", ["ja", "nej"]) for number in range(28)]
    sheet = openpyxl.load_workbook(write_list_template("List: of/all", many, TEXTS)).worksheets[0]
    validations = sheet.data_validations.dataValidation
    assert (sheet.title, len(validations)) == ("List  of all", 28)
    assert [validations[index].formula1 for index in (0, 27)] == [
        "'Kinds'' words'!$A$2:$A$3",
        "'Kinds'' words'!$AB$2:$AB$3",
    ]
    assert {validation.errorStyle for validation in validations} == {"warning"}


def test_examples_keep_their_type_and_no_formula_is_written():
    columns = [column("Day", (), (dt.date(2010, 9, 3), ""), is_date=True), column("Phone", (), ("+4550505050", "=1+1"))]
    book = openpyxl.load_workbook(write_list_template("List", columns, TEXTS))
    rows = list(book["Ex"].iter_rows(min_row=2, values_only=True))
    assert rows == [(dt.datetime(2010, 9, 3), "+4550505050"), (None, "=1+1")]
    assert [book["Ex"].cell(3, 2).data_type, book["Why"]["A2"].data_type] == ["s", "s"]
    assert [book["Ex"]["A2"].number_format, book["Ex"]["B2"].number_format] == ["dd-mm-yyyy", "@"]
