"""The commands ``export_branch`` and ``import_branch``: JSON figures, and refusals with exit status 2."""

import io
import json
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessRecord, Branch, User
from demo.factories import EnrolmentFactory, MembershipFactory, OrganisationFactory, UserFactory
from people.models import Person
from tests.transfer.conftest import members, packed, rows_of, tables
from tests.transfer.sample_branch import empty_tables
from transfer.packing import MANIFEST

pytestmark = pytest.mark.django_db
LEFT_OUT = "events.attendance (1), events.programmeinvitation (1), matching.match (1), matching.meeting (1)"
KNOWN = "people.languageskill (1), people.person (1), people.term (5), programmes.funder (1), programmes.policyarea (1)"


@pytest.fixture(autouse=True)
def real_network(settings):
    settings.DEMO = False


def run(*args) -> str:
    output = io.StringIO()
    call_command(*args, stdout=output)
    return output.getvalue()


def refused(*args) -> dict:
    output = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command(*args, "--json", stdout=output)
    assert caught.value.code == 2
    with pytest.raises(CommandError) as error:
        call_command(*args, stdout=output)
    answer = json.loads(output.getvalue())
    assert (error.value.returncode, str(error.value)) == (2, answer["refused"])
    return answer


@pytest.fixture
def sample(sample):
    """The sample branch with an administrator, for whom the commands act."""
    MembershipFactory(branch=sample.branch, user=sample.user, role="administrator")
    return sample


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ud.zip"


def test_branch_file_is_not_read_into_the_demo(path, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="--into-demo"):
        call_command("import_branch", str(path))
    with pytest.raises(CommandError, match="kan ikke åbnes"):
        call_command("import_branch", str(path), "--into-demo")


def test_export_and_import_with_json_figures(sample, exported, path):
    figures = json.loads(run("export_branch", "tingbjerg", "--to", str(path), "--json"))
    assert tables(path.read_bytes()) == tables(exported)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert figures["tables"]["people.person"] == 4
    assert {name: value for name, value in figures.items() if name != "tables"} == {
        "branch": "tingbjerg",
        "file": str(path),
        "bytes": path.stat().st_size,
        "rows": sum(figures["tables"].values()),
        "held_by_others": {"people.distinctpeople": 1, "events.event": 1, "events.attendance": 1},
    }
    empty_tables()
    read = json.loads(run("import_branch", str(path), "--json"))
    left_out = {"events.attendance": 1, "events.programmeinvitation": 1, "matching.match": 1, "matching.meeting": 1}
    assert read == {
        "branch": "tingbjerg",
        "is_new": True,
        "rows": figures["rows"] - 4,
        "tables": {name: count - left_out.get(name, 0) for name, count in figures["tables"].items()},
        "known": {},
        "left_out": left_out,
        "emptied": {},
        "unknown_users": {},
        "moved_home": 1,
        "not_in_file": [],
    }


def test_export_and_import_in_words(sample, path):
    output = run("export_branch", "tingbjerg", "--to", str(path))
    rows = AccessRecord.objects.get().count
    assert output == (
        f"{rows} rækker i {path}. Filen indeholder personoplysninger: pas på den som på selve systemet.\n"
    )
    sample.user.email = "nobody@example.net"
    sample.user.save()
    empty_tables()
    lines = run("import_branch", str(path), "--dry-run").splitlines()
    assert lines[0] == f"{rows - 4} rækker ville blive læst ind i Tingbjerg."
    assert lines[1].startswith("Ukendte brugere, felterne er tomme: hanne@example.net (")
    assert lines[2:] == [
        f"Udeladt, fordi de hører sammen med en afdeling, der ikke er her: {LEFT_OUT}.",
        "Personer, hvis afdeling ikke er her, og som nu hører til denne: 1.",
    ]
    assert not Branch.objects.exists()
    assert run("import_branch", str(path)).splitlines()[0] == f"{rows - 4} rækker er læst ind i Tingbjerg."
    assert Branch.objects.get().slug == "tingbjerg"


def test_import_of_an_older_file_lists_known_terms_and_missing_tables(sample, exported, path):
    empty_tables(sample.branch)
    contents = members(exported)
    listed = [table for table in json.loads(contents[MANIFEST])["tables"] if table["name"] != "people.consent"]
    del contents["tabeller/people.consent.csv"]
    path.write_bytes(packed(contents, tables=listed, migrations={}).getvalue())
    assert run("import_branch", str(path)).splitlines()[1:] == [
        f"Var her i forvejen: {KNOWN}.",
        "Filen er ældre og indeholder ikke: people.consent.",
    ]


def test_export_counts_references_that_become_empty(sample, path):
    """An organisation of another branch is not in the file, so that the reference of a person becomes empty."""
    organisation = OrganisationFactory(branch=sample.other, name="Hemmelig")
    Person.objects.filter(pk=sample.guest.pk).update(organisation=organisation)
    run("export_branch", "tingbjerg", "--to", str(path))
    headings, *people = rows_of(path.read_bytes(), "people.person")
    place = headings.index("organisation")
    assert [(row[2], row[place]) for row in people if row[2] == "K-2010-005"] == [("K-2010-005", "")]
    assert json.loads(members(path.read_bytes())[MANIFEST])["emptied"] == {"people.person.organisation": 1}


def test_export_logs_the_user(programme, administrator, path):
    EnrolmentFactory(programme=programme)
    run("export_branch", "tingbjerg", "--to", str(path), "--by", administrator.email.upper())
    assert AccessRecord.objects.get().user == administrator
    path.unlink()
    run("export_branch", "tingbjerg", "--to", str(path))
    assert AccessRecord.objects.order_by("pk").last().user == administrator


def test_default_user_is_an_administrator_of_the_branch_itself(programme, tingbjerg, koebenhavn, path):
    other_administrator = MembershipFactory(branch=koebenhavn, role="administrator").user
    MembershipFactory(branch=tingbjerg, role="coordinator", user=other_administrator)
    assert refused("export_branch", "tingbjerg", "--to", str(path))["refused"] == (
        "Tingbjerg har ingen aktiv administrator. Angiv med --by, hvem der gør det."
    )
    own = MembershipFactory(branch=tingbjerg, role="administrator").user
    run("export_branch", "tingbjerg", "--to", str(path))
    assert AccessRecord.objects.get().user == own


def test_import_checks_the_user_in_the_branch_of_the_file(sample, exported, path, administrator, coordinator):
    path.write_bytes(exported)
    empty_tables(sample.branch)
    assert refused("import_branch", str(path), "--by", coordinator.email)["refused"] == (
        f"{coordinator.email} må ikke gøre det i Tingbjerg."
    )
    run("import_branch", str(path), "--dry-run")
    first = User.objects.administrators_of(sample.branch).first()
    run("import_branch", str(path))
    assert AccessRecord.objects.filter(kind="import").get().user == first


def test_import_into_a_new_branch_needs_no_administrator(sample, exported, path):
    path.write_bytes(exported)
    empty_tables()
    reader = UserFactory(email="bo@example.net")
    assert refused("import_branch", str(path), "--by", reader.email)["refused"] == "bo@example.net må ikke gøre det."
    run("import_branch", str(path))
    assert AccessRecord.objects.filter(kind="import").get().user is None


def test_default_file_name_has_branch_and_day(programme, tmp_path, monkeypatch, settings):
    settings.DEMO = True  # for its day
    monkeypatch.chdir(tmp_path)
    run("export_branch", "tingbjerg")
    assert [path.name for path in Path.cwd().iterdir()] == ["tingbjerg-2011-09-15.zip"]


def test_export_refusals(programme, coordinator, path):
    to = ("--to", str(path))
    assert refused("export_branch", "valby", *to)["refused"] == "Der er ingen afdeling valby. Kendte: tingbjerg."
    assert refused("export_branch", "tingbjerg", *to, "--by", "x@example.net")["refused"] == (
        "Der er ingen aktiv bruger x@example.net."
    )
    assert refused("export_branch", "tingbjerg", *to, "--by", coordinator.email)["refused"] == (
        f"{coordinator.email} må ikke gøre det i Tingbjerg."
    )
    assert list(path.parent.iterdir()) == []
    path.write_text("an older one")
    assert refused("export_branch", "tingbjerg", *to)["refused"] == (
        f"{path} findes allerede. Vælg en anden fil med --to."
    )
    assert (path.read_text(), AccessRecord.objects.count()) == ("an older one", 0)


def test_export_to_a_folder_that_does_not_exist(programme, tmp_path):
    path = tmp_path / "nowhere" / "ud.zip"
    assert refused("export_branch", "tingbjerg", "--to", str(path))["refused"] == (
        f"{path} kan ikke skrives: No such file or directory"
    )


def test_failed_export_leaves_no_file(programme, path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    assert refused("export_branch", "tingbjerg", "--to", str(path))["refused"] == (
        f"{path} kan ikke skrives: No space left on device"
    )
    assert list(path.parent.iterdir()) == []


def test_import_refusals(programme, administrator, coordinator, tmp_path):
    assert refused("import_branch", str(tmp_path / "no.zip"))["refused"] == (
        f"Filen {tmp_path / 'no.zip'} kan ikke åbnes."
    )
    text = tmp_path / "text.zip"
    text.write_text("text")
    assert refused("import_branch", str(text)) == {
        "refused": "Det er ikke en fil fra en afdeling: det er ingen zip-fil."
    }
    assert refused("import_branch", str(text), "--branch", "tingbjerg", "--by", coordinator.email)["refused"] == (
        f"{coordinator.email} må ikke gøre det i Tingbjerg."
    )
    assert Person.objects.count() == 0
