"""Tests of the question about outcomes some months after the end of a match."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from common import clock
from demo.factories import MatchFactory
from desk.figures import work_figures
from matching import services
from matching.models import FollowUp
from matching.pages.match_page import MatchPage
from people.enums import PersonStateKind
from people.services import set_person_state
from programmes.enums import FollowUpKind
from tests.matching.conftest import text_of, url

pytestmark = pytest.mark.django_db
TODAY, ENDED_ON, ASKED_ON = dt.date(2011, 9, 15), dt.date(2011, 8, 31), dt.date(2011, 11, 30)
AFTER = {"mentor_next": "waiting", "mentee_next": "waiting"}


def end(match, by, on=ENDED_ON):
    return services.end_match(match, by=by, on=on, reason="completed", **AFTER)


@pytest.fixture
def ended(active, coordinator):
    return end(active, coordinator)


def questions(match) -> list[tuple]:
    rows = match.follow_ups.filter(kind=FollowUpKind.OUTCOMES).order_by("due_on", "pk")
    return list(rows.values_list("due_on", "done_on"))


def test_the_end_plans_the_question_on_the_day_that_the_programme_says(ended):
    row = ended.follow_ups.get(kind=FollowUpKind.OUTCOMES)
    assert (row.name, row.side, row.due_on, row.step) == (
        "Resultater tre måneder efter afslutningen", "both", ASKED_ON, None,
    )  # fmt: skip


@pytest.mark.parametrize(("months", "days"), [(0, []), (12, [(dt.date(2012, 8, 31), None)])])
def test_the_months_are_a_rule_of_the_programme(active, coordinator, months, days):
    active.programme.outcome_months = months
    active.programme.save()
    active.refresh_from_db()
    assert questions(end(active, coordinator)) == days


@pytest.mark.parametrize("kind", PersonStateKind.values)
def test_no_question_about_a_person_with_a_state(active, coordinator, kind):
    set_person_state(active.mentee, by=coordinator, kind=kind, on=ENDED_ON)
    active.refresh_from_db()
    assert (active.status, questions(active)) == ("ended", [])


def test_reopening_drops_the_question_and_the_next_end_plans_it_again(ended, coordinator):
    services.reopen_match(ended, by=coordinator, on=dt.date(2011, 9, 5))
    assert questions(ended) == []
    assert questions(end(ended, coordinator, on=TODAY)) == [(dt.date(2011, 12, 15), None)]


def test_a_corrected_end_moves_the_question(ended, coordinator):
    services.correct_match_days(ended, by=coordinator, reason="Tastefejl", ended_on=dt.date(2011, 8, 10))
    assert questions(ended) == [(dt.date(2011, 11, 10), None)]
    services.correct_match_days(ended, by=coordinator, reason="Tastefejl", started_on=dt.date(2011, 6, 29))
    assert questions(ended) == [(dt.date(2011, 11, 10), None)]


def test_the_question_is_due_with_the_follow_ups(ended):
    assert [row.kind for row in FollowUp.objects.to_do()] == ["outcomes"]
    assert [row.kind for row in FollowUp.objects.planned()] == ["outcomes"]
    assert [row.kind for row in FollowUp.objects.overdue(ASKED_ON + dt.timedelta(days=1))] == ["outcomes"]


def test_the_answer_records_outcomes_once(ended, coordinator):
    row = ended.follow_ups.get(kind=FollowUpKind.OUTCOMES)
    answer = {"by": coordinator, "on": TODAY, "channel": "phone"}
    services.record_outcomes_asked(row, outcomes=["job", "danish"], note="Bystævnet", **answer)
    assert (row.done_on, row.done_by, row.channel, row.mood) == (TODAY, coordinator, "phone", "")
    services.undo_follow_up(row, by=coordinator)
    services.record_outcomes_asked(row, outcomes=["job"], **answer)
    assert sorted(ended.outcomes.values_list("kind", "on")) == [("danish", TODAY), ("job", TODAY)]
    with pytest.raises(ValidationError) as caught:
        services.record_outcomes_asked(row, outcomes=["network"], **answer)
    assert caught.value.messages == ["En anden har registreret svaret. Se på matchet."]


def test_nothing_new_is_an_answer_as_well(ended, coordinator):
    row = ended.follow_ups.get(kind=FollowUpKind.OUTCOMES)
    services.record_outcomes_asked(row, by=coordinator, on=TODAY, channel="phone")
    assert (questions(ended), ended.outcomes.count()) == ([(ASKED_ON, TODAY)], 0)


def test_the_figures_of_the_running_match_do_not_count_the_question(ended, coordinator):
    branch = ended.programme.branch_id
    before = (work_figures(coordinator, branch, TODAY), MatchPage(ended, TODAY).on_time_words)
    row = ended.follow_ups.get(kind=FollowUpKind.OUTCOMES)
    FollowUp.objects.filter(pk=row.pk).update(due_on=TODAY)
    services.record_outcomes_asked(row, by=coordinator, on=TODAY, channel="phone")
    assert (work_figures(coordinator, branch, TODAY), MatchPage(ended, TODAY).on_time_words) == before


def test_the_question_is_answered_in_its_row(staff, ended):
    row = ended.follow_ups.get(kind=FollowUpKind.OUTCOMES)
    FollowUp.objects.filter(pk=row.pk).update(due_on=TODAY)
    path = url("follow-up-log", row.pk)
    assert path in staff.get(reverse("desk:today"), {"opgaver": ""}).text
    assert path in staff.get(reverse("desk:today"), {"opgaver": "mine"}).text
    assert path in staff.get(url("follow-up-list")).text
    opened = text_of(staff.get(path, headers={"HX-Request": "true"}))
    for words in ("Hvad er der kommet ud af det siden?", "Job begyndt", "Ingen krydser: intet nyt."):
        assert words in opened
    assert "Hvordan går det?" not in opened
    data = {"on": "15-09-2011", "channel": "phone", "note": "", "outcomes": ["job"]}
    saved = staff.post(path, data, headers={"HX-Request": "true"})
    assert "Registreret" in text_of(saved)
    assert ended.outcomes.get().kind == "job"


def test_the_match_says_when_it_is_asked(staff, ended):
    text = text_of(staff.get(url("match-detail", ended.pk)))
    assert "Næste spørgsmål om resultater: 30. november 2011" in text


def test_the_migration_plans_the_questions_that_the_pages_promised(programme):
    assert clock.today() == TODAY
    ended = MatchFactory(programme=programme, status="ended", ended_on=ENDED_ON)
    MatchFactory(programme=programme, status="ended", ended_on=dt.date(2011, 6, 1) + dt.timedelta(days=30))
    MatchFactory(programme=programme, status="ended", ended_on=dt.date(2011, 6, 28))
    FollowUp.objects.all().delete()
    step = importlib.import_module("matching.migrations.0013_plan_outcome_questions")
    step.plan_questions(apps, None)
    found = FollowUp.objects.filter(match=ended).values_list("due_on", "kind", "side")
    assert list(found) == [(ASKED_ON, "outcomes", "both")]
    assert FollowUp.objects.count() == 3
