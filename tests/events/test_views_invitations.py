import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import AttendanceFactory, EnrolmentFactory, MentorFactory, TermFactory
from events.views import invitations
from people.enums import LanguageLevel
from tests.events.conftest import FRAME, TODAY


def url(name, event, *args):
    return reverse(f"events:{name}", args=[event.pk, *args])


@pytest.fixture
def crowd(programme, other_programme):
    """Two mentors, of whom one speaks Somali, a mentee who waits, one who has ended, and one of another branch."""
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
        "terms": {"language": somali.pk, "area": area.pk, "topic": topic.pk},
    }


def names(response):
    return [person.first_name for person in response.context["people"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"vis": "1"}, ["Asha", "Hanne", "Ole"]),
        ({"role": "mentor"}, ["Hanne", "Ole"]),
        ({"gender": "man"}, ["Ole"]),
        ({"status": "waiting", "role": "mentor"}, ["Ole"]),
        ({"status": "matched"}, ["Hanne"]),
        ({"language": None}, ["Hanne"]),
        ({"area": None}, ["Hanne"]),
        ({"topic": None, "gender": "woman"}, ["Hanne"]),
        ({}, []),
    ],
)
def test_invite_shows_who_fits(client_of, coordinator, event, crowd, query, expected):
    query = {key: crowd["terms"][key] if value is None else value for key, value in query.items()}
    response = client_of(coordinator).get(url("invite", event), query)
    assert names(response) == expected
    assert AccessRecord.objects.filter(kind="search").count() == bool(expected)


def test_invite_leaves_out_those_on_the_list_and_says_how_many(client_of, coordinator, event, crowd):
    AttendanceFactory(event=event, person=crowd["rows"][0].person)
    response = client_of(coordinator).get(url("invite", event), {"role": "mentor"})
    assert names(response) == ["Ole"]
    assert "1 mere står allerede på listen" in response.content.decode()


def test_invite_registers_the_ticked(client_of, coordinator, event, crowd):
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
    undo_url = url("take-back-invitations", event, keys[0], keys[1])
    assert undo_url in answer.content.decode()
    assert "2 invitationer er fortrudt." in client.post(undo_url, follow=True).content.decode()
    assert event.attendances.count() == 0


@pytest.mark.parametrize("people", [[], "foreign", ["x"], ["9" * 25]])
def test_invite_refuses_nobody_and_another_branchs_people(client_of, coordinator, event, crowd, people):
    chosen = [crowd["rows"][4].person.pk] if people == "foreign" else people
    answer = client_of(coordinator).post(url("invite", event), {"person": chosen}, follow=True)
    assert event.attendances.count() == 0
    assert 'class="note note-bad"' in answer.content.decode()


def test_invite_asks_to_narrow_down_when_too_many_fit(client_of, coordinator, event, crowd, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_AT_ONCE", 1)
    text = client_of(coordinator).get(url("invite", event), {"role": "mentor"}).content.decode()
    assert "For mange til at vise på én gang" in text


@pytest.mark.parametrize("number", [1, 50])
def test_invite_takes_the_same_queries_at_any_size(
    client_of, coordinator, event, programme, django_assert_num_queries, number
):
    for _ in range(number):
        MentorFactory(programme=programme)
    client = client_of(coordinator)
    with django_assert_num_queries(FRAME + 14):
        assert len(names(client.get(url("invite", event), {"role": "mentor"}))) == number


def test_invite_programmes_and_take_back(client_of, coordinator, event, other_programme):
    client = client_of(coordinator)
    assert "København: Mentornetværket København" in client.get(url("invite-programmes", event)).content.decode()
    assert client.post(url("invite-programmes", event), {}).status_code == 422
    answer = client.post(url("invite-programmes", event), {"programmes": [other_programme.pk]}, follow=True)
    assert "Inviteret: København: Mentornetværket København." in answer.content.decode()
    assert (
        "Ingen anden afdeling har en indsats på den dag" in client.get(url("invite-programmes", event)).content.decode()
    )
    invitation = event.guest_invitations.get()
    assert client.post(url("invite-programmes", event), {"programmes": ["9" * 25]}).status_code == 422
    client.post(url("take-back-programme", event, invitation.pk))
    assert event.guest_invitations.count() == 0
