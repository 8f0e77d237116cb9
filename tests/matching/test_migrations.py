"""Migrations of the matching app that carry data over."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.utils import timezone

from common.journal import recording, save
from common.models import Act
from demo.factories import EnrolmentFactory, FollowUpFactory, MatchFactory, MentorFactory, ProgrammeFactory
from matching.models import Contact, MatchEnding, MatchPause, PlannedMeeting
from people.models import Enrolment, EnrolmentPeriod, Person
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
    assert [row.waiting_since for row in rows] == [timezone.localdate(mentor.created_at), APPLIED_ON]
    notes = Person.objects.filter(enrolments__in=rows).order_by("enrolments").values_list("notes", flat=True)
    again = "men et match løber. Rollen er derfor åben igen."
    assert list(notes) == [
        f"Mentor i Mentornetværket Tingbjerg: rollen var afsluttet 03.05.2011 (flyttet), {again}",
        f"Ring om aftenen\nMentee i Mentornetværket Tingbjerg: rollen var afsluttet, {again}",
    ]
    assert settle_locked(Enrolment.objects.all()) == []


def test_waits_pauses_and_ends_of_roles_become_records(programme):
    store = importlib.import_module("matching.migrations.0005_enrolment_periods").store_periods
    ended_on = dt.date(2011, 8, 1)
    left = {"status": "ended", "waiting_since": WAITED_FROM, "ended_on": ended_on, "ended_reason": "flyttet"}
    rows = [
        EnrolmentFactory(programme=programme),
        in_match(programme=programme, status="matched", waiting_since=WAITED_FROM),
        EnrolmentFactory(programme=programme, status="paused", paused_on=ended_on, paused_reason="rejse"),
        EnrolmentFactory(programme=programme, **left),
        EnrolmentFactory(programme=programme, status="applied"),
    ]
    EnrolmentPeriod.objects.all().delete()
    Enrolment.objects.update(wait_counted_from=None)
    store(apps, None)
    found = EnrolmentPeriod.objects.filter(enrolment__in=rows).order_by("enrolment", "pk")
    assert list(found.values_list("enrolment", "status", "began_on", "ended_on", "reason")) == [
        (rows[0].pk, "waiting", WAITED_FROM, None, ""),
        (rows[1].pk, "waiting", WAITED_FROM, dt.date(2011, 6, 1), ""),
        (rows[2].pk, "paused", ended_on, None, "rejse"),
        (rows[3].pk, "waiting", WAITED_FROM, ended_on, ""),
        (rows[3].pk, "ended", ended_on, None, "flyttet"),
    ]
    rows[0].refresh_from_db()
    assert rows[0].wait_counted_from == WAITED_FROM


def test_pauses_and_ends_of_matches_become_records(programme):
    store = importlib.import_module("matching.migrations.0007_store_pauses_and_endings").store_records
    first, again, talk = dt.date(2011, 7, 1), dt.date(2011, 7, 20), dt.date(2011, 8, 1)
    ended = {"status": "ended", "ended_on": talk, "end_reason": "moved", "end_note": "Odense", "closing_talk_on": talk}
    over, paused = MatchFactory(programme=programme, **ended), MatchFactory(programme=programme, status="paused")
    for match, status, on in (
        (over, "paused", first), (over, "active", again), (paused, "active", first), (paused, "paused", again)
    ):  # fmt: skip
        match.steps.create(status=status, on=on, note=f"{status} {on.day}")
    MatchEnding.objects.all().delete()
    store(apps, None)
    fields = ("match", "on", "reason", "note", "mentee_talk_on", "mentor_talk_on", "reopened_on")
    assert list(MatchEnding.objects.values_list(*fields)) == [(over.pk, talk, "moved", "Odense", talk, talk, None)]
    assert list(MatchPause.objects.order_by("match").values_list("match", "began_on", "ended_on", "reason")) == [
        (over.pk, first, again, "paused 1"),
        (paused.pk, again, None, "paused 20"),
    ]
    paused.refresh_from_db()
    assert paused.paused_on == again


def test_the_arranged_first_meetings_of_introduced_matches_are_stored_as_plans(programme):
    day = dt.date(2011, 9, 20)
    arranged = {"status": "introduced", "started_on": None, "introduced_on": day, "first_meeting_place": "Skolen"}
    introduced = MatchFactory(programme=programme, **arranged)
    MatchFactory(programme=programme, introduced_on=day)
    PlannedMeeting.objects.all().delete()
    plans = importlib.import_module("matching.migrations.0009_store_planned_first_meetings")
    plans.store_plans(apps, None)
    found = PlannedMeeting.objects.values_list("match", "on", "time", "place", "is_first", "state")
    assert list(found) == [(introduced.pk, day, None, "Skolen", True, "open")]


move_further = importlib.import_module("matching.migrations.0011_move_further_contacts").move_further_contacts


def further_talk(match, by, *, is_corrected=False):
    """A further talk as it was stored before contacts: a follow-up without a step, with its act in the journal."""
    with recording("record_follow_up", by=by):
        row = FollowUpFactory.build(match=match, due_on=APPLIED_ON, done_on=APPLIED_ON, channel="phone", mood="hard")
        row.note, row.done_by = "Talt igen", by
        save(row)
    if is_corrected:
        with recording("correct_follow_up", by=by):
            row.note = "Rettet"
            save(row)
    return row


def test_further_talks_become_contacts_if_it_is_certain_what_they_are(match, coordinator):
    moved_id = further_talk(match, coordinator).pk
    corrected = further_talk(match, coordinator, is_corrected=True)
    imported = FollowUpFactory(match=match, due_on=APPLIED_ON, done_on=APPLIED_ON, channel="phone", mood="good")
    planned = FollowUpFactory(match=match, due_on=APPLIED_ON, done_by=coordinator)
    move_further(apps, None)
    assert list(match.follow_ups.order_by("pk")) == [corrected, imported, planned]
    contact = Contact.objects.get()
    assert (contact.enrolment.person, contact.match, contact.result) == (match.mentee, match, "talked")
    assert (contact.on, contact.channel, contact.mood, contact.note) == (APPLIED_ON, "phone", "hard", "Talt igen")
    act = Act.objects.get(name="record_follow_up", changes__record_id=moved_id)
    assert (contact.recorded_by, contact.recorded_at) == (coordinator, act.at)
