"""Checking: the outcome of the rows, what is stored of it, and only checked imports are applied."""

import datetime as dt
import random
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from demo.factories import EnrolmentFactory, MentorFactory, PersonFactory
from imports import services
from imports.models import ImportBatch, ImportRow
from imports.services import checking
from matching.models import Match
from people.models import Enrolment, Person
from tests.imports.samples import (
    EXPECTED,
    codes,
    expected_figures,
    figures_of,
    import_list,
    import_sample,
    stage_list,
    stage_sample,
    upload_of,
)

pytestmark = pytest.mark.django_db
FILES = EXPECTED["import_order"]
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
PLAIN = "Åse|Møller|3/9-1968|50 50 50 50|ase@example.dk|Sundhed"


@pytest.mark.parametrize("again", [1, 2])
def test_each_sample_has_the_expected_figures_however_often_it_is_checked(programme, again):
    for name in FILES:
        batch = stage_sample(name, programme)
        whole = rows_of(batch)
        for _time in range(again):
            batch = services.check_import(batch, by=None)
        assert rows_of(batch) == whole
        assert figures_of(batch) == expected_figures(name)
        services.apply_import(batch, by=None)
    assert (Person.objects.count(), Match.objects.count()) == (408, 60)


def rows_of(batch) -> list:
    return list(batch.rows.order_by("number").values("number", *checking.CHECKED_FIELDS))


def test_only_rows_with_another_outcome_are_stored_again(programme, monkeypatch):
    batch = stage_list(MENTOR, PLAIN, "Bo|Dam|||b@d.dk|It", "Ib|Krag|||i@b.dk|It", programme=programme)
    stored, bulk_create = [], ImportRow.objects.bulk_create

    def note_rows(records, **options):
        stored.append([record.number for record in records])
        return bulk_create(records, **options)

    monkeypatch.setattr(ImportRow.objects, "bulk_create", note_rows)
    services.check_import(batch, by=None)
    MentorFactory(
        programme=programme, person__first_name="Bo", person__last_name="Dam", person__emails=["b@d.dk"]
    )  # fmt: skip
    services.check_import(batch, by=None)
    assert stored == [[], [3]]
    assert codes(batch)[3] == ("duplicate_existing", "duplicate_existing")


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (lambda batch: services.decide_row(batch, by=None, number=2, decision="skip"), ("skipped",)),
        (
            lambda batch: services.correct_cells(batch, by=None, number=2, cells={4: "a(at)b.dk"}),
            ("error", "bad_email"),
        ),
    ],
)
def test_what_a_user_decides_during_the_check_counts(programme, monkeypatch, act, outcome):
    batch, check, acts = stage_list(MENTOR, PLAIN, programme=programme), checking.check_all, [act]

    def check_and_act(*args, **options):
        checked = check(*args, **options)
        if acts:
            acts.pop()(batch)
        return checked

    monkeypatch.setattr(checking, "check_all", check_and_act)
    services.check_import(batch, by=None)
    assert codes(batch) == {2: outcome}


def test_an_import_cannot_be_applied_corrected_or_decided_before_it_is_checked(programme):
    upload = upload_of((MENTOR.replace("|", ";") + "\nÅse;Møller;;;a@b.dk;It\n").encode())
    batch = services.stage_import(upload, programme=programme, by=None)
    acts = [
        lambda: services.apply_import(batch, by=None),
        lambda: services.correct_cells(batch, by=None, number=2, cells={0: "Bo"}),
        lambda: services.decide_row(batch, by=None, number=2, decision="skip"),
    ]
    for act in acts:
        with pytest.raises(services.ImportRefused) as caught:
            act()
        assert caught.value.messages == ["Vælg kolonnerne først."]
    assert (Person.objects.count(), ImportRow.objects.count()) == (0, 0)
    services.discard_import(batch, by=None)
    with pytest.raises(services.ImportRefused):
        services.check_import(batch, by=None)


def test_checking_requires_the_right_to_import(programme, coordinator):
    batch = stage_list(MENTOR, PLAIN, programme=programme)
    with pytest.raises(PermissionDenied):
        services.check_import(batch, by=coordinator)


def test_a_person_deleted_after_the_check_is_handled(programme):
    known = MentorFactory(
        programme=programme, person__case_number="K-1", person__first_name="Åse", person__last_name="Møller",
        person__phones=["+4550505050"], role="contact",
    )  # fmt: skip
    batch = stage_list(MENTOR, PLAIN, PLAIN, programme=programme)
    known.person.delete()
    assert batch.counts["duplicates_in_file"] == 1
    with pytest.raises(services.ImportChanged):
        services.apply_import(batch, by=None)
    batch = services.check_import(batch, by=None)
    services.apply_import(batch, by=None)
    assert Person.objects.filter(first_name="Åse").count() == 1


def test_a_list_without_columns_is_not_checked(programme):
    batch = stage_list("Kaldenavn|Hvor", "Åse|Ærø", programme=programme)
    with pytest.raises(services.ImportRefused) as caught:
        services.check_import(batch, by=None)
    assert (caught.value.messages, batch.status) == (["Vælg kolonnerne først."], "read")


# ---------------------------------------------------------------- the same content in whatever order


def terms_of(enrolment) -> list[str]:
    return sorted(map(str, enrolment.terms.all()))


def content() -> list:
    """Return the stored people with their values, without case numbers."""
    people = Person.objects.prefetch_related("languages__language", "enrolments__terms")
    return sorted(
        (
            person.name, person.gender, person.birth_date or dt.date.min, person.birth_year or 0, sorted(person.phones),
            sorted(person.emails), person.address, person.postcode, sorted(person.notes.splitlines()),
            sorted(str(skill) for skill in person.spoken),
            sorted((e.role, e.status, e.capacity or 0, terms_of(e)) for e in person.enrolments.all()),
        )
        for person in people
    )  # fmt: skip


def test_the_same_file_three_times_with_shuffled_rows_and_columns_stores_the_same(programme):
    headings = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche|Sprog|Postnr.|Maks. antal mentees"
    rows = [
        f"Anna{n}|Prøve{n % 5}|{n % 27 + 1}/9-19{50 + n}|{20_000_000 + n * 11}|a{n}@b.dk|It|dansk, farsi|2700|{n % 3}"
        for n in range(40)
    ]
    first = import_list(headings, *rows, programme=programme)
    assert first.counts["accepted"] == 40
    stored = content()
    shuffler = random.Random(11)
    for _time in range(2):
        order = shuffler.sample(range(9), 9)
        mixed = ["|".join(row.split("|")[index] for index in order) for row in shuffler.sample(rows, len(rows))]
        again = import_list("|".join(headings.split("|")[index] for index in order), *mixed, programme=programme)
        assert (again.counts["accepted"], again.counts["duplicates_existing"]) == (0, 40)
        assert content() == stored


def test_a_sample_three_times_stores_the_same(programme):
    name = "mentees_tingbjerg_2010.csv"
    import_sample(name, programme)
    stored = content()
    for _time in range(2):
        import_sample(name, programme)
        assert content() == stored
    assert Enrolment.objects.count() == 125


# ---------------------------------------------------------------- at the same moment


@pytest.mark.django_db(transaction=True)
def test_one_of_two_users_who_apply_at_once_is_refused(programme, administrator):
    known = EnrolmentFactory(
        programme=programme, role="contact",
        person=PersonFactory(
            home_branch=programme.branch, case_number="K-1", first_name="Åse", last_name="Møller",
            phones=["+4550505050"], birth_date=None,
        ),
    )  # fmt: skip
    batch = stage_list(MENTOR, PLAIN, "Bo|Dam|||bo@b.dk|It", programme=programme, by=administrator)
    start, refusals, failed = threading.Barrier(3), [], []

    def press():
        try:
            start.wait()
            services.apply_import(ImportBatch.objects.get(pk=batch.pk), by=administrator)
        except services.ImportRefused as refusal:
            refusals.append(refusal.messages[0])
        except Exception as error:  # noqa: BLE001 - whatever else happens is what the test is about
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [text.startswith("Hanne Lund importerede filen") for text in refusals] == [True, True]
    assert (Person.objects.count(), known.person.enrolments.count()) == (2, 2)
