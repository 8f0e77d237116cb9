import datetime as dt

import pytest

from accounts.models import AccessRecord
from demo.factories import (
    EnrolmentFactory,
    EventFactory,
    MatchFactory,
    OrganisationFactory,
    PersonFactory,
    VolunteerGroupFactory,
)
from desk import search as rules
from people.case_numbers import NUMBER_SOURCES
from people.services import set_person_state

pytestmark = pytest.mark.django_db
URL = "/soeg/"
TYPING = {"HX-Request": "true"}
QUERIES_TYPED = 17
QUERIES_PAGE = 20


def named(name, **fields):
    first, _, last = name.partition(" ")
    return EnrolmentFactory(person__first_name=first, person__last_name=last, **fields)


def matched(programme, mentee="Hodan Warsame", mentor="Inge Damgaard", **fields):
    people = {
        "mentee": named(mentee, programme=programme, status="matched").person,
        "mentor": named(mentor, programme=programme, role="mentor", status="matched").person,
    }
    return MatchFactory(programme=programme, **people, **fields)


def found(response) -> dict[str, list[str]]:
    """Return the names of the hits of each kind."""
    return {group.key: [hit.name for hit in group.hits] for group in response.context["groups"]}


def acts(response) -> dict[str, list[tuple[str, str]]]:
    """Return the acts of each hit that has any."""
    hits = [hit for group in response.context["groups"] for hit in group.hits]
    return {hit.name: [(act.label, act.url) for act in hit.acts] for hit in hits if hit.acts}


@pytest.fixture
def world(programme):
    """Return a function that creates a number of each thing that can be found by »ali«."""

    def fill(count):
        for number in range(count):
            matched(programme, "Ali Nur")
            EventFactory(programme=programme, title="Alias")
            OrganisationFactory(branch=programme.branch, name=f"Alibi {number}")
            VolunteerGroupFactory(programme=programme, name=f"Alis café {number}")

    return fill


def test_every_kind_is_found_in_its_group(client_of, coordinator, programme, other_programme):
    named("Ågot Sølund", programme=programme)
    matched(programme, "Emina Kaplan", "Doris Soelund")
    EventFactory(programme=programme, title="Kursus på Sølund", starts_at=dt.datetime(2011, 10, 1, 15, tzinfo=dt.UTC))
    OrganisationFactory(branch=programme.branch, name="Sölund Boligforening", phone="+4520123456")
    VolunteerGroupFactory(programme=programme, name="Café Sølund")
    named("Bo Sølund", programme=other_programme)
    for other in (EventFactory(programme=other_programme), OrganisationFactory(branch=other_programme.branch)):
        type(other).objects.filter(pk=other.pk).update(**{"title" if hasattr(other, "title") else "name": "Sølund"})
    client = client_of(coordinator)
    for answer in (client.get(URL, {"soeg": "SØLUND"}), client.get(URL, {"soeg": "sölund"}, headers=TYPING)):
        assert found(answer) == {
            "people": ["Doris Soelund", "Ågot Sølund"],
            "matches": ["Emina Kaplan og Doris Soelund"],
            "events": ["Kursus på Sølund"],
            "organisations": ["Sölund Boligforening"],
            "groups": ["Café Sølund"],
        }
    assert client.get(URL, {"soeg": "20 12 34 56"}).url.startswith("/personer/organisationer/")
    assert client.get(URL, {"soeg": programme.name}).url == f"/indsatser/{programme.slug}/"


def test_names_that_begin_with_the_words_come_first(client_of, coordinator, programme):
    for name in ("Khalid Dahl", "Bo Alida", "Ali Nur"):
        named(name, programme=programme)
    assert found(client_of(coordinator).get(URL, {"soeg": "ali"})) == {"people": ["Ali Nur", "Bo Alida", "Khalid Dahl"]}


def test_coming_events_come_before_past_ones(client_of, coordinator, programme):
    for day in (1, 20, 10, 28):
        EventFactory(programme=programme, title=f"Møde {day}", starts_at=dt.datetime(2011, 9, day, 15, tzinfo=dt.UTC))
    names = found(client_of(coordinator).get(URL, {"soeg": "moede"}))["events"]
    assert names == ["Møde 20", "Møde 28", "Møde 10", "Møde 1"]


def test_the_role_of_a_contact_is_written_once(client_of, coordinator, programme):
    named("Ali Kontakt", programme=programme, role="contact", status="applied")
    text = client_of(coordinator).get(URL, {"soeg": "ali k"}, headers=TYPING).content.decode()

    assert text.lower().count("kontaktperson") == 1


def test_a_hit_offers_what_can_be_done(client_of, coordinator, programme):
    PersonFactory(home_branch=programme.branch)  # so that no person has the key of the enrolment
    waiting, applied = named("Ali Venter", programme=programme), named("Ali Ny", programme=programme, status="applied")
    mentor = named("Ali Mentor", programme=programme, role="mentor")
    match = matched(programme, "Ali Match")
    event = EventFactory(programme=programme, title="Alis aften", starts_at=dt.datetime(2011, 9, 20, 15, tzinfo=dt.UTC))
    client = client_of(coordinator)
    offered = acts(client.get(URL, {"soeg": "ali"}, headers=TYPING))

    def contact(enrolment):
        query = f"rolle={enrolment.pk}&next=%2Fpersoner%2F{enrolment.person_id}%2F"
        return "Registrer kontakt", f"/match/kontakter/ny/?{query}"

    assert offered == {
        "Ali Venter": [("Find mentor", f"/match/?mentee={waiting.pk}"), contact(waiting)],
        "Ali Ny": [("Registrer interview", f"/match/interview/{applied.pk}/registrer/"), contact(applied)],
        "Ali Mentor": [contact(mentor)],
        "Ali Match": [contact(match.mentee.enrolments.get())],
        "Ali Match og Inge Damgaard": [("Registrer møde", f"/match/{match.pk}/moeder/nyt/")],
        "Alis aften": [("Fremmødeliste", f"/arrangementer/{event.pk}/fremmoede/")],
    }
    for _label, url in (act for hit in offered.values() for act in hit):
        assert client.get(url).status_code == 200, url


def test_an_introduced_match_offers_its_first_meeting(client_of, coordinator, programme):
    match = matched(programme, "Ali Nur", status="introduced", started_on=None, introduced_on=dt.date(2011, 9, 10))
    client = client_of(coordinator)
    offered = acts(client.get(URL, {"soeg": "ali"}, headers=TYPING))
    ((label, url),) = offered["Ali Nur og Inge Damgaard"]
    assert (label, url) == ("Registrer første møde", f"/match/{match.pk}/foerste-moede/")
    assert client.get(url).status_code == 200


def test_a_person_who_died_has_the_state_and_no_acts(client_of, coordinator, programme):
    person = named("Ali Venter", programme=programme).person
    set_person_state(person, by=coordinator, kind="died", on=dt.date(2011, 9, 14))
    answer = client_of(coordinator).get(URL, {"soeg": "ali"}, headers=TYPING)
    assert (found(answer), acts(answer)) == ({"people": ["Ali Venter (død 14.\N{NO-BREAK SPACE}september 2011)"]}, {})


def test_a_single_hit_opens(client_of, coordinator, programme):
    alone = named("Åse Ågård", programme=programme).person
    match = matched(programme, "Emina Kaplan", "Doris Friis")
    client = client_of(coordinator)
    assert client.get(URL, {"soeg": "aagaard"}).url == f"/personer/{alone.pk}/"
    assert client.get(URL, {"soeg": "emina"}).url == f"/personer/{match.mentee_id}/"
    assert client.get(URL, {"soeg": "kaplan friis"}).url == f"/match/{match.pk}/"
    EventFactory(programme=programme, title="Eminas kursus")
    assert set(found(client.get(URL, {"soeg": "emina"}))) == {"people", "matches", "events"}


def test_an_exact_number_opens_its_page(client_of, coordinator, programme, other_programme):
    own = named("Ali Nur", programme=programme, person__case_number="T-2011-077").person
    named("Karen Dahl", programme=other_programme, person__case_number="K-2011-001")
    client = client_of(coordinator)
    assert client.get(URL, {"soeg": "t-2011-077 "}).url == f"/personer/{own.pk}/"
    assert client.get(URL, {"soeg": "t2011077"}).url == f"/personer/{own.pk}/"
    assert found(client.get(URL, {"soeg": "K-2011-001"})) == {}


def test_upper_apps_add_number_sources(client_of, coordinator, monkeypatch):
    monkeypatch.setattr(NUMBER_SOURCES, "_entries", {})

    @NUMBER_SOURCES.add
    def source(number, user):
        return "/match/7/" if number == "M-2011-007" else None

    NUMBER_SOURCES.add(source)
    assert list(NUMBER_SOURCES) == [source]
    assert client_of(coordinator).get(URL, {"soeg": "M-2011-007"}).url == "/match/7/"


def test_nothing_found_suggests_names_that_sound_alike(client_of, coordinator, programme):
    person = named("Hodan Warsame", programme=programme).person
    client = client_of(coordinator)
    page = client.get(URL, {"soeg": "Hodan Varsame"})
    assert page.context["alike"] == [person]
    assert f'<a href="/personer/{person.pk}/">Hodan Warsame</a>' in page.text
    assert "Intet hedder »qqq«" in client.get(URL, {"soeg": "qqq"}).text
    assert "Intet hedder »qqq«" in client.get(URL, {"soeg": "qqq"}, headers=TYPING).text


def test_fewer_than_two_letters_find_nothing(client_of, coordinator, programme):
    named("Ali Nur", programme=programme)
    client = client_of(coordinator)
    for words in ("", "a", " "):
        assert "Skriv mindst to bogstaver" in client.get(URL, {"soeg": words}).text
        assert client.get(URL, {"soeg": words}, headers=TYPING).text.strip() == ""


def test_many_hits_lead_to_the_lists(client_of, coordinator, programme, monkeypatch):
    monkeypatch.setattr(rules, "MOST_ON_PAGE", 2)
    monkeypatch.setattr("desk.views.MOST_ON_PAGE", 2)
    for name in ("Ali Nur", "Ali Dahl", "Ali Friis"):
        named(name, programme=programme)
    page = client_of(coordinator).get(URL, {"soeg": "ali"})
    assert found(page) == {"people": ["Ali Dahl", "Ali Friis"]}
    assert 'href="/personer/?soeg=ali"' in page.text


def test_a_person_without_a_role_is_found(client_of, coordinator, tingbjerg):
    PersonFactory(home_branch=tingbjerg, first_name="Ali", last_name="Uden", gender="man", birth_date=None)
    PersonFactory(home_branch=tingbjerg, first_name="Ali", last_name="Hellerikke")
    assert found(client_of(coordinator).get(URL, {"soeg": "ali"})) == {"people": ["Ali Hellerikke", "Ali Uden"]}


def test_managers_search_case_numbers_only(client_of, manager):
    client = client_of(manager)
    assert client.get(URL, {"soeg": "ali"}).status_code == 403
    bar = client.get("/").text
    assert 'action="/personer/sagsnumre/"' in bar
    assert 'hx-get="/soeg/"' not in bar


@pytest.mark.parametrize("number", [1, 4])
def test_query_counts(client_of, coordinator, world, django_assert_num_queries, number):
    world(number)
    client = client_of(coordinator)
    client.get("/healthz")  # the first answer of a session notes when it began
    client.get(URL, {"soeg": "ali"}, headers=TYPING)
    with django_assert_num_queries(QUERIES_TYPED):
        assert len(found(client.get(URL, {"soeg": "ali"}, headers=TYPING))) == 5
    with django_assert_num_queries(QUERIES_PAGE):
        client.get(URL, {"soeg": "ali"})


@pytest.mark.parametrize("headers", [{}, TYPING])
@pytest.mark.parametrize("words", ["\x00", "' OR 1=1 --", "%%", "a" * 5000])
def test_hostile_searches_cause_no_error(client_of, coordinator, programme, headers, words):
    named("Ali Nur", programme=programme)
    response = client_of(coordinator).get(URL, {"soeg": words}, headers=headers)
    assert (response.status_code, found(response)) == (200, {})


def test_the_page_logs_what_was_searched(client_of, coordinator, programme):
    for name in ("Ali Nur", "Ali Dahl"):
        named(name, programme=programme)
    client_of(coordinator).get(URL, {"soeg": "ali"})
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject, record.detail, record.count) == ("search", "people.person", "ali", 2)
