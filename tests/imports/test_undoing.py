"""Undoing an import restores the database, keeps records that were changed since, and lists them."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessRecord
from common.models import Act, Change, NumberSeries
from common.record_values import mark_of, marked_fields, plain
from demo.factories import (
    EnrolmentFactory,
    EventFactory,
    FollowUpStepFactory,
    InterviewFactory,
    MatchFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
)
from events.models import Attendance, Event
from imports import services
from imports.models import ImportBatch, ImportRow, KnownWord, RowOrigin, SavedMapping
from imports.services.undoing import field_in_words, removed_in_words, why_kept
from matching.models import Match, MatchStep
from people.models import Consent, DistinctPeople, Enrolment, LanguageSkill, Organisation, Person, Term
from people.services import load_vocabulary, update_person
from tests.imports.samples import EXPECTED, import_list, import_sample, stage_list

pytestmark = pytest.mark.django_db
FILES = EXPECTED["import_order"]
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche|Sprog"
PLAIN = "Åse|Møller|3/9-1968|50 50 50 50|ase@example.dk|Sundhed|dansk, Klingon"
OWN_TABLES = {ImportBatch, ImportRow, SavedMapping, KnownWord, AccessRecord, NumberSeries, Act, Change}
PROJECT = {"accounts", "common", "programmes", "people", "matching", "events", "reporting", "desk", "transfer"}


def dump() -> dict:
    """Return all rows of all tables except imports, the access log and number series."""
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in PROJECT and model not in OWN_TABLES and not model._meta.proxy:
            names = [field.attname for field in model._meta.concrete_fields]
            rows = model._base_manager.order_by("pk").values_list(*names)
            if found := [[plain(value) for value in row] for row in rows]:
                tables[model._meta.label] = found
    return tables


def undo(batch, by=None) -> dict:
    return services.undo_import(batch, by=by).undo_summary


def kept(summary) -> list[tuple]:
    return sorted((line["model"], line["why"]) for line in summary["kept"])


def follow_up_plan(programme):
    FollowUpStepFactory(programme=programme, days_after_start=30, repeat_days=30, until_days=900, side="mentee")


# ---------------------------------------------------------------- nothing was changed since


def test_samples_undone_in_reverse_order_leave_nothing_behind(programme, administrator):
    load_vocabulary()
    follow_up_plan(programme)
    dumps, batches = [], []
    for name in FILES:
        dumps.append(dump())
        batches.append(import_sample(name, programme, administrator))
    assert Match.objects.count() == 60
    for batch, before in zip(reversed(batches), reversed(dumps), strict=True):
        summary = undo(batch, administrator)
        assert (summary["kept"], summary["left"], summary["gone"]) == ([], [], 0)
        assert dump() == before
    assert (Person.objects.count(), Organisation.objects.count()) == (0, 0)


def test_samples_imported_into_a_filled_database_are_undone_exactly(programme, administrator):
    load_vocabulary()
    for name in FILES[:2]:
        import_sample(name, programme, administrator)
    Person.objects.update(occupation="", town="", gender="unknown", birth_date=None, emails=[])
    for person in Person.objects.all():
        person.search_text = person.build_search_text()
        person.save()
    before = dump()
    batches = [import_sample(name, programme, administrator) for name in FILES]
    assert sum(summary["set_back"] for summary in map(undo, reversed(batches))) > 0
    assert dump() == before


def test_samples_undone_out_of_order_keep_records_in_use(programme, administrator):
    batches = [import_sample(name, programme, administrator) for name in FILES]
    summary = undo(batches[0], administrator)
    matched = set(Match.objects.values_list("mentor", flat=True))
    stayed = {line["pk"] for line in summary["kept"] if line["model"] == "people.person"}
    own = RowOrigin.objects.filter(model="people.person", row__batch=batches[0]).values_list("object_id", flat=True)
    assert stayed == set(own)
    assert matched & stayed == matched & set(own)
    assert Person.objects.filter(pk__in=stayed, enrolments=None).count() == 0
    assert summary["removed"]["people.person"] + len(stayed) == 168
    for batch in reversed(batches[1:]):
        undo(batch, administrator)
    assert set(Person.objects.values_list("pk", flat=True)) == stayed
    assert (Match.objects.count(), Enrolment.objects.exclude(person__in=stayed).count()) == (0, 0)


def test_the_summary_is_complete(programme, administrator):
    load_vocabulary()
    batch = import_list(MENTOR, PLAIN, "Bo|Dam||40 40 40 40|bo@b.dk|It|dansk", programme=programme, by=administrator)
    preview = services.preview_undo(batch, by=administrator)
    before = dump()
    assert preview == undo(batch, administrator)
    assert dump() != before
    batch.refresh_from_db()
    assert batch.undo_summary == {
        "removed": {
            "people.person": 2, "people.enrolment": 2, "people.enrolmentperiod": 2, "people.enrolment_terms": 2,
            "people.languageskill": 3, "people.term": 1,
        },
        "gone": 0, "set_back": 0, "left": [], "kept": [],
    }  # fmt: skip
    assert sorted(removed_in_words(batch.undo_summary)) == [
        (1, "ord"), (2, "personer"), (2, "roller i indsatser"), (2, "ventetider, pauser og afslutninger på roller"),
        (3, "sprog"),
    ]  # fmt: skip
    assert (batch.status, batch.undone_by, batch.act.undone_by.name) == ("undone", administrator, "undo_import")
    assert not Term.objects.filter(name="Klingon").exists()
    log = AccessRecord.objects.order_by("pk").last()
    assert (log.kind, log.detail, log.count, log.user) == (
        "import", "Import fortrudt: liste.csv", 12, administrator
    )  # fmt: skip


def test_a_preview_stores_nothing(programme, administrator):
    batch = import_list(MENTOR, PLAIN, programme=programme, by=administrator)
    before, rows = dump(), list(ImportRow.objects.values())
    services.preview_undo(batch, by=administrator)
    batch.refresh_from_db()
    assert (dump(), list(ImportRow.objects.values()), batch.status) == (before, rows, "applied")


def test_rows_of_deleted_records_are_emptied(programme, administrator):
    batch = import_list(MENTOR, PLAIN, "Bo|Dam|||bo@b.dk|It|", "|||||It|", programme=programme, by=administrator)
    person = Person.objects.get(first_name="Bo")
    update_person(person, by=administrator, town="Valby")
    undo(batch, administrator)
    rows = {row.number: (row.label, bool(row.cells), row.state) for row in batch.rows.all()}
    assert rows == {2: ("", False, "clean"), 3: ("Bo Dam", True, "clean"), 4: ("", False, "error")}


def test_a_person_twice_in_the_file_is_deleted_completely(programme):
    batch = import_list(
        "Navn|Rolle|E-mail|Mobil", "Åse Møller|mentor|a@b.dk|", "Åse Møller|mentee|a@b.dk|50505050", programme=programme
    )
    assert Person.objects.get().phones == ["+4550505050"]
    assert kept(undo(batch)) == []
    assert Person.objects.count() == 0


def test_consents_and_distinct_people_are_deleted_too(programme):
    known = MentorFactory(
        programme=programme, person__first_name="Jens", person__last_name="Hansen", person__case_number="K-1"
    ).person
    known.phones, known.birth_year, known.birth_date = ["+4550505050"], 1970, None
    known.save()
    before = dump()
    batch = stage_list("Navn|Rolle|Mobil|Samtykke", "Jens Hanssen|mentor|50505050|Ja", programme=programme)
    services.decide_row(batch, by=None, number=2, decision="different", person_id=known.pk)
    services.apply_import(batch, by=None)
    assert (Consent.objects.count(), DistinctPeople.objects.count()) == (1, 1)
    undo(batch)
    assert dump() == before


# ---------------------------------------------------------------- touched since


def touch_value(person):
    update_person(person, by=None, town="Valby")


def touch_interview(person):
    InterviewFactory(enrolment=person.enrolments.get())


def touch_attendance(person):
    Attendance.objects.create(event=EventFactory(programme=person.enrolments.get().programme), person=person)


def touch_term(person):
    person.enrolments.get().terms.add(Term.objects.create(kind="topic", name="Fodbold"))


def touch_skill(person):
    LanguageSkill.objects.filter(person=person).update(note="lidt")


def touch_match(person):
    programme = person.enrolments.get().programme
    mentee = EnrolmentFactory(programme=programme, person__case_number="K-9").person
    MatchFactory(programme=programme, mentor=person, mentee=mentee)


def touch_distinct_people(person):
    other = PersonFactory(home_branch=person.home_branch, case_number="K-9")
    first, second = sorted([person.pk, other.pk])
    DistinctPeople.objects.create(first_id=first, second_id=second)


@pytest.mark.parametrize(
    ("touch", "why"),
    [
        (touch_value, [("people.person", "changed")]),
        (touch_interview, [("people.enrolment", "used"), ("people.person", "needed")]),
        (touch_attendance, [("people.person", "used")]),
        (touch_term, [("people.enrolment", "used"), ("people.person", "needed")]),
        (touch_skill, [("people.languageskill", "changed"), ("people.person", "needed")]),
        (touch_match, [("people.person", "used")]),
        (touch_distinct_people, [("people.person", "used")]),
    ],
)
def test_a_changed_person_is_kept_with_its_parts_and_listed(programme, touch, why):
    batch = import_list(MENTOR, PLAIN, "Bo|Dam||40404040||It|", programme=programme)
    person = Person.objects.get(first_name="Åse")
    person.languages.exclude(language__name="Klingon").delete()
    touch(person)
    summary = undo(batch)
    assert kept(summary) == [*why, ("people.term", "needed"), ("people.term", "needed")]
    assert {why_kept(line) for line in summary["kept"]} <= {
        "er ændret siden", "der er registreret noget på den siden", "hører til noget, der bliver"
    }  # fmt: skip
    assert (person.enrolments.count(), person.languages.count(), Term.objects.filter(name="Klingon").count()) == (
        1,
        1,
        1,
    )
    assert Person.objects.filter(first_name="Bo").count() == 0
    assert summary["gone"] == 1


def test_records_deleted_before_are_counted(programme):
    batch = import_list(MENTOR, PLAIN, programme=programme)
    Person.objects.all().delete()
    summary = undo(batch)
    assert (summary["gone"], summary["kept"], Term.objects.count()) == (6, [], 0)


def test_a_changed_match_keeps_its_steps_and_the_status_of_its_people(programme, administrator):
    follow_up_plan(programme)
    mentor = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm", capacity=1)
    ida = EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam", status="waiting")
    bo = EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Dam", status="waiting")
    heading = "Mentor|Mentee|Startdato|Slutdato|Status"
    batch = import_list(
        heading, "Per Holm|Ida Dam|14-05-2010||aktiv", "Per Holm|Bo Dam|1-05-2011||aktiv", programme=programme
    )
    match = Match.objects.get(mentee=ida.person)
    steps, plan = match.steps.count(), match.follow_ups.count()
    assert (steps, plan > 0) == (1, True)
    Match.objects.filter(pk=match.pk).update(note="Går godt")
    assert kept(undo(batch)) == [("matching.match", "changed")]
    assert (match.steps.count(), match.follow_ups.count(), MatchStep.objects.count()) == (steps, plan, steps)
    statuses = [Enrolment.objects.get(pk=enrolment.pk).status for enrolment in (mentor, ida, bo)]
    assert statuses == ["matched", "matched", "waiting"]


def test_a_role_with_an_open_match_is_kept(programme):
    known = PersonFactory(home_branch=programme.branch, first_name="Per", last_name="Holm", emails=["p@h.dk"])
    batch = import_list("Fornavn|Efternavn|E-mail|Maks mentees", "Per|Holm|p@h.dk|2", programme=programme)
    match = MatchFactory(programme=programme, mentor=known)
    assert kept(undo(batch)) == [("people.enrolment", "used")]
    enrolment = Enrolment.objects.get(person=known)
    assert (enrolment.status, enrolment.capacity, match.mentor) == ("waiting", 2, known)


# ---------------------------------------------------------------- values of people known before


@pytest.fixture
def known(programme):
    person = PersonFactory(
        home_branch=programme.branch, first_name="Åse", last_name="Møller", phones=["+4550505050"], emails=[],
        birth_date=None, birth_year=None, gender="unknown", town="", notes="Kendt",
    )  # fmt: skip
    EnrolmentFactory(programme=programme, person=person, role="contact")
    return person


def fill_in(programme):
    headings = "Fornavn|Efternavn|Køn|Mobil|E-mail|By|Bemærkninger|Branche"
    return import_list(headings, "Åse|Møller|K|50505050|a@b.dk|Herlev|Ny|It", programme=programme)


def test_values_that_were_filled_in_are_restored(programme, known):
    before = dump()
    batch = fill_in(programme)
    known.refresh_from_db()
    assert (known.town, known.emails, known.notes) == ("Herlev", ["a@b.dk"], "Kendt\nBemærkninger: Ny")
    summary = undo(batch)
    assert (summary["set_back"], summary["left"]) == (4, [])
    assert dump() == before


def test_the_time_of_a_change_is_restored_to_the_microsecond(programme, known):
    """The import that created the person is undone later, and recognises it by its mark."""
    at = dt.datetime(2010, 5, 14, 12, 30, 1, 234567, tzinfo=dt.UTC)
    Person.objects.filter(pk=known.pk).update(updated_at=at)
    known.refresh_from_db()
    mark = mark_of(known, b"salt", marked_fields(Person))
    batch = fill_in(programme)
    known.refresh_from_db()
    assert (known.updated_at > at, mark_of(known, b"salt", marked_fields(Person)) == mark) == (True, False)
    undo(batch)
    known.refresh_from_db()
    assert (known.updated_at, mark_of(known, b"salt", marked_fields(Person))) == (at, mark)


def test_a_preview_gives_the_summary_of_the_undo(programme, known):
    """One undo that keeps, removes and restores records. A restored reference does not keep a record."""
    known.enrolments.update(role="mentor")
    batch = import_list(
        "Fornavn|Efternavn|Mobil|Organisation|By",
        "Åse|Møller|50505050|VIDIT|Herlev", "Bo|Dam|40404040|Netto|", "Ib|Krag|60606060|Netto|", "Ea|Lund|70707070||",
        "Eva|Holm|80808080||", programme=programme, kind="contact",
    )  # fmt: skip
    update_person(Person.objects.get(pk=known.pk), by=None, town="Valby")
    update_person(Person.objects.get(first_name="Bo"), by=None, town="Valby")
    touch_interview(Person.objects.get(first_name="Ib"))
    Person.objects.get(first_name="Ea").delete()
    with CaptureQueriesContext(connection) as captured:
        preview = services.preview_undo(batch, by=None)
    verbs = {query["sql"].split()[0] for query in captured}
    assert (verbs, [query["sql"] for query in captured if "FOR UPDATE" in query["sql"]]) == ({"SELECT"}, [])
    assert preview == undo(batch)
    assert preview["removed"] == {"people.enrolment": 2, "people.person": 1, "people.organisation": 1}
    assert (preview["set_back"], preview["gone"]) == (1, 2)
    assert [(line["pk"], line["field"]) for line in preview["left"]] == [(known.pk, "town")]
    assert kept(preview) == [
        ("people.enrolment", "used"), ("people.organisation", "needed"), ("people.person", "changed"),
        ("people.person", "needed"),
    ]  # fmt: skip
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Netto"]


def test_a_value_that_was_changed_again_stays_and_is_listed(programme, known):
    batch = fill_in(programme)
    known.refresh_from_db()
    update_person(known, by=None, town="Valby", emails=["c@d.dk"])
    edited = known.updated_at
    summary = undo(batch)
    known.refresh_from_db()
    assert known.updated_at > edited  # some values went back
    assert (known.town, known.emails, known.notes, known.gender) == ("Valby", ["c@d.dk"], "Kendt", "unknown")
    line = {"model": "people.person", "pk": known.pk, "number": known.case_number}
    left = sorted(summary["left"], key=lambda left: left["field"])
    assert left == [line | {"field": "emails"}, line | {"field": "town"}]
    assert [field_in_words(line) for line in left] == ["e-mailadresser", "by"]
    assert summary["set_back"] == 2
    assert known.search_text == known.build_search_text()


def test_a_person_whom_another_import_changed_is_kept(programme):
    first = import_list(MENTOR, PLAIN, programme=programme)
    second = import_list("Navn|E-mail|Mobil|Organisation", "Åse Møller|ny@b.dk|50505050|VIDIT", programme=programme)
    assert [line for line in kept(undo(first)) if line[0] != "people.term"] == [("people.person", "changed")]
    person = Person.objects.get()
    assert sorted(person.enrolments.values_list("role", flat=True)) == ["contact", "mentor"]
    undo(second)
    person.refresh_from_db()
    assert (person.emails, person.organisation, Organisation.objects.count()) == (["ase@example.dk"], None, 0)
    assert list(person.enrolments.values_list("role", flat=True)) == ["mentor"]


def test_a_reference_to_a_deleted_organisation_is_not_restored(programme, known):
    old = OrganisationFactory(branch=programme.branch, name="Gammel")
    Person.objects.filter(pk=known.pk).update(organisation=old)
    headings = "Navn|Mobil|Organisation"
    batch = stage_list(headings, "Åse Møller|50505050|VIDIT", programme=programme)
    services.decide_row(
        batch, by=None, number=2, decision="same", person_id=known.pk, chosen=["organisation", "forged"]
    )
    assert batch.rows.get().chosen == ["organisation"]
    services.apply_import(batch, by=None)
    old.delete()
    summary = undo(batch)
    known.refresh_from_db()
    assert known.organisation.name == "VIDIT"
    assert [(line["field"], line["pk"]) for line in summary["left"]] == [("organisation_id", known.pk)]
    assert kept(summary) == [("people.organisation", "used")]


def test_an_organisation_used_by_another_person_is_kept(programme):
    batch = import_list("Navn|E-mail|Organisation", "Åse Møller|a@b.dk|VIDIT", programme=programme)
    other = PersonFactory(home_branch=programme.branch, case_number="K-9", organisation=Organisation.objects.get())
    summary = undo(batch)
    assert (kept(summary), list(Person.objects.all())) == ([("people.organisation", "used")], [other])


def test_a_mark_changes_with_any_value_and_not_by_storing(programme):
    event = EventFactory(programme=programme)
    first = mark_of(event, b"salt", marked_fields(Event))
    event.refresh_from_db()
    assert mark_of(event, b"salt", marked_fields(Event)) == first
    event.starts_at += dt.timedelta(seconds=1)
    assert mark_of(event, b"salt", marked_fields(Event)) != first
    assert plain({"b": 1, "a": 2}) == plain({"a": 2, "b": 1})


def test_a_kept_enrolment_is_listed_by_the_number_of_its_person(programme):
    known = MentorFactory(programme=programme, person__first_name="Bo", person__last_name="Dam",
                          person__emails=["bo@b.dk"], person__case_number="T-2011-007").person  # fmt: skip
    batch = import_list("Navn|E-mail|Organisation", "Bo Dam|bo@b.dk|", programme=programme, kind="contact")
    Enrolment.objects.filter(person=known, role="contact").update(wish="ny")
    assert [(line["model"], line["number"]) for line in undo(batch)["kept"]] == [("people.enrolment", "T-2011-007")]
