"""Cells in every form of the samples, and some more."""

import datetime as dt

import pytest

from imports.engine import cells
from imports.engine.cells import Day

TODAY = dt.date(2011, 9, 15)
NO_DAYS = (
    30968, "3091968",  # a digit too few
    "310268", "31021968", "12345678", "22334457", "01010001",  # no such day, or no likely year
    "0309681234",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27/12 1941", dt.date(1941, 12, 27)),
        ("3/9-1968", dt.date(1968, 9, 3)),
        ("03.09.68", dt.date(1968, 9, 3)),
        ("2.8.1959", dt.date(1959, 8, 2)),
        ("01-01-1975", dt.date(1975, 1, 1)),
        ("1975-01-02", dt.date(1975, 1, 2)),
        ("2010-02-04T21:56:40+01:00", dt.date(2010, 2, 4)),
        (" d. 3. september 1968 ", dt.date(1968, 9, 3)),
        ("4 maj 1971", dt.date(1971, 5, 4)),
        ("4 May 1971", dt.date(1971, 5, 4)),
        ("14-05-2010 kl. 16.30", dt.date(2010, 5, 14)),
        ("2010/03/04 10:11:12 AM CET", dt.date(2010, 3, 4)),
        ("2010/03/04 10.11.12 AM EET", dt.date(2010, 3, 4)),
        ("04/03/2010 10.11.12", dt.date(2010, 3, 4)),
        ("4.3.2010, 10.11.12", dt.date(2010, 3, 4)),
        ("3. marts 2010 kl. 10.11", dt.date(2010, 3, 3)),
        ("1968/09/03", dt.date(1968, 9, 3)),
        ("1968.09.03", dt.date(1968, 9, 3)),
        ("3-sep-1968", dt.date(1968, 9, 3)),
        ("3-Oct-68", dt.date(1968, 10, 3)),
        ("3. sept 68", dt.date(1968, 9, 3)),
        ("3. sept. '68", dt.date(1968, 9, 3)),
        ("03091968", dt.date(1968, 9, 3)),
        ("030968", dt.date(1968, 9, 3)),
        (120968, dt.date(1968, 9, 12)),
        (13091968, dt.date(1968, 9, 13)),
        (3091968, dt.date(1968, 9, 3)),
        (dt.date(1988, 9, 6), dt.date(1988, 9, 6)),
        (dt.datetime(1988, 9, 6, 12, 0), dt.date(1988, 9, 6)),
    ],
)
def test_full_days(text, day):
    assert cells.read_day(text, century=1900) == Day(day=day)


def test_a_year_of_two_digits_is_in_the_given_century():
    for text in ("10.9.10", "10. sept. 10", "100910"):
        assert cells.read_day(text, century=2000).day == dt.date(2010, 9, 10)


@pytest.mark.parametrize(
    "text", ["31/2-1970", "29.02.1971", "12/13-1965", "31.06.2010", "2011-02-29", "2011/13/02", "31-feb-70"]
)
def test_days_that_do_not_exist(text):
    assert cells.read_day(text, century=1900) == Day(is_wrong=True)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (None, Day()),
        (1970, Day(year=1970)),
        ("1982", Day(year=1982)),
        ("ca. 1961", Day(year=1961, is_unreadable=True)),
        ("1961 eller 1962", Day(is_unreadable=True)),
        ("efter sommerferien", Day(is_unreadable=True)),
        ("4. ukendt 1971", Day(year=1971, is_unreadable=True)),
        ("1968/09-03", Day(year=1968, is_unreadable=True)),
        *((cell, Day(is_unreadable=True)) for cell in NO_DAYS),
    ],
)
def test_years_and_words(cell, found):
    assert cells.read_day(cell, century=1900) == found


@pytest.mark.parametrize(
    ("cell", "century", "day"),
    [
        (40202, 2000, dt.date(2010, 1, 24)),
        (40202.75, 2000, dt.date(2010, 1, 24)),
        (28795, 1900, dt.date(1978, 11, 1)),
        ("28795", 1900, dt.date(1978, 11, 1)),
        ("40202", 2000, dt.date(2010, 1, 24)),
        (28795, 2000, dt.date(1978, 11, 1)),
    ],
)
def test_a_spreadsheets_count_of_days_is_a_day(cell, century, day):
    assert cells.read_day(cell, century=century) == Day(day=day, is_counted=True)


def test_a_count_of_days_that_may_be_another_day_is_not_read():
    for cell in (30968, "30968", 60_000, "1 2345"):  # 30968: 3 September 1968 or 13 October 1984
        assert cells.read_day(cell, century=1900) == Day(is_unreadable=True)


def test_digits_alone_are_a_day_only_if_they_may_be_bare():
    for cell in ("030968", "28795"):
        assert cells.read_day(cell, century=1900, may_be_bare=False) == Day(is_unreadable=True)


@pytest.mark.parametrize("cell", ["0084-05-17", "2068-11-02", "31/12-1899", 1899, 2012, dt.date(2011, 9, 16)])
def test_births_before_1900_or_ahead_are_wrong(cell):
    assert cells.read_birth(cell, today=TODAY) == Day(is_wrong=True)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Ayse.Tekin@Example.com  ", ["ayse.tekin@example.com"]),
        ("mailto:a@b.dk", ["a@b.dk"]),
        ("a@b.dk; c@d.dk / a@b.dk,", ["a@b.dk", "c@d.dk"]),
        ("", []),
        ("birgitte.carlsen.example.dk", None),
        ("yasmin.larsen@@example.dk", None),
        ("merete.skov at example.dk", None),
        ("layla.shaheen@example", None),
        ("navn@example..dk", None),
        ("navn@.dk", None),
        ("to ord@example.dk", None),
        ("a@b.dk, gmail", None),
    ],
)
def test_emails(text, addresses):
    assert cells.read_emails(text) == addresses


def test_no_address_takes_long_to_check():
    assert cells.read_emails("a@" + "b." * 20_000 + "@") is None


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2700 Brønshøj", ("2700", "Brønshøj")),
        ("DK-2880", ("2880", "")),
        (2200, ("2200", "")),
        ("27OO", ("", "")),
        (270, ("", "")),
        ("?", ("", "")),
    ],
)
def test_postcodes(cell, found):
    assert cells.read_postcode(cell) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Tomsgårdsstræde 7, 2. tv, 2700 Brønshøj", ("Tomsgårdsstræde 7, 2. tv", "2700", "Brønshøj")),
        ("Vej 1000 B, DK-2200 København N", ("Vej 1000 B", "2200", "København N")),
        ("hos min søster", ("hos min søster", "", "")),
    ],
)
def test_addresses_in_one_cell(text, parts):
    assert cells.split_address(text) == parts


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (1, 1),
        ("2 stk.", 2),
        ("max 1", 1),
        ("1-2", None),
        ("mange", None),
        ("en ad gangen", None),
        (1.5, None),
        (True, None),
        ("9" * 5_000, None),
        (999_999_999, 999_999_999),
    ],
)
def test_numbers(cell, number):
    assert cells.read_number(cell) == number


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("K", "woman"), ("kv.", "woman"), ("KVINDE ", "woman"), ("Kvinde / Woman", "woman"), ("m", "man"),
        ("MAND", "man"), ("Mand / Man", "man"), ("kvinde/mand", None), ("?", None),
    ],
)  # fmt: skip
def test_genders(text, gender):
    assert cells.read_gender(text) == gender


def test_languages_with_their_notes():
    assert cells.read_languages("Arabisk, dansk (lidt) og ENGELSK + arabisk") == [
        ("arabisk", ""), ("dansk", "lidt"), ("engelsk", ""),
    ]  # fmt: skip


def test_lists_keep_the_line_and_its_parts_without_smileys():
    assert cells.read_list("Ønsker praktik 😊\nkørekort; teori") == [
        "Ønsker praktik", "kørekort; teori", "kørekort", "teori",
    ]  # fmt: skip


def test_split_name():
    assert cells.split_name("Jacobsen, Gerda") == ("Gerda", "Jacobsen")
    assert cells.split_name("Gunhild Christensen Olsen") == ("Gunhild", "Christensen Olsen")


def test_texts_are_cleaned():
    assert cells.as_text(" A\x00\xa0B\u200b ") == "A B"
    assert cells.as_text(dt.date(2010, 5, 4)) == "04-05-2010"
    assert [cells.as_text(cell) for cell in (True, None)] == ["ja", ""]
    assert cells.as_line("a\n  b") == "a b"
    assert (cells.is_at_once("Straks!"), cells.is_at_once("i morgen")) == (True, False)
    assert (cells.read_year("ca. 2001"), cells.read_year("ukendt")) == (2001, None)


@pytest.mark.parametrize(
    ("answer", "roles"),
    [
        ("En mentee / A mentee", {"mentee"}),
        ("Mentorer", {"mentor"}),
        ("Mentee i mentornetværket", {"mentee"}),
        ("Mentorordningen", {"mentor"}),
        ("Begge dele: mentor og mentee", {"mentor", "mentee"}),
        ("mentor/mentee", {"mentor", "mentee"}),
        ("Ved ikke", set()),
    ],
)
def test_roles(answer, roles):
    assert cells.read_roles(answer) == roles
