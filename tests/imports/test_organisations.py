"""Which organisation a name in a list means, whatever the list."""

import pytest

from demo.factories import OrganisationFactory
from people.models import Organisation, Person, VolunteerGroup
from people.services.organisations import find_organisations
from tests.imports.samples import import_list, row_of

CONTACTS = "Navn|E-mail|Organisation"
GROUPS = "Gruppe|Samarbejdspartner"


def test_the_same_spelling_goes_before_one_alike():
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
def test_a_new_organisation_is_created_once_as_its_first_row_spells_it(programme):
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
