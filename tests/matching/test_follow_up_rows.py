import datetime as dt

import pytest

from demo.factories import ContactFactory, FollowUpFactory, MatchFactory
from matching.models import FollowUp
from matching.pages.follow_up_rows import FollowUpRow, group_rows, group_totals, title_of
from programmes.enums import FollowUpKind

TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def match(programme):
    return MatchFactory(programme=programme)


def row(match, **fields) -> FollowUpRow:
    follow_up = FollowUpFactory(match=match, **fields)
    return FollowUpRow(FollowUp.objects.for_rows().get(pk=follow_up.pk), TODAY)


@pytest.mark.parametrize(
    ("name", "kind", "title", "short"),
    [
        ("Månedlig", "contact", "Månedlig opfølgning", "Månedlig"),
        ("Efter 14 dage", "contact", "Opfølgning efter 14 dage", "Efter 14 dage"),
        ("Månedlig opfølgning", "contact", "Månedlig opfølgning", "Månedlig"),
        ("Spørgeskema efter 30 dage", "survey", "Spørgeskema efter 30 dage", "Spørgeskema efter 30 dage"),
    ],
)
def test_titles(match, name, kind, title, short):
    one = row(match, name=name, kind=kind)
    assert (title_of(one.follow_up), one.short_title) == (title, short)


@pytest.mark.parametrize(
    ("side", "name", "role", "party"),
    [
        ("mentee", "Hodan Warsame", "mentee, match med Birgitte Holm", "Hodan"),
        ("mentor", "Birgitte Holm", "mentor, match med Hodan Warsame", "Birgitte"),
        ("both", "Hodan Warsame og Birgitte Holm", "begge i matchet", "Begge"),
        ("parents", "Hodan Warsame", "forældre, match med Birgitte Holm", "Forældre"),
    ],
)
def test_person_and_role_of_each_side(match, side, name, role, party):
    one = row(match, side=side)
    assert (one.name, one.role, one.party) == (name, role, party)


def contact(match, side="mentee", **fields):
    return ContactFactory(enrolment=getattr(match, side).enrolments.get(), match=match, **fields)


def on(day: int) -> dt.date:
    return dt.date(2011, 9, day)


def test_last_is_a_talk_outside_the_plan_if_it_was_later(match):
    FollowUpFactory(match=match, due_on=on(5), done_on=on(5), mood="good")
    contact(match, on=on(4), mood="hard")
    assert row(match).last == "sidst 5.\xa0september: godt"
    contact(match, on=on(5), mood="mixed")
    contact(match, side="mentor", on=on(9), mood="hard")
    assert row(match).last == "sidst 5.\xa0september: blandet"
    assert row(match, side="both").last == "sidst 9.\xa0september: svært"


def test_tries_since_the_last_talk_are_named(match):
    contact(match, on=on(1), result="not_reached")
    contact(match, on=on(2))
    contact(match, on=on(8), result="not_reached")
    contact(match, on=on(12), result="left_message")
    contact(match, side="mentor", on=on(13), result="not_reached")
    words = "ikke truffet 8.\xa0september, lagde besked 12.\xa0september"
    assert row(match, due_on=on(6)).last == words
    assert row(match, due_on=on(7), side="parents").last == words
    assert row(match, due_on=on(6), side="mentor").last == "ikke truffet 13.\xa0september"
    assert row(match, due_on=on(7), side="both").last == f"{words}, ikke truffet 13.\xa0september"
    assert row(match, due_on=dt.date(2011, 10, 4)).last == "sidst 2.\xa0september"
    contact(match, on=on(13), result="not_reached")
    contact(match, on=on(14), result="not_reached")
    assert row(match, due_on=on(5)).last == "4 forsøg, senest: ikke truffet 14.\xa0september"
    FollowUpFactory(match=match, due_on=on(14), done_on=on(14), mood="good")
    assert row(match, due_on=on(4)).last == "sidst 14.\xa0september: godt"


def test_tries_of_many_rows_need_no_further_queries(match, django_assert_num_queries):
    for day in (8, 9):
        FollowUpFactory(match=match, due_on=on(day))
        contact(match, on=on(day), result="not_reached")
    with django_assert_num_queries(2):
        words = [FollowUpRow(one, TODAY).last for one in FollowUp.objects.for_rows()]
    assert words == ["ikke truffet 8.\xa0september, ikke truffet 9.\xa0september"] * 2


def test_a_moved_and_a_skipped_follow_up(match):
    moved = row(match, due_on=on(20), first_due_on=on(6), moved_reason="ferie")
    assert (moved.moved_words, moved.state, moved.can_move) == ("flyttet fra 6.\xa0september: ferie", "soon", True)
    skipped = row(match, due_on=on(6), skipped_reason="Syg")
    assert (skipped.state, skipped.state_words, skipped.moved_words) == ("planned", "Sprunget over", "")
    assert (skipped.is_overdue, skipped.can_log, skipped.can_move) == (False, False, True)
    assert not row(match, due_on=on(5), done_on=on(5)).can_move


def test_last_shows_the_last_mood(match):
    assert row(match, due_on=TODAY).last == "første kontakt"
    assert row(match, kind=FollowUpKind.SURVEY).last == "ikke besvaret"
    FollowUpFactory(match=match, due_on=dt.date(2011, 8, 2), done_on=dt.date(2011, 8, 2))
    assert row(match).last == "sidst 2.\xa0august"
    FollowUpFactory(match=match, due_on=dt.date(2011, 8, 9), done_on=dt.date(2011, 8, 9), mood="mixed", side="both")
    assert row(match).last == "sidst 9.\xa0august: blandet"


@pytest.mark.parametrize(
    ("due_on", "done_on", "state", "words", "when"),
    [
        (dt.date(2011, 9, 6), None, "overdue", "9 dage over", ""),
        (TODAY, None, "today", "I dag", ""),
        (dt.date(2011, 9, 16), None, "soon", "I morgen", "Fredag"),
        (dt.date(2011, 10, 4), None, "soon", "Om 19 dage", "4.\xa0oktober"),
        (dt.date(2012, 6, 28), None, "planned", "", "28.\xa0juni 2012"),
        (dt.date(2011, 7, 12), dt.date(2011, 7, 11), "done", "Udført 11.\xa0juli", ""),
        (dt.date(2011, 8, 9), dt.date(2011, 8, 15), "late", "6 dage for sent", ""),
    ],
)
def test_states(match, due_on, done_on, state, words, when):
    one = row(match, due_on=due_on, done_on=done_on)
    assert (one.state, one.state_words, one.when) == (state, words, when)


def test_can_log_follow_ups_that_are_due_soon(match, programme):
    assert row(match, due_on=TODAY + dt.timedelta(days=7)).can_log
    assert not row(match, due_on=TODAY + dt.timedelta(days=8)).can_log
    ended = MatchFactory(programme=programme, status="ended", ended_on=TODAY)
    assert not row(ended, due_on=TODAY).can_log
    missed = row(ended, due_on=TODAY - dt.timedelta(days=5))
    assert (missed.is_overdue, missed.state, missed.state_words) == (False, "planned", "Ikke udført")


def test_next_due_on_of_the_same_side(match):
    one = row(match, due_on=dt.date(2011, 9, 6))
    assert one.next_due_on is None
    FollowUpFactory(match=match, due_on=dt.date(2011, 9, 20), side="mentor")
    FollowUpFactory(match=match, due_on=dt.date(2011, 10, 4), side="both")
    assert row(match, due_on=dt.date(2011, 9, 7)).next_due_on == dt.date(2011, 10, 4)


def test_groups_and_totals(match, django_assert_num_queries):
    for days in (-3, 0, 2, 3, 4):  # Thursday: Saturday and Sunday are of this week, Monday is not
        FollowUpFactory(match=match, due_on=TODAY + dt.timedelta(days=days))
    with django_assert_num_queries(2):  # with the contacts outside the plan
        groups = group_rows(FollowUp.objects.for_rows(), TODAY)
    assert [(group.key, group.label, len(group.rows)) for group in groups] == [
        ("overdue", "Over tiden · 1", 1),
        ("today", "I dag · 1 tilbage", 1),
        ("week", "Resten af ugen · 2", 2),
        ("later", "Senere · 1", 1),
    ]
    totals = {"overdue": 1, "today": 1, "week": 2, "later": 1, "resting": 0}
    assert group_totals(FollowUp.objects.all(), TODAY) == totals


def test_the_plan_of_a_match_on_pause_rests(match):
    for days in (-3, 0, 40):
        FollowUpFactory(match=match, due_on=TODAY + dt.timedelta(days=days))
    match.status, match.paused_until = "paused", dt.date(2011, 10, 1)
    match.save()
    groups = group_rows(FollowUp.objects.for_rows(), TODAY)
    assert [(group.key, group.label, len(group.rows)) for group in groups] == [("resting", "Match på pause · 3", 3)]
    row = groups[0].rows[0]
    words = "På pause til 1.\N{NO-BREAK SPACE}oktober"
    assert (row.is_overdue, row.state, row.state_words, row.when) == (False, "on_pause", words, "")
    assert group_totals(FollowUp.objects.all(), TODAY)["resting"] == 3
    assert not FollowUp.objects.to_do().exists()
    assert not FollowUp.objects.overdue(TODAY).exists()
