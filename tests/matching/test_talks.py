"""Talks are read alike for one match and for many: planned follow-ups that were done, and talks outside the plan."""

import datetime as dt

import pytest

from demo.factories import ContactFactory, FollowUpFactory
from matching.models import Contact
from matching.rules.talks import read_talks, talks_of

TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def contacts_of(match):
    """Store a contact with a side of the match."""

    def store(side, **fields):
        enrolment = getattr(match, side).enrolments.get(programme=match.programme)
        return ContactFactory(enrolment=enrolment, match=match, **fields)

    return store


def test_talks_of_one_match_and_of_many(match, contacts_of, django_assert_num_queries):
    FollowUpFactory(match=match, due_on=TODAY)
    done = FollowUpFactory(match=match, side="both", due_on=TODAY, done_on=TODAY, mood="good")
    first = contacts_of("mentor", on=dt.date(2011, 9, 1), mood="hard")
    contacts_of("mentee", result="not_reached", on=TODAY)
    last = contacts_of("mentee", on=TODAY, support="yes")
    loaded = talks_of(match.follow_ups.all(), Contact.objects.filter(match=match).select_related("enrolment"))
    assert [(talk.pk, talk.side, talk.mood, talk.support) for talk in loaded] == [
        (first.pk, "mentor", "hard", ""),
        (done.pk, "both", "good", ""),
        (last.pk, "mentee", "", "yes"),
    ]
    with django_assert_num_queries(1):
        assert read_talks([match.pk])[match.pk] == loaded
    assert [[talk.is_with(side) for talk in loaded] for side in ("mentor", "mentee")] == [
        [True, True, False],
        [False, True, True],
    ]
