"""Whatever users do, statuses are what the facts say, no words are lost, and days of waiting are the sum of waits."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, find, given, settings

from people.models import Enrolment, EnrolmentPeriod
from tests.matching.random_acts import PLAYS, World, day, false_periods, lost_words, play

pytestmark = pytest.mark.django_db
# The same acts in every run.
RULES = {"derandomize": True, "database": None, "deadline": None}


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world():
    return World()


@settings(**RULES, max_examples=30, suppress_health_check=list(HealthCheck))
@given(acts=PLAYS)
def test_every_status_is_what_the_facts_say(world, acts):
    with rolled_back():
        assert play(world, acts) == []


MATCHED = [("propose", 0, 0, 1)]
UNSETTLED = {
    "matching.services.base.settle_locked": MATCHED,
    "people.services.enrolments.settle_locked": [*MATCHED, ("capacity", 0, 3, 0)],
    "people.services.enrolments.settle": [*MATCHED, ("default_capacity", 0, 1, 0)],
    "people.services.merging.settle": [*MATCHED, ("capacity", 0, 4, 0), ("propose", 1, 1, 1), ("merge", 0, 1, 0)],
    "imports.services.undoing.settle": [("capacity", 0, 3, 0), ("import_match", 0, 0, 0), ("propose", 0, 1, 0),
                                               ("undo_an_import", 0, 0, 0)],
}  # fmt: skip


@pytest.mark.parametrize("settled", UNSETTLED)
def test_the_check_finds_an_act_that_does_not_settle(world, monkeypatch, settled):
    with rolled_back():
        assert play(world, UNSETTLED[settled]) == []
    monkeypatch.setattr(settled, lambda *_arguments: [])
    with rolled_back():
        found, *_others = play(world, UNSETTLED[settled])
    assert found.startswith(f"after {UNSETTLED[settled][-1][0]}: ")


def test_random_acts_find_that_matches_do_not_settle(world, monkeypatch):
    monkeypatch.setattr("matching.services.base.settle_locked", lambda *_arguments: [])

    def is_found(acts) -> bool:
        with rolled_back():
            return bool(play(world, acts))

    assert find(PLAYS, is_found, settings=settings(**RULES, phases=[Phase.generate]))


def test_the_check_finds_lost_words_false_copies_and_false_sums(world):
    with rolled_back():
        assert play(world, [("interview", 2, 0, 0), ("pause", 2, 3, 1)]) == []
        assert (false_periods(), lost_words()) == ([], [])
        EnrolmentPeriod.objects.filter(status="paused").update(reason="")
        assert len(false_periods()) == 1
        assert len(lost_words()) == 1
    with rolled_back():
        assert play(world, [("interview", 2, 0, 0)]) == []
        Enrolment.objects.filter(status="waiting").update(wait_counted_from=day(1))
        assert len(false_periods()) == 1


def test_undoing_an_import_opens_what_it_closed(world):
    """A list of interviews ends a pause or a wait and opens another record; undoing takes both back."""
    with rolled_back():
        acts = [("interview", 2, 0, 0), ("pause", 2, 1, 0), ("import_interviews", 2, 5, 0), ("undo_an_import", 0, 0, 0)]
        assert play(world, acts) == []
        assert set(Enrolment.objects.filter(status="paused").values_list("periods__status", "periods__ended_on")) == {
            ("waiting", day(1)), ("paused", None),
        }  # fmt: skip
    with rolled_back():
        acts = [("interview", 2, 0, 0), ("import_interviews", 2, 5, 1), ("undo_an_import", 0, 0, 0)]
        assert play(world, acts) == []
        found = EnrolmentPeriod.objects.exclude(status="waiting", ended_on=None)
        assert not found.exists()
