import pytest
from django.urls import reverse

from demo.factories import MembershipFactory, OrganisationFactory, PersonFactory
from people.enums import OrganisationKind
from people.models import Organisation

pytestmark = pytest.mark.django_db
LIST = "/personer/organisationer/"
QUERIES = 5


@pytest.fixture
def mette(client_of, coordinator):
    """The coordinator's browser."""
    return client_of(coordinator)


def test_list_shows_those_of_the_branch(mette, tingbjerg, koebenhavn):
    OrganisationFactory(branch=tingbjerg, name="Områdesekretariatet")
    OrganisationFactory(branch=tingbjerg, name="Biblioteket")
    OrganisationFactory(branch=koebenhavn, name="Fremmed forening")
    rows = [row.record.name for row in mette.get(LIST).context["table"].paginated_rows]
    assert rows == ["Biblioteket", "Områdesekretariatet"]
    rows = [row.record.name for row in mette.get(LIST, {"soeg": "OMRADE"}).context["table"].paginated_rows]
    assert rows == ["Områdesekretariatet"]


@pytest.mark.parametrize(
    ("words", "count"),
    [("+45 38 20 10 30", 1), ("tlf. 38201030", 1), ("Post@Skolen.dk", 1), ("skole ruten", 1), ("38 20 10 31", 0)],
)
def test_list_is_searched_by_phone_and_email(mette, tingbjerg, words, count):
    contact = {"phone": "38 20 10 30", "email": "post@skolen.dk", "address": "Ruten 2"}
    OrganisationFactory(branch=tingbjerg, name="Tingbjerg Skole", **contact)
    OrganisationFactory(branch=tingbjerg, name="Biblioteket")
    assert len(mette.get(LIST, {"soeg": words}).context["table"].paginated_rows) == count


def test_kinds_sort_by_their_danish_names(mette, tingbjerg):
    for kind in OrganisationKind.values:
        OrganisationFactory(branch=tingbjerg, kind=kind)
    labels = ["Forening", "Myndighed", "Samarbejdspartner", "Virksomhed"]
    for order, expected in {"kind": labels, "-kind": labels[::-1]}.items():
        rows = mette.get(LIST, {"sorter": order}).context["table"].paginated_rows
        assert [row.record.get_kind_display() for row in rows] == expected, order


def test_empty_states(mette, tingbjerg):
    assert "Her er ingen organisationer endnu" in mette.get(LIST).text
    OrganisationFactory(branch=tingbjerg)
    assert "Ingen passer til filtrene" in mette.get(LIST, {"soeg": "zzz"}).text


@pytest.mark.parametrize("count", [1, 25])
def test_query_count_of_the_list(mette, tingbjerg, django_assert_num_queries, count):
    for _ in range(count):
        PersonFactory(home_branch=tingbjerg, organisation=OrganisationFactory(branch=tingbjerg))
    mette.get("/healthz")  # the first answer of a session notes when it began
    with django_assert_num_queries(QUERIES):
        mette.get(LIST)


def test_create_twice_makes_one(mette):
    once = mette.get(f"{LIST}ny/").context["form"]["once"].value()
    data = {"name": "Tingbjerg Skole", "kind": "authority", "agreed_on": "1/2-10", "once": str(once)}
    first = mette.post(f"{LIST}ny/", data)
    assert mette.post(f"{LIST}ny/", data).url == first.url
    organisation = Organisation.objects.get()
    assert (first.url, f"{organisation.agreed_on:%Y-%m-%d}") == (f"{LIST}{organisation.pk}/", "2010-02-01")


def test_a_new_organisation_is_of_the_branch_in_which_its_page_was_opened(mette, coordinator, tingbjerg, koebenhavn):
    MembershipFactory(user=coordinator, branch=koebenhavn, role="coordinator")
    for branch in (tingbjerg, koebenhavn):  # the second one in another tab
        mette.post(reverse("accounts:choose_branch"), {"branch": branch.pk})
        assert mette.get(f"{LIST}ny/").context["form"]["branch"].value() == branch.pk
    mette.post(f"{LIST}ny/", {"name": "Tingbjerg Skole", "kind": "authority", "branch": tingbjerg.pk})
    assert Organisation.objects.get().branch == tingbjerg


def test_a_name_is_used_once(mette, tingbjerg):
    OrganisationFactory(branch=tingbjerg, name="Tingbjerg Skole")
    response = mette.post(f"{LIST}ny/", {"name": "Tingbjerg Skole", "kind": "partner"})
    assert response.context["form"].non_field_errors() == ["Der findes allerede en organisation med det navn."]
    response = mette.post(f"{LIST}ny/", {"name": "", "kind": "partner"})
    assert list(response.context["form"].errors) == ["name"]


def test_page_and_edit(mette, tingbjerg, koebenhavn):
    organisation = OrganisationFactory(branch=tingbjerg, name="Skolen")
    PersonFactory(home_branch=tingbjerg, organisation=organisation, first_name="Samira")
    PersonFactory(home_branch=koebenhavn, organisation=organisation, first_name="Fremmed")
    page = mette.get(f"{LIST}{organisation.pk}/")
    assert [person.first_name for person in page.context["people"]] == ["Samira"]
    assert 'value="Skolen"' in mette.get(f"{LIST}{organisation.pk}/rediger/").text
    mette.post(f"{LIST}{organisation.pk}/rediger/", {"name": "Tingbjerg Skole", "kind": "partner", "notes": "ring"})
    assert (Organisation.objects.get().name, Organisation.objects.get().notes) == ("Tingbjerg Skole", "ring")
    response = mette.post(f"{LIST}{organisation.pk}/rediger/", {"name": "X", "kind": "partner", "notes": "030577-1234"})
    assert list(response.context["form"].errors) == ["notes"]


def test_foreign_rows_are_404_and_managers_403(client_of, other_branch_coordinator, manager, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg)
    for user, status in ((other_branch_coordinator, 404), (manager, 403)):
        client = client_of(user)
        for address in (f"{LIST}{organisation.pk}/", f"{LIST}{organisation.pk}/rediger/"):
            assert client.get(address).status_code == status
        assert client.post(f"{LIST}{organisation.pk}/rediger/", {"name": "X"}).status_code == status
    assert client_of(manager).get(LIST).status_code == 403
