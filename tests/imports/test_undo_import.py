"""The command ``undo_import``: its summary as JSON and as text, its refusals."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from demo.factories import EnrolmentFactory, PersonFactory
from imports import services
from imports.models import ImportBatch
from imports.services import ImportChanged
from people.models import Person, Term
from people.services import update_person
from tests.imports.samples import SAMPLES, import_list, stage_list

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Mobil|By|Branche"


@pytest.fixture(autouse=True)
def real_network(settings):
    settings.DEMO = False


def run(*args) -> str:
    output = io.StringIO()
    call_command("undo_import", *map(str, args), stdout=output)
    return output.getvalue()


def refused(*args) -> str:
    output = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("undo_import", *map(str, args), "--json", stdout=output)
    assert caught.value.code == 2
    answer = json.loads(output.getvalue())
    with pytest.raises(CommandError) as error:
        run(*args)
    assert (error.value.returncode, str(error.value)) == (2, answer["refused"])
    return answer["refused"]


@pytest.fixture
def batch(programme):
    known = PersonFactory(
        home_branch=programme.branch, case_number="K-1", first_name="Ib", last_name="Krag", phones=["+4560606060"],
        emails=[], town="", birth_date=None, gender="unknown", address="",
    )  # fmt: skip
    EnrolmentFactory(programme=programme, person=known, role="contact")
    return import_list(
        MENTOR + "|Adresse", "Åse|Møller|50505050||It|", "Bo|Dam|40404040||It|", "Ib|Krag|60606060|Valby|It|Ruten 1",
        programme=programme,
    )  # fmt: skip


def test_summary_is_printed_as_text(batch):
    bo = Person.objects.get(first_name="Bo")
    update_person(bo, by=None, town="Herlev")
    ib = Person.objects.get(first_name="Ib")
    update_person(ib, by=None, town="Greve")
    wanted = (
        "2 ventetider, pauser og afslutninger på roller fjernet.\n"
        "2 roller i indsatser fjernet.\n"
        "1 person fjernet.\n"
        "1 værdier sat tilbage.\n"
        "Ændret siden og ikke rørt: by på person K-1.\n"
        f"Beholdt: person {bo.case_number} (er ændret siden).\n"
        f"Beholdt: ord {Term.objects.get().pk} (hører til noget, der bliver).\n"
    )
    before = list(Person.objects.order_by("pk").values())
    assert run(batch.pk, "--dry-run") == wanted
    assert list(Person.objects.order_by("pk").values()) == before
    assert ImportBatch.objects.get().status == "applied"
    assert run(batch.pk) == wanted
    assert [person.first_name for person in Person.objects.order_by("pk")] == ["Ib", "Bo"]


def test_summary_is_printed_as_json(batch, administrator):
    wanted = services.preview_undo(batch, by=None)
    assert json.loads(run(batch.pk, "--json", "--dry-run")) == wanted
    assert json.loads(run(batch.pk, "--json", "--by", administrator.email.upper())) == wanted
    batch.refresh_from_db()
    assert (batch.undone_by, wanted["removed"]["people.person"], wanted["set_back"]) == (administrator, 2, 2)


def test_refusals_give_the_reason_and_undo_nothing(batch, coordinator, administrator):
    assert refused(batch.pk + 100) == f"Der er ingen import {batch.pk + 100}."
    assert refused(batch.pk, "--by", "x@y.dk") == "Der er ingen aktiv bruger x@y.dk."
    assert refused(batch.pk, "--by", coordinator.email) == f"{coordinator.email} må ikke gøre det i Tingbjerg."
    assert Person.objects.count() == 3
    run(batch.pk)
    batch.refresh_from_db()
    assert batch.undone_by == administrator
    assert refused(batch.pk) == "Importen er allerede fortrudt."
    assert refused(batch.pk, "--dry-run") == "Importen er allerede fortrudt."


def test_staged_import_is_refused(programme):
    batch = stage_list(MENTOR, "Åse|Møller|50505050||It", programme=programme)
    assert refused(batch.pk) == "Kun en import, der er gennemført, kan fortrydes."


def test_import_bank_prints_the_undo_command_and_refuses_after_changes(programme, monkeypatch):
    output = io.StringIO()
    file = str(SAMPLES / "kontaktpersoner.ods")
    call_command("import_bank", file, "--programme", "tingbjerg-2010", stdout=output)
    assert f"manage.py undo_import {ImportBatch.objects.get().pk}" in output.getvalue()

    def change(*args, **options):
        raise ImportChanged

    monkeypatch.setattr("imports.management.commands.import_bank.apply_import", change)
    with pytest.raises(CommandError, match="Netværket ændrede sig under importen"):
        call_command("import_bank", file, "--programme", "tingbjerg-2010")
