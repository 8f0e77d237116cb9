"""Organisations that lists name, and lists of organisations."""

import datetime as dt

import pytest

from demo.factories import OrganisationFactory
from people.models import Organisation, Person, VolunteerGroup
from people.services.organisations import find_organisations
from tests.imports.samples import codes, import_list, row_of

CONTACTS = "Navn|E-mail|Organisation"
ORGANISATIONS = "Navn|Type|Telefon|E-mail|Adresse|Postnr|By|Aftale indgået|Kontaktperson|Noter"
GROUPS = "Gruppe|Samarbejdspartner"


def test_the_same_spelling_wins():
    cafe, accented, other = (Organisation(name=name) for name in ("Cafe Ruten", "Café Ruten", "VIDIT"))
    names = ["Café Ruten", "CAFE  RUTEN", "vidit", "Ukendt"]
    assert find_organisations([cafe, accented, other], names) == {
        "Café Ruten": accented,
        "CAFE  RUTEN": cafe,
        "vidit": other,
    }


@pytest.mark.django_db
def test_contacts_and_groups_find_the_same_organisation(programme, koebenhavn):
    known = OrganisationFactory(branch=programme.branch, name="Café Ruten")
    OrganisationFactory(branch=koebenhavn, name="Cafe Ruten")
    import_list(CONTACTS, "Åse Møller|a@b.dk|Cafe Ruten", "Bo Dam|b@b.dk|CAFÉ RUTEN", programme=programme)
    import_list(GROUPS, "Pigerne|cafe ruten", programme=programme)
    assert list(Person.objects.values_list("organisation", flat=True)) == [known.pk, known.pk]
    assert VolunteerGroup.objects.get().partner == known
    assert Organisation.objects.count() == 2


@pytest.mark.django_db
def test_a_new_organisation_is_created_once_in_its_first_spelling(programme):
    contacts = ["Åse Møller|a@b.dk|Café Ruten", "Bo Dam|b@b.dk|Cafe Ruten", "Ib Krag|i@b.dk|VIDIT", "Per Holm|p@b.dk|"]
    batch = import_list(CONTACTS, *contacts, programme=programme)
    made = [(made.name, row_of(made).number, made.branch_id) for made in Organisation.objects.order_by("pk")]
    assert list(made) == [("Café Ruten", 2, programme.branch_id), ("VIDIT", 4, programme.branch_id)]
    assert [str(person.organisation or "") for person in Person.objects.order_by("pk")] == [
        "Café Ruten",
        "Café Ruten",
        "VIDIT",
        "",
    ]
    assert batch.status == "applied"


@pytest.mark.django_db
def test_organisations_are_stored_with_all_values(programme, administrator):
    batch = import_list(
        ORGANISATIONS,
        "Områdesekretariatet|Samarbejdspartner|38 60 00 00 / 50505050|post@example.dk; to@example.dk|Ruten 12|2700"
        "|Brønshøj|3/9-2010|Lise Holm|Husker vi",
        "Café Ruten|firma.|||||||||",
        programme=programme,
        by=administrator,
        kind="organisation",
    )
    row = batch.rows.order_by("number").first()
    partner, company = Organisation.objects.order_by("-name")
    assert (partner.branch, partner.name, partner.kind, partner.phone, partner.email, row_of(partner)) == (
        programme.branch,
        "Områdesekretariatet",
        "partner",
        "+4538600000",
        "post@example.dk",
        row,
    )
    assert (partner.address, partner.agreed_on) == ("Ruten 12, 2700 Brønshøj", dt.date(2010, 9, 3))
    assert partner.notes.split("\n") == [
        "Telefon: 38 60 00 00 / 50505050",
        "E-mail: post@example.dk; to@example.dk",
        "Kontaktperson: Lise Holm",
        "Noter: Husker vi",
    ]
    assert (company.kind, company.phone, company.agreed_on, company.notes) == ("company", "", None, "")


@pytest.mark.django_db
def test_unreadable_cells_of_an_organisation_are_reported_and_kept(programme):
    batch = import_list(
        ORGANISATIONS,
        "|Firma||||||||",
        "Skolen|skole||ingen mail||||||",
        "VIDIT|netværk|spørg|||||2010||",
        "Biblioteket|bibliotek||||||31/2-2010||",
        f"{'x' * 160}|||||||||",
        programme=programme,
        kind="organisation",
    )
    assert codes(batch) == {
        2: ("error", "missing_name"),
        3: ("error", "bad_email"),
        4: ("warned", "date_unreadable", "phone_unreadable", "word_unknown"),
        5: ("error", "bad_date"),
        6: ("warned", "shortened"),
    }
    vidit = Organisation.objects.get(name="VIDIT")
    assert (vidit.kind, vidit.notes) == ("partner", "Type: netværk\nTelefon: spørg\nAftale indgået: 2010")
    assert Organisation.objects.get(notes="x" * 160).name == "x" * 150


@pytest.mark.django_db
def test_an_organisation_with_a_name_of_the_branch_is_a_duplicate(programme, koebenhavn):
    OrganisationFactory(branch=programme.branch, name="Områdesekretariatet", notes="vores")
    OrganisationFactory(branch=koebenhavn, name="Biblioteket")
    batch = import_list(
        ORGANISATIONS,
        "OMRADESEKRETARIATET|Firma|50505050|||||||",
        "Biblioteket|||||||||",
        "biblioteket |||||||||",
        programme=programme,
        kind="organisation",
    )
    assert codes(batch) == {
        2: ("duplicate_existing", "record_existing"),
        3: ("clean",),
        4: ("duplicate_in_file", "record_in_file"),
    }
    ours = Organisation.objects.get(name="Områdesekretariatet")
    assert (ours.kind, ours.phone, ours.notes) == ("partner", "", "vores")
