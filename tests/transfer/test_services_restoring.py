"""Branch files with wrong content are refused with table, row and column, and nothing is stored."""

import io

import pytest

from accounts.models import AccessRecord, Branch
from common.spreadsheets import FileRefused
from demo.factories import BranchFactory, OrganisationFactory, PersonFactory, ProgrammeFactory
from matching.models import Match
from people.models import Person, Term
from programmes.models import FollowUpStep, Funder, Programme
from tests.transfer.conftest import cell, file_of, forged, manifest_of, members, packed, refusal, rows_of, signed
from tests.transfer.sample_branch import empty_tables
from transfer.services import restore_branch
from transfer.tables import branch_tables

pytestmark = pytest.mark.django_db
PEOPLE = "Personer (tabeller/people.person.csv)"
MATCHES = "Match (tabeller/matching.match.csv)"
OLDER = {"people": "0001_initial"}


# --- tables, columns, rows -----------------------------------------------------------------------


def without_table(data: bytes, name: str, **manifest) -> io.BytesIO:
    contents, listed = members(data), manifest_of(data)["tables"]
    del contents[f"tabeller/{name}.csv"]
    return packed(contents, tables=[table for table in listed if table["name"] != name], **manifest)


def test_table_missing_in_the_file(file):
    assert refusal(without_table(file, "people.consent")) == "Filen er ikke hel: tabeller/people.consent.csv mangler."


def test_branch_table_missing_in_an_older_file(file):
    message = refusal(without_table(file, "accounts.branch", migrations=OLDER))
    assert message == "Filen er ikke hel: tabeller/accounts.branch.csv mangler."


def test_older_file_may_lack_tables_and_columns(file):
    def drop(rows):
        place = rows[0].index("best_reached")
        for row in rows:
            del row[place]

    older = forged(file, "people.person", drop, migrations=OLDER).getvalue()
    read = restore_branch(without_table(older, "people.consent"), by=None)
    assert read.not_in_file == ["people.consent", "people.person.best_reached"]
    assert set(Person.objects.values_list("best_reached", flat=True)) == {""}


@pytest.mark.parametrize(
    ("table", "column"), [("people.person", "case_number"), ("events.event", "uid"), ("people.term", "name")]
)
def test_older_file_may_not_lack_required_columns(file, table, column):
    def drop(rows):
        place = rows[0].index(column)
        for row in rows:
            del row[place]

    message = refusal(forged(file, table, drop, migrations=OLDER))
    assert message == f"Filen er ikke hel: {table}.{column} mangler."


def test_column_missing_in_the_file(file):
    def drop(rows):
        for row in rows:
            row.pop()

    assert refusal(forged(file, "people.term", drop)) == "Filen er ikke hel: people.term.aliases mangler."


def test_unknown_table(file):
    extra = {"name": "people.secret", "file": "tabeller/x.csv", "rows": 0, "sha256": "x"}
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    listed = [*manifest_of(file)["tables"], extra | {"sha256": empty}]
    message = refusal(packed(members(file) | {"tabeller/x.csv": b""}, tables=listed))
    assert message == (
        "Filen indeholder people.secret, som denne udgave af Mentornet ikke kender. Opdater Mentornet først."
    )


def test_unknown_column(file):
    def add(rows):
        for row in rows:
            row.append("is_staff")

    assert refusal(forged(file, "people.term", add)) == (
        "Filen indeholder people.term.is_staff, som denne udgave af Mentornet ikke kender. Opdater Mentornet først."
    )


@pytest.mark.parametrize("headings", [[], ["kind"], ["nr", "kind", "kind"]])
def test_wrong_headings(file, headings):
    def edit(rows):
        rows[0] = headings

    assert refusal(forged(file, "people.term", edit)) == (
        "Ordliste (tabeller/people.term.csv), række 0: rækken er ikke, som den blev skrevet."
    )


def test_rows_with_a_wrong_length_or_number(file):
    for edit in (lambda rows: rows[2].append(""), lambda rows: rows[2].pop(), cell(2, "nr", "7"), cell(2, "nr", "x")):
        assert refusal(forged(file, "people.term", edit)) == (
            "Ordliste (tabeller/people.term.csv), række 2: rækken er ikke, som den blev skrevet."
        )


def test_fewer_rows_than_in_the_manifest(file):
    content = members(file)["tabeller/matching.goal.csv"]
    assert refusal(signed(file, "matching.goal", content, 2)) == (
        "Mål (tabeller/matching.goal.csv), række 1: tabellen slutter her, men har 2 rækker ifølge indholdslisten."
    )


def test_file_must_have_exactly_its_own_branch(file):
    second = forged(file, "accounts.branch", lambda rows: rows.append(["2", "B", "b", "B", *[""] * 6, "nej"]))
    named = forged(file, "accounts.branch", cell(1, "slug", "koebenhavn"))
    none = forged(file, "accounts.branch", lambda rows: rows.pop())
    place = "Afdelinger (tabeller/accounts.branch.csv), række"
    assert refusal(second) == f"{place} 2: rækken er ikke, som den blev skrevet."
    assert refusal(named) == f"{place} 1: rækken er ikke, som den blev skrevet."
    assert refusal(none) == f"{place} 0: tabellen slutter her, men har 0 rækker ifølge indholdslisten."


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("people.person", "birth_date", "31-12-1970"),
        ("people.person", "birth_date", "2011-02-30"),
        ("people.person", "birth_year", "1.5"),
        ("people.person", "birth_year", "9" * 30),
        ("people.person", "created_at", "2011-01-01 10:00"),
        ("people.person", "created_at", "0001-01-01T00:00:00+14:00"),
        ("people.person", "emails", "{}"),
        ("people.person", "emails", "["),
        ("people.person", "emails", "[NaN]"),
        ("people.person", "emails", '["\\u0000"]'),
        ("people.person", "emails", '["\\ud800"]'),
        ("people.person", "emails", "[" * 5_000),
        ("people.person", "notes", "a\x00b"),
        ("people.enrolment", "gender_is_required", "yes"),
        ("people.enrolment", "gender_is_required", "1"),
        ("matching.meeting", "hours", "to"),
        ("matching.meeting", "hours", "NaN"),
        ("matching.interview", "planned_time", "25:00"),
        ("matching.interview", "planned_time", "10:00+01:00"),
        ("events.event", "uid", "x"),
        ("people.enrolment_terms", "term", "x"),
    ],
)
def test_unreadable_values(file, table, column, text):
    title = next(one.title for one in branch_tables() if one.name == table)
    assert refusal(forged(file, table, cell(1, column, text))) == (
        f"{title} (tabeller/{table}.csv), række 1, kolonne {column}: »{text[:60]}« kan ikke læses her."
    )


@pytest.mark.parametrize(
    ("table", "column", "text", "reason"),
    [
        ("people.person", "gender", "robot", "Værdien 'robot' er ikke et gyldigt valg."),
        ("people.person", "case_number", "", "Dette felt kan ikke være tomt."),
        ("people.person", "birth_year", "1500", "Denne værdi skal være større end eller lig 1900."),
        ("people.person", "birth_year", "", None),
        ("people.organisation", "email", "ikke en adresse", "Indtast en gyldig e-mail-adresse."),
        ("people.person", "created_at", "", "cellen er tom."),
        ("people.enrolment", "person", "", "cellen er tom."),
        ("people.enrolment", "person", "T-1900-001", "»T-1900-001« henviser til noget, der ikke er i filen."),
        ("people.enrolment", "person", "K-2010-006", "»K-2010-006« henviser til noget, der ikke er i filen."),
        ("people.enrolment_terms", "term", "99", "»99« henviser til noget, der ikke er i filen."),
        ("matching.followup", "step", "0", "»0« henviser til noget, der ikke er i filen."),
    ],
)
def test_invalid_values(file, table, column, text, reason):
    changed = forged(file, table, cell(1, column, text))
    if reason is None:
        assert sum(restore_branch(changed, by=None).rows.values()) > 50
        return
    title = next(one.title for one in branch_tables() if one.name == table)
    assert refusal(changed) == f"{title} (tabeller/{table}.csv), række 1, kolonne {column}: {reason}"


@pytest.mark.parametrize("text", ["[5]", "[null]"])
def test_lists_with_wrong_items(file, text):
    message = refusal(forged(file, "people.person", cell(1, "phones", text)))
    assert message == f"{PEOPLE}, række 1: en værdi passer ikke."


@pytest.mark.parametrize(
    ("table", "row", "column", "text"),
    [
        ("people.person", 2, "notes", "Hun hedder 010170-1234 i systemet"),
        ("people.person", 2, "address", "0101701234"),
        ("people.person", 2, "emails", '["x@example.net", "010170 1234"]'),
        ("people.person", 2, "emails", '["\\u0030101701234"]'),
        ("reporting.statusreport", 1, "sections", '{"a": {"010170-1234": 1}}'),
        ("people.term", 1, "name", "'=0101701234"),
    ],
)
def test_cpr_number_in_any_text(file, table, row, column, text):
    title = next(one.title for one in branch_tables() if one.name == table)
    assert refusal(forged(file, table, cell(row, column, text))) == (
        f"{title} (tabeller/{table}.csv), række {row}, kolonne {column}: teksten indeholder noget, der ligner et "
        "CPR-nummer. Vi gemmer aldrig CPR-numre."
    )


# --- rules of the database -----------------------------------------------------------------------


def test_rows_that_break_constraints(file):
    for edit, reason in (
        (cell(1, "started_on", "2011-01-01"), "Første møde ligger før forslaget."),
        (cell(1, "mentor_place", ""), "Begrænsning “match_open_has_a_place” er overtrådt."),
    ):
        message = refusal(forged(file, "matching.match", edit))
        assert message.startswith(f"{MATCHES}, række 1: "), message
        assert reason in message


def test_two_rows_with_the_same_values(file):
    def twice(rows):
        rows.append(["5", *rows[2][1:]])

    assert (
        refusal(forged(file, "people.person", twice)) == f"{PEOPLE}, række 5: en anden række i filen siger det samme."
    )


# --- what is stored already --------------------------------------------------------------------


def test_branch_that_is_not_empty(file):
    branch = BranchFactory(name="Tingbjerg", slug="tingbjerg", code="T")
    OrganisationFactory(branch=branch)
    PersonFactory.create_batch(2, home_branch=branch)
    with pytest.raises(FileRefused) as caught:
        restore_branch(io.BytesIO(file), by=None)
    assert str(caught.value) == (
        "Tingbjerg er ikke tom: Organisationer (1), Personer (2). En fil læses kun ind i en tom afdeling."
    )
    assert (Person.objects.count(), Programme.objects.count(), AccessRecord.objects.count()) == (2, 0, 0)


def test_case_number_in_use_in_another_branch(file):
    other = BranchFactory(name="Valby", slug="valby", code="V")
    PersonFactory(home_branch=other, case_number="T-2011-007")
    with pytest.raises(FileRefused) as caught:
        restore_branch(io.BytesIO(file), by=None)
    assert str(caught.value) == (
        f"{PEOPLE}, række 3, kolonne case_number: T-2011-007 er i brug i en anden afdeling her."
    )
    assert (Person.objects.count(), Term.objects.count(), Branch.objects.count()) == (1, 0, 1)


def test_slug_and_code_in_use_in_another_branch(file):
    other = BranchFactory(name="Valby", slug="valby", code="T")
    with pytest.raises(FileRefused) as caught:
        restore_branch(io.BytesIO(file), by=None)
    assert str(caught.value) == (
        "Afdelinger (tabeller/accounts.branch.csv), række 1, kolonne code: T er i brug i en anden afdeling her."
    )
    other.code = "V"
    other.save()
    ProgrammeFactory(branch=other, slug="tingbjerg-2010")
    with pytest.raises(FileRefused) as caught:
        restore_branch(io.BytesIO(file), by=None)
    assert "kolonne slug: tingbjerg-2010 er i brug i en anden afdeling her." in str(caught.value)


def test_branch_that_does_not_exist(file):
    assert refusal(io.BytesIO(file), slug="valby") == "Der er ingen afdeling valby."


def test_restore_into_another_empty_branch(exported):
    """The branch keeps its name, code and address; the numbers are those of the file."""
    empty_tables()
    target = BranchFactory(name="Valby", slug="valby", code="V")
    Funder.objects.create(name="=Ministeriet", short_name="INM")
    read = restore_branch(io.BytesIO(exported), by=None, slug="valby")
    assert (read.branch, read.rows["accounts.branch"]) == (target, 0)
    target.refresh_from_db()
    assert (target.name, target.code, target.address) == ("Valby", "V", "")
    assert set(Person.objects.values_list("home_branch__slug", flat=True)) == {"valby"}
    assert Match.objects.filter(programme__branch=target).count() == 2
    assert Funder.objects.get().short_name == "INM"
    again = file_of(target)
    for name in ("matching.goal", "people.enrolment", "matching.interview", "programmes.followupstep"):
        assert rows_of(again, name) == rows_of(exported, name)
    assert FollowUpStep.objects.filter(programme__branch=target).count() == 2
