"""Lists of people from file to stored people: figures, issues, origins, all or nothing."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from accounts.models import AccessRecord
from common.journal import recording
from common.spreadsheets import FileRefused, read_spreadsheet, write_xlsx
from demo.factories import EnrolmentFactory, MentorFactory, PersonFactory, ProgrammeFactory
from imports import services
from imports.engine.kind import Store
from imports.engine.table import unpack_spreadsheet
from imports.kinds import people as people_kind
from imports.kinds.people import MentorKind
from imports.models import ImportBatch, ImportRow
from imports.review import rejected_list
from people.models import Consent, Enrolment, LanguageSkill, Organisation, Person
from people.services import load_vocabulary
from tests.imports.samples import (
    EXPECTED,
    choose_and_check,
    codes,
    expected_figures,
    figures_of,
    import_list,
    import_sample,
    row_of,
    stage_and_check,
    stage_list,
    stage_sample,
    upload_of,
)

pytestmark = pytest.mark.django_db
PEOPLE_FILES = EXPECTED["import_order"][:4]
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
PLAIN = "Åse|Møller|3/9-1968|50 50 50 50|ase@example.dk|Sundhed"


# ---------------------------------------------------------------- the samples


def test_samples_give_the_expected_figures_in_order_and_nothing_when_repeated(programme, administrator):
    for name in PEOPLE_FILES:
        assert figures_of(import_sample(name, programme, administrator)) == expected_figures(name)
    people, enrolments = Person.objects.count(), Enrolment.objects.count()
    assert (people, enrolments) == (408, 413)
    for name in PEOPLE_FILES:
        wanted = expected_figures(name)
        again = import_sample(name, programme, administrator).counts
        known = wanted["accepted"] + wanted["duplicates_in_file"] + wanted["duplicates_existing"]
        assert (again["accepted"], again["duplicates_existing"]) == (0, known)
        assert again["errors"] == wanted["errors"]
    assert (Person.objects.count(), Enrolment.objects.count()) == (people, enrolments)


def test_sample_facts_are_stored(programme):
    load_vocabulary()
    import_sample("mentorbank_pilot_2009.xlsx", programme)
    mentors = Enrolment.objects.filter(programme=programme)
    facts = EXPECTED["files"]["mentorbank_pilot_2009.xlsx"]["facts_of_accepted_rows"]
    assert mentors.filter(person__languages__language__name="Arabisk").count() == facts["speaks_arabisk"]
    assert mentors.filter(person__birth_year__isnull=False).count() == facts["birth=year"]
    assert {gender: mentors.filter(person__gender=gender).count() for gender in ("woman", "man", "unknown")} == {
        gender: facts[f"gender={gender}"] for gender in ("woman", "man", "unknown")
    }
    import_sample("mentees_tingbjerg_2010.csv", programme)
    mentees = Enrolment.objects.filter(programme=programme, role="mentee")
    facts = EXPECTED["files"]["mentees_tingbjerg_2010.csv"]["facts_of_accepted_rows"]
    assert {status: mentees.filter(status=status).count() for status in ("waiting", "matched", "ended", "applied")} == {
        "applied": facts["status=none"],
        "waiting": facts["status=waiting"] + facts["status=matched"],  # until the matches are imported
        "matched": 0,
        "ended": facts["status=ended"],
    }


def test_sheet_header_and_blank_rows_of_the_sample_are_recognised(programme):
    batch = stage_sample("mentorbank_pilot_2009.xlsx", programme)
    table = services.table_of(batch, unpack_spreadsheet(batch.content))
    assert (batch.sheet, batch.header_row, batch.kind) == ("Mentorer", 4, "mentor")
    assert (table.blank_rows, table.repeated_header_rows) == (7, 1)


# ---------------------------------------------------------------- one row at a time


def test_a_person_is_stored_with_all_values_of_the_row(programme, administrator):
    load_vocabulary()
    headings = (
        "Fornavn|Efternavn|Køn|Født|Mobil|E-mail|Adresse|Postnr.|By|Stilling|Branche|Sprog|Kan hjælpe med|Ledig fra"
        "|Maks. antal mentees|Straffeattest|Bemærkninger"
    )
    row = (
        "Åse|Møller|K|3/9-1968|50 50 50 50|Ase@Example.dk|Ruten 1|2700|Brønshøj|Læge|Sundhed|dansk, Klingon"
        "|jobsøgning og CV|1.9.10|2|ja 12/10-09|bor i Tingbjerg"
    )
    batch = import_list(headings, row, programme=programme, by=administrator)
    person = Person.objects.get()
    enrolment = person.enrolments.get()
    assert (person.name, person.gender, person.birth_date) == ("Åse Møller", "woman", dt.date(1968, 9, 3))
    assert (person.phones, person.emails) == (["+4550505050"], ["ase@example.dk"])
    assert (person.address, person.postcode, person.town) == ("Ruten 1", "2700", "Brønshøj")
    assert person.case_number == "T-2011-001"
    assert person.notes == "Bemærkninger: bor i Tingbjerg\nStraffeattest: ja 12/10-09"
    assert [str(skill) for skill in person.languages.all()] == ["Dansk", "Klingon"]
    assert (enrolment.role, enrolment.status, enrolment.capacity) == ("mentor", "waiting", 2)
    assert (enrolment.available_from, enrolment.wish) == (dt.date(2010, 9, 1), "jobsøgning og CV")
    assert sorted(str(term) for term in enrolment.terms.all()) == ["Jobsøgning", "Sundhed"]
    row = ImportRow.objects.get()
    assert (row_of(person), row_of(enrolment), row.batch, row.number) == (row, row, batch, 2)
    assert "ase moller" in person.search_text
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject, record.count, record.user) == (
        "import",
        "imports.importbatch",
        1,
        administrator,
    )


def test_what_cannot_be_read_is_kept_as_a_note(programme):
    headings = "Fornavn|Efternavn|Født|Mobil|E-mail|Postnr.|Maks. antal mentees|Ledig fra|Branche"
    row = "Åse|Møller|ca. 1961|ring til Per|a@b.dk|27OO|1-2|til sommer|It"
    batch = import_list(headings, row, programme=programme)
    person, enrolment = Person.objects.get(), Enrolment.objects.get()
    assert codes(batch)[2] == (
        "warned", "available_from_unreadable", "number_unreadable", "phone_unreadable", "postcode_unreadable",
        "year_only",
    )  # fmt: skip
    assert person.birth_year == 1961
    assert person.notes == "Født: ca. 1961\nMobil: ring til Per\nPostnr.: 27OO\nMaks. antal mentees: 1-2"
    assert enrolment.availability_note == "Ledig fra: til sommer"


@pytest.mark.parametrize(
    ("headings", "row", "found"),
    [
        ("Navn|E-mail|Født|Branche", "Åse Møller|a@b.dk|engang i foråret|It", ("warned", "date_unreadable")),
        ("Navn|E-mail|Ledig fra|Branche", "Åse Møller|a@b.dk|31/6-2010|It", ("error", "bad_date")),
        ("Navn|E-mail|Interviewdato|Status", "Åse Møller|a@b.dk|2010|vl", ("warned", "date_unreadable")),
        ("Navn|E-mail|Interviewdato|Status", "Åse Møller|a@b.dk|31/6-2010|", ("error", "bad_date")),
        ("Navn|E-mail|Interviewdato|Status", "Åse Møller|a@b.dk|1/6-2010|måske", ("error", "unknown_status")),
        (
            "Navn|E-mail|Organisation|Mobil",
            "Åse|a@b.dk||ukendt",
            ("warned", "no_organisation", "one_name", "phone_unreadable"),
        ),
    ],
)
def test_issues_of_single_cells(programme, headings, row, found):
    assert codes(stage_list(headings, row, programme=programme)) == {2: found}


def test_issues_name_cell_value_and_sentence(programme):
    batch = stage_list(MENTOR, "Åse|Møller|31/2-1970|||", programme=programme)
    (issue,) = batch.rows.get().issues
    assert (issue["cell"], issue["title"], issue["value"]) == ("C2", "Født", "31/2-1970")


def test_a_cpr_number_is_stored_nowhere(programme):
    batch = import_list(
        f"{MENTOR}|Bemærkninger|CPR", f"{PLAIN}|kaldes 030968-1234 på kommunen|0309681234", programme=programme
    )
    assert codes(batch)[2] == ("warned", "cpr_removed", "cpr_removed")
    row, person = ImportRow.objects.get(), Person.objects.get()
    everything = f"{row.cells} {row.issues} {person.notes} {batch.content}"
    assert "1234" not in everything
    assert person.notes == "Bemærkninger: kaldes  på kommunen"


def test_one_cell_with_a_cpr_number_does_not_drop_its_column(programme):
    rows = [f"Åse|Møller|||a{n}@b.dk|It|{note}" for n, note in enumerate(["vigtig", "010170-1234", "husk"])]
    batch = import_list(f"{MENTOR}|Bemærkninger", *rows, programme=programme)
    assert codes(batch)[3] == ("warned", "cpr_removed", "same_name")
    assert sorted(Person.objects.values_list("notes", flat=True)) == ["", "Bemærkninger: husk", "Bemærkninger: vigtig"]


def test_a_cpr_number_in_a_row_with_an_error_is_reported_as_a_warning(programme):
    batch = stage_list(f"{MENTOR}|Bemærkninger", "Åse|Møller|31/2-1970||||010170-1234", programme=programme)
    assert codes(batch) == {2: ("error", "bad_date", "cpr_removed")}
    assert batch.counts["errors"] == {"bad_date": 1}


def test_a_row_with_refused_consent_is_erased(programme):
    headings = "Navn|Rolle|E-mail|Samtykke"
    batch = stage_list(headings, "Åse Møller|Mentor|a@b.dk|Ja", "Tanja Berg|Mentor|t@b.dk|Nej tak", programme=programme)
    assert codes(batch) == {2: ("clean",), 3: ("error", "no_consent")}
    row = batch.rows.get(number=3)
    assert (row.label, row.cells) == ("", ["", "", "", "Nej tak"])
    content = str(unpack_spreadsheet(ImportBatch.objects.get().content))
    assert ("Tanja" in content, "t@b.dk" in content, "Åse Møller" in content) == (False, False, True)
    services.apply_import(batch, by=None)
    consent = Consent.objects.get()
    assert (consent.person.name, consent.kind, consent.is_given) == ("Åse Møller", "store", True)


def test_texts_that_are_too_long_are_cut_and_kept_as_a_note(programme):
    batch = import_list(MENTOR, f"{'Å' * 150}|Møller|||a@b.dk|It", programme=programme)
    person = Person.objects.get()
    assert codes(batch)[2] == ("warned", "shortened")
    assert (person.first_name, person.notes) == ("Å" * 100, "Å" * 150)


def test_terms_that_are_too_long_are_cut_and_kept_as_a_note(programme):
    industry, language, remark = "Ti" * 41, "a" * 81, "b" * 81
    headings = "Navn|E-mail|Branche|Sprog"
    batch = import_list(headings, f"Åse Møller|a@b.dk|{industry}|Dansk, {language} ({remark})", programme=programme)
    assert codes(batch)[2] == ("warned", "shortened", "shortened")
    assert [issue["cell"] for issue in batch.rows.get().issues] == ["C2", "D2"]
    person = Person.objects.get()
    assert person.notes == f"{industry}\nSprog: Dansk, {language} ({remark})"
    assert [term.name for term in person.enrolments.get().terms.all()] == ["Ti" * 40]
    assert [(skill.language.name, skill.note) for skill in person.spoken] == [("Dansk", ""), ("A" + "a" * 79, "b" * 80)]


def test_names_in_any_script(programme):
    names = ["Ğül Şahin", "Ćamil Đurić", "محمد علي", "Анна Смирнова", "李 小龙", "Nguyễn Văn"]
    import_list(
        "Navn|E-mail|Organisation", *[f"{name}|a{i}@b.dk|VIDIT" for i, name in enumerate(names)], programme=programme
    )
    assert [person.name for person in Person.objects.order_by("pk")] == names
    assert Organisation.objects.get().name == "VIDIT"


def test_a_row_longer_than_the_header_is_rejected_until_its_column_is_chosen(programme):
    batch = stage_list("Fornavn|Efternavn|Branche", "Åse|Møller|It|for meget", programme=programme)
    assert codes(batch) == {2: ("error", "too_many_cells")}
    [issue] = batch.rows.get(number=2).issues
    assert (issue["cell"], issue["value"]) == ("D2", "for meget")
    columns = batch.mapping["columns"] | {"notes": 3}
    batch = choose_and_check(batch, by=None, kind="mentor", sheet=batch.sheet, header_row=1, columns=columns)
    services.apply_import(batch, by=None)
    assert Person.objects.get(first_name="Åse").notes == "Kolonne D: for meget"


# ---------------------------------------------------------------- people who are known


def test_a_known_person_gets_the_second_role_and_blanks_are_filled(programme):
    person = PersonFactory(
        home_branch=programme.branch,
        first_name="Åse",
        last_name="Møller",
        phones=["+4550505050"],
        emails=[],
        notes="Kendt",
        birth_date=None,
        gender="unknown",
        town="Valby",
    )
    EnrolmentFactory(programme=programme, person=person, role="contact")
    headings = "Fornavn|Efternavn|Køn|Født|Mobil|E-mail|By|Branche|Sprog"
    batch = import_list(headings, "ÅSE|MØLLER|K|3/9-1968|50505050|a@b.dk|Herlev|It|dansk", programme=programme)
    assert codes(batch)[2] == ("warned", "known_person_other_role")
    person.refresh_from_db()
    assert (person.name, person.town, person.notes) == ("Åse Møller", "Valby", "Kendt")
    assert (person.gender, person.birth_date, person.emails) == ("woman", dt.date(1968, 9, 3), ["a@b.dk"])
    assert person.enrolments.count() == 2
    assert LanguageSkill.objects.get().person == person


def test_a_person_of_another_programme_of_the_branch_joins_this_one(programme):
    other = ProgrammeFactory(branch=programme.branch)
    known = MentorFactory(programme=other).person
    row = f"{known.first_name}|{known.last_name}||{known.phone}|x@y.dk|It"
    batch = import_list(MENTOR, row, programme=programme)
    assert codes(batch)[2] == ("warned", "known_person_other_programme")
    assert known.enrolments.count() == 2


def test_people_of_another_branch_are_not_used(programme, other_programme):
    stranger = MentorFactory(programme=other_programme, person__phones=["+4550505050"]).person
    batch = stage_list("Fornavn|Efternavn|Mobil|Branche", "Birgitte|Holm|50505050|It", programme=programme)
    assert stranger.name == "Birgitte Holm"
    assert codes(batch) == {2: ("clean", "known_elsewhere")}
    [issue] = batch.rows.get().issues
    assert issue["facts"] == {"branch_id": other_programme.branch_id, "branch": str(other_programme.branch)}


def test_a_person_who_signs_up_in_both_roles_is_one_person(programme):
    headings = "Navn|Rolle|E-mail"
    batch = import_list(headings, "Åse Møller|mentor|a@b.dk", "Åse Møller|mentee|a@b.dk", programme=programme)
    assert codes(batch) == {2: ("clean",), 3: ("warned", "known_person_other_role")}
    assert [enrolment.role for enrolment in Person.objects.get().enrolments.order_by("pk")] == ["mentor", "mentee"]


def test_a_list_with_names_only_creates_no_duplicates_when_repeated(programme):
    headings, rows = "Navn|Født|Organisation", ["Åse Møller||VIDIT", "Bo Dam|1961|VIDIT", "Bo Dam|1975|VIDIT"]
    first = import_list(headings, *rows, programme=programme)
    assert [state for state, *_codes in codes(first).values()] == ["warned"] * 3
    again = stage_list(headings, *rows, programme=programme)
    assert [state for state, *_codes in codes(again).values()] == ["duplicate_existing"] * 3
    assert again.rows.get(number=2).issues[0]["facts"]["same"] == ["name"]
    other_role = stage_list("Navn|Branche", "Åse Møller|It", programme=programme)
    assert codes(other_role) == {2: ("warned", "no_contact", "same_name")}


# ---------------------------------------------------------------- whole or nothing


def test_an_import_stores_all_rows_or_none(programme, administrator, monkeypatch):
    batch = stage_list(MENTOR, PLAIN, programme=programme, by=administrator)

    def fail(rows, enrolments, *, store):
        raise ValidationError("stop")

    monkeypatch.setattr(people_kind, "store_interviews_and_checks", fail)
    with pytest.raises(ValidationError):
        services.apply_import(batch, by=administrator)
    batch.refresh_from_db()
    assert (batch.status, Person.objects.count(), LanguageSkill.objects.count()) == ("staged", 0, 0)


def test_an_import_is_applied_once(programme, administrator):
    batch = stage_list(MENTOR, PLAIN, programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    with pytest.raises(services.ImportRefused) as caught:
        services.apply_import(batch, by=administrator)
    assert caught.value.messages[0].startswith("Hanne Lund importerede filen 15.\xa0september kl.")
    assert Person.objects.count() == 1
    batch.refresh_from_db()
    assert (batch.status, batch.content, batch.applied_by) == ("applied", None, administrator)


def test_an_outcome_that_changed_since_the_review_refuses_the_import(programme, administrator):
    batch = stage_list(MENTOR, PLAIN, programme=programme, by=administrator)
    import_list(MENTOR, PLAIN, programme=programme)
    with pytest.raises(services.ImportChanged):
        services.apply_import(batch, by=administrator)
    services.check_import(batch, by=administrator)
    assert codes(batch) == {2: ("duplicate_existing", "duplicate_existing")}


def test_a_discarded_import_stores_nothing(programme, administrator):
    batch = stage_list(MENTOR, PLAIN, programme=programme, by=administrator)
    services.discard_import(batch, by=administrator)
    batch.refresh_from_db()
    assert (batch.status, batch.content, ImportRow.objects.count()) == ("discarded", None, 0)
    with pytest.raises(services.ImportRefused):
        services.apply_import(batch, by=administrator)


def test_columns_must_be_chosen_before_an_import(programme, administrator):
    batch = stage_list("Kaldenavn|Hvor", "Åse|Ærø", programme=programme, by=administrator)
    assert (batch.kind, batch.status, batch.rows.count()) == ("", "read", 0)
    with pytest.raises(services.ImportRefused):
        services.apply_import(batch, by=administrator)
    with pytest.raises(services.ImportRefused) as caught:
        choose_and_check(batch, by=administrator, kind="mentor", sheet="", header_row=1, columns={"town": 1})
    assert caught.value.messages == ["Vælg en kolonne til: Fornavn eller Efternavn eller Hele navnet."]
    columns = {"full_name": 0, "town": 1, "no_such_field": 0, "email": 99}
    batch = choose_and_check(batch, by=administrator, kind="mentor", sheet="", header_row=1, columns=columns)
    assert batch.mapping["columns"] == {"full_name": 0, "town": 1}
    assert codes(batch) == {2: ("warned", "no_contact", "one_name")}


@pytest.mark.parametrize("persona", ["coordinator", "manager", "other_branch_administrator", "outsider"])
def test_only_administrators_of_the_branch_import(programme, request, persona):
    user = request.getfixturevalue(persona)
    batch = stage_list(MENTOR, PLAIN, programme=programme)
    acts = [
        lambda: stage_list(MENTOR, PLAIN, programme=programme, by=user),
        lambda: services.apply_import(batch, by=user),
        lambda: services.check_import(batch, by=user),
        lambda: services.discard_import(batch, by=user),
        lambda: choose_and_check(batch, by=user, kind="mentor", sheet="", header_row=1, columns={}),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_a_list_without_rows_is_refused_and_nothing_stored(programme):
    with pytest.raises(FileRefused) as caught:
        stage_and_check(upload_of(b"Fornavn;Efternavn\r\n"), programme=programme, by=None)
    assert str(caught.value) == "Listen har overskrifter, men ingen rækker. Der er intet at importere."
    assert ImportBatch.objects.count() == 0


def test_a_record_stored_a_moment_ago_makes_the_user_review_again(programme, monkeypatch):
    def be_late(*_args, **_kwargs):
        raise IntegrityError("UNIQUE")

    batch = stage_list(MENTOR, PLAIN, programme=programme)
    monkeypatch.setattr(MentorKind, "apply", be_late)
    with pytest.raises(services.ImportChanged):
        services.apply_import(batch, by=None)
    assert (ImportBatch.objects.get().status, Person.objects.count()) == ("staged", 0)


def test_the_list_of_errors_can_be_corrected_and_imported(programme):
    batch = import_list(MENTOR, PLAIN, "|||||It", "Bo|Dam|31/6-1970||b@d.dk|It", programme=programme)
    headings, rows = rejected_list(batch)
    rows = [list(row) for row in rows]
    assert headings[:2] == ["Række i filen", "Hvorfor den holdes tilbage"]
    assert [row[:2] for row in rows] == [
        ["3", "Fornavn: Uden navn kan rækken ikke oprettes."],
        ["4", "Født: Datoen findes ikke. Rækken holdes tilbage, til den er rettet."],
    ]
    rows[1][4] = "30/6-1970"
    file = write_xlsx("Fejl", headings, rows)
    spreadsheet = read_spreadsheet(io.BytesIO(file.read()))
    upload = services.Upload("fejl.xlsx", "0" * 64, spreadsheet)
    again = stage_and_check(upload, programme=programme, by=None)
    assert codes(again) == {2: ("error", "missing_name"), 3: ("clean",)}


def test_the_list_of_errors_keeps_extra_cells_and_the_column_mapping(programme):
    batch = stage_list("Kaldes|Slægt", "Åse|Møller|husk", programme=programme, kind="mentor")
    choose_and_check(
        batch, by=None, kind="mentor", sheet=batch.sheet, header_row=1, columns={"first_name": 0, "last_name": 1},
        is_remembered=True,
    )  # fmt: skip
    headings, rows = rejected_list(batch)
    [row] = rows
    assert row == ["2", row[1], "Åse", "Møller", "husk"]
    assert row[1].startswith("C2: Dette står til højre for den sidste overskrift.")
    again = stage_list("|".join(headings), "|".join(row), programme=programme)
    assert (again.kind, codes(again)) == ("mentor", {2: ("error", "too_many_cells")})


def test_queries_grow_with_batches_and_not_with_rows(programme, django_assert_max_num_queries):
    def rows(count, offset):
        return [f"Å{i}|Møller{i}|3/9-1968|||It" for i in range(offset, offset + count)]

    counts = []
    for count, offset in ((10, 0), (400, 1000)):
        batch = stage_list(MENTOR, *rows(count, offset), programme=programme)
        with django_assert_max_num_queries(63) as captured:
            services.apply_import(batch, by=None)
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 400 / 15  # SQLite takes at most 999 values in one query
    assert Person.objects.count() == 410


def test_values_are_validated_before_they_are_stored(programme):
    with recording("apply_import", by=None), pytest.raises(ValidationError):
        Store(None).create(Enrolment, [Enrolment(programme=programme, role="nonsense")])
