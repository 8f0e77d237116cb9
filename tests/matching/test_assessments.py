"""What the outcome of an interview does to an enrolment."""

import datetime as dt

import pytest

from matching.rules.assessments import effect_of
from people.models import Enrolment

HELD_ON = dt.date(2011, 5, 10)
EARLIER, LATER = dt.date(2011, 4, 1), dt.date(2011, 6, 1)


@pytest.mark.parametrize(
    ("fields", "assessment", "expected"),
    [
        ({"status": "applied"}, "suitable", ("waiting", HELD_ON)),
        ({"status": "applied"}, "later", ("applied", None)),
        ({"status": "applied"}, "not_suitable", ("declined", None)),
        ({"status": "waiting", "waiting_since": EARLIER}, "suitable", ("waiting", EARLIER)),
        ({"status": "waiting", "waiting_since": EARLIER}, "later", ("applied", None)),
        ({"status": "waiting"}, "not_suitable", ("declined", None)),
        # The person became ready after this interview: only a list without interviews lets people wait from their
        # application.
        ({"status": "waiting", "waiting_since": LATER}, "not_suitable", ("waiting", LATER)),
        ({"status": "waiting", "waiting_since": LATER, "applied_on": LATER}, "not_suitable", ("declined", None)),
        # A pause ends if the interview came after its beginning.
        ({"status": "paused", "paused_on": EARLIER}, "suitable", ("waiting", HELD_ON)),
        ({"status": "paused", "paused_on": LATER}, "suitable", ("paused", HELD_ON)),
        ({"status": "paused"}, "suitable", ("paused", HELD_ON)),
        ({"status": "paused", "paused_on": EARLIER, "waiting_since": EARLIER}, "later", ("paused", None)),
        ({"status": "paused", "paused_on": LATER}, "not_suitable", ("declined", None)),
        # A role that has ended stays so, but an interview after its end tells whether the person is ready.
        ({"status": "ended", "ended_on": LATER, "waiting_since": EARLIER}, "later", ("ended", EARLIER)),
        ({"status": "ended", "ended_on": HELD_ON}, "suitable", ("ended", None)),
        ({"status": "ended"}, "suitable", ("ended", None)),
        ({"status": "declined", "ended_on": EARLIER}, "suitable", ("declined", HELD_ON)),
        ({"status": "ended", "ended_on": EARLIER, "waiting_since": EARLIER}, "not_suitable", ("ended", None)),
    ],
)
def test_effect_of_an_interview(fields, assessment, expected):
    assert effect_of(Enrolment(**fields), assessment, HELD_ON, HELD_ON) == expected


@pytest.mark.parametrize("assessment", ["suitable", "later", "not_suitable"])
def test_an_interview_before_another_assessed_one_changes_nothing(assessment):
    waiting = Enrolment(status="waiting", waiting_since=EARLIER)
    assert effect_of(waiting, assessment, HELD_ON, LATER) == ("waiting", EARLIER)
