"""Checking in chunks gives the same outcome as checking at once, and only checked imports are applied."""

import datetime as dt
import random
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from demo.factories import EnrolmentFactory, MentorFactory, PersonFactory
from imports import services
from imports.models import ImportBatch, ImportRow
from imports.services import checking, reading
from matching.models import Match
from people.models import Enrolment, Person
from tests.imports.samples import (
    EXPECTED,
    expected_figures,
    figures_of,
    import_list,
    import_sample,
    stage_list,
    stage_sample,
)

pytestmark = pytest.mark.django_db
FILES = EXPECTED["import_order"]
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
PLAIN = "Åse|Møller|3/9-1968|50 50 50 50|ase@example.dk|Sundhed"
CHECKED = ("number", "cells", "label", "state", "issues", "lesson", "has_question")


@pytest.fixture
def small_chunks(monkeypatch):
    """Let a list with eight rows count as long."""
    for module in (checking, reading):
        monkeypatch.setattr(module, "CHUNK", 7)


def rows_of(batch) -> list:
    return list(batch.rows.order_by("number").values(*CHECKED))


def check_to_the_end(batch, chunk, interrupt_at=()):
    """Check each chunk in its own call; start from the first row again at the calls in ``interrupt_at``."""
    calls = 0
    while batch.status == "checking":
        calls += 1
        before = batch.checked_rows
        if calls in interrupt_at:
            batch = services.check_again(batch, by=None, seconds=0)
            assert batch.checked_rows == min(chunk, batch.row_count)
        else:
            batch = services.check_rest(ImportBatch.objects.get(pk=batch.pk), by=None, seconds=0)
            assert batch.checked_rows == min(before + chunk, batch.row_count)
    return batch


@pytest.mark.parametrize(("chunk", "interrupt_at"), [(17, ()), (13, (3, 5))])
def test_each_sample_checked_in_chunks_gives_the_same_outcome(programme, monkeypatch, chunk, interrupt_at):
    for name in FILES:
        whole = stage_sample(name, programme)
        assert (whole.status, whole.checked_rows) == ("staged", whole.row_count)
        with monkeypatch.context() as patch:
            for module in (checking, reading):
                patch.setattr(module, "CHUNK", chunk)
            broken = stage_sample(name, programme)
            assert (broken.status, broken.checked_rows, broken.counts) == ("checking", 0, {})
            broken = check_to_the_end(broken, chunk, interrupt_at)
        assert rows_of(broken) == rows_of(whole)
        assert figures_of(broken) == figures_of(whole) == expected_figures(name)
        services.apply_import(broken, by=None)
    assert (Person.objects.count(), Match.objects.count()) == (408, 60)


def test_progress_is_stored_and_checking_can_be_continued(programme, administrator, small_chunks):
    rows = [f"Åse|Møller{n}|||a{n}@b.dk|It" for n in range(20)]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    services.check_rest(batch, by=administrator, seconds=0)
    found = ImportBatch.objects.get()
    assert (found.status, found.checked_rows, found.row_count, found.rows.count()) == ("checking", 7, 20, 7)
    services.check_rest(found, by=administrator, seconds=0)
    assert services.check_rest(found, by=administrator).status == "staged"
    found = ImportBatch.objects.get()
    assert (found.checked_rows, found.counts["clean"]) == (20, 20)
    assert services.check_rest(found, by=administrator).counts == found.counts


def test_an_import_cannot_be_applied_corrected_or_decided_before_it_is_checked(programme, small_chunks):
    batch = stage_list(MENTOR, *[f"Åse|Møller{n}|||a{n}@b.dk|It" for n in range(9)], programme=programme)
    services.check_rest(batch, by=None, seconds=0)
    acts = [
        lambda: services.apply_import(batch, by=None),
        lambda: services.correct_cells(batch, by=None, number=2, cells={0: "Bo"}),
        lambda: services.decide_row(batch, by=None, number=2, decision="skip"),
    ]
    for act in acts:
        with pytest.raises(services.ImportRefused) as caught:
            act()
        assert caught.value.messages == ["Rækkerne bliver stadig kontrolleret. Vent et øjeblik."]
    assert (Person.objects.count(), ImportRow.objects.exclude(corrections={}).count()) == (0, 0)
    services.discard_import(batch, by=None)
    with pytest.raises(services.ImportRefused):
        services.check_rest(batch, by=None)


def test_checking_requires_the_right_to_import(programme, coordinator, small_chunks):
    batch = stage_list(MENTOR, *[f"Åse|Møller{n}|||a{n}@b.dk|It" for n in range(9)], programme=programme)
    for act in (services.check_rest, services.check_again):
        with pytest.raises(PermissionDenied):
            act(batch, by=coordinator)


def test_a_person_deleted_between_two_chunks_is_handled(programme, small_chunks):
    known = MentorFactory(
        programme=programme, person__case_number="K-1", person__first_name="Åse", person__last_name="Møller",
        person__phones=["+4550505050"], role="contact",
    )  # fmt: skip
    rows = [PLAIN, *[f"Bo|Dam{n}|||b{n}@b.dk|It" for n in range(8)], PLAIN]
    batch = stage_list(MENTOR, *rows, programme=programme)
    services.check_rest(batch, by=None, seconds=0)
    known.person.delete()
    batch = services.check_rest(batch, by=None)
    assert batch.counts["duplicates_in_file"] == 1
    with pytest.raises(services.ImportChanged):
        services.apply_import(batch, by=None)
    batch = services.check_again(batch, by=None)
    services.apply_import(batch, by=None)
    assert Person.objects.filter(first_name="Åse").count() == 1


def test_a_list_without_columns_is_not_checked_again(programme):
    batch = stage_list("Kaldenavn|Hvor", "Åse|Ærø", programme=programme)
    with pytest.raises(services.ImportRefused):
        services.check_again(batch, by=None)
    assert services.check_rest(batch, by=None).status == "read"


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
            phones=["+4550505050"],
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
