import datetime as dt

import pytest

from demo.factories import FollowUpFactory, MatchFactory, MeetingFactory
from desk.attention import concerns_of_branch

TODAY = dt.date(2011, 9, 15)
SIGNED = {"agreement_signed_on": dt.date(2011, 6, 28)}


@pytest.fixture
def healthy(programme):
    """A match that met last week and signed the agreement."""
    match = MatchFactory(programme=programme, **SIGNED)
    MeetingFactory(match=match, held_on=dt.date(2011, 9, 7))
    return match


def reasons(user, programme):
    return [(concern.match, concern.reason) for concern in concerns_of_branch(user, [programme], TODAY)]


def test_a_match_that_goes_well_needs_none(coordinator, programme, healthy):
    FollowUpFactory(match=healthy, done_on=dt.date(2011, 8, 1), mood="hard")
    FollowUpFactory(match=healthy, done_on=dt.date(2011, 9, 1), mood="good")
    assert reasons(coordinator, programme) == []


def test_silence_is_counted_against_the_programme_s_days(coordinator, programme):
    match = MatchFactory(programme=programme, **SIGNED)
    MeetingFactory(match=match, held_on=dt.date(2011, 8, 12))
    assert reasons(coordinator, programme) == [
        (match, "34 dage uden et registreret møde. Indsatsen kræver mindst 2 om måneden.")
    ]
    programme.silence_days = 34
    programme.save()
    assert reasons(coordinator, programme) == []


def test_hard_twice_in_a_row_comes_first(coordinator, programme, healthy):
    silent = MatchFactory(programme=programme, **SIGNED)
    for day in (dt.date(2011, 8, 1), dt.date(2011, 9, 1)):
        FollowUpFactory(match=healthy, due_on=day, done_on=day, mood="hard", side="mentor")
    found = reasons(coordinator, programme)
    assert [match for match, _reason in found] == [healthy, silent]
    assert found[0][1] == "Mentor har svaret »svært« to gange i træk."


def test_a_missing_agreement_is_brought_up_after_two_weeks(coordinator, programme):
    match = MatchFactory(programme=programme, started_on=dt.date(2011, 8, 29), proposed_on=dt.date(2011, 8, 1))
    MatchFactory(programme=programme, started_on=dt.date(2011, 9, 5), proposed_on=dt.date(2011, 8, 1))
    assert reasons(coordinator, programme) == [(match, "Mangler underskrevet aftale 17 dage efter første møde.")]
    programme.requires_agreement = False
    programme.save()
    assert reasons(coordinator, programme) == []


def test_proposals_without_an_answer_are_brought_up(coordinator, programme):
    proposed = MatchFactory(programme=programme, status="proposed", started_on=None, proposed_on=dt.date(2011, 8, 25))
    introduced = MatchFactory(
        programme=programme,
        status="introduced",
        started_on=None,
        proposed_on=dt.date(2011, 6, 1),
        introduced_on=dt.date(2011, 8, 31),
    )
    assert reasons(coordinator, programme) == [
        (proposed, "Foreslået for 21 dage siden, intet svar endnu."),
        (introduced, "Introduceret for 15 dage siden, intet første møde endnu."),
    ]


def test_paused_ended_and_foreign_matches_are_left_alone(coordinator, programme, other_programme):
    MatchFactory(programme=programme, status="paused")
    MatchFactory(programme=programme, status="ended", ended_on=dt.date(2011, 9, 1))
    MatchFactory(programme=other_programme)
    assert reasons(coordinator, programme) == []
    assert reasons(coordinator, other_programme) == []
