"""Corrected days of a pause, of an end and of a reopening: what moves along, and which days are refused."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common.models import Act
from matching import services
from matching.models import MatchEnding, MatchPause
from people.display import days_waited
from reporting.documents.collecting import collect_report
from tests.matching.conftest import text_of, url
from tests.matching.test_services_corrections import due_days, ended

REASON = "Den rigtige dag står i mailen."


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def steps(match) -> list[tuple]:
    return [(status, on.isoformat()) for status, on in match.steps.order_by("pk").values_list("status", "on")]


def correct_pause(pause, by, **days):
    values = {name: day(text) for name, text in days.items()}
    return services.correct_pause(pause, by=by, reason=REASON, **values)


def correct_ending(ending, by, **days):
    values = {name: day(text) for name, text in days.items()}
    return services.correct_ending(ending, by=by, reason=REASON, **values)


@pytest.fixture
def paused(active, coordinator):
    return services.pause_match(active, by=coordinator, on=day("2011-07-20"), note="rejse", until=day("2011-08-20"))


@pytest.fixture
def resumed(paused, coordinator):
    return services.resume_match(paused, by=coordinator, on=day("2011-08-20"), note="hjemme")


@pytest.fixture
def reopened(active, mentor, mentee, coordinator):
    ended(active, coordinator, mentee_next="waiting", note="flyttet")
    return services.reopen_match(active, by=coordinator, on=day("2011-09-05"), note="tilbage")


def ended_in(programme) -> dict[int, int]:
    """The matches that ended in a year, as the status report counts them."""
    found = {}
    for year in (2010, 2011):
        period = {"start": dt.date(year, 1, 1), "end": dt.date(year, 12, 31)}
        report = collect_report(programme, title="", on=day("2011-09-15"), texts={}, **period)
        found[year] = sum(count.value for count in report.match_counts if "sluttede" in count.label)
    return found


# --- pauses ------------------------------------------------------------------------------------------


def test_an_open_pause_is_corrected_with_its_step_and_copies(paused, coordinator):
    pause = correct_pause(paused.pauses.get(), coordinator, began_on="2011-07-15", expected_on="2011-09-01")
    paused.refresh_from_db()
    assert (paused.status, paused.paused_on, paused.paused_until) == ("paused", day("2011-07-15"), day("2011-09-01"))
    assert (pause.reason, steps(paused)[-1]) == ("rejse", ("paused", "2011-07-15"))
    assert Act.objects.values_list("name", "reason").last() == ("correct_pause", REASON)


def test_a_corrected_pause_moves_the_plan_by_its_own_length(active, coordinator):
    planned = due_days(active)
    services.pause_match(active, by=coordinator, on=day("2011-07-20"))
    services.resume_match(active, by=coordinator, on=day("2011-08-20"))
    assert due_days(active)[1] == "2011-08-28"
    pause = correct_pause(active.pauses.get(), coordinator, began_on="2011-08-01", ended_on="2011-08-11")
    assert (pause.moved_days, steps(active)[-2:]) == (10, [("paused", "2011-08-01"), ("active", "2011-08-11")])
    moved = [(day(due_on) + dt.timedelta(days=10)).isoformat() for due_on in planned[2:]]
    assert due_days(active) == [*planned[:2], *moved]
    correct_pause(active.pauses.get(), coordinator, began_on="2011-07-20", ended_on="2011-08-20")
    assert due_days(active)[1] == "2011-08-28"


def test_a_pause_after_which_the_plan_was_skipped_is_corrected_without_moving_it(paused, coordinator):
    services.resume_match(paused, by=coordinator, on=day("2011-08-20"), plan="skip")
    planned = due_days(paused)
    assert planned[:2] == ["2011-07-12", "2011-08-27"]
    correct_pause(paused.pauses.get(), coordinator, began_on="2011-08-01", ended_on="2011-08-30")
    assert due_days(paused) == ["2011-07-12", "2011-07-28", *planned[2:]]


def test_a_corrected_pause_brings_back_no_follow_up_of_a_later_end(active, coordinator):
    services.pause_match(active, by=coordinator, on=day("2011-07-01"))
    services.resume_match(active, by=coordinator, on=day("2011-07-10"), plan="skip")
    ended(active, coordinator)
    correct_ending(active.endings.get(), coordinator, on="2011-07-20")
    services.reopen_match(active, by=coordinator, on=day("2011-09-01"))
    planned = due_days(active)
    assert planned[:2] == ["2011-07-12", "2011-09-26"]
    correct_pause(active.pauses.get(), coordinator, began_on="2011-07-02", ended_on="2011-07-10")
    assert due_days(active) == planned


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"began_on": "2011-06-27", "ended_on": "2011-08-20"}, "Første møde blev holdt 28. juni."),
        ({"began_on": "2011-07-20", "ended_on": "2011-07-19"}, "Pausen slutter, før den begynder."),
        ({"began_on": "2011-07-20", "ended_on": "2011-09-16"}, "Dagen er ikke kommet endnu."),
        ({"began_on": "2011-07-20", "ended_on": "2011-09-02"}, "Der er registreret en anden pause"),
        ({"began_on": "2011-07-20"}, "Sæt matchet på pause eller genoptag det i stedet."),
        ({"began_on": "2011-07-20", "ended_on": "2011-08-20", "expected_on": "2011-07-20"}, "Pausen slutter, før den"),
    ],
)
def test_a_pause_out_of_order_is_refused(resumed, coordinator, days, sentence):
    services.pause_match(resumed, by=coordinator, on=day("2011-09-01"))
    pause = resumed.pauses.first()
    with pytest.raises(ValidationError) as caught:
        correct_pause(pause, coordinator, **days)
    assert caught.value.messages[0].replace("\xa0", " ").startswith(sentence)
    assert MatchPause.objects.values_list("began_on", "ended_on").first() == (day("2011-07-20"), day("2011-08-20"))


def test_a_pause_that_was_over_with_the_match_ends_with_it(paused, coordinator):
    ended(paused, coordinator)
    pause = paused.pauses.get()
    with pytest.raises(ValidationError) as caught:
        correct_pause(pause, coordinator, began_on="2011-07-20", ended_on="2011-08-27")
    assert caught.value.messages == ["Pausen sluttede sammen med matchet. Ret afslutningen af matchet."]
    correct_pause(pause, coordinator, began_on="2011-07-25", ended_on="2011-08-28")
    assert steps(paused)[-2:] == [("paused", "2011-07-25"), ("ended", "2011-08-28")]


# --- ends --------------------------------------------------------------------------------------------


def test_an_end_that_counts_is_corrected_with_the_days_of_the_match(active, mentor, coordinator):
    ended(active, coordinator, note="flyttet", mentee_talk=services.ClosingTalk(day("2011-08-28"), "godt"))
    ending = active.endings.get()
    correct_ending(ending, coordinator, on="2011-08-20", mentee_talk_on="2011-08-19", mentor_talk_on="2011-08-21")
    active.refresh_from_db()
    mentor.refresh_from_db()
    assert (active.status, active.ended_on, active.closing_talk_on) == ("ended", day("2011-08-20"), day("2011-08-21"))
    assert (mentor.status, mentor.waiting_since) == ("waiting", day("2011-08-20"))
    assert (active.end_note, active.endings.get().mentee_talk_note) == ("flyttet", "godt")


def test_a_corrected_end_counts_in_the_other_year(programme, mentor, mentee, coordinator):
    pair = {"programme": programme, "mentor": mentor.person, "mentee": mentee.person, "by": coordinator}
    match = services.register_match(**pair, proposed_on=day("2010-12-01"), started_on=day("2010-12-08"))
    after = {"mentor_next": "waiting", "mentee_next": "ended"}
    services.end_match(match, by=coordinator, on=day("2011-01-05"), reason="moved", **after)
    assert ended_in(programme) == {2010: 0, 2011: 1}
    correct_ending(match.endings.get(), coordinator, on="2010-12-30")
    assert ended_in(programme) == {2010: 1, 2011: 0}


def test_a_corrected_reopening_moves_the_waits_the_steps_and_the_plan(reopened, mentee, mentor, coordinator):
    correct_ending(reopened.endings.get(), coordinator, on="2011-08-20", reopened_on="2011-08-25")
    for row in (reopened, mentee, mentor):
        row.refresh_from_db()
    assert (reopened.status, reopened.ended_on, mentee.status) == ("active", None, "matched")
    assert steps(reopened)[-2:] == [("ended", "2011-08-20"), ("active", "2011-08-25")]
    for row in (mentee, mentor):
        last = row.periods.order_by("pk").last()
        assert (last.status, last.began_on, last.ended_on) == ("waiting", day("2011-08-20"), day("2011-08-25"))
    assert "2011-08-27" in due_days(reopened)
    ending = reopened.endings.get()
    assert (ending.note, ending.reopened_reason) == ("flyttet", "tilbage")
    correct_ending(ending, coordinator, on="2011-08-20", reopened_on="2011-08-30")
    assert "2011-08-27" not in due_days(reopened)


def test_days_of_waiting_follow_a_corrected_reopening(reopened, mentee, coordinator):
    mentee.refresh_from_db()
    correct_ending(reopened.endings.get(), coordinator, on="2011-08-20", reopened_on="2011-09-05")
    services.end_match(
        reopened, by=coordinator, on=day("2011-09-10"), reason="moved", mentor_next="ended", mentee_next="waiting"
    )
    mentee.refresh_from_db()
    assert (mentee.status, days_waited(mentee)) == ("waiting", 5)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"on": "2011-06-27", "reopened_on": "2011-09-05"}, "Første møde blev holdt 28. juni."),
        ({"on": "2011-08-28", "reopened_on": "2011-08-27"}, "Matchet genåbnes, før det slutter."),
        ({"on": "2011-08-28", "reopened_on": "2011-09-16"}, "Dagen er ikke kommet endnu."),
        ({"on": "2011-08-28"}, "Afslut eller genåbn matchet i stedet."),
        ({"on": "2011-07-19", "reopened_on": "2011-09-05"}, "Der blev holdt et møde 20. juli."),
        ({"on": "2011-08-28", "reopened_on": "2011-09-11"}, "Der er registreret en anden pause"),
        ({"on": "2011-08-28", "reopened_on": "2011-09-05", "mentee_talk_on": "2011-06-01"}, "Første møde blev holdt"),
    ],
)
def test_an_end_out_of_order_is_refused(reopened, coordinator, days, sentence):
    services.record_meeting(reopened, by=coordinator, held_on=day("2011-07-20"), hours=2)
    services.pause_match(reopened, by=coordinator, on=day("2011-09-10"))
    ending = reopened.endings.get()
    with pytest.raises(ValidationError) as caught:
        correct_ending(ending, coordinator, **days)
    assert caught.value.messages[0].replace("\xa0", " ").startswith(sentence)
    assert MatchEnding.objects.values_list("on", "reopened_on").get() == (day("2011-08-28"), day("2011-09-05"))


def test_corrections_of_periods_are_refused_to_users_of_another_branch(resumed, other_branch_coordinator):
    pause = resumed.pauses.get()
    with pytest.raises(PermissionDenied):
        correct_pause(pause, other_branch_coordinator, began_on="2011-07-21", ended_on="2011-08-20")


# --- pages -------------------------------------------------------------------------------------------


def test_the_card_shows_pauses_and_ends_and_leads_to_their_correction(staff, resumed, coordinator):
    ended(resumed, coordinator)
    services.reopen_match(resumed, by=coordinator, on=day("2011-09-05"))
    services.pause_match(resumed, by=coordinator, on=day("2011-09-10"))
    page = staff.get(url("match-detail", resumed.pk))
    first, last = resumed.pauses.all()
    assert [(line.label, line.days.replace("\xa0", " "), line.url) for line in page.context["page"].periods] == [
        ("Pause", "20. juli 2011 til 20. august 2011", url("pause-correct", first.pk)),
        ("Pause", "siden 10. september 2011", url("pause-correct", last.pk)),
        (
            "Afsluttet og genåbnet",
            "28. august 2011 til 5. september 2011",
            url("ending-correct", resumed.endings.get().pk),
        ),
    ]
    assert list(staff.get(url("pause-correct", last.pk)).context["form"].fields)[:2] == ["began_on", "expected_on"]


def test_a_pause_is_corrected_on_its_own_page(staff, resumed):
    page = url("pause-correct", resumed.pauses.get().pk)
    values = {"began_on": "21/7", "expected_on": "20/8", "ended_on": "19/8", "reason": REASON}
    response = staff.post(page, values)
    assert response.url == url("match-detail", resumed.pk)
    assert MatchPause.objects.values_list("began_on", "ended_on").get() == (day("2011-07-21"), day("2011-08-19"))
    assert f"Begrundelse: {REASON}" in text_of(staff.get(reverse("history", args=["matching", "match", resumed.pk])))


def test_an_end_is_corrected_on_its_own_page(staff, active, coordinator):
    ended(active, coordinator)
    page = url("ending-correct", active.endings.get().pk)
    assert "reopened_on" not in staff.get(page).context["form"].fields
    response = staff.post(page, {"on": "20/8", "mentor_talk_on": "20/8", "reason": REASON})
    assert response.url == url("match-detail", active.pk)
    active.refresh_from_db()
    assert (active.ended_on, active.closing_talk_on) == (day("2011-08-20"), day("2011-08-20"))
