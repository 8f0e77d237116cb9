"""The command ``import_bank``: its figures as JSON and as text, its refusals with exit status 2."""

import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from demo.factories import MembershipFactory, UserFactory
from imports.models import ImportBatch
from people.models import Person
from tests.common.spreadsheet_bombs import HOSTILE
from tests.imports.samples import SAMPLES, expected_figures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real_network(settings):
    settings.DEMO = False


def run(*args) -> str:
    output = io.StringIO()
    call_command("import_bank", *args, stdout=output)
    return output.getvalue()


def run_json(name, *args) -> dict:
    return json.loads(run(str(SAMPLES / name), "--programme", "tingbjerg-2010", "--json", *args))


def refused(path, *args) -> dict:
    output = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("import_bank", str(path), "--json", *args, stdout=output)
    assert caught.value.code == 2
    return json.loads(output.getvalue())


def test_figures_are_printed_as_json(programme, administrator):
    figures = run_json("mentorbank_pilot_2009.xlsx")
    assert figures.pop("import") == ImportBatch.objects.get().pk
    errors = figures.pop("error_list")
    assert (len(errors), errors[0]) == (
        10,
        {
            "row": 10,
            "cell": "F10",
            "heading": "E-mail",
            "value": "birgitte.carlsen.example.dk",
            "reason": "Skriv adressen som navn@sted.dk. Rækken holdes tilbage.",
        },
    )
    assert figures == expected_figures("mentorbank_pilot_2009.xlsx")
    batch = ImportBatch.objects.get()
    assert (batch.status, batch.applied_by, Person.objects.count()) == ("applied", administrator, 168)


def test_dry_run_stores_nothing(programme):
    figures = run_json("mentorbank_pilot_2009.xlsx", "--dry-run")
    assert {"error_list"} == figures.keys() - expected_figures("mentorbank_pilot_2009.xlsx").keys()
    assert (ImportBatch.objects.count(), Person.objects.count()) == (0, 0)


def test_import_works_without_users(programme):
    assert User.objects.count() == 0
    run_json("kontaktpersoner.ods")
    assert ImportBatch.objects.get().applied_by is None


def test_administrator_of_another_branch_is_not_chosen(programme, tingbjerg, koebenhavn):
    elsewhere = MembershipFactory(branch=koebenhavn, role="administrator").user
    MembershipFactory(branch=tingbjerg, role="coordinator", user=elsewhere)
    own = MembershipFactory(branch=tingbjerg, role="administrator").user
    run_json("kontaktpersoner.ods")
    assert ImportBatch.objects.get().applied_by == own


def test_user_can_be_named(programme, administrator, tingbjerg):
    second = MembershipFactory(branch=tingbjerg, role="administrator", user=UserFactory(email="bo@example.net")).user
    run_json("kontaktpersoner.ods", "--by", "BO@example.net")
    assert ImportBatch.objects.get().applied_by == second


def test_result_is_printed_as_text(programme):
    text = run(str(SAMPLES / "kontaktpersoner.ods"), "--programme", "tingbjerg-2010", "--dry-run")
    assert text == (
        "55 af 62 rækker ville blive importeret, heraf 6 med advarsel.\n"
        "Holdt tilbage: 4 med fejl, 3 dubletter i filen, 0 kendt i forvejen.\n"
        "A14 Navn: Uden navn kan rækken ikke oprettes.\n"
        "J24 E-mail »kontor(a)example.dk«: Skriv adressen som navn@sted.dk. Rækken holdes tilbage.\n"
        "A44 Navn: Uden navn kan rækken ikke oprettes.\n"
        "J51 E-mail »se hjemmesiden«: Skriv adressen som navn@sted.dk. Rækken holdes tilbage.\n"
    )


def test_guesses_and_columns_not_imported_are_listed(programme, tmp_path):
    file = tmp_path / "navne.csv"
    file.write_text("Fornavn;Efternavn;Telfon;Skostørrelse;\r\nÅse;Møller;50505050;38;husk\r\n", encoding="utf-8")
    figures = json.loads(run(str(file), "--programme", "tingbjerg-2010", "--role", "mentor", "--json"))
    assert figures["remarks"] == [
        "Et gæt: kolonnen »Telfon« indeholder »Telefon«.",
        "Ikke importeret: »Skostørrelse«, Kolonne E.",
    ]
    assert [(error["cell"], error["value"]) for error in figures["error_list"]] == [("E2", "husk")]


def test_named_kind_without_its_columns_is_refused(programme, tmp_path):
    file = tmp_path / "navne.csv"
    file.write_text("By;Land\r\nHerlev;Irak\r\n", encoding="utf-8")
    assert refused(file, "--programme", "tingbjerg-2010", "--role", "mentor") == {
        "refused": "Ingen overskrift siger: Fornavn eller Efternavn eller Hele navnet. Vælg kolonnerne i browseren."
    }


def test_role_and_sheet_can_be_named(programme, tmp_path):
    file = tmp_path / "navne.csv"
    file.write_text("Navn;E-mail\r\nÅse Møller;a@b.dk\r\n", encoding="utf-8")
    message = refused(file, "--programme", "tingbjerg-2010")["refused"]
    assert message == (
        "Overskrifterne siger ikke: hvad listen indeholder. Angiv listen med --role, eller importer den i browseren."
    )
    run(str(file), "--programme", "tingbjerg-2010", "--role", "mentee")
    assert Person.objects.get().enrolments.get().role == "mentee"
    sheet = refused(SAMPLES / "kontaktpersoner.ods", "--programme", "tingbjerg-2010", "--sheet", "Findes ikke")
    assert sheet == {"refused": "Filen har intet ark, der hedder »Findes ikke« og har rækker."}


def test_import_is_refused_in_the_demo(programme, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="--into-demo") as refusal:
        call_command("import_bank", "liste.csv", "--programme", "tingbjerg-2010")
    assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="kan ikke åbnes"):
        call_command("import_bank", "liste.csv", "--programme", "tingbjerg-2010", "--into-demo")


def test_wrong_arguments_are_refused(programme, coordinator, tmp_path):
    file = SAMPLES / "kontaktpersoner.ods"
    assert refused(file, "--programme", "findes-ikke")["refused"] == (
        "Der er ingen indsats findes-ikke. Kendte: tingbjerg-2010."
    )
    missing = tmp_path / "væk.xlsx"
    assert refused(missing, "--programme", "tingbjerg-2010")["refused"] == f"Filen {missing} kan ikke åbnes."
    assert refused(file, "--programme", "tingbjerg-2010", "--by", "x@y.dk")["refused"] == (
        "Der er ingen aktiv bruger x@y.dk."
    )
    assert refused(file, "--programme", "tingbjerg-2010", "--by", coordinator.email)["refused"] == (
        f"{coordinator.email} må ikke gøre det i Tingbjerg."
    )
    assert refused(file, "--programme", "tingbjerg-2010") == {
        "refused": "Tingbjerg har ingen aktiv administrator. Angiv med --by, hvem der gør det."
    }
    with pytest.raises(CommandError) as caught:
        run(str(missing), "--programme", "tingbjerg-2010")
    assert caught.value.returncode == 2


@pytest.mark.parametrize("name", ["only the last cell", "xlsx cut short", "a web page", "nothing at all"])
def test_hostile_file_is_refused_and_nothing_is_stored(programme, tmp_path, name):
    file = tmp_path / "fil.xlsx"
    file.write_bytes(HOSTILE[name][0]())
    answer = refused(file, "--programme", "tingbjerg-2010")
    assert (list(answer), answer["refused"].endswith(".")) == (["refused"], True)
    assert ImportBatch.objects.count() == 0


def test_hidden_rows_are_listed_and_read_only_with_the_option(programme, tmp_path):
    workbook = openpyxl.Workbook()
    for row in (
        ["Fornavn", "Efternavn", "Mobil", "Branche"],
        ["Åse", "Møller", "50505050", "It"],
        ["Bo", "Dam", "", "It"],
    ):
        workbook.active.append(row)
    workbook.active.row_dimensions[3].hidden = True
    path = tmp_path / "skjult.xlsx"
    workbook.save(path)
    common = [str(path), "--programme", programme.slug]
    figures = [json.loads(run(*common, "--dry-run", "--json", *more)) for more in ([], ["--with-hidden-rows"])]
    assert [(each["rows"], each["remarks"]) for each in figures] == [
        (1, ["1 række med noget i er skjult i arket: 3."]),
        (2, ["1 række med noget i er skjult i arket: 3."]),
    ]
    said = run(*common)
    assert said.startswith("1 række med noget i er skjult i arket: 3.\n1 af 1 rækker")
