import datetime as dt

import pytest

from demo.factories import (
    ConsentFactory,
    EnrolmentFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    TermFactory,
)
from people.models import Consent, Enrolment, LanguageSkill, Person

pytestmark = pytest.mark.django_db
LANGUAGES = {"languages-TOTAL_FORMS": "3", "languages-INITIAL_FORMS": "0"}


@pytest.fixture
def enrolment(programme):
    return EnrolmentFactory(programme=programme)


@pytest.fixture
def mette(client_of, coordinator):
    """The coordinator's browser."""
    return client_of(coordinator)


def addresses(enrolment):
    person, role = f"/personer/{enrolment.person.pk}/", f"/personer/rolle/{enrolment.pk}/"
    return [f"{person}{name}/" for name in ("rediger", "samtykke", "kontakt")] + [
        f"{role}{name}/" for name in ("oensker", "pause", "afslut")
    ]


def test_editing_keeps_what_is_not_changed(mette, enrolment):
    page = mette.get(addresses(enrolment)[0])
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data["phones"] = form.fields["phones"].prepare_value(data["phones"])
    data["emails"] = form.fields["emails"].prepare_value(data["emails"])
    data["birth"] = "03-05-1977"
    response = mette.post(addresses(enrolment)[0], {**data, "last_name": "Ågård", "notes": "ring"})
    person = Person.objects.get()
    assert response.url == f"/personer/{person.pk}/"
    assert (person.name, person.notes, person.birth_date, person.phones) == (
        "Hodan Ågård",
        "ring",
        dt.date(1977, 5, 3),
        enrolment.person.phones,
    )
    assert list(Person.objects.search("agard")) == [person]


def test_editing_shows_errors_and_saves_nothing(mette, enrolment):
    response = mette.post(addresses(enrolment)[0], {"first_name": "", "last_name": "", "birth": "31-06-1977"})
    assert sorted(response.context["form"].errors) == ["birth", "first_name"]
    assert Person.objects.get().name == "Hodan Warsame"


def test_a_foreign_organisation_is_refused(mette, enrolment, koebenhavn):
    foreign = OrganisationFactory(branch=koebenhavn)
    response = mette.post(addresses(enrolment)[0], {"first_name": "Hodan", "organisation": foreign.pk})
    assert list(response.context["form"].errors) == ["organisation"]


def test_wishes_and_languages_are_changed_together(mette, programme):
    mentor = MentorFactory(programme=programme, terms=[TermFactory()])
    somali, dansk = (TermFactory(kind="language", name=name) for name in ("Somali", "Dansk"))
    LanguageSkill.objects.create(person=mentor.person, language=somali, level="native")
    address = addresses(mentor)[3]
    page = mette.get(address)
    assert page.context["form"].initial["topics"] == [TermFactory().pk]
    assert page.context["languages"].initial == [{"language": somali.pk, "level": "native", "note": ""}]
    response = mette.post(
        address, {**LANGUAGES, "capacity": "3", "industries": TermFactory(kind="industry", name="It").pk,
                  "languages-0-language": dansk.pk, "languages-0-level": "good"},
    )  # fmt: skip
    assert response.url == f"/personer/{mentor.person.pk}/"
    mentor = Enrolment.objects.get()
    assert (mentor.capacity, [str(term) for term in mentor.terms.all()]) == (3, ["It"])
    assert [str(skill) for skill in mentor.person.languages.all()] == ["Dansk"]


def test_wrong_languages_or_ages_save_nothing(mette, enrolment):
    dansk = TermFactory(kind="language", name="Dansk")
    twice = {"languages-0-language": dansk.pk, "languages-1-language": dansk.pk, "wish": "Job"}
    response = mette.post(addresses(enrolment)[3], {**LANGUAGES, **twice})
    assert "Et sprog står der to gange." in response.text
    response = mette.post(addresses(enrolment)[3], {**LANGUAGES, "min_age": "50", "max_age": "40"})
    assert response.context["form"].non_field_errors() == ["Den højeste alder er lavere end den laveste."]
    assert Enrolment.objects.get().wish == ""


def test_only_changed_consents_are_recorded(mette, enrolment):
    ConsentFactory(person=enrolment.person)
    mette.post(addresses(enrolment)[1], {"store": "yes", "photo": "no", "on": "1/9-11"})
    assert list(Consent.objects.order_by("pk").values_list("kind", "is_given", "on")) == [
        ("store", True, dt.date(2011, 4, 19)),
        ("photo", False, dt.date(2011, 9, 1)),
    ]
    assert mette.get(addresses(enrolment)[1]).context["form"].initial == {"store": "yes", "photo": "no"}


def test_contact_is_registered(mette, enrolment):
    response = mette.post(addresses(enrolment)[2], {"on": "14-09-2011"}, follow=True)
    assert Person.objects.get().last_contacted_on == dt.date(2011, 9, 14)
    assert "Kontakten med Hodan Warsame er registreret." in response.text


def test_pause_end_and_reopen(mette, enrolment):
    mette.post(addresses(enrolment)[4], {"on": "14-09-2011", "until": "01-12-2011", "reason": "barsel"})
    paused = Enrolment.objects.get()
    assert (paused.status, paused.paused_until) == ("paused", dt.date(2011, 12, 1))
    mette.post(addresses(enrolment)[5], {"on": "15-09-2011", "reason": "flyttet"})
    assert Enrolment.objects.get().status == "ended"
    reopen = f"/personer/rolle/{enrolment.pk}/genaabn/"
    assert "Hodan Warsame er genåbnet." in mette.post(reopen, follow=True).text
    assert Enrolment.objects.get().status == "waiting"
    assert "Rollen er allerede åben." in mette.post(reopen, follow=True).text
    assert "Genåbn rollen" in mette.get(reopen).text


def test_an_error_of_the_service_is_shown_at_the_field(mette, enrolment):
    response = mette.post(addresses(enrolment)[5], {"on": "01-01-2011", "reason": "x"})
    assert response.context["form"].errors == {"on": ["Dagen ligger før ansøgningen."]}
    Enrolment.objects.update(status="matched", waiting_since=None)
    response = mette.post(addresses(enrolment)[4], {"on": "01-09-2011", "reason": "x"})
    assert response.context["form"].non_field_errors()[0].startswith("Kun en, der har ansøgt eller venter")


def test_foreign_rows_are_404_and_managers_403(client_of, other_branch_coordinator, manager, enrolment):
    reopen = f"/personer/rolle/{enrolment.pk}/genaabn/"
    for user, status in ((other_branch_coordinator, 404), (manager, 403)):
        client = client_of(user)
        for address in addresses(enrolment):
            assert (client.get(address).status_code, client.post(address, {}).status_code) == (status, status), address
        assert client.post(reopen).status_code == status


def test_a_person_of_another_branch_is_404(mette, koebenhavn):
    person = PersonFactory(home_branch=koebenhavn)
    assert mette.get(f"/personer/{person.pk}/rediger/").status_code == 404
