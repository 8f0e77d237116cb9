import datetime as dt

import pytest
from django.urls import reverse

from common import clock
from demo.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    EventFactory,
    FollowUpFactory,
    InterviewFactory,
    MatchFactory,
    MembershipFactory,
    PersonFactory,
    PlannedMeetingFactory,
    TargetFactory,
)
from desk.tasks import MOST_EVENTS
from desk.views import greeting
from matching.models import Match
from matching.services import hand_over
from people.models import Draft
from people.services import ask_transfer

URL = "/"
QUERIES_TODAY = 28
QUERIES_OVERVIEW = 11
TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def world(programme, coordinator):
    """Return a function that creates a number of each thing the page shows."""

    def fill(number):
        for _number in range(number):
            match = MatchFactory(programme=programme)
            FollowUpFactory(match=match)
            FollowUpFactory(match=match, due_on=TODAY)
            PlannedMeetingFactory(match=match, on=dt.date(2011, 9, 16), staff=coordinator)
            InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=TODAY)
            MembershipFactory(branch=programme.branch)
            MatchFactory(programme=programme, status="proposed", started_on=None)
            EnrolmentFactory(programme=programme)
            EnrolmentFactory(programme=programme, status="paused", paused_on=TODAY, paused_until=TODAY)
            EventFactory(programme=programme)
            EventFactory(programme=programme, starts_at=dt.datetime(2011, 9, 8, 15, tzinfo=dt.UTC))
            drafts = Draft.objects
            drafts.create(branch=programme.branch, created_by=coordinator, known_person=match.mentee_id)
            drafts.create(branch=programme.branch, created_by=coordinator, typed={"first_name": ["Åse"]})

    TargetFactory(
        programme=programme,
        period_start=dt.date(2011, 1, 1),
        period_end=dt.date(2011, 12, 31),
        value=25,
        on_today=True,
    )
    return fill


@pytest.mark.parametrize("number", [1, 50])
def test_today_takes_the_same_queries_at_any_size(client_of, coordinator, world, django_assert_num_queries, number):
    world(number)
    client = client_of(coordinator)
    client.get(URL)  # the session is stamped on its first request
    with django_assert_num_queries(QUERIES_TODAY):
        response = client.get(URL)
    assert response.status_code == 200


@pytest.mark.parametrize("number", [1, 50])
def test_overview_takes_the_same_queries_at_any_size(client_of, manager, world, django_assert_num_queries, number):
    world(number)
    client = client_of(manager)
    client.get(URL)
    with django_assert_num_queries(QUERIES_OVERVIEW):
        response = client.get(URL)
    assert response.status_code == 200


def test_today_shows_what_is_due(client_of, coordinator, world):
    world(1)
    response = client_of(coordinator).get(URL)
    context = response.context
    assert (context["overdue_count"], context["today_count"]) == (1, 2)
    assert [len(context[name]) for name in ("pace", "waiting", "events")] == [1, 2, 1]
    assert (len(context["attention"].rows), len(context["proposals"])) == (2, 1)
    assert "<b>1 opfølgning er over tiden</b>, og 2 er tilbage i dag." in response.content.decode()


def test_today_of_an_empty_branch(client_of, coordinator, programme):
    text = client_of(coordinator).get(URL).content.decode()
    for words in (
        "Intet er over tiden, og intet er tilbage i dag.",
        "Ingen venter på en mentor.",
        "Ingen forslag venter på svar.",
        "Ingen match er i gang endnu.",
        "Ingen arrangementer er planlagt.",
    ):
        assert words in text


def test_today_shows_all_tasks_on_request(client_of, coordinator, programme):
    match = MatchFactory(programme=programme)
    for days in range(1, 20):
        FollowUpFactory(match=match, due_on=TODAY - dt.timedelta(days=days))
    client = client_of(coordinator)
    assert [group.more for group in client.get(URL).context["groups"]] == [4, 0, 0]
    assert [group.more for group in client.get(f"{URL}?alle").context["groups"]] == [0, 0, 0]


def test_a_manager_sees_figures_and_no_names(client_of, manager, world):
    world(1)
    text = client_of(manager).get(URL).content.decode()
    assert "Det, vi har lovet" in text
    assert "Hodan" not in text
    assert "Birgitte" not in text


def test_the_role_in_the_active_branch_decides(client_of, manager, koebenhavn, programme):
    MembershipFactory(user=manager, branch=koebenhavn, role="coordinator")
    client = client_of(manager)
    session = client.session
    session["active_branch"] = programme.branch_id
    session.save()
    assert "desk/overview.html" in [template.name for template in client.get(URL).templates]
    assert client.get(reverse("desk:task-counts")).status_code == 403
    session["active_branch"] = koebenhavn.pk
    session.save()
    assert "desk/today.html" in [template.name for template in client.get(URL).templates]


def test_a_user_without_a_branch_is_refused(client_of, outsider):
    assert client_of(outsider).get(URL).status_code == 403


def test_task_counts_are_reloaded(client_of, coordinator, world):
    world(1)
    response = client_of(coordinator).get(reverse("desk:task-counts"))
    assert [group.total for group in response.context["groups"]] == [1, 2, 1]
    assert 'id="desk-choice" hx-swap-oob="true"' in response.text
    assert 'id="group-overdue" hx-swap-oob="true"' in response.content.decode()


@pytest.mark.parametrize(("hour", "words"), [(7, "Godmorgen"), (10, "Goddag"), (18, "Godaften")])
def test_greeting_follows_the_clock(hour, words):
    assert greeting(dt.datetime(2011, 9, 15, hour, 0, tzinfo=dt.UTC)) == words


def test_today_lists_the_users_own_drafts_until_they_are_deleted(client_of, coordinator, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg)
    colleague = MembershipFactory(branch=tingbjerg).user
    nine = clock.now().replace(hour=9, minute=5)
    own = Draft(branch=tingbjerg, created_by=coordinator, changed_at=nine, known_person=known.pk)
    own.save()
    nameless = Draft.objects.create(
        branch=tingbjerg, created_by=coordinator, changed_at=nine - dt.timedelta(days=1), typed={"role": ["mentee"]}
    )
    Draft.objects.create(branch=tingbjerg, created_by=colleague, typed={"first_name": ["Fremmed"]})
    client = client_of(coordinator)
    response = client.get(URL)
    assert [(row.draft, row.name, row.missing) for row in response.context["drafts"]] == [
        (own, known.name, "rollen mangler"),
        (nameless, "", "navnet mangler"),
    ]
    assert "Gemt i dag kl.\xa09.05 · rollen mangler" in response.text
    assert "Kladde uden navn" in response.text
    assert client.post(f"/personer/ny/{own.key}/slet/", {"next": "/"}).url == "/"
    assert [row.draft for row in client.get(URL).context["drafts"]] == [nameless]


@pytest.fixture
def karin(programme):
    """Karin is away until 30 September; her match has a follow-up today, and so has one of another colleague."""
    user = MembershipFactory(branch=programme.branch, user__name="Karin Juhl").user
    match = MatchFactory(programme=programme, coordinator=user)
    FollowUpFactory(match=match, due_on=TODAY)
    InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=TODAY, interviewer=user)
    return user


def desk_counts(client, key: str = "") -> list[int]:
    response = client.get(URL, {"opgaver": key})
    counts = client.get(reverse("desk:task-counts"), {"opgaver": key}).context["groups"]
    assert [group.total for group in response.context["groups"]] == [group.total for group in counts]
    return [group.total for group in response.context["groups"]]


def test_today_shows_the_branch_own_tasks_or_those_of_a_colleague_who_is_away(client_of, coordinator, programme, karin):
    FollowUpFactory(match=MatchFactory(programme=programme, coordinator=coordinator), due_on=TODAY)
    client = client_of(coordinator)
    assert (desk_counts(client), desk_counts(client, "mine")) == ([0, 3, 0], [0, 1, 0])
    assert desk_counts(client, str(karin.pk)) == [0, 2, 0]
    assert "Karins opgaver" not in client.get(URL).text  # she is not away
    matches = dict.fromkeys(Match.objects.filter(coordinator=karin), coordinator)
    hand_over(matches=matches, by=karin, from_on=TODAY, until_on=dt.date(2011, 9, 30), reason="Ferie")
    assert (desk_counts(client), desk_counts(client, "mine")) == ([0, 3, 0], [0, 2, 0])
    assert desk_counts(client, str(karin.pk)) == [0, 2, 0]
    text = client.get(URL).content.decode().replace("\xa0", " ")
    assert "Karins opgaver" in text
    assert "Karin Juhl er væk til og med 30. september." in text
    assert "Karins opgaver" not in client_of(karin).get(URL).content.decode()


def test_each_desk_has_its_number_of_tasks_and_any_colleague_can_be_chosen(client_of, coordinator, programme, karin):
    FollowUpFactory(match=MatchFactory(programme=programme, coordinator=coordinator), due_on=TODAY)
    Draft.objects.create(branch=programme.branch, created_by=coordinator)
    client = client_of(coordinator)
    context = client.get(URL).context
    assert [(desk.key, number) for desk, number in context["desks"]] == [("", 4), ("mine", 2)]
    assert [(desk.user, number) for desk, number in context["other_desks"]] == [(karin, 2)]
    assert len(context["drafts"]) == 1
    response = client.get(URL, {"opgaver": karin.pk})
    assert [(desk.label, number) for desk, number in response.context["desks"][2:]] == [("Karins opgaver", 2)]
    assert response.context["other_desks"] == []
    assert response.context["drafts"] == []  # Karin's are hers alone, and the reader's are on the own desk
    assert "Kladder kan kun ses af den, der har skrevet dem." in response.text


def test_a_planned_first_meeting_is_registered_from_its_row(client_of, coordinator, programme):
    fields = {"status": "introduced", "started_on": None, "introduced_on": TODAY}
    match = MatchFactory(programme=programme, first_meeting_place="Ruten", **fields)
    text = client_of(coordinator).get(URL).text
    assert "Ruten · tag aftalen med til underskrift" in text
    assert f"{reverse('matching:match-start', args=[match.pk])}?next=/" in text


def test_today_counts_matches_without_an_active_coordinator(client_of, coordinator, programme, karin):
    client = client_of(coordinator)
    assert client.get(URL).context["attention"].without_coordinator == 0
    karin.memberships.all().delete()
    response = client.get(URL)
    assert response.context["attention"].without_coordinator == 1
    text = response.content.decode()
    assert "1 match har ingen aktiv koordinator" in text
    assert "/match/overdrag/?fra=ingen&amp;next=/" in text


def test_today_shows_transfers_that_wait_for_an_answer(
    client_of, coordinator, other_branch_coordinator, tingbjerg, koebenhavn
):
    person = PersonFactory(home_branch=koebenhavn)
    ask_transfer(person, by=other_branch_coordinator, to=tingbjerg)
    text = client_of(coordinator).get("/").content.decode()
    assert "En anden afdeling beder jer overtage 1 person." in text
    assert person.name not in text


def test_roles_whose_pause_is_over_are_on_today_and_in_the_list(client_of, coordinator, programme):
    pause = {"programme": programme, "status": "paused", "paused_on": dt.date(2011, 8, 1), "paused_reason": "rejse"}
    roles = [EnrolmentFactory(**pause, paused_until=dt.date(2011, 9, day)) for day in (1, 2, 3, 15)]
    client = client_of(coordinator)
    response = client.get(URL)
    card = response.context["attention"]
    assert (card.roles, card.roles_total, card.total) == (roles[:3], 4, 4)
    page = response.content.decode().replace("\xa0", " ")
    assert "4 roller har en pause, der er slut" in page
    assert "Mentee · På pause, var ventet til 1. september · rejse" in page
    assert reverse("matching:attention-list") in page
    assert client.get(reverse("matching:attention-list")).context["roles"] == roles


def past_event(programme, **fields):
    fields = {"starts_at": dt.datetime(2011, 9, 8, 15, tzinfo=dt.UTC), "title": "Skole og hjem"} | fields
    return EventFactory(programme=programme, **fields)


def test_an_event_is_confirmed_as_held_in_one_click_and_undone(client_of, coordinator, programme):
    event = past_event(programme, created_by=coordinator, unnamed_guests=2)
    AttendanceFactory(event=event, status="signed_up", place_number=1)
    client = client_of(coordinator)
    response = client.get(URL)
    assert [row.counted for row in response.context["to_confirm"]] == ["1 var tilmeldt, 2 talt uden navn"]
    assert response.context["finish_count"] == 1
    confirm = reverse("events:event-confirm", args=[event.pk])
    assert f'action="{confirm}"' in response.text
    assert client.post(confirm, {"next": URL}).url == URL
    response = client.get(URL)
    assert response.context["to_confirm"] == []
    undo = reverse("events:undo-confirmation", args=[event.pk])
    assert undo in response.text
    client.post(undo, {"next": URL})
    assert [row.event for row in client.get(URL).context["to_confirm"]] == [event]


def test_events_to_confirm_are_on_the_desk_of_who_created_them(client_of, coordinator, programme, other_programme):
    colleague = MembershipFactory(branch=programme.branch).user
    own, hers = past_event(programme, created_by=coordinator), past_event(programme, created_by=colleague)
    past_event(programme, is_cancelled=True)
    past_event(other_programme)
    client = client_of(coordinator)
    found = [
        {row.event for row in client.get(URL, {"opgaver": key}).context["to_confirm"]}
        for key in ("", "mine", colleague.pk)
    ]
    assert found == [{own, hers}, {own}, {hers}]


def test_the_newest_events_to_confirm_are_shown(client_of, coordinator, programme):
    for _number in range(MOST_EVENTS + 2):
        past_event(programme)
    response = client_of(coordinator).get(URL)
    assert (len(response.context["to_confirm"]), response.context["events_left"]) == (MOST_EVENTS, 2)
    assert "?tid=afholdt" in response.text
