"""Volunteers and their groups: list, page, forms, and the groups on other pages."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from demo.factories import (
    EnrolmentFactory,
    ImportBatchFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    VolunteerGroupFactory,
)
from people import services
from people.models import Enrolment, VolunteerGroup
from tests.imports.samples import came_from
from tests.people.intake import PAGE, TYPING, words_of

pytestmark = pytest.mark.django_db
LIST = "/personer/grupper/"
QUERIES = 5


@pytest.fixture
def mette(client_of, coordinator):
    """The coordinator's browser."""
    return client_of(coordinator)


def volunteer(group, first_name="Åse", **fields):
    fields = {"role": "volunteer", "status": "applied", "programme": group.programme} | fields
    person = PersonFactory(home_branch=group.programme.branch, first_name=first_name)
    enrolment = EnrolmentFactory(person=person, **fields)
    enrolment.groups.add(group)
    return enrolment


def test_list_shows_the_groups_of_the_branch_with_their_volunteers(mette, programme, other_programme):
    partner = OrganisationFactory(branch=programme.branch, name="Ågården")
    group = VolunteerGroupFactory(programme=programme, name="Ruten", partner=partner)
    VolunteerGroupFactory(programme=programme, name="Caféen", place="Biblioteket")
    VolunteerGroupFactory(programme=other_programme, name="Fremmed")
    volunteer(group), volunteer(group), volunteer(group, status="ended")
    table = mette.get(LIST).context["table"]
    rows = [(row.record.name, row.record.volunteer_count) for row in table.paginated_rows]
    assert rows == [("Caféen", 0), ("Ruten", 2)]
    for words, names in (("AGARDEN", ["Ruten"]), ("bibliotek", ["Caféen"]), ("none", [])):
        assert [row.record.name for row in mette.get(LIST, {"soeg": words}).context["table"].paginated_rows] == names


def test_list_is_searched_by_phone_and_email_of_the_partner(mette, programme):
    partner = OrganisationFactory(branch=programme.branch, phone="+45 38 20 10 30", email="post@skolen.dk")
    VolunteerGroupFactory(programme=programme, name="Ruten", partner=partner)
    VolunteerGroupFactory(programme=programme, name="Caféen")
    for words, names in (("38201030", ["Ruten"]), ("post@skolen.dk", ["Ruten"]), ("38201031", [])):
        assert [row.record.name for row in mette.get(LIST, {"soeg": words}).context["table"].paginated_rows] == names


def test_empty_states(mette, programme):
    assert "Her er ingen frivilliggrupper endnu" in mette.get(LIST).text
    VolunteerGroupFactory(programme=programme)
    assert "Ingen passer til filtrene" in mette.get(LIST, {"soeg": "zzz"}).text


@pytest.mark.parametrize("count", [1, 25])
def test_query_count_of_the_list(mette, programme, django_assert_num_queries, count):
    for number in range(count):
        partner = OrganisationFactory(branch=programme.branch)
        volunteer(VolunteerGroupFactory(programme=programme, name=f"Gruppe {number}", partner=partner))
    mette.get("/healthz")  # the first answer of a session notes when it began
    with django_assert_num_queries(QUERIES):
        mette.get(LIST)


def test_export_of_the_list(mette, programme):
    volunteer(VolunteerGroupFactory(programme=programme, name="Ruten", place="Kvarterhuset"))
    VolunteerGroupFactory(programme=programme, name="Caféen")
    page = mette.get(f"{LIST}hent/", {"soeg": "ruten"})
    assert (page.context["count"], page.context["filters"]) == (1, [("Søg", "»ruten«")])
    lines = b"".join(mette.get(f"{LIST}hent/", {"format": "csv"}).streaming_content).decode("utf-8-sig").split("\r\n")
    assert lines[0] == (
        "Gruppens navn;Slags gruppe;Status;Sted;Samarbejdspartner;Åbningstider;Etableret den;Lukket den;Frivillige;"
        "Indsats"
    )
    assert lines[1:3] == [
        f"Caféen;Lektiecafé;Etableret;;;;;;0;{programme.name}",
        f"Ruten;Lektiecafé;Etableret;Kvarterhuset;;;;;1;{programme.name}",
    ]


def test_create_twice_makes_one(mette, programme, koebenhavn):
    partner = OrganisationFactory(branch=programme.branch)
    OrganisationFactory(branch=koebenhavn, name="Fremmed")
    form = mette.get(f"{LIST}ny/").context["form"]
    assert list(form.fields["partner"].queryset) == [partner]
    data = {
        "programme": programme.pk,
        "name": "Ruten",
        "kind": "homework_cafe",
        "status": "established",
        "partner": partner.pk,
        "established_on": "1/9-10",
        "once": str(form["once"].value()),
    }
    first = mette.post(f"{LIST}ny/", data)
    assert mette.post(f"{LIST}ny/", data).url == first.url
    group = VolunteerGroup.objects.get()
    assert (first.url, group.partner, group.established_on) == (f"{LIST}{group.pk}/", partner, dt.date(2010, 9, 1))


def test_a_name_is_used_once_and_a_group_closes_after_its_start(mette, programme):
    VolunteerGroupFactory(programme=programme, name="Ruten")
    data = {"programme": programme.pk, "name": "Ruten", "kind": "other", "status": "planned"}
    errors = mette.post(f"{LIST}ny/", data).context["form"].non_field_errors()
    assert errors == ["Der findes allerede en gruppe med det navn."]
    data |= {"name": "B", "established_on": "2/2-2010", "closed_on": "1/2-2010"}
    errors = mette.post(f"{LIST}ny/", data).context["form"].non_field_errors()
    assert errors == ["Gruppen lukker, før den blev etableret."]
    assert list(mette.post(f"{LIST}ny/", {}).context["form"].errors) == ["programme", "name", "kind", "status"]


def test_page_and_edit(mette, programme):
    group = VolunteerGroupFactory(programme=programme, name="Ruten", notes="Velbesøgt")
    samira = volunteer(group, "Samira")
    page = mette.get(f"{LIST}{group.pk}/")
    assert [row.person for row in page.context["volunteers"]] == [samira.person]
    assert "frivillig siden 1.\xa0marts" in page.text
    assert "Kom fra" not in page.text
    form = mette.get(f"{LIST}{group.pk}/rediger/").context["form"]
    assert "programme" not in form.fields
    data = {"name": "Ruten", "kind": "girls_club", "status": "closed", "closed_on": "1/2-2011"}
    assert mette.post(f"{LIST}{group.pk}/rediger/", data).url == f"{LIST}{group.pk}/"
    group.refresh_from_db()
    assert (group.kind, group.status, group.closed_on, group.notes) == (
        "girls_club",
        "closed",
        dt.date(2011, 2, 1),
        "",
    )
    response = mette.post(f"{LIST}{group.pk}/rediger/", data | {"notes": "030577-1234"})
    assert list(response.context["form"].errors) == ["notes"]


def test_pages_show_the_origin(mette, programme):
    row = ImportBatchFactory(programme=programme, file_name="grupper.xlsx").rows.create(number=7, state="clean")
    partner = OrganisationFactory(branch=programme.branch)
    group = VolunteerGroupFactory(programme=programme, partner=partner)
    came_from(partner, row)
    came_from(group, row)
    for address in (f"{LIST}{group.pk}/", f"/personer/organisationer/{partner.pk}/"):
        assert "Kom fra »grupper.xlsx«, række 7." in mette.get(address).text
    page = mette.get(f"/personer/organisationer/{partner.pk}/")
    assert list(page.context["groups"]) == [group]


def test_services_check_the_right_and_the_branch(programme, koebenhavn, coordinator, manager):
    foreign = OrganisationFactory(branch=koebenhavn)
    with pytest.raises(PermissionDenied):
        services.create_group(by=manager, programme=programme, name="Ruten")
    with pytest.raises(ValidationError, match="anden afdeling"):
        services.create_group(by=coordinator, programme=programme, name="Ruten", partner=foreign)
    group = services.create_group(by=coordinator, programme=programme, name="Ruten")
    with pytest.raises(PermissionDenied):
        services.update_group(group, by=manager, name="X")


# ---------------------------------------------------------------- volunteers


def test_volunteers_are_a_tab_of_the_list(mette, programme):
    assert [tab["role"] for tab in mette.get("/personer/").context["tabs"]] == ["mentee", "mentor", "contact", ""]
    volunteer(VolunteerGroupFactory(programme=programme))
    page = mette.get("/personer/", {"rolle": "volunteer"})
    tab = page.context["tabs"][3]
    assert (tab["role"], str(tab["label"]), tab["count"]) == ("volunteer", "Frivillige", 1)
    assert [row.record.first_name for row in page.context["table"].paginated_rows] == ["Åse"]
    columns = [column.name for column in page.context["table"].columns]
    assert columns == ["name", "case_number", "state", "wishes", "last_contact", "phone"]


def test_a_volunteers_page_shows_the_groups(mette, programme):
    group = VolunteerGroupFactory(programme=programme, name="Ruten")
    enrolment = volunteer(group)
    page = mette.get(f"/personer/{enrolment.person_id}/").text
    assert f'<a href="{LIST}{group.pk}/">Ruten</a> <span class="grey">Etableret</span>' in page
    assert f'href="/personer/{enrolment.person_id}/kontakt/">Registrer kontakt</a>' in page
    enrolment.groups.clear()
    assert "Ruten" not in mette.get(f"/personer/{enrolment.person_id}/").text


def test_groups_are_chosen_on_the_offers_page(mette, programme):
    old, new = (VolunteerGroupFactory(programme=programme, name=name) for name in ("Gammel", "Ny"))
    foreign = VolunteerGroupFactory(programme=ProgrammeFactory(branch=programme.branch), name="Fremmed")
    enrolment = volunteer(old)
    address = f"/personer/rolle/{enrolment.pk}/oensker/"
    form = mette.get(address).context["form"]
    assert (form["groups"].value(), "min_age" in form.fields) == ([old.pk], False)
    data = {"languages-TOTAL_FORMS": "0", "languages-INITIAL_FORMS": "0", "groups": [new.pk]}
    assert mette.post(address, data).status_code == 302
    assert list(enrolment.groups.all()) == [new]
    form = mette.post(address, data | {"groups": [foreign.pk]}).context["form"]
    assert list(form.errors) == ["groups"]
    with pytest.raises(ValidationError, match="anden indsats"):
        services.update_enrolment(enrolment, by=None, groups=[foreign])


def test_intake_of_a_volunteer_with_groups(mette, programme):
    group = VolunteerGroupFactory(programme=programme)
    words = words_of(programme, role="volunteer", groups=[group.pk])
    answer = mette.post(PAGE, words_of(programme, role="volunteer"), headers=TYPING)
    assert (group.name in answer.text, 'name="min_age"' in answer.text) == (True, False)
    response = mette.post(PAGE, words)
    assert response.status_code == 302, response.context["form"].non_field_errors
    enrolment = Enrolment.objects.get()
    assert (enrolment.role, list(enrolment.groups.all())) == ("volunteer", [group])
