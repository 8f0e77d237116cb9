"""The status of an enrolment, as its facts give it."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from common.journal import recording
from demo.factories import EnrolmentFactory, MatchFactory, MentorFactory, ProgrammeFactory
from matching.models import Match
from matching.services import propose_match
from people import services
from people.models import Enrolment
from people.statuses import OpenMatchLeft, StatusFacts, settle, settle_locked, settle_restored, status_of
from programmes.services import update_programme

DAY = dt.date(2011, 9, 1)


@pytest.mark.parametrize(
    ("closed", "is_ready", "is_taken", "expected"),
    [
        ("", False, False, "applied"),
        ("", True, False, "waiting"),
        ("", False, True, "matched"),
        ("", True, True, "matched"),
        ("paused", True, True, "paused"),
        ("ended", True, False, "ended"),
        ("declined", False, False, "declined"),
    ],
)
def test_status_of_facts(closed, is_ready, is_taken, expected):
    assert status_of(StatusFacts(closed, is_ready, is_taken)) == expected


@pytest.fixture
def mentor(programme):
    """A mentor with one open match, as many as the programme says."""
    mentor = MentorFactory(programme=programme, status="matched", waiting_since=dt.date(2011, 4, 1))
    MatchFactory(programme=programme, mentor=mentor.person)
    return mentor


def status(enrolment) -> str:
    return Enrolment.objects.get(pk=enrolment.pk).status


def test_capacity_changes_the_status(mentor, coordinator):
    found = []
    for capacity in (2, 1, 0, None):
        services.update_enrolment(mentor, by=coordinator, capacity=capacity)
        found.append(status(mentor))
    assert found == ["waiting", "matched", "matched", "matched"]


def test_the_default_capacity_changes_the_status_of_mentors_without_their_own(programme, mentor):
    own = MentorFactory(programme=programme, status="matched", capacity=1)
    MatchFactory(programme=programme, mentor=own.person)
    update_programme(programme, by=None, default_capacity=2)
    assert (status(mentor), status(own)) == ("waiting", "matched")
    update_programme(programme, by=None, default_capacity=1)
    assert status(mentor) == "matched"


def test_a_second_role_of_a_full_mentor_is_in_a_match(programme, mentor, coordinator):
    second = ProgrammeFactory(branch=programme.branch)
    enrolled = services.enrol_person(mentor.person, by=coordinator, programme=second, role="mentor")
    assert enrolled.status == "matched"


def test_reopening_a_pause_returns_to_the_match(mentor, coordinator):
    services.update_enrolment(mentor, by=coordinator, capacity=2)
    services.pause_enrolment(mentor, by=coordinator, on=DAY, reason="rejse")
    services.update_enrolment(mentor, by=coordinator, capacity=1)
    assert status(mentor) == "paused"
    services.reopen_enrolment(mentor, by=coordinator)
    assert status(mentor) == "matched"


@pytest.mark.parametrize("act", [services.pause_enrolment, services.end_enrolment])
def test_who_waits_without_a_day_waits_again_after_reopening(programme, coordinator, act):
    waiting = EnrolmentFactory(programme=programme, waiting_since=None, applied_on=None)
    act(waiting, by=coordinator, on=DAY, reason="rejse")
    services.reopen_enrolment(waiting, by=coordinator)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.waiting_since, waiting.paused_on, waiting.ended_on) == ("waiting", DAY, None, None)


def test_saving_wishes_keeps_a_status_that_changed_meanwhile(programme, coordinator):
    enrolment = EnrolmentFactory(programme=programme)
    stale = Enrolment.objects.get(pk=enrolment.pk)
    services.pause_enrolment(enrolment, by=coordinator, on=DAY, reason="rejse")
    services.update_enrolment(stale, by=coordinator, wish="Job")
    stale.refresh_from_db()
    assert (stale.status, stale.paused_on, stale.wish) == ("paused", DAY, "Job")


def test_settling_refuses_an_open_match_of_a_role_that_has_ended(mentor):
    Enrolment.objects.filter(pk=mentor.pk).update(status="ended", ended_on=DAY)
    with recording("settle", by=None), pytest.raises(OpenMatchLeft, match="Birgitte Holm er i et match"):
        settle(Enrolment.objects.filter(pk=mentor.pk))
    settle_restored(Enrolment.objects.filter(pk=mentor.pk))
    mentor.refresh_from_db()
    assert (mentor.status, mentor.ended_on) == ("matched", None)


def test_settling_many_takes_two_queries(programme, mentor, django_assert_num_queries):
    enrolments = [EnrolmentFactory(programme=programme) for _count in range(5)]
    enrolments += [MentorFactory(programme=programme) for _count in range(5)]
    rows = list(Enrolment.objects.filter(pk__in=[row.pk for row in enrolments]))
    with django_assert_num_queries(2):
        assert settle_locked(rows) == []


@pytest.mark.django_db(transaction=True)
def test_of_a_proposal_and_the_end_of_the_role_at_the_same_time_one_is_refused(programme, coordinator):
    programme.requires_interview = False
    programme.save()
    mentors = [MentorFactory(programme=programme) for _count in range(3)]
    mentees = [EnrolmentFactory(programme=programme) for _count in range(3)]
    acts = [
        *(
            lambda mentor=mentor: services.end_enrolment(mentor, by=coordinator, on=DAY, reason="x")
            for mentor in mentors
        ),
        *(
            lambda mentor=mentor, mentee=mentee: propose_match(
                programme=programme, mentor=mentor.person, mentee=mentee.person, by=coordinator, on=DAY
            )
            for mentor, mentee in zip(mentors, mentees, strict=True)
        ),
    ]
    start, results = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
            results.append("done")
        except ValidationError:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done"] * 3 + ["refused"] * 3
    taken = set(Match.objects.values_list("mentor", flat=True))
    assert {(mentor.person_id in taken, status(mentor)) for mentor in mentors} <= {(True, "matched"), (False, "ended")}


def test_a_default_capacity_that_changed_meanwhile_counts(programme, mentor, coordinator):
    stale = Enrolment.objects.select_related("programme").get(pk=mentor.pk)
    update_programme(programme, by=None, default_capacity=2)
    services.update_enrolment(stale, by=coordinator, wish="Job")
    assert status(mentor) == "waiting"
