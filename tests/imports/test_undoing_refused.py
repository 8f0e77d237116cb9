"""Imports that cannot be undone, and two undos at the same time."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from imports import services
from imports.models import ImportBatch
from matching.models import Interview
from people.models import Person, Term
from people.services import update_person
from tests.imports.samples import import_list, stage_list

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche|Sprog"
PLAIN = "Åse|Møller|3/9-1968|50 50 50 50|ase@example.dk|Sundhed|dansk, Klingon"


def undo(batch, by=None) -> dict:
    return services.undo_import(batch, by=by).undo_summary


# ---------------------------------------------------------------- refusals


def test_only_an_applied_import_can_be_undone_and_only_once(programme, administrator):
    batch = stage_list(MENTOR, PLAIN, programme=programme, by=administrator)
    for act in (services.undo_import, services.preview_undo):
        with pytest.raises(services.ImportRefused, match="gennemført"):
            act(batch, by=administrator)
    services.apply_import(batch, by=administrator)
    undo(batch, administrator)
    with pytest.raises(services.ImportRefused) as caught:
        undo(batch, administrator)
    assert caught.value.messages == ["Importen er allerede fortrudt."]
    assert services.is_undoable(ImportBatch.objects.get()) is False


def test_an_old_import_cannot_be_undone(programme, administrator, settings):
    batch = import_list(MENTOR, PLAIN, programme=programme, by=administrator)
    batch.applied_at -= dt.timedelta(days=settings.IMPORT_UNDO_DAYS - 1)
    batch.save()
    assert services.is_undoable(batch) is True
    batch.applied_at -= dt.timedelta(days=2)
    batch.save()
    with pytest.raises(services.ImportRefused) as caught:
        undo(batch, administrator)
    assert caught.value.messages == ["En import kan fortrydes i 30 dage. Denne er ældre."]
    assert Person.objects.count() == 1


@pytest.mark.parametrize("persona", ["coordinator", "manager", "other_branch_administrator", "outsider"])
def test_only_administrators_of_the_branch_undo(programme, request, persona):
    user = request.getfixturevalue(persona)
    batch = import_list(MENTOR, PLAIN, programme=programme)
    for act in (services.undo_import, services.preview_undo):
        with pytest.raises(PermissionDenied):
            act(batch, by=user)
    assert Person.objects.count() == 1


# ---------------------------------------------------------------- at the same moment


def at_once(*acts) -> list:
    """Run the functions at the same time and return the result or exception of each."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            start.wait()
            answers[index] = act()
        except Exception as error:  # noqa: BLE001 - what comes of it is what the test is about
            answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_one_of_two_users_who_undo_at_once_is_refused(programme, administrator):
    batch = import_list(MENTOR, PLAIN, programme=programme, by=administrator)
    answers = at_once(*[lambda: undo(ImportBatch.objects.get(pk=batch.pk), administrator)] * 3)
    refused = [answer.messages for answer in answers if isinstance(answer, services.ImportRefused)]
    assert refused == [["Importen er allerede fortrudt."]] * 2
    assert Person.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_edit_during_an_undo_is_kept_or_refused(programme, administrator):
    for number in range(3):
        batch = import_list(MENTOR, PLAIN, programme=programme, by=administrator)
        person = Person.objects.get()
        edited, undone = at_once(
            lambda person=person: update_person(person, by=None, town="Valby"), lambda batch=batch: undo(batch)
        )
        assert isinstance(undone, dict), (number, undone)
        if isinstance(edited, Exception):
            assert Person.objects.count() == 0
        else:
            assert (Person.objects.get().town, Person.objects.get().enrolments.count()) == ("Valby", 1)
        Person.objects.all().delete()
        Term.objects.all().delete()


def test_the_time_of_the_undo_is_stored(programme):
    batch = import_list(MENTOR, PLAIN, programme=programme)
    services.undo_import(batch, by=None)
    batch.refresh_from_db()
    assert (batch.undone_by, batch.undone_at <= timezone.now(), Interview.objects.count()) == (None, True, 0)
