import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import AttendanceFactory, EnrolmentFactory, EventFactory, MentorFactory, TermFactory
from events.views import invitations
from people.enums import LanguageLevel
from people.models import Person
from tests.events.conftest import BASE_QUERIES, TODAY


def url(name, event, *args):
    return reverse(f"events:{name}", args=[event.pk, *args])


@pytest.fixture
def crowd(programme, other_programme):
    """Two mentors, one of them speaking Somali; a waiting mentee; an ended mentee; a mentor of another branch."""
    somali = TermFactory(kind="language", name="Somali")
    area = TermFactory(kind="area", name="Tingbjerg")
    topic = TermFactory(kind="topic", name="Jobsøgning")
    speaker = MentorFactory(programme=programme, person__first_name="Hanne", terms=[area, topic], status="matched")
    speaker.person.languages.create(language=somali, level=LanguageLevel.GOOD)
    mentor = MentorFactory(programme=programme, person__first_name="Ole", person__gender="man", terms=[topic])
    mentee = EnrolmentFactory(programme=programme, person__first_name="Asha")
    ended = EnrolmentFactory(programme=programme, person__first_name="Gammel", status="ended")
    foreign = MentorFactory(programme=other_programme, person__first_name="Fremmed")
    return {
        "rows": [speaker, mentor, mentee, ended, foreign],
        "terms": {"sprog": somali.pk, "omraade": area.pk, "emne": topic.pk},
    }


def names(response):
    return [person.first_name for person in response.context["people"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"vis": "1"}, ["Asha", "Hanne", "Ole"]),
        ({"rolle": "mentor"}, ["Hanne", "Ole"]),
        ({"koen": "man"}, ["Ole"]),
        ({"status": "waiting", "rolle": "mentor"}, ["Ole"]),
        ({"status": "matched"}, ["Hanne"]),
        ({"sprog": None}, ["Hanne"]),
        ({"omraade": None}, ["Hanne"]),
        ({"emne": None, "koen": "woman"}, ["Hanne"]),
        ({}, []),
    ],
)
def test_invite_shows_people_who_match_the_filter(client_of, coordinator, event, crowd, query, expected):
    query = {key: crowd["terms"][key] if value is None else value for key, value in query.items()}
    response = client_of(coordinator).get(url("invite", event), query)
    assert names(response) == expected
    assert AccessRecord.objects.filter(kind="search").count() == bool(expected)


def test_invite_leaves_out_and_counts_those_on_the_list(client_of, coordinator, event, crowd):
    AttendanceFactory(event=event, person=crowd["rows"][0].person)
    response = client_of(coordinator).get(url("invite", event), {"rolle": "mentor"})
    assert names(response) == ["Ole"]
    assert "1 mere står allerede på listen" in response.content.decode()


def test_invite_names_those_who_are_left_out_and_why(client_of, coordinator, event, crowd):
    AttendanceFactory(event=event, person=crowd["rows"][0].person, status="cancelled")
    Person.objects.filter(pk=crowd["rows"][1].person.pk).update(state="no_contact", state_on=TODAY)
    response = client_of(coordinator).get(url("invite", event), {"vis": "1"})
    assert names(response) == ["Asha"]
    assert [(one.first_name, one.words) for one in response.context["known"]] == [("Hanne", "Afbud")]
    assert [one.first_name for one in response.context["closed"]] == ["Ole"]
    assert "1 er udeladt: død, flyttet eller vil ikke kontaktes" in response.text
    assert AccessRecord.objects.get(kind="search").count == 3
    nobody = client_of(coordinator).get(url("invite", event), {"rolle": "mentor"})
    assert names(nobody) == []
    assert "Ingen af dem, der passer, kan inviteres" in nobody.text


@pytest.mark.parametrize(("query", "expected"), [("aldrig", ["Hanne", "Ole"]), ("foer", ["Asha"])])
def test_invite_finds_those_who_have_or_have_not_taken_part(client_of, coordinator, event, crowd, query, expected):
    AttendanceFactory(event=EventFactory(), person=crowd["rows"][2].person, status="attended")
    AttendanceFactory(event=EventFactory(), person=crowd["rows"][1].person, status="absent")
    assert names(client_of(coordinator).get(url("invite", event), {"deltaget": query})) == expected


def test_invite_registers_the_ticked_people(client_of, coordinator, event, crowd):
    chosen = [crowd["rows"][0].person.pk, crowd["rows"][2].person.pk]
    client = client_of(coordinator)
    answer = client.post(url("invite", event), {"person": chosen}, follow=True)
    assert "2 personer er inviteret." in answer.content.decode()
    assert sorted(event.attendances.values_list("person__first_name", "status")) == [
        ("Asha", "invited"),
        ("Hanne", "invited"),
    ]
    assert set(event.attendances.values_list("invited_on", flat=True)) == {TODAY}
    keys = event.attendances.order_by("pk").values_list("pk", flat=True)
    undo_url = url("withdraw-invitations", event, keys[0], keys[1])
    assert undo_url in answer.content.decode()
    assert "2 invitationer er fortrudt." in client.post(undo_url, follow=True).content.decode()
    assert event.attendances.count() == 0


@pytest.mark.parametrize("people", [[], "foreign", ["x"], ["9" * 25]])
def test_invite_refuses_an_empty_choice_and_another_branchs_people(client_of, coordinator, event, crowd, people):
    chosen = [crowd["rows"][4].person.pk] if people == "foreign" else people
    answer = client_of(coordinator).post(url("invite", event), {"person": chosen}, follow=True)
    assert event.attendances.count() == 0
    assert 'class="note note-bad"' in answer.content.decode()


def test_invite_asks_to_narrow_down_when_too_many_match(client_of, coordinator, event, crowd, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_AT_ONCE", 1)
    text = client_of(coordinator).get(url("invite", event), {"rolle": "mentor"}).content.decode()
    assert "For mange til at vise på én gang" in text


@pytest.mark.parametrize("number", [1, 50])
def test_invite_takes_the_same_queries_at_any_size(
    client_of, coordinator, event, programme, django_assert_num_queries, number
):
    for _ in range(number):
        MentorFactory(programme=programme)
    client = client_of(coordinator)
    with django_assert_num_queries(BASE_QUERIES + 14):
        assert len(names(client.get(url("invite", event), {"rolle": "mentor"}))) == number


def test_invite_programmes_and_withdraw(client_of, coordinator, event, other_programme):
    client = client_of(coordinator)
    assert "København: Mentornetværket København" in client.get(url("invite-programmes", event)).content.decode()
    assert client.post(url("invite-programmes", event), {}).status_code == 422
    answer = client.post(url("invite-programmes", event), {"programmes": [other_programme.pk]}, follow=True)
    assert "Inviteret: København: Mentornetværket København." in answer.content.decode()
    assert (
        "Ingen anden afdeling har en indsats på den dag" in client.get(url("invite-programmes", event)).content.decode()
    )
    invitation = event.programme_invitations.get()
    assert client.post(url("invite-programmes", event), {"programmes": ["9" * 25]}).status_code == 422
    client.post(url("withdraw-programme-invitation", event, invitation.pk))
    assert event.programme_invitations.count() == 0
