import datetime as dt

import pytest

from demo.factories import EnrolmentFactory, OrganisationFactory, PersonFactory, TermFactory
from people.intake_draft import SESSION_KEY, STEP_SLUGS
from people.models import Consent, Enrolment, Person

pytestmark = pytest.mark.django_db

WHO = {
    "first_name": "Hodan",
    "last_name": "Warsame",
    "gender": "woman",
    "birth": "3/5-77",
    "phones": "57 26 96 17 (aften)",
    "emails": "Hodan@Example.dk",
}
LANGUAGES = {"languages-TOTAL_FORMS": "3", "languages-INITIAL_FORMS": "0"}
CONSENT = {"store": "yes", "share": "no", "on": "15-09-2011", "source": "sagt i samtalen"}


def step(name):
    return f"/personer/ny/{STEP_SLUGS.get(name, name)}/"


@pytest.fixture
def mette(client_of, coordinator):
    """The coordinator's browser."""
    return client_of(coordinator)


@pytest.fixture
def role(programme):
    return {"role": "mentee", "programme": programme.pk, "applied_on": "14/9-11", "recruited_via": "en ven"}


def fill(mette, role, who=WHO, wishes=LANGUAGES, until="consent"):
    """Post the steps before ``until`` and return the last response."""
    for name, data in (("who", who), ("role", role), ("wishes", wishes)):
        if name == until:
            break
        response = mette.post(step(name), data)
    return response


def send(mette, data=CONSENT):
    key = mette.session[SESSION_KEY]["once"]
    return mette.post(step("consent"), {**data, "once": key}), key


def test_intake_creates_person_role_wishes_and_consents(mette, role, programme, coordinator):
    topic, area = TermFactory(), TermFactory(kind="area", name="Tingbjerg")
    somali = TermFactory(kind="language", name="Somali")
    wishes = {
        **LANGUAGES,
        "topics": topic.pk,
        "areas": area.pk,
        "wish": "Jeg vil i gang 😊",
        "preferred_gender": "woman",
        "min_age": "45",
        "languages-0-language": somali.pk,
        "languages-0-level": "native",
    }
    assert mette.get("/personer/ny/").url == step("who")
    assert fill(mette, role, wishes=wishes).url == step("consent")
    page = mette.get(step("consent"))
    for words in ("03-05-1977", "57 26 96 17", "Mentee", "Somali", "Jobsøgning"):
        assert words in page.text, words
    response, _ = send(mette)
    person = Person.objects.get()
    assert response.url == f"/personer/{person.pk}/"
    assert (person.name, person.birth_date, person.phones, person.emails, person.created_by) == (
        "Hodan Warsame",
        dt.date(1977, 5, 3),
        ["+4557269617"],
        ["hodan@example.dk"],
        coordinator,
    )
    enrolment = person.enrolments.get()
    assert (enrolment.programme, enrolment.status, enrolment.applied_on, enrolment.min_age) == (
        programme,
        "applied",
        dt.date(2011, 9, 14),
        45,
    )
    assert set(enrolment.terms.all()) == {topic, area}
    assert [(str(skill), skill.level) for skill in person.languages.all()] == [("Somali", "native")]
    assert sorted(Consent.objects.values_list("kind", "is_given")) == [("share", False), ("store", True)]
    assert SESSION_KEY not in mette.session
    assert "Hodan Warsame er oprettet." in mette.get(response.url).text


def test_sending_the_last_step_twice_creates_one_person(mette, role):
    fill(mette, role)
    first, key = send(mette)
    second = mette.post(step("consent"), {**CONSENT, "once": key})
    assert second.url == first.url
    assert (Person.objects.count(), Enrolment.objects.count()) == (1, 1)
    for unknown in ("", "nonsense", "00000000-0000-4000-8000-000000000000"):
        assert mette.post(step("consent"), {**CONSENT, "once": unknown}).url == step("who")


def test_going_back_keeps_the_values(mette, role):
    topic = TermFactory()
    fill(mette, role, until="wishes")
    assert mette.post(step("wishes"), {**LANGUAGES, "topics": topic.pk, "min_age": "x", "go": "role"}).url == step(
        "role"
    )
    assert 'value="en ven"' in mette.get(step("role")).text
    assert 'value="57 26 96 17 (aften)"' in mette.get(step("who")).text
    page = mette.get(step("wishes"))
    assert page.context["form"].initial["topics"] == [str(topic.pk)]
    assert page.context["form"].errors == {}
    assert Person.objects.count() == 0


def test_a_step_cannot_be_skipped(mette, role):
    assert mette.get(step("consent")).url == step("who")
    mette.post(step("who"), WHO)
    assert mette.get(step("consent")).url == step("role")
    assert mette.post(step("consent"), CONSENT).url == step("role")
    assert mette.get(step("nonsense")).status_code == 404


def test_errors_are_danish_at_the_field_and_values_are_kept(mette):
    response = mette.post(
        step("who"), {**WHO, "first_name": "", "last_name": "", "birth": "29-02-2011", "phones": "12", "emails": "a.b"}
    )
    assert response.context["form"].errors == {
        "first_name": ["Skriv et fornavn eller et efternavn."],
        "birth": ["2011 er ikke et skudår: februar har 28 dage. Skriv en dato, der findes."],
        "phones": ["»12« er ikke et telefonnummer. Skriv 8 cifre, eller + og landekode."],
        "emails": ["»a.b« er ikke en e-mailadresse. Skriv den som navn@example.dk."],
    }
    assert 'value="29-02-2011"' in response.text
    response = mette.post(step("who"), {**WHO, "birth": "31-06-1977"})
    assert response.context["form"].errors["birth"] == ["Juni har 30 dage. Skriv en dato, der findes."]


def test_cpr_numbers_are_refused(mette, role):
    response = mette.post(step("who"), {**WHO, "address": "030577-1234"})
    assert list(response.context["form"].errors) == ["address"]
    assert 'value="030577-1234"' in response.text
    assert "030577" not in str(dict(mette.session))
    mette.post(step("who"), WHO)
    mette.post(step("role"), role)
    response = mette.post(step("wishes"), {**LANGUAGES, "wish": "cpr 030577-1234"})
    assert list(response.context["form"].errors) == ["wish"]


def test_without_consent_nothing_is_stored(mette, role):
    fill(mette, role)
    response, _ = send(mette, {**CONSENT, "store": "no"})
    assert response.context["form"].errors["store"][0].startswith("Uden samtykke gemmer vi intet")
    response, _ = send(mette, {"on": "15-09-2011"})
    assert list(response.context["form"].errors) == ["store"]
    assert Person.objects.count() == 0


def test_the_same_person_is_suggested_before_a_new_one_is_created(mette, role, programme):
    known = EnrolmentFactory(
        programme=programme, role="mentor", person__last_name="WARSAME", person__phones=["+4557269617"]
    ).person
    response = mette.post(step("who"), WHO)
    assert response.context["same"] == [known]
    assert "Samme person: giv rollen" in response.text
    assert mette.post(step("who"), {**WHO, "same": known.pk}).url == step("role")
    assert f"Hodan WARSAME, {known.case_number}, får en rolle til." in mette.get(step("who")).text
    mette.post(step("who"), {})
    fill(mette, role)
    response, _ = send(mette)
    assert response.url == f"/personer/{known.pk}/"
    assert sorted(known.enrolments.values_list("role", flat=True)) == ["mentee", "mentor"]
    assert Person.objects.count() == 1


def test_two_different_people_may_share_name_and_phone(mette, role, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg, case_number="T-2010-900", phones=["+4557269617"])
    mette.post(step("who"), WHO)
    assert mette.post(step("who"), {**WHO, "different": "1"}).url == step("role")
    assert mette.post(step("who"), WHO).url == step("role")
    fill(mette, role)
    send(mette)
    assert Person.objects.exclude(pk=known.pk).get().name == "Hodan Warsame"


def test_a_relative_with_one_name_and_phone_is_asked_about_and_never_taken(mette, role, tingbjerg):
    mother = PersonFactory(
        home_branch=tingbjerg, last_name="Warsame", phones=["+4557269617"], birth_date=dt.date(1948, 3, 9)
    )
    assert mette.post(step("who"), WHO).context["same"] == [mother]
    mette.post(step("who"), {**WHO, "different": "1"})
    fill(mette, role)
    send(mette)
    assert sorted(Person.objects.values_list("birth_date", flat=True)) == [dt.date(1948, 3, 9), dt.date(1977, 5, 3)]


def test_the_known_person_can_be_changed(mette, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg)
    assert mette.get("/personer/ny/", {"person": known.pk}).url == step("role")
    assert mette.post(step("who"), {"someone_else": "1"}).url == step("who")
    assert mette.get(step("who")).context["known_person"] is None


def test_a_role_the_person_has_already_is_refused_at_the_field(mette, role, programme):
    known = EnrolmentFactory(programme=programme).person
    mette.get("/personer/ny/", {"person": known.pk})
    response = mette.post(step("role"), role)
    assert response.context["form"].errors["role"] == [
        "Hodan Warsame har allerede denne rolle i Mentornetværket Tingbjerg."
    ]


def test_foreign_people_programmes_and_organisations_are_refused(mette, role, koebenhavn, other_programme):
    foreign = PersonFactory(home_branch=koebenhavn, phones=["+4557269617"])
    assert mette.get("/personer/ny/", {"person": foreign.pk}).status_code == 404
    assert mette.get("/personer/ny/", {"person": "x"}).status_code == 404
    assert mette.post(step("who"), WHO).url == step("role")
    assert mette.post(step("who"), {**WHO, "same": foreign.pk}).status_code == 404
    assert mette.post(step("who"), {**WHO, "same": "x"}).status_code == 404
    organisation = OrganisationFactory(branch=koebenhavn)
    response = mette.post(step("role"), {**role, "programme": other_programme.pk, "organisation": organisation.pk})
    assert sorted(response.context["form"].errors) == ["organisation", "programme"]


def test_contact_persons_skip_the_wishes(mette, role, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg)
    mette.post(step("who"), WHO)
    response = mette.post(step("role"), {**role, "role": "contact", "organisation": organisation.pk})
    assert response.url == step("consent")
    assert mette.get(step("wishes")).url == step("consent")
    send(mette)
    assert Person.objects.get().organisation == organisation


def test_a_known_person_gets_the_organisation_of_the_new_role(mette, role, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg)
    organisation = OrganisationFactory(branch=tingbjerg)
    mette.get("/personer/ny/", {"person": known.pk})
    mette.post(step("role"), {**role, "role": "contact", "organisation": organisation.pk})
    response, _ = send(mette)
    assert "Hodan Warsame har fået rollen." in mette.get(response.url).text
    known.refresh_from_db()
    assert known.organisation == organisation


def test_mentors_have_a_capacity(mette, role):
    fill(mette, {**role, "role": "mentor"}, wishes={**LANGUAGES, "capacity": "2"})
    send(mette)
    assert Enrolment.objects.get().capacity == 2


def test_a_language_twice_is_refused(mette, role):
    somali = TermFactory(kind="language", name="Somali")
    twice = {"languages-0-language": somali.pk, "languages-1-language": somali.pk}
    response = fill(mette, role, wishes={**LANGUAGES, **twice})
    assert "Et sprog står der to gange." in response.text


def test_the_draft_is_kept_and_can_be_deleted(mette, role):
    assert mette.get("/personer/ny/", {"rolle": "mentor"}).url == step("who")
    mette.post(step("who"), WHO)
    assert mette.get(step("role")).context["form"].initial["role"] == "mentor"
    assert mette.get("/personer/ny/").url == step("role")
    assert "Du fortsætter en kladde" in mette.get(step("role")).text
    assert mette.post(step("role"), {"go": "discard"}).url == "/personer/"
    assert mette.get("/personer/ny/").url == step("who")
    assert mette.get(step("who")).context["form"].is_bound is False


def test_an_error_of_the_service_is_shown_on_the_last_page(mette, role, programme):
    """The person got the same role while the draft was open."""
    known = PersonFactory(home_branch=programme.branch)
    mette.get("/personer/ny/", {"person": known.pk})
    fill(mette, role, until="wishes")
    mette.post(step("wishes"), LANGUAGES)
    response, _ = send(mette, {**CONSENT, "on": "x"})
    assert response.context["form"].errors["on"] == ["Skriv datoen som dag-måned-år, for eksempel 28-06-2011."]
    EnrolmentFactory(person=known, programme=programme)
    assert send(mette)[0].url == step("role")


def test_known_people_are_suggested_while_the_name_is_typed(mette, tingbjerg, koebenhavn):
    PersonFactory(home_branch=tingbjerg, first_name="Åse", last_name="Møller")
    PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Fremmed")
    page = mette.get("/personer/ny/kendte/", {"first_name": "ase", "last_name": ""})
    assert [person.name for person in page.context["people"]] == ["Åse Møller"]
    page = mette.get("/personer/ny/kendte/", {"first_name": "\u200eÅse,", "last_name": "MØLLER"})
    assert [person.name for person in page.context["people"]] == ["Åse Møller"]
    assert "Samme person" in page.text
    page = mette.get("/personer/ny/kendte/", {"first_name": "Aase", "last_name": "Møler"})
    assert [person.name for person in page.context["people"]] == ["Åse Møller"]
    assert mette.get("/personer/ny/kendte/", {"first_name": "å"}).context["people"] == []
    assert mette.get("/personer/ny/kendte/", {"first_name": "zzz"}).context["people"] == []


def test_managers_cannot_open_the_intake(client_of, manager):
    client = client_of(manager)
    for address in ("/personer/ny/", step("who"), "/personer/ny/kendte/"):
        assert client.get(address).status_code == 403
    assert client.post(step("consent"), CONSENT).status_code == 403
