"""Views of follow-ups: the list, and recording in a row."""

import datetime as dt

import pytest

from demo.factories import (
    FollowUpFactory,
    MatchFactory,
)
from matching import services
from matching.models import FollowUp
from tests.matching.conftest import text_of, url

TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def follow_up(active):
    """Due 12 July with the mentor."""
    return active.follow_ups.get(side="mentor")


def test_follow_up_list_groups_and_filters(staff, active, coordinator, programme):
    FollowUpFactory(match=active, due_on=TODAY)
    FollowUpFactory(match=active, due_on=TODAY + dt.timedelta(days=2))
    response = staff.get(url("follow-up-list"))
    assert [group.label for group in response.context["groups"]] == [
        "Over tiden · 3",
        "I dag · 1 tilbage",
        "Resten af ugen · 1",
        "Senere · 2",
    ]
    assert "65 dage over" in text_of(response)
    other = MatchFactory(programme=programme, number="M-2011-900", coordinator=None)
    FollowUpFactory(match=other)
    response = staff.get(url("follow-up-list"), {"koordinator": coordinator.pk})
    assert response.context["total"] == 7


def test_follow_up_log_in_place_and_undo(staff, follow_up):
    htmx = {"headers": {"HX-Request": "true"}}
    opened = text_of(staff.get(url("follow-up-log", follow_up.pk), **htmx))
    assert 'data-log-row="open"' in opened
    assert "Føler mentee sig støttet?" not in opened

    wrong = staff.post(url("follow-up-log", follow_up.pk), {"channel": "phone", "on": "15-09-2011"}, **htmx)
    assert (wrong.status_code, FollowUp.objects.filter(done_on__isnull=False).count()) == (422, 0)

    data = {"channel": "phone", "mood": "good", "note": "Mødes", "on": "15-09-2011"}
    saved = text_of(staff.post(url("follow-up-log", follow_up.pk), data, **htmx))
    assert 'data-log-row="saved"' in saved
    assert "Telefon · godt." in saved
    assert 'data-log-row="saved"' in text_of(staff.get(url("follow-up-log", follow_up.pk), **htmx))

    undone = text_of(staff.post(url("follow-up-undo", follow_up.pk), **htmx))
    assert 'data-log-row="waiting"' in undone
    assert 'data-log-row="waiting"' in text_of(staff.get(url("follow-up-row", follow_up.pk), **htmx))


def test_follow_up_log_in_the_plan_of_a_match(staff, active):
    follow_up = active.follow_ups.filter(side="mentee").first()
    htmx = {"headers": {"HX-Request": "true"}}
    opened = text_of(staff.get(url("follow-up-log", follow_up.pk), {"visning": "plan"}, **htmx))
    assert opened.startswith("<tr")
    assert "Føler mentee sig støttet?" in opened
    data = {"channel": "phone", "mood": "hard", "note": "", "support": "no", "on": "15-09-2011", "layout": "plan"}
    saved = text_of(staff.post(url("follow-up-log", follow_up.pk), data, **htmx))
    assert "49 dage for sent" in saved
    assert "Fortryd" in saved
    follow_up.refresh_from_db()
    assert (follow_up.mood, follow_up.support) == ("hard", "no")


def test_follow_up_log_without_javascript(staff, follow_up):
    here = url("follow-up-list")
    page = staff.get(url("follow-up-log", follow_up.pk), {"next": here})
    assert "Birgitte Holm, mentor, match med Hodan Warsame" in text_of(page)
    data = {"channel": "sms", "mood": "mixed", "note": "", "on": "15-09-2011", "next": here}
    assert staff.post(url("follow-up-log", follow_up.pk), {**data, "mood": ""}).status_code == 200
    assert staff.post(url("follow-up-log", follow_up.pk), data).url == here
    assert "Opfølgning med Birgitte Holm er registreret." in text_of(staff.get(here))
    assert staff.get(url("follow-up-log", follow_up.pk)).url == url("match-detail", follow_up.match_id)
    assert staff.get(url("follow-up-row", follow_up.pk)).url == url("match-detail", follow_up.match_id)
    evil = staff.post(url("follow-up-undo", follow_up.pk), {"next": "https://evil.example/"})
    assert evil.url == url("match-detail", follow_up.match_id)


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (True, "Hanne Lund havde registreret opfølgningen som udført 15. september."),
        (False, "Opfølgningen var allerede registreret som udført 15. september."),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_follow_up_that_another_recorded_keeps_the_second_note(staff, follow_up, administrator, by, sentence, headers):
    services.record_follow_up(follow_up, by=administrator, on=TODAY, channel="phone", mood="good")
    if not by:
        type(follow_up).objects.update(done_by=None)
    data = {"channel": "phone", "mood": "hard", "note": "Mit notat", "on": "15-09-2011"}
    response = staff.post(url("follow-up-log", follow_up.pk), data, headers=headers)
    text = text_of(response if headers else staff.get(response.url))
    assert f"{sentence} Dit notat er gemt som en kontakt mere." in text
    further = follow_up.match.contacts.get()
    assert (further.note, further.mood, further.on) == ("Mit notat", "hard", TODAY)
