"""The origin of records, as other pages show it."""

import datetime as dt

import pytest
import time_machine

from demo.factories import MatchFactory, OrganisationFactory, PersonFactory, VolunteerGroupFactory
from imports.models import RowOrigin
from people.models import Person
from tests.imports.samples import at, came_from, import_list, stage_list, words

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|It"


def test_origin_links_to_the_row(client_of, programme, administrator, coordinator):
    batch = import_list(MENTOR, ROW, programme=programme, by=administrator)
    row, person = batch.rows.get(), Person.objects.get()
    match, group = MatchFactory(programme=programme), VolunteerGroupFactory(programme=programme)
    organisation = OrganisationFactory(branch=programme.branch)
    for record in (match, organisation, group):
        came_from(record, row)
    pages = [
        f"/personer/{person.pk}/",
        f"/match/{match.pk}/",
        f"/personer/organisationer/{organisation.pk}/",
        f"/personer/grupper/{group.pk}/",
    ]
    link = f'<a href="{at("row", batch, 2)}">Se rækken</a>'
    for page in pages:
        text = client_of(administrator).get(page).text
        assert link in text, page
        text = client_of(coordinator).get(page).text
        assert "»liste.csv«, række 2" in text, page
        assert "Se rækken" not in text, page
    RowOrigin.objects.filter(model="people.enrolment").delete()
    came_from(person.enrolments.get(), stage_list(MENTOR, ROW, programme=programme).rows.get())
    assert client_of(administrator).get(pages[0]).text.count("Se rækken") == 2


def test_every_page_shows_the_danish_day(client_of, programme, administrator, settings):
    """Half past midnight in Denmark is the day before in UTC."""
    settings.DEMO_TODAY = ""
    with time_machine.travel("2026-11-22T23:30:00+00:00"):
        import_list(MENTOR, ROW, programme=programme, by=administrator)
        person = Person.objects.get()
        person.enrolments.update(applied_on=None)
        by_hand = PersonFactory(home_branch=programme.branch, created_by=administrator)
        client = client_of(administrator)
        for pk, origin in (
            (person.pk, "importeret 23. november."),
            (by_hand.pk, "Oprettet af Hanne Lund 23. november."),
        ):
            page = client.get(f"/personer/{pk}/")
            [entry] = [entry for block in page.context["blocks"] for entry in block.entries]
            assert (entry.title, entry.on) == ("Person oprettet", dt.date(2026, 11, 23))
            assert origin in words(page)


def test_timeline_of_an_imported_person_shows_the_day_of_the_import(admin, programme, administrator):
    import_list(MENTOR, ROW, programme=programme, by=administrator)
    person = Person.objects.get()
    person.enrolments.update(applied_on=None)
    page = admin.get(f"/personer/{person.pk}/")
    [entry] = [entry for block in page.context["blocks"] for entry in block.entries]
    assert entry.on == dt.date(2011, 9, 15)
    assert "Fra »liste.csv«, række 2, importeret 15. september." in words(page)
