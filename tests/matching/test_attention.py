import datetime as dt

import pytest

from demo.factories import (
    ContactFactory,
    EnrolmentFactory,
    FollowUpFactory,
    FollowUpStepFactory,
    MatchFactory,
    MeetingFactory,
    UserFactory,
)
from matching.models import MatchPause
from matching.quality.attention import attention_items, attention_items_of, roles_to_ask
from matching.quality.attention_kinds import KINDS, fold_attention, group_attention

TODAY = dt.date(2011, 9, 15)


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def calm_match(programme, started=70, **fields):
    """A running match that nothing is wrong with."""
    fields = {"started_on": days_ago(started), "agreement_signed_on": days_ago(started)} | fields
    match = MatchFactory(programme=programme, **{"proposed_on": days_ago(started + 8)} | fields)
    MeetingFactory(match=match, held_on=days_ago(5))
    return match


def found(user) -> list[tuple]:
    return [(item.match, item.kind, item.sentence) for item in attention_items(user, TODAY)]


def found_of(match, user) -> list[tuple]:
    return [(item.match, item.kind, item.sentence) for item in attention_items_of(match, user, TODAY)]


def test_a_calm_match_needs_no_attention(programme, coordinator):
    calm_match(programme)
    assert found(coordinator) == []


def test_hard_twice_in_a_row(programme, coordinator):
    match = calm_match(programme)
    for day, mood in ((40, "good"), (20, "hard"), (10, "hard")):
        FollowUpFactory(match=match, due_on=days_ago(day), done_on=days_ago(day), mood=mood)
    assert found(coordinator) == [(match, "hard", "Mentee har svaret »svært« to gange i træk.")]
    FollowUpFactory(match=match, due_on=days_ago(2), done_on=days_ago(2), mood="mixed")
    assert found(coordinator) == []


def test_hard_twice_by_the_mentor(programme, coordinator):
    match = calm_match(programme)
    for day in (20, 10):
        FollowUpFactory(match=match, due_on=days_ago(day), done_on=days_ago(day), mood="hard", side="mentor")
    assert found(coordinator) == [(match, "hard", "Mentor har svaret »svært« to gange i træk.")]


def test_silent(programme, coordinator):
    match = calm_match(programme)
    match.meetings.update(held_on=days_ago(34))
    sentence = "34 dage uden et registreret møde. Indsatsen kræver mindst 2 om måneden."
    assert found(coordinator) == [(match, "silent", sentence)]


def test_silent_without_meetings_counts_from_the_start(programme, coordinator):
    match = MatchFactory(
        programme=programme, started_on=days_ago(90), agreement_signed_on=days_ago(90), proposed_on=None
    )
    assert [(m, kind) for m, kind, _words in found(coordinator)] == [(match, "silent")]


def test_unsigned_agreement(programme, coordinator):
    match = calm_match(programme, started=17, agreement_signed_on=None)
    assert found(coordinator) == [(match, "unsigned", "Mangler underskrevet aftale 17 dage efter første møde.")]
    programme.requires_agreement = False
    programme.save()
    assert found(coordinator) == []


def test_few_contacts_in_the_first_month(programme, coordinator):
    match = calm_match(programme, started=45)
    step = FollowUpStepFactory(programme=programme)
    for day, side, done in ((40, "mentee", True), (20, "both", True), (16, "mentor", False), (14, "mentor", False)):
        on = {"done_on": days_ago(day), "mood": "good"} if done else {}
        FollowUpFactory(match=match, step=step, due_on=days_ago(day), side=side, **on)
    words = "Færre kontakter end planlagt den første måned: Birgitte 1 af 2."
    assert found(coordinator) == [(match, "few_contacts", words)]
    talk = {"enrolment": match.mentor.enrolments.get(), "match": match, "on": days_ago(16)}
    ContactFactory(**talk, result="left_message")
    assert found(coordinator) == [(match, "few_contacts", words)]
    ContactFactory(**talk)
    assert found(coordinator) == []


def test_a_plan_that_is_followed_needs_no_attention(programme, coordinator):
    """The first month asks for as many contacts as the plan has: none, if they were skipped or moved away from it."""
    match = calm_match(programme, started=45)
    step = FollowUpStepFactory(programme=programme, days_after_start=14)
    FollowUpFactory(match=match, step=step, due_on=days_ago(31), done_on=days_ago(31), mood="good")
    FollowUpFactory(match=match, step=step, due_on=days_ago(21), skipped_reason="Syg")
    moved = {"first_due_on": days_ago(20), "moved_reason": "Ferie"}
    FollowUpFactory(match=match, step=step, due_on=days_ago(-5), **moved)
    FollowUpFactory(match=match, step=step, due_on=days_ago(16), kind="survey")
    assert found(coordinator) == []


def test_the_mood_of_a_talk_outside_the_plan_counts(programme, coordinator):
    match = calm_match(programme)
    FollowUpFactory(match=match, due_on=days_ago(20), done_on=days_ago(20), mood="hard")
    talk = {"enrolment": match.mentee.enrolments.get(), "match": match}
    ContactFactory(**talk, on=days_ago(10), mood="hard")
    assert [kind for _match, kind, _words in found(coordinator)] == ["hard"]
    ContactFactory(**talk, on=days_ago(5), result="not_reached")
    assert [kind for _match, kind, _words in found_of(match, coordinator)] == ["hard"]
    ContactFactory(**talk, on=days_ago(2), mood="good")
    assert found(coordinator) == []


def test_few_contacts_is_reported_in_the_second_month_only(programme, coordinator):
    calm_match(programme, started=29)
    calm_match(programme, started=61)
    assert found(coordinator) == []


def test_a_long_pause(programme, coordinator):
    match = calm_match(programme, status="paused", paused_on=days_ago(61))
    assert found(coordinator) == [(match, "paused_long", "På pause i 61 dage.")]


def test_a_pause_with_an_expected_end_needs_attention_from_that_day(programme, coordinator):
    calm_match(programme, status="paused", paused_on=days_ago(61), paused_until=days_ago(-1))
    assert found(coordinator) == []
    match = calm_match(programme, status="paused", paused_on=days_ago(10), paused_until=TODAY)
    words = "Pausen ventes at slutte i dag. Spørg de to, om de mødes igen."
    assert found(coordinator) == [(match, "pause_over", words)]


def test_days_of_pause_do_not_count_as_days_of_a_match(programme, coordinator):
    """Silence, a missing agreement and the agreed time wait for as long as the pause was."""
    match = calm_match(programme, started=380, agreement_signed_on=None)
    assert {kind for _match, kind, _words in found_of(match, coordinator)} == {"unsigned", "ending"}
    MatchPause.objects.create(match=match, began_on=days_ago(379), ended_on=TODAY)
    assert found_of(match, coordinator) == []


def test_a_pause_after_the_agreed_time_does_not_move_it(programme, coordinator):
    match = calm_match(programme, started=380)
    words = [sentence for _match, _kind, sentence in found_of(match, coordinator)]
    MatchPause.objects.create(match=match, began_on=days_ago(12), ended_on=days_ago(2))
    assert [sentence for _match, _kind, sentence in found_of(match, coordinator)] == words


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "proposed"}, "Foreslået for 20 dage siden, intet svar endnu."),
        (
            {"status": "introduced", "introduced_on": days_ago(15)},
            "Introduceret for 15 dage siden, intet første møde endnu.",
        ),
    ],
)
def test_unanswered(programme, coordinator, fields, sentence):
    match = MatchFactory(programme=programme, started_on=None, proposed_on=days_ago(20), **fields)
    assert found(coordinator) == [(match, "unanswered", sentence)]


@pytest.mark.parametrize(
    ("started_on", "sentence"),
    [
        (dt.date(2010, 9, 16), "Den aftalte tid udløber 16.\xa0september. Aftal den afsluttende samtale."),
        (
            dt.date(2010, 9, 15),
            "Den aftalte tid udløber i dag. Hold den afsluttende samtale, eller aftal at fortsætte.",
        ),
        (
            dt.date(2010, 9, 14),
            "Den aftalte tid udløb 14.\xa0september. Hold den afsluttende samtale, eller aftal at fortsætte.",
        ),
        (
            dt.date(2010, 9, 1),
            "Den aftalte tid udløb 1.\xa0september. Hold den afsluttende samtale, eller aftal at fortsætte.",
        ),
    ],
)
def test_ending(programme, coordinator, started_on, sentence):
    match = calm_match(programme, started=(TODAY - started_on).days)
    assert found(coordinator) == [(match, "ending", sentence)]


def test_most_urgent_first_with_one_reason_each(programme, coordinator):
    unsigned = calm_match(programme, started=17, agreement_signed_on=None)
    silent = calm_match(programme, agreement_signed_on=None)
    silent.meetings.all().delete()
    assert [(match, kind) for match, kind, _words in found(coordinator)] == [(silent, "silent"), (unsigned, "unsigned")]
    assert [item.kind for item in attention_items_of(silent, coordinator, TODAY)] == ["silent", "unsigned"]
    assert [item.match for item in attention_items(coordinator, TODAY, programmes=[])] == []


def test_other_branches_see_nothing_and_three_queries_are_enough(
    programme, coordinator, other_branch_coordinator, django_assert_num_queries
):
    for _number in range(4):
        calm_match(programme, started=17, agreement_signed_on=None)
    assert attention_items(other_branch_coordinator, TODAY) == []
    assert attention_items_of(programme.matches.first(), other_branch_coordinator, TODAY) == []
    coordinator.branch_ids_for("read_cases")
    with django_assert_num_queries(3):
        assert len(attention_items(coordinator, TODAY)) == 4


def test_a_match_without_an_active_coordinator(programme, coordinator):
    left = calm_match(programme, coordinator=UserFactory(name="Karin Juhl"))
    nameless = calm_match(programme, coordinator_note="Lis")
    unknown = calm_match(programme, coordinator=None)
    assert found(coordinator) == [
        (left, "no_coordinator", "Ingen aktiv koordinator: Karin Juhl arbejder her ikke længere."),
        (nameless, "no_coordinator", "Ingen aktiv koordinator: Lis arbejder her ikke længere."),
        (unknown, "no_coordinator", "Ingen aktiv koordinator."),
    ]


def test_a_role_whose_pause_has_lasted_as_long_as_expected(
    programme, coordinator, other_branch_coordinator, django_assert_num_queries
):
    pause = {"programme": programme, "status": "paused", "paused_on": dt.date(2011, 8, 1)}
    today = EnrolmentFactory(**pause, paused_until=TODAY)
    over = EnrolmentFactory(**pause, paused_until=dt.date(2011, 9, 1))
    EnrolmentFactory(**pause, paused_until=dt.date(2011, 9, 16))
    EnrolmentFactory(**pause)
    coordinator.branch_ids_for("read_cases")
    with django_assert_num_queries(1):
        assert [str(role.person) for role in roles_to_ask(coordinator, TODAY)] == [str(over.person), str(today.person)]
    assert roles_to_ask(coordinator, TODAY, programmes=[]) == []
    assert roles_to_ask(other_branch_coordinator, TODAY) == []


def test_weighty_kinds_come_before_light_ones():
    assert [kind.key for kind in KINDS.values() if kind.is_weighty] == list(KINDS)[:5]
    assert len({kind.slug for kind in KINDS.values()}) == len(KINDS)


def test_alike_light_matches_are_folded(programme, coordinator):
    paused = calm_match(programme, status="paused", paused_on=days_ago(61))
    for _number in range(2):
        calm_match(programme, started=17, agreement_signed_on=None)
        MatchFactory(programme=programme, started_on=None, proposed_on=days_ago(20), status="proposed")
    hard = calm_match(programme)
    for day in (20, 10):
        FollowUpFactory(match=hard, due_on=days_ago(day), done_on=days_ago(day), mood="hard")
    items = attention_items(coordinator, TODAY)
    rows, lines = fold_attention(items, 3)
    assert [item.match for item in rows] == [hard, paused]
    assert [line.sentence for line in lines] == [
        "2 match mangler underskrevet aftale",
        "2 match venter på svar eller første møde",
    ]
    assert fold_attention(items, 0) == (rows[1:], lines)
    assert [(group.kind.slug, len(group.items)) for group in group_attention(items)] == [
        ("svaert", 1),
        ("uden-aftale", 2),
        ("lang-pause", 1),
        ("uden-svar", 2),
    ]
