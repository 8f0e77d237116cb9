"""Lists of organisations, of volunteer groups, and of the volunteers in them."""

import datetime as dt

import pytest

from demo.factories import EnrolmentFactory, OrganisationFactory, PersonFactory
from imports.engine import recognition
from imports.kinds import all_kinds, kind_of
from imports.services import apply_import, decide_row, undo_import
from imports.services.deciding import compared_with
from people.models import Enrolment, Organisation, Person, VolunteerGroup
from tests.imports.samples import codes, import_list, row_of, stage_list

ORGANISATIONS = "Navn|Type|Telefon|E-mail|Adresse|Postnr|By|Aftale indgået|Kontaktperson|Noter"
GROUPS = "Gruppe|Type|Status|Sted|Samarbejdspartner|Åbningstider|Etableret|Lukket|Noter"
VOLUNTEERS = "Navn|Frivilliggruppe|Gruppe 2|Frivillig siden|Mobil|E-mail|Noter"


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (ORGANISATIONS, "organisation"),
        ("Virksomhed|CVR-nr.|Adresse|Telefon", "organisation"),
        ("Company name|Type|Partner since|E-mail", "organisation"),
        (GROUPS, "group"),
        ("Name|Kind|Place|Opening hours", "group"),
        (VOLUNTEERS, "volunteer"),
        ("Fornavn|Efternavn|Grupper|Telefon|Straffeattest", "volunteer"),
        ("Navn|Organisation|Telefon|E-mail|Type", "contact"),
        ("Organisation|Kontaktperson|Telefon|E-mail", "contact"),
        ("Navn|Status|Telefon|Adresse", "mentee"),
        ("Navn|Telefon|Straffeattest", "mentor"),
        ("Navn|Telefon|E-mail", None),
    ],
)
def test_kinds_are_recognised_by_their_headings(headings, kind):
    found = recognition.recognise_kind(headings.split("|"), all_kinds())
    assert (found and found.code) == kind


@pytest.mark.django_db
def test_groups_are_stored_with_their_partners(programme):
    OrganisationFactory(branch=programme.branch, name="Biblioteket")
    batch = import_list(
        GROUPS,
        "Lektiecaféen|Lektiecafé|Etableret|Ruten|BIBLIOTEKET|tirsdag kl. 16|1/9-2009||Velbesøgt",
        "Pigerne|pigeklub|||Klub X||||",
        "Guiderne|Foreningsguider||||||1/2-2011|",
        "Drengene|drengeklub|planlagt||klub x||||",
        programme=programme,
    )
    assert set(codes(batch).values()) == {("clean",)}
    groups = VolunteerGroup.objects.order_by("pk").select_related("partner")
    assert [(group.kind, group.status, str(group.partner or "")) for group in groups] == [
        ("homework_cafe", "established", "Biblioteket"),
        ("girls_club", "established", "Klub X"),
        ("guides", "closed", ""),
        ("boys_club", "planned", "Klub X"),
    ]
    first = groups[0]
    assert (first.programme, first.place, first.opening_times, first.established_on, first.notes) == (
        programme,
        "Ruten",
        "tirsdag kl. 16",
        dt.date(2009, 9, 1),
        "Noter: Velbesøgt",
    )
    assert Organisation.objects.count() == 2
    assert row_of(first).number == 2


@pytest.mark.django_db
def test_issues_of_groups(programme):
    batch = import_list(
        GROUPS,
        "A|Lektiecafé|måske||||||",
        "B|Strikkeklub|etableret|||||1/2-2010|",
        "C|Sprogcafé||||1/3-2010||1/2-2010|",
        "D|Sprogcafé|||||1/3-2010|1/2-2010|",
        "E|Sprogcafé|||||1/3-2050||",
        "||||||||kun en note",
        "a||||||||",
        programme=programme,
    )
    assert codes(batch) == {
        2: ("warned", "word_unknown"),
        3: ("warned", "closing_date_wins", "word_unknown"),
        4: ("clean",),
        5: ("error", "group_closes_before_start"),
        6: ("clean",),
        7: ("error", "missing_name"),
        8: ("duplicate_in_file", "record_in_file"),
    }
    groups = {group.name: group for group in VolunteerGroup.objects.all()}
    assert {name: (group.kind, group.status) for name, group in groups.items()} == {
        "A": ("homework_cafe", "established"),
        "B": ("other", "closed"),
        "C": ("language_cafe", "closed"),
        "E": ("language_cafe", "planned"),
    }
    assert groups["B"].notes == "Type: Strikkeklub"


@pytest.mark.django_db
def test_a_list_without_partners_creates_no_organisation(programme):
    import_list("Gruppe|Åbningstider", "Ruten|mandag", programme=programme)
    assert (VolunteerGroup.objects.count(), Organisation.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_volunteers_are_added_to_their_groups(programme, administrator):
    known = VolunteerGroup.objects.create(programme=programme, name="Leg, læring og lektier")
    batch = import_list(
        VOLUNTEERS,
        "Åse Møller|leg, laering og lektier||1/9-2009|50505050||",
        "Bo Lund|Pigeklubben; Sprogcaféen|Drengene||50505051||",
        "Ida Holm|SPROGCAFÉEN|||50505052||flink",
        "Per Vang||||50505053||",
        programme=programme,
        by=administrator,
    )
    assert codes(batch) == {
        2: ("clean",),
        3: ("clean", "group_created", "group_created", "group_created"),
        4: ("clean",),
        5: ("clean",),
    }
    found = Enrolment.objects.filter(role="volunteer").prefetch_related("groups").order_by("pk")
    assert [(row.person.first_name, [group.name for group in row.groups.all()]) for row in found] == [
        ("Åse", ["Leg, læring og lektier"]),
        ("Bo", ["Drengene", "Pigeklubben", "Sprogcaféen"]),
        ("Ida", ["Sprogcaféen"]),
        ("Per", []),
    ]
    assert (found[0].applied_on, found[0].groups.get()) == (dt.date(2009, 9, 1), known)
    made = VolunteerGroup.objects.exclude(pk=known.pk)
    assert {(group.status, row_of(group).number) for group in made} == {("established", 3)}


@pytest.mark.django_db
def test_a_known_person_becomes_a_volunteer_once(programme):
    person = PersonFactory(home_branch=programme.branch, first_name="Åse", last_name="Møller", phones=["+4550505050"])
    EnrolmentFactory(programme=programme, person=person, role="mentor")
    row = "Åse Møller|Ruten|||50505050||"
    batch = import_list(VOLUNTEERS, row, row, programme=programme)
    assert codes(batch) == {
        2: ("warned", "group_created", "known_person_other_role"),
        3: ("duplicate_in_file", "duplicate_in_file"),
    }
    assert codes(import_list(VOLUNTEERS, row, programme=programme)) == {2: ("duplicate_existing",) * 2}
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_merged_rows_add_the_volunteer_to_their_groups(programme, administrator):
    batch = stage_list(
        VOLUNTEERS,
        "Åse Møller|Ruten|||50505050||",
        "Åse Møller|Ruten; Caféen|||50505050||",
        programme=programme,
        by=administrator,
    )
    merge(batch, 3, administrator)
    volunteer = Enrolment.objects.get(role="volunteer")
    assert [group.name for group in volunteer.groups.all()] == ["Caféen", "Ruten"]
    batch = stage_list(VOLUNTEERS, "Åse Møller|Ruten; Klubben|||50505050||", programme=programme, by=administrator)
    merge(batch, 2, administrator)
    assert [group.name for group in volunteer.groups.all()] == ["Caféen", "Klubben", "Ruten"]
    assert Enrolment.objects.count() == 1


def merge(batch, number, by):
    """Decide that a row is the same person as the one it is compared with, and apply the import."""
    ((person_id, other_row),) = compared_with(batch.rows.get(number=number))
    apply_import(
        decide_row(batch, by=by, number=number, decision="same", person_id=person_id, other_row=other_row), by=by
    )


@pytest.mark.django_db
def test_a_text_too_long_for_a_group_is_kept_as_a_note(programme):
    import_list(VOLUNTEERS, f"Åse Møller|{'x' * 160}|||50505050||", programme=programme)
    assert VolunteerGroup.objects.get().name == "x" * 150
    assert Person.objects.get().notes == f"Frivilliggruppe: {'x' * 160}"


@pytest.mark.django_db
def test_imports_of_groups_and_organisations_can_be_undone(programme, administrator):
    for headings, row in (
        (VOLUNTEERS, "Åse Møller|Ruten|||50505050||"),
        (GROUPS, "Caféen|Lektiecafé|||Klub X||||"),
        (ORGANISATIONS, "Biblioteket|||||||||"),
    ):
        kind = "organisation" if headings == ORGANISATIONS else ""
        undo_import(import_list(headings, row, programme=programme, kind=kind), by=administrator)
    assert [model.objects.count() for model in (Person, VolunteerGroup, Organisation)] == [0, 0, 0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headings", "row", "path"),
    [
        (ORGANISATIONS, "Biblioteket|||||||||", "/personer/organisationer/"),
        (GROUPS, "Ruten||||||||", "/personer/grupper/"),
    ],
)
def test_the_record_of_a_row_has_an_address(programme, headings, row, path):
    batch = import_list(headings, row, programme=programme)
    kind, imported = kind_of(batch.kind), batch.rows.get()
    (url,) = kind.stored_urls([imported.pk]).values()
    assert (url.rsplit("/", 2)[0] + "/", kind.list_url()) == (path, path)
