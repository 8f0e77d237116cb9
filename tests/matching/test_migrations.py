"""Migrations of the matching app that carry data over."""

import datetime as dt
import importlib

import pytest
from django.apps import apps

from demo.factories import EnrolmentFactory, MatchFactory, MentorFactory, ProgrammeFactory
from people.models import Enrolment, Person
from people.statuses import settle_locked

pytestmark = pytest.mark.django_db
settle = importlib.import_module("matching.migrations.0002_settle_enrolment_statuses").settle
APPLIED_ON, WAITED_FROM = dt.date(2011, 3, 1), dt.date(2011, 4, 1)


def in_match(role="mentee", programme=None, **fields):
    """An enrolment with an open match."""
    factory = MentorFactory if role == "mentor" else EnrolmentFactory
    enrolment = factory(**({"programme": programme} if programme else {}), **fields)
    MatchFactory(programme=enrolment.programme, **{role: enrolment.person})
    return enrolment


def test_stored_statuses_are_settled(programme):
    second = ProgrammeFactory(branch=programme.branch, default_capacity=1)
    full = in_match("mentor", programme, status="applied")
    rows = {
        "capacity 1 to 2": (in_match("mentor", programme, status="matched", capacity=2), "waiting", APPLIED_ON),
        "capacity 2 to 1": (in_match("mentor", programme, status="waiting", capacity=1), "matched", WAITED_FROM),
        "capacity 0": (in_match("mentor", programme, status="waiting", capacity=0), "matched", WAITED_FROM),
        "applied in a match": (in_match(programme=programme, status="applied"), "matched", None),
        "full": (full, "matched", None),
        "full elsewhere": (MentorFactory(programme=second, person=full.person), "matched", WAITED_FROM),
        "said to be matched": (EnrolmentFactory(programme=programme, status="matched"), "waiting", APPLIED_ON),
        "not yet": (EnrolmentFactory(programme=programme, status="applied", waiting_since=APPLIED_ON), "applied", None),
        "on pause": (in_match(programme=programme, status="paused"), "paused", None),
        "ended": (EnrolmentFactory(programme=programme, status="ended"), "ended", None),
        "waiting": (EnrolmentFactory(programme=programme), "waiting", WAITED_FROM),
    }  # fmt: skip
    settle(apps, None)
    found = {
        pk: (status, since) for pk, status, since in Enrolment.objects.values_list("pk", "status", "waiting_since")
    }
    assert {name: found[row.pk] for name, (row, *_rest) in rows.items()} == {
        name: (status, since) for name, (_row, status, since) in rows.items()
    }
    assert settle_locked(Enrolment.objects.all()) == []


def test_a_role_that_ended_under_a_running_match_is_open_again_and_a_note_says_so(programme):
    ended = {"ended_on": dt.date(2011, 5, 3), "ended_reason": "flyttet", "applied_on": None}
    mentor = in_match("mentor", programme, status="ended", capacity=2, **ended)
    mentee = in_match(programme=programme, status="declined", person__notes="Ring om aftenen")
    settle(apps, None)
    rows = Enrolment.objects.filter(pk__in=[mentor.pk, mentee.pk]).order_by("pk")
    assert [(row.status, row.ended_on, row.ended_reason) for row in rows] == [
        ("waiting", None, ""),
        ("matched", None, ""),
    ]
    assert [row.waiting_since for row in rows] == [mentor.created_at.date(), APPLIED_ON]
    notes = Person.objects.filter(enrolments__in=rows).order_by("enrolments").values_list("notes", flat=True)
    again = "men et match løber. Rollen er derfor åben igen."
    assert list(notes) == [
        f"Mentor i Mentornetværket Tingbjerg: rollen var afsluttet 03.05.2011 (flyttet), {again}",
        f"Ring om aftenen\nMentee i Mentornetværket Tingbjerg: rollen var afsluttet, {again}",
    ]
    assert settle_locked(Enrolment.objects.all()) == []
