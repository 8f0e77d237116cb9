"""Services that correct what is registered about a match, and the running match that is registered in one go."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common.models import Act
from demo.factories import EnrolmentFactory, PersonFactory
from matching import services
from matching.models import Match
from tests.matching.conftest import STARTED_ON, ready_mentor

DECEMBER, JANUARY = dt.date(2010, 12, 28), dt.date(2011, 1, 5)
REASON = "De mødtes mellem jul og nytår."


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def correct(match, by, **days):
    return services.correct_match_days(match, by=by, reason=REASON, **days)


def refusal(call, *args, **kwargs) -> services.DayRefused:
    with pytest.raises(services.DayRefused) as caught:
        call(*args, **kwargs)
    return caught.value


def sentence(error: ValidationError) -> dict[str, list[str]]:
    return {name: [text.replace("\xa0", " ") for text in texts] for name, texts in error.message_dict.items()}


def due_days(match) -> list[str]:
    """Return the days of the plan, without the question about results after the end."""
    plan = match.follow_ups.exclude(kind="outcomes")
    return [due_on.isoformat() for due_on in plan.values_list("due_on", flat=True)]


# --- a match that runs already -----------------------------------------------------------------------


def test_a_match_that_met_in_december_is_registered_in_january(programme, mentor, mentee, coordinator):
    match = services.register_match(
        programme=programme,
        mentor=mentor.person,
        mentee=mentee.person,
        by=coordinator,
        proposed_on=day("2010-12-14"),
        started_on=DECEMBER,
        hours=1,
    )
    assert (match.status, match.number) == ("active", "M-2010-001")
    days = (match.proposed_on, match.mentee_said_yes_on, match.mentor_said_yes_on, match.started_on)
    assert days == (day("2010-12-14"), day("2010-12-14"), day("2010-12-14"), DECEMBER)
    assert list(match.steps.values_list("status", "on")) == [("proposed", day("2010-12-14")), ("active", DECEMBER)]
    assert list(match.meetings.values_list("held_on", flat=True)) == [DECEMBER]
    assert list(Act.objects.values_list("name", flat=True)) == ["register_match"]


def test_a_running_match_is_registered_whole_or_not_at_all(programme, mentor, mentee, coordinator):
    pair = {"programme": programme, "mentor": mentor.person, "mentee": mentee.person, "by": coordinator}
    with pytest.raises(ValidationError) as caught:
        services.register_match(**pair, proposed_on=JANUARY, started_on=DECEMBER)
    assert sentence(caught.value) == {"started_on": ["Matchet blev foreslået 5. januar. Dagen kan ikke ligge før."]}
    with pytest.raises(ValidationError) as caught:
        services.register_match(**pair, proposed_on=JANUARY, started_on=day("2011-09-16"))
    assert list(caught.value.message_dict) == ["started_on"]
    assert Match.objects.count() == 0


def test_a_proposal_is_not_in_the_future(programme, mentor, mentee, coordinator):
    pair = {"programme": programme, "mentor": mentor.person, "mentee": mentee.person, "by": coordinator}
    with pytest.raises(ValidationError) as caught:
        services.propose_match(**pair, on=day("2011-09-16"))
    assert sentence(caught.value) == {"on": ["Dagen er ikke kommet endnu. Skriv den dag, det skete."]}


# --- the order of the days ---------------------------------------------------------------------------


def test_each_day_names_the_earlier_one_that_is_in_its_way(proposed, coordinator):
    error = refusal(services.answer_match, proposed, side="mentee", said_yes=True, by=coordinator, on=day("2011-06-19"))
    assert sentence(error) == {"on": ["Matchet blev foreslået 20. juni. Dagen kan ikke ligge før."]}
    assert (error.record, error.name) == (proposed, "proposed_on")
    error = refusal(services.decline_match, proposed, side="mentee", by=coordinator, on=day("2011-06-19"))
    assert error.name == "proposed_on"

    services.answer_match(proposed, side="mentee", said_yes=True, by=coordinator, on=day("2011-06-22"))
    services.answer_match(proposed, side="mentor", said_yes=True, by=coordinator, on=day("2011-06-24"))
    error = refusal(services.introduce_match, proposed, by=coordinator, on=day("2011-06-23"))
    assert sentence(error) == {"on": ["Mentor sagde ja 24. juni. Dagen kan ikke ligge før."]}
    error = refusal(services.start_match, proposed, by=coordinator, on=day("2011-06-21"))
    assert sentence(error) == {"on": ["Mentee sagde ja 22. juni. Dagen kan ikke ligge før."]}
    error = refusal(services.sign_agreement, proposed, by=coordinator, on=day("2011-06-19"))
    assert error.name == "proposed_on"


def test_an_agreement_is_not_signed_before_the_proposal_or_in_the_future(agreed, coordinator):
    for signed_on, name in ((day("2011-06-19"), "proposed_on"), (day("2011-09-16"), "")):
        with pytest.raises(ValidationError) as caught:
            services.start_match(agreed, by=coordinator, on=STARTED_ON, agreement_signed_on=signed_on)
        assert list(caught.value.message_dict) == ["agreement_signed_on"]
        assert getattr(caught.value, "name", "") == name


def test_a_first_meeting_before_the_arranged_day_moves_that_day(agreed, coordinator):
    services.introduce_match(agreed, by=coordinator, on=day("2011-07-05"))
    services.start_match(agreed, by=coordinator, on=STARTED_ON)
    assert agreed.introduced_on == STARTED_ON
    assert list(agreed.steps.values_list("status", "on")) == [
        ("proposed", day("2011-06-20")),
        ("introduced", STARTED_ON),
        ("active", STARTED_ON),
    ]


def test_a_first_meeting_after_the_arranged_day_keeps_that_day(agreed, coordinator):
    services.introduce_match(agreed, by=coordinator, on=day("2011-06-27"))
    services.start_match(agreed, by=coordinator, on=STARTED_ON)
    assert agreed.introduced_on == day("2011-06-27")


# --- corrected days ----------------------------------------------------------------------------------


def test_a_corrected_first_meeting_moves_the_plan_the_step_and_the_meeting(active, mentor, mentee, coordinator):
    services.record_meeting(active, by=coordinator, held_on=day("2011-07-05"), hours=2)
    statuses = [(row.status, row.waiting_since) for row in (mentor, mentee) if row.refresh_from_db() is None]
    before = due_days(active)
    correct(active, coordinator, started_on=day("2011-06-25"))
    active.refresh_from_db()
    assert (active.started_on, active.agreement_signed_on) == (day("2011-06-25"), STARTED_ON)
    assert list(active.steps.values_list("status", "on")) == [
        ("proposed", day("2011-06-20")),
        ("active", day("2011-06-25")),
    ]
    assert list(active.meetings.values_list("held_on", flat=True)) == [day("2011-06-25"), day("2011-07-05")]
    assert due_days(active) == [(day(due_on) - dt.timedelta(days=3)).isoformat() for due_on in before]
    assert [(row.status, row.waiting_since) for row in (mentor, mentee) if row.refresh_from_db() is None] == statuses
    act = Act.objects.get(name="correct_match_days")
    assert (act.reason, act.by) == (REASON, coordinator)


@pytest.mark.parametrize("start", ["2011-05-29", "2011-07-28"])
def test_a_plan_that_moves_by_its_own_step_keeps_its_rows(active, coordinator, start):
    """Monthly follow-ups move to days on which others are due until these have moved, too."""
    days = {"proposed_on": day("2011-05-01"), "mentee_said_yes_on": day("2011-05-01")}
    correct(active, coordinator, **days, mentor_said_yes_on=day("2011-05-01"), started_on=day(start))
    shift = day(start) - STARTED_ON
    expected = ["2011-07-12", "2011-07-28", "2011-08-27", "2011-09-26", "2012-06-27"]
    assert due_days(active) == [(day(due_on) + shift).isoformat() for due_on in expected]


def test_all_days_of_a_match_can_be_corrected_at_once(active, coordinator):
    days = {
        "proposed_on": day("2010-12-14"),
        "mentee_said_yes_on": day("2010-12-16"),
        "mentor_said_yes_on": day("2010-12-17"),
        "started_on": DECEMBER,
        "agreement_signed_on": None,
    }
    correct(active, coordinator, **days)
    active.refresh_from_db()
    assert {name: getattr(active, name) for name in days} == days
    correct(active, coordinator, **days)
    assert Act.objects.filter(name="correct_match_days").count() == 1


def test_a_correction_out_of_order_names_the_other_day(active, coordinator):
    error = refusal(correct, active, coordinator, started_on=day("2011-06-19"))
    assert sentence(error) == {"started_on": ["Matchet blev foreslået 20. juni. Dagen kan ikke ligge før."]}
    assert (error.record, error.name) == (active, "proposed_on")
    error = refusal(correct, active, coordinator, mentor_said_yes_on=day("2011-06-29"))
    assert sentence(error) == {"mentor_said_yes_on": ["Første møde blev holdt 28. juni. Dagen kan ikke ligge efter."]}
    assert error.name == "started_on"
    active.refresh_from_db()
    assert active.mentor_said_yes_on == day("2011-06-21")


def test_a_first_meeting_is_not_after_what_was_registered_since(active, coordinator):
    meeting = services.record_meeting(active, by=coordinator, held_on=day("2011-07-05"), hours=2)
    error = refusal(correct, active, coordinator, started_on=day("2011-07-06"))
    assert sentence(error) == {"started_on": ["Der blev holdt et møde 5. juli. Dagen kan ikke ligge efter."]}
    assert (error.record, error.name) == (meeting, "held_on")

    follow_up = active.follow_ups.get(side="mentor")
    services.record_follow_up(follow_up, by=coordinator, on=day("2011-07-04"), channel="phone", mood="good")
    assert refusal(correct, active, coordinator, started_on=day("2011-07-06")).record == follow_up

    outcome = services.record_outcome(active, by=coordinator, kind="job", on=day("2011-07-03"))
    assert refusal(correct, active, coordinator, started_on=day("2011-07-06")).record == outcome

    goal = services.add_goal(active, by=coordinator, text="En læreplads")
    services.update_goal(goal, by=coordinator, text="En læreplads", status="reached", reached_on=day("2011-07-02"))
    assert refusal(correct, active, coordinator, started_on=day("2011-07-06")).record == goal


def test_a_first_meeting_is_not_after_a_pause(active, coordinator):
    services.pause_match(active, by=coordinator, on=day("2011-07-05"))
    with pytest.raises(ValidationError) as caught:
        correct(active, coordinator, started_on=day("2011-07-06"))
    assert sentence(caught.value) == {"started_on": ["Matchet blev sat på pause 5. juli. Dagen kan ikke ligge efter."]}


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ({"started_on": "2011-09-16"}, "Dagen er ikke kommet endnu. Skriv den dag, det skete."),
        ({"introduced_on": "2011-09-16"}, "Dagen er ikke kommet endnu. Skriv den dag, det skete."),
        ({"proposed_on": None}, "Skriv den dag, det skete."),
        ({"started_on": None}, "Skriv den dag, det skete."),
    ],
)
def test_an_impossible_correction_is_refused(active, coordinator, days, text):
    name, value = next(iter(days.items()))
    with pytest.raises(ValidationError) as caught:
        correct(active, coordinator, **{name: value and day(value)})
    assert sentence(caught.value) == {name: [text]}


def test_an_arranged_meeting_may_lie_ahead_and_has_not_begun(agreed, coordinator):
    services.introduce_match(agreed, by=coordinator, on=day("2011-09-20"))
    correct(agreed, coordinator, introduced_on=day("2011-09-22"))
    assert list(agreed.steps.values_list("status", "on"))[-1] == ("introduced", day("2011-09-22"))
    with pytest.raises(ValidationError) as caught:
        correct(agreed, coordinator, started_on=day("2011-09-14"))
    assert sentence(caught.value) == {
        "started_on": ["Matchet er ikke begyndt. Registrer først første møde."],
    }


def test_what_is_not_registered_is_not_corrected(proposed, coordinator):
    for name in ("mentor_said_yes_on", "introduced_on", "agreement_signed_on"):
        with pytest.raises(ValidationError) as caught:
            correct(proposed, coordinator, **{name: day("2011-07-01")})
        assert sentence(caught.value) == {name: ["Det er ikke registreret endnu. Registrer det først."]}


def test_a_corrected_first_meeting_takes_the_arranged_day_along(agreed, coordinator):
    services.introduce_match(agreed, by=coordinator, on=day("2011-06-27"))
    services.start_match(agreed, by=coordinator, on=STARTED_ON)
    correct(agreed, coordinator, started_on=day("2011-06-25"))
    assert agreed.introduced_on == day("2011-06-25")


def test_the_plan_of_an_ended_match_stops_at_its_end(active, coordinator):
    services.end_match(
        active, by=coordinator, on=day("2011-08-28"), reason="moved", mentor_next="waiting", mentee_next="ended"
    )
    correct(active, coordinator, started_on=day("2011-07-01"), agreement_signed_on=day("2011-07-01"))
    assert due_days(active) == ["2011-07-15", "2011-07-31"]


def ended(active, coordinator, **after):
    after = {"mentor_next": "waiting", "mentee_next": "ended"} | after
    return services.end_match(active, by=coordinator, on=day("2011-08-28"), reason="moved", **after)


def test_a_corrected_end_moves_what_the_two_did_then(active, mentor, mentee, coordinator):
    ended(active, coordinator)
    correct(active, coordinator, ended_on=day("2011-08-20"))
    for row in (active, mentor, mentee):
        row.refresh_from_db()
    assert (active.ended_on, active.endings.get().on) == (day("2011-08-20"), day("2011-08-20"))
    assert list(active.steps.values_list("status", "on"))[-1] == ("ended", day("2011-08-20"))
    assert (mentor.status, mentor.waiting_since) == ("waiting", day("2011-08-20"))
    assert (mentee.status, mentee.ended_on) == ("ended", day("2011-08-20"))
    assert mentee.periods.get(status="ended").began_on == day("2011-08-20")
    assert mentor.periods.get(ended_on=None).began_on == day("2011-08-20")
    assert due_days(active) == ["2011-07-12", "2011-07-28"]


def test_a_later_end_brings_the_plan_back(active, coordinator):
    ended(active, coordinator)
    correct(active, coordinator, ended_on=day("2011-09-10"))
    assert due_days(active) == ["2011-07-12", "2011-07-28", "2011-08-27"]
    correct(active, coordinator, ended_on=day("2011-08-20"))
    assert due_days(active) == ["2011-07-12", "2011-07-28"]
    correct(active, coordinator, ended_on=day("2011-09-15"))
    assert due_days(active) == ["2011-07-12", "2011-07-28", "2011-08-27"]


def test_a_pause_that_began_with_the_end_moves_with_it(active, mentee, coordinator):
    ended(active, coordinator, mentee_next="unknown")
    correct(active, coordinator, ended_on=day("2011-08-20"))
    mentee.refresh_from_db()
    assert (mentee.status, mentee.paused_on) == ("paused", day("2011-08-20"))
    assert mentee.paused_until == mentee.periods.get(ended_on=None).expected_on == day("2011-09-03")


def test_a_wait_that_is_over_moves_with_the_end_before_it(active, mentee, programme, coordinator):
    ended(active, coordinator, mentee_next="waiting")
    other = ready_mentor(programme, person=PersonFactory(home_branch=programme.branch))
    people = {"mentor": other.person, "mentee": mentee.person}
    services.propose_match(programme=programme, by=coordinator, on=day("2011-09-05"), **people)
    correct(active, coordinator, ended_on=day("2011-08-20"))
    mentee.refresh_from_db()
    assert (mentee.status, mentee.waiting_since) == ("matched", day("2011-08-20"))
    last = mentee.periods.order_by("pk").last()
    assert (last.status, last.began_on, last.ended_on) == ("waiting", day("2011-08-20"), day("2011-09-05"))
    with pytest.raises(ValidationError):
        correct(active, coordinator, ended_on=day("2011-09-06"))


def test_an_end_is_not_before_a_meeting_or_a_pause(active, coordinator):
    meeting = services.record_meeting(active, by=coordinator, held_on=day("2011-07-20"), hours=2)
    services.pause_match(active, by=coordinator, on=day("2011-08-01"))
    ended(active, coordinator)
    assert active.pauses.get().ended_on == day("2011-08-28")
    error = refusal(correct, active, coordinator, ended_on=day("2011-07-19"))
    assert sentence(error) == {"ended_on": ["Der blev holdt et møde 20. juli. Dagen kan ikke ligge før."]}
    assert error.record == meeting
    with pytest.raises(ValidationError) as caught:
        correct(active, coordinator, ended_on=day("2011-07-25"))
    assert sentence(caught.value) == {"ended_on": ["Matchet blev sat på pause 1. august. Dagen kan ikke ligge før."]}
    correct(active, coordinator, ended_on=day("2011-08-10"))
    assert active.pauses.get().ended_on == day("2011-08-10")


def test_an_end_is_not_before_the_end_of_a_pause(active, coordinator):
    services.pause_match(active, by=coordinator, on=day("2011-08-01"))
    services.resume_match(active, by=coordinator, on=day("2011-08-20"))
    ended(active, coordinator)
    with pytest.raises(ValidationError) as caught:
        correct(active, coordinator, ended_on=day("2011-08-10"))
    words = "Matchet gik videre efter en pause 20. august. Dagen kan ikke ligge før."
    assert sentence(caught.value) == {"ended_on": [words]}


def test_a_match_that_runs_has_no_end_to_correct(active, coordinator):
    with pytest.raises(ValidationError) as caught:
        correct(active, coordinator, ended_on=day("2011-08-10"))
    assert sentence(caught.value) == {"ended_on": ["Matchet er ikke afsluttet. Afslut det først."]}


def test_corrections_are_refused_to_users_of_another_branch(active, other_branch_coordinator):
    with pytest.raises(PermissionDenied):
        correct(active, other_branch_coordinator, started_on=day("2011-06-27"))
    active.refresh_from_db()
    assert active.started_on == STARTED_ON


# --- corrected records -------------------------------------------------------------------------------


def test_correct_meeting_changes_day_hours_and_note_within_the_match(active, coordinator):
    meeting = services.record_meeting(active, by=coordinator, held_on=day("2011-07-05"), hours=20)
    values = {"by": coordinator, "reason": "Der stod et nul for meget.", "hours": 2, "note": "Café"}
    services.correct_meeting(meeting, **values, held_on=day("2011-07-06"))
    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.hours, meeting.note) == (day("2011-07-06"), 2, "Café")
    assert refusal(services.correct_meeting, meeting, **values, held_on=day("2011-06-27")).name == "started_on"
    services.end_match(
        active, by=coordinator, on=day("2011-08-28"), reason="moved", mentor_next="waiting", mentee_next="ended"
    )
    assert refusal(services.correct_meeting, meeting, **values, held_on=day("2011-08-29")).name == "ended_on"


def test_correct_follow_up_keeps_who_did_it(active, coordinator, administrator):
    follow_up = active.follow_ups.get(side="mentor")
    answers = {"channel": "phone", "mood": "hard", "note": "Han er syg"}
    with pytest.raises(ValidationError, match="Registrer den først"):
        services.correct_follow_up(follow_up, by=administrator, reason=REASON, on=day("2011-07-01"), **answers)
    services.record_follow_up(follow_up, by=coordinator, on=day("2011-07-12"), channel="phone", mood="good")
    services.correct_follow_up(follow_up, by=administrator, reason=REASON, on=day("2011-07-01"), **answers)
    follow_up.refresh_from_db()
    assert (follow_up.done_on, follow_up.mood, follow_up.note) == (day("2011-07-01"), "hard", "Han er syg")
    assert follow_up.done_by == coordinator


def test_correct_outcome_changes_kind_and_day(active, coordinator):
    outcome = services.record_outcome(active, by=coordinator, kind="job", on=day("2011-07-03"))
    values = {"by": coordinator, "reason": REASON, "kind": "internship", "told_by": "mentee"}
    services.correct_outcome(outcome, **values, on=day("2011-07-02"))
    outcome.refresh_from_db()
    assert (outcome.kind, outcome.on, outcome.told_by) == ("internship", day("2011-07-02"), "mentee")
    assert refusal(services.correct_outcome, outcome, **values, on=day("2011-06-27")).name == "started_on"


# --- corrected screening -----------------------------------------------------------------------------


def test_a_corrected_interview_moves_the_wait_that_began_with_it(programme, coordinator):
    enrolment = EnrolmentFactory(
        programme=programme, status="applied", applied_on=day("2011-03-01"), waiting_since=None
    )
    interview = services.record_interview(
        enrolment, by=coordinator, held_on=day("2011-05-10"), interviewer=None, summary="God", assessment="suitable"
    )
    services.correct_interview(interview, by=coordinator, reason=REASON, held_on=day("2011-04-12"))
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.waiting_since) == ("waiting", day("2011-04-12"))
    assert Act.objects.get(name="correct_interview").reason == REASON


def test_an_interview_that_did_not_begin_the_wait_leaves_it(mentee, coordinator):
    interview = mentee.interviews.get()
    services.correct_interview(interview, by=coordinator, reason=REASON, held_on=day("2011-03-02"))
    mentee.refresh_from_db()
    assert (interview.held_on, mentee.waiting_since) == (day("2011-03-02"), day("2011-04-01"))


def test_an_interview_that_was_not_held_is_not_corrected(mentee, coordinator):
    planned = services.plan_interview(mentee, by=coordinator, on=day("2011-09-20"))
    for interview, held_on in ((planned, "2011-09-14"), (mentee.interviews.get(held_on__isnull=False), "2011-09-16")):
        with pytest.raises(ValidationError):
            services.correct_interview(interview, by=coordinator, reason=REASON, held_on=day(held_on))


def test_correct_check_changes_result_and_day(mentor, coordinator):
    check = services.record_check(
        mentor, by=coordinator, kind="criminal_record", outcome="approved", checked_on=day("2011-03-10")
    )
    values = {"by": coordinator, "reason": REASON, "outcome": "refused", "note": "Ny attest"}
    services.correct_check(check, **values, checked_on=day("2011-03-01"))
    check.refresh_from_db()
    assert (check.outcome, check.checked_on, check.note) == ("refused", day("2011-03-01"), "Ny attest")
    services.correct_check(check, **values, checked_on=None)
    with pytest.raises(ValidationError):
        services.correct_check(check, **values, checked_on=day("2011-09-16"))
