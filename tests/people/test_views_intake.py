"""The page of the intake: what it creates and what it refuses."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection

from demo.factories import EnrolmentFactory, OrganisationFactory, PersonFactory, TermFactory
from people import services
from people.models import Consent, Draft, Enrolment, Person
from people.services.intake import UnansweredLikeness
from tests.people.intake import CONSENT, KEY, PAGE, errors_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mette(client_of, coordinator):
    """The coordinator's browser."""
    return client_of(coordinator)


def begin(mette, **query):
    """Open the link to the intake under ``KEY`` and return the address of its page."""
    started = mette.get("/personer/ny/", query).url
    key = started.split("/")[3]
    assert uuid.UUID(key) != uuid.UUID(KEY)
    return started.replace(key, KEY)


def test_intake_creates_person_role_wishes_and_consents(mette, programme, coordinator):
    topic, area = TermFactory(), TermFactory(kind="area", name="Tingbjerg")
    somali = TermFactory(kind="language", name="Somali")
    wishes = {
        "topics": topic.pk,
        "areas": area.pk,
        "wish": "Jeg vil i gang 😊",
        "preferred_gender": "woman",
        "min_age": "45",
        "languages-0-language": somali.pk,
        "languages-0-level": "native",
    }
    assert begin(mette) == PAGE
    response = mette.post(PAGE, words_of(programme, **wishes))
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
    assert (enrolment.programme, enrolment.status, enrolment.applied_on, enrolment.min_age, enrolment.wish) == (
        programme,
        "applied",
        dt.date(2011, 9, 14),
        45,
        "Jeg vil i gang 😊",
    )
    assert set(enrolment.terms.all()) == {topic, area}
    assert [(str(skill), skill.level) for skill in person.languages.all()] == [("Somali", "native")]
    assert sorted(Consent.objects.values_list("kind", "is_given")) == [("share", False), ("store", True)]
    assert Draft.objects.count() == 0
    assert "Hodan Warsame er oprettet." in mette.get(response.url).text


def test_sending_the_page_twice_creates_one_person(mette, programme):
    words = words_of(programme)
    first = mette.post(PAGE, words)
    assert mette.post(PAGE, words).url == first.url
    assert (Person.objects.count(), Enrolment.objects.count(), Draft.objects.count()) == (1, 1, 0)
    assert mette.get(PAGE).url == first.url


def test_all_errors_of_the_page_are_shown_at_once_and_nothing_is_lost(mette, programme):
    topic = TermFactory()
    wrong = {"birth": "29-02-2011", "phones": "12", "emails": "a.b", "first_name": "", "last_name": ""}
    more = {"role": None, "applied_on": "31-06-2011", "min_age": "x", "topics": topic.pk, "store": None}
    response = mette.post(PAGE, words_of(programme, **wrong, **more, wish="Et job"))
    assert errors_of(response) == {
        "first_name": ["Skriv et fornavn eller et efternavn."],
        "birth": ["2011 er ikke et skudår: februar har 28 dage. Skriv en dato, der findes."],
        "phones": ["»12« er ikke et telefonnummer. Skriv 8 cifre, eller + og landekode."],
        "emails": ["»a.b« er ikke en e-mailadresse. Skriv den som navn@example.dk."],
        "role": ["Vælg rollen."],
        "applied_on": ["Juni har 30 dage. Skriv en dato, der findes."],
        "min_age": ["Indtast et heltal."],
        "store": ["Uden samtykke gemmer vi intet om personen. Slet kladden, eller spørg igen en anden dag."],
    }
    text = response.text
    assert "data-error-summary" in text
    assert [f'<a href="#id_{name}">' in text for name in ("birth", "applied_on", "min_age", "store")] == [True] * 4
    assert ('value="29-02-2011"' in text, ">\nEt job</textarea>" in text) == (True, True)
    assert response.context["form"].open_parts == ["role", "wishes", "consent"]
    assert (response.context["form"]["topics"].value(), Person.objects.count()) == ([str(topic.pk)], 0)


def test_a_page_that_holds_nothing_is_folded(mette):
    page = mette.get(PAGE)
    assert page.context["form"].open_parts == []
    assert page.text.count('<details class="form-more">') == 4
    assert mette.get(PAGE, {"hele": "1"}).text.count('<details class="form-more" open>') == 4


def test_cpr_numbers_are_refused(mette, programme):
    response = mette.post(PAGE, words_of(programme, address="030577-1234", wish="cpr 030577-1234"))
    assert list(errors_of(response)) == ["address", "wish"]
    assert 'value="030577-1234"' in response.text
    assert "030577" not in str(Draft.objects.values())
    assert "030577" not in str(dict(mette.session))


def test_without_consent_nothing_is_stored(mette, programme):
    response = mette.post(PAGE, words_of(programme, store=None))
    assert errors_of(response)["store"][0].startswith("Uden samtykke gemmer vi intet")
    assert Person.objects.count() == 0


def test_a_role_the_person_has_already_is_refused_at_the_field(mette, programme):
    known = EnrolmentFactory(programme=programme).person
    response = mette.post(begin(mette, person=known.pk), words_of(programme))
    assert errors_of(response)["role"] == ["Hodan Warsame har allerede denne rolle i Mentornetværket Tingbjerg."]


def test_foreign_programmes_and_organisations_are_refused(mette, programme, koebenhavn, other_programme):
    organisation = OrganisationFactory(branch=koebenhavn)
    response = mette.post(PAGE, words_of(programme, organisation=organisation.pk) | {"programme": other_programme.pk})
    assert sorted(errors_of(response)) == ["organisation", "programme"]


def test_contact_persons_need_no_wishes_and_lose_none(mette, programme, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg)
    mette.post(PAGE, words_of(programme, role="contact", organisation=organisation.pk, wish="Ringer om mandagen"))
    enrolment = Enrolment.objects.get()
    assert (enrolment.person.organisation, enrolment.wish) == (organisation, "Ringer om mandagen")


def test_mentors_have_a_capacity(mette, programme):
    mette.post(PAGE, words_of(programme, role="mentor", capacity="2"))
    assert Enrolment.objects.get().capacity == 2


def test_another_role_shows_other_wishes_while_it_is_chosen(mette, programme):
    words = words_of(programme, role="mentor")
    answer = mette.post(PAGE, words, headers={"HX-Request": "true"})
    assert ("Kan hjælpe med" in answer.text, 'name="capacity"' in answer.text) == (True, True)
    assert "Opret mentor" in answer.text
    held = {"draft_seen": answer.context["draft_seen"], "draft_page": answer.context["draft_page"]}
    answer = mette.post(PAGE, words | held, headers={"HX-Request": "true"})
    assert 'id="intake-wishes"' not in answer.text


def test_a_language_twice_is_refused(mette, programme):
    somali = TermFactory(kind="language", name="Somali")
    twice = {"languages-0-language": somali.pk, "languages-1-language": somali.pk}
    response = mette.post(PAGE, words_of(programme, **twice))
    assert response.context["form"].non_field_errors == ["Et sprog står der to gange."]
    assert Person.objects.count() == 0


def test_an_error_of_the_service_is_shown_on_the_page(mette, programme, administrator):
    """A colleague records that the person died while the page is open."""
    known = PersonFactory(home_branch=programme.branch)
    page = begin(mette, person=known.pk)
    services.set_person_state(known, by=administrator, kind="died", on=dt.date(2011, 9, 1))
    response = mette.post(page, words_of(programme))
    assert "Hodan Warsame: død 1.\xa0september 2011." in response.context["form"].non_field_errors[0]
    assert known.enrolments.count() == 0


def test_two_people_typed_at_once_are_never_mixed(mette, programme):
    """Bent and Anna are typed in two tabs, a part of one after a part of the other."""
    anna, bent = (f"/personer/ny/{uuid.uuid4()}/" for _number in range(2))
    topic = TermFactory()
    people = {
        anna: words_of(programme, first_name="Anna", wish="Et job"),
        bent: words_of(
            programme,
            first_name="Bent",
            phones="20 12 34 56",
            role="mentor",
            topics=topic.pk,
            capacity="2",
            share="yes",
        ),
    }
    for names in (["first_name"], ["first_name", "phones", "wish"]):
        for page, words in people.items():
            part = {name: words[name] for name in names if name in words}
            assert mette.post(page, part, headers={"HX-Request": "true"}).status_code == 200
    for page, words in people.items():
        assert mette.post(page, words).status_code == 302
    first, second = Enrolment.objects.order_by("person__first_name")
    assert (first.person.first_name, first.person.phones, first.role, first.wish, first.capacity) == (
        "Anna",
        ["+4557269617"],
        "mentee",
        "Et job",
        None,
    )
    assert (second.person.first_name, second.person.phones, second.role, second.wish, second.capacity) == (
        "Bent",
        ["+4520123456"],
        "mentor",
        "",
        2,
    )
    assert (list(first.terms.all()), list(second.terms.all())) == ([], [topic])
    given = [sorted(row.person.consents.values_list("kind", "is_given")) for row in (first, second)]
    assert given == [[("share", False), ("store", True)], [("share", True), ("store", True)]]


def test_managers_cannot_open_the_intake(client_of, manager):
    client = client_of(manager)
    for address in ("/personer/ny/", PAGE):
        assert client.get(address).status_code == 403
    assert client.post(PAGE, CONSENT).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_users_who_create_one_person_at_once_make_one(coordinator, administrator, programme):
    start, asked, failed = threading.Barrier(2), [], []

    def press(by):
        try:
            start.wait()
            person = {"first_name": "Hodan", "last_name": "Warsame", "phones": ["+4557269617"]}
            services.complete_intake(by=by, person=person, enrolment={"programme": programme, "role": "mentee"})
        except UnansweredLikeness as error:
            asked.append(error.messages[0])
        except Exception as error:  # noqa: BLE001 - any other error fails the test below
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(by,)) for by in (coordinator, administrator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    person = Person.objects.get()
    assert (failed, asked) == ([], [f"Hodan Warsame, {person.case_number}, ligner denne person. Er det den samme?"])
