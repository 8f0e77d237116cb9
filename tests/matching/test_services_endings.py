import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from common.models import Change
from matching import services
from matching.models import Outcome
from matching.quality.criteria import ended_early
from people.display import days_waited
from people.enums import EnrolmentStatus
from tests.journal_entries import recorded
from tests.matching.conftest import PROPOSED_ON, ready_mentee, ready_mentor

END = dt.date(2011, 9, 12)


def end(match, by, **kwargs):
    given = {"by": by, "on": END, "reason": "completed", "mentor_next": "waiting", "mentee_next": "ended"}
    return services.end_match(match, **given | kwargs)


def statuses(*enrolments) -> list[tuple]:
    for enrolment in enrolments:
        enrolment.refresh_from_db()
    return [(e.status, e.waiting_since, e.ended_on) for e in enrolments]


def test_end_match_closes_the_follow_ups_and_sets_both_statuses(active, mentor, mentee, coordinator):
    outcomes = [services.NewOutcome("job", "Rengøring, 20 timer", "mentee"), services.NewOutcome("danish")]
    end(
        active,
        coordinator,
        note="Som aftalt",
        mentee_talk=services.ClosingTalk(dt.date(2011, 9, 10)),
        outcomes=outcomes,
    )

    assert (active.status, active.ended_on, active.mentor_place) == ("ended", END, None)
    assert (active.end_reason, active.end_note) == ("completed", "Som aftalt")
    left = [(f.name, f.due_on, f.done_on) for f in active.follow_ups.all()]
    assert left == [
        ("Efter 14 dage", dt.date(2011, 7, 12), None),
        ("Månedlig", dt.date(2011, 7, 28), None),
        ("Månedlig", dt.date(2011, 8, 27), None),
        ("Resultater tre måneder efter afslutningen", dt.date(2011, 12, 12), None),
        ("Afsluttende samtale", dt.date(2012, 6, 27), dt.date(2011, 9, 10)),
    ]
    assert sorted(Outcome.objects.values_list("kind", "note", "told_by", "on")) == [
        ("danish", "", "", END),
        ("job", "Rengøring, 20 timer", "mentee", END),
    ]
    assert statuses(mentor, mentee) == [
        (EnrolmentStatus.WAITING, END, None),
        (EnrolmentStatus.ENDED, dt.date(2011, 4, 1), END),
    ]


def test_end_match_can_let_the_mentee_wait_and_the_mentor_stop(active, mentor, mentee, coordinator):
    end(active, coordinator, mentee_next="waiting", mentor_next="ended")
    assert [row[0] for row in statuses(mentor, mentee)] == [EnrolmentStatus.ENDED, EnrolmentStatus.WAITING]
    assert mentee.waiting_since == END


def test_end_match_keeps_a_mentor_who_has_another_match(active, mentor, programme, coordinator):
    services.propose_match(
        programme=programme,
        mentor=mentor.person,
        mentee=ready_mentee(programme).person,
        by=coordinator,
        on=PROPOSED_ON,
        over_capacity_reason="Aftalt",
    )
    end(active, coordinator, mentor_next="ended")
    assert statuses(mentor)[0][0] == EnrolmentStatus.MATCHED


@pytest.mark.parametrize(
    ("kwargs", "field"),
    [
        ({"on": dt.date(2011, 6, 1)}, "on"),
        ({"on": dt.date(2011, 9, 16)}, "on"),
        ({"on": dt.date(2011, 7, 1)}, "on"),
        ({"mentee_talk": services.ClosingTalk(dt.date(2011, 6, 1))}, "mentee_talk_on"),
        ({"mentor_talk": services.ClosingTalk(dt.date(2011, 9, 20))}, "mentor_talk_on"),
        ({"reason": "because"}, "end_reason"),
    ],
)
def test_end_match_refuses_dates_out_of_order(active, coordinator, kwargs, field):
    services.record_meeting(active, by=coordinator, held_on=dt.date(2011, 7, 5), hours=2)
    with pytest.raises(ValidationError) as error:
        end(active, coordinator, **kwargs)
    assert list(error.value.message_dict) == [field]
    active.refresh_from_db()
    assert active.status == "active"


def test_ended_early_within_three_months(active, coordinator):
    end(active, coordinator, on=dt.date(2011, 9, 15))
    assert ended_early(active)
    active.ended_on = dt.date(2011, 9, 28)
    assert not ended_early(active)


def test_reopen_match_restores_statuses_and_remaining_follow_ups(active, mentor, mentee, coordinator):
    end(active, coordinator, mentor_next="ended")
    services.reopen_match(active, by=coordinator, on=dt.date(2011, 9, 14), note="Fortrudt")

    assert (active.status, active.ended_on, active.end_reason, active.mentor_place) == ("active", None, "", 1)
    assert [row[0] for row in statuses(mentor, mentee)] == [EnrolmentStatus.MATCHED, EnrolmentStatus.MATCHED]
    due = [f.due_on for f in active.follow_ups.all()]
    assert due[-2:] == [dt.date(2011, 9, 26), dt.date(2012, 6, 27)]
    assert len(due) == 5


def test_reopen_match_needs_a_free_place(active, mentor, programme, coordinator):
    end(active, coordinator)
    services.propose_match(
        programme=programme, mentor=mentor.person, mentee=ready_mentee(programme).person, by=coordinator, on=END
    )
    with pytest.raises(services.MatchRefused, match="ingen fri plads"):
        services.reopen_match(active, by=coordinator, on=END)
    services.reopen_match(active, by=coordinator, on=END, over_capacity_reason="Begge vil")
    assert active.mentor_place == 2


def test_reopen_match_refuses_a_mentee_with_another_match(active, mentee, programme, coordinator):
    end(active, coordinator, mentee_next="waiting")
    services.propose_match(
        programme=programme, mentor=ready_mentor(programme).person, mentee=mentee.person, by=coordinator, on=END
    )
    with pytest.raises(services.MatchRefused, match="har allerede et foreslået match"):
        services.reopen_match(active, by=coordinator, on=END)


def test_reopen_match_refuses_a_person_no_longer_enrolled(active, mentee, coordinator):
    end(active, coordinator)
    mentee.delete()
    with pytest.raises(services.MatchRefused, match="ikke længere med"):
        services.reopen_match(active, by=coordinator, on=END)


def test_withdraw_match_restores_waiting_since(active, mentor, mentee, coordinator):
    follow_up = active.follow_ups.first()
    services.record_follow_up(follow_up, by=coordinator, on=END, channel="phone", mood="good")
    services.withdraw_match(active, by=coordinator, note="Forkert mentee")

    assert (active.status, active.mentor_place) == ("withdrawn", None)
    assert list(active.follow_ups.all()) == [follow_up]
    assert active.meetings.count() == 1
    waiting = (EnrolmentStatus.WAITING, dt.date(2011, 4, 1), None)
    assert statuses(mentor, mentee) == [waiting, waiting]
    assert active.steps.last().note == "Forkert mentee"
    with pytest.raises(services.MatchRefused):
        services.withdraw_match(active, by=coordinator, note="Igen")


def test_the_journal_has_an_ended_match_with_what_it_changes_and_deletes(active, coordinator):
    end(active, coordinator, mentor_talk=services.ClosingTalk(END), outcomes=[services.NewOutcome("job")])
    assert recorded("end_match") == [
        ("made", "matching.matchending", "", None, None),
        ("made", "people.enrolmentperiod", "", None, None),
        ("made", "matching.matchstep", "", None, None),
        ("made", "matching.followup", "", None, None),
        ("made", "matching.outcome", "", None, None),
        ("changed", "matching.match", "status", "active", "ended"),
        ("changed", "matching.match", "mentor_place", 1, None),
        ("changed", "matching.match", "ended_on", None, "2011-09-12"),
        ("changed", "matching.match", "end_reason", "", "completed"),
        ("changed", "matching.match", "closing_talk_on", None, "2011-09-12"),
        ("changed", "people.enrolment", "waiting_since", "2011-04-01", "2011-09-12"),
        ("changed", "people.enrolment", "status", "matched", "waiting"),
        ("changed", "people.enrolment", "status", "matched", "ended"),
        ("changed", "people.enrolment", "ended_on", None, "2011-09-12"),
        ("changed", "people.enrolment", "ended_reason", "", "Gennemført som aftalt"),
        ("changed", "matching.followup", "done_on", None, "2011-09-12"),
        ("changed", "matching.followup", "done_by_id", None, coordinator.pk),
        ("removed", "matching.followup", "", None, None),
    ]


def test_the_journal_has_the_values_of_follow_ups_that_a_withdrawal_deletes(active, coordinator):
    due = list(active.follow_ups.values_list("pk", "due_on"))
    services.withdraw_match(active, by=coordinator)
    removed = Change.objects.filter(act__name="withdraw_match", kind="removed", model="matching.followup")
    assert sorted((change.record_id, dt.date.fromisoformat(change.before["due_on"])) for change in removed) == due


def test_an_end_stays_with_its_words_after_reopening(active, mentee, coordinator):
    talks = {
        "mentee_talk": services.ClosingTalk(END, "Glad for året"),
        "mentor_talk": services.ClosingTalk(None, "Var syg"),
    }
    end(active, coordinator, reason="mentee_stopped", note="Flyttede til Odense", **talks)
    services.reopen_match(active, by=coordinator, on=dt.date(2011, 9, 14), note="Flyttede ikke alligevel")
    end(active, coordinator, on=dt.date(2011, 9, 15), note="Nu")
    fields = ("on", "reason", "note", "mentee_talk_on", "mentee_talk_note", "mentor_talk_on", "mentor_talk_note")
    first, second = active.endings.values_list(*fields, "reopened_on", "reopened_reason")
    assert first == (
        END, "mentee_stopped", "Flyttede til Odense", END, "Glad for året", None, "Var syg",
        dt.date(2011, 9, 14), "Flyttede ikke alligevel",
    )  # fmt: skip
    assert second == (dt.date(2011, 9, 15), "completed", "Nu", None, "", None, "", None, "")
    assert (active.end_note, active.closing_talk_on) == ("Nu", None)


def test_a_match_is_not_reopened_before_it_ended(active, coordinator):
    end(active, coordinator)
    with pytest.raises(ValidationError, match="Dagen ligger før 12"):
        services.reopen_match(active, by=coordinator, on=dt.date(2011, 9, 11))


WAITED_FROM = dt.date(2011, 4, 1)


@pytest.mark.parametrize("mentee_next", ["waiting", "ended", "undecided"])
def test_a_wait_is_not_lost_when_a_match_ends_is_reopened_and_withdrawn(active, mentee, coordinator, mentee_next):
    """80 days until the proposal; the page of the withdrawal promises the first day on the waiting list."""
    end(active, coordinator, mentee_next=mentee_next)
    services.reopen_match(active, by=coordinator, on=dt.date(2011, 9, 13))
    mentee.refresh_from_db()
    assert (mentee.status, mentee.waiting_since) == ("matched", WAITED_FROM)
    services.withdraw_match(active, by=coordinator, note="Fejl", on=dt.date(2011, 9, 15))
    mentee.refresh_from_db()
    assert (mentee.status, mentee.waiting_since) == ("waiting", WAITED_FROM)
    assert days_waited(mentee) == {"waiting": 80 + 3, "ended": 80, "undecided": 80}[mentee_next]
    first = mentee.periods.filter(status="waiting").first()
    assert (first.began_on, first.ended_on) == (WAITED_FROM, PROPOSED_ON)


def test_a_declined_match_does_not_interrupt_the_wait(proposed, mentee, coordinator):
    services.decline_match(proposed, by=coordinator, on=END, side="mentor")
    mentee.refresh_from_db()
    assert (mentee.status, days_waited(mentee)) == ("waiting", 167)


def test_who_does_not_know_yet_neither_waits_nor_ends_and_is_asked_again(active, mentor, mentee, coordinator):
    end(active, coordinator, mentor_next="undecided", mentee_next="undecided")
    for enrolment in (mentor, mentee):
        enrolment.refresh_from_db()
        assert (enrolment.status, enrolment.paused_on, enrolment.paused_until) == ("paused", END, dt.date(2011, 9, 26))
        assert enrolment.paused_reason == "Ikke afgjort efter matchet"
