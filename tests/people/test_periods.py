"""Waits, pauses and ends of enrolments as records: nothing is overwritten, and days of waiting are their sum."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from common.journal import recording
from demo.factories import EnrolmentFactory, MentorFactory, PersonFactory
from people import services
from people.display import days_waited
from people.models import Enrolment, EnrolmentPeriod
from people.services.bulk import bulk_enrol_people
from people.services.merging import merge_people, undo_merge

pytestmark = pytest.mark.django_db
WAITED_FROM, PAUSED_ON, BACK_ON = dt.date(2011, 4, 1), dt.date(2011, 6, 10), dt.date(2011, 8, 9)
ENDED_ON, AGAIN_ON, TODAY = dt.date(2011, 8, 29), dt.date(2011, 9, 5), dt.date(2011, 9, 15)


def periods(enrolment) -> list[tuple]:
    fields = ("status", "began_on", "expected_on", "ended_on", "reason", "end_reason")
    return list(EnrolmentPeriod.objects.filter(enrolment=enrolment).order_by("began_on", "pk").values_list(*fields))


@pytest.fixture
def enrolment(programme):
    return EnrolmentFactory(programme=programme, waiting_since=WAITED_FROM)


def test_a_pause_and_an_end_stay_after_reopening_and_the_days_of_waiting_add_up(enrolment, coordinator):
    act = {"by": coordinator}
    services.pause_enrolment(enrolment, on=PAUSED_ON, reason="rejse", until=dt.date(2011, 8, 1), **act)
    services.reopen_enrolment(enrolment, on=BACK_ON, reason="hjemme igen", **act)
    services.end_enrolment(enrolment, on=ENDED_ON, reason="flyttet", **act)
    services.reopen_enrolment(enrolment, on=AGAIN_ON, reason="flyttet tilbage", **act)
    assert periods(enrolment) == [
        ("waiting", WAITED_FROM, None, PAUSED_ON, "", ""),
        ("paused", PAUSED_ON, dt.date(2011, 8, 1), BACK_ON, "rejse", "hjemme igen"),
        ("waiting", BACK_ON, None, ENDED_ON, "", ""),
        ("ended", ENDED_ON, None, AGAIN_ON, "flyttet", "flyttet tilbage"),
        ("waiting", AGAIN_ON, None, None, "", ""),
    ]
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.waiting_since) == ("waiting", WAITED_FROM)
    assert days_waited(enrolment) == 70 + 20 + 10


def test_an_open_pause_is_copied_to_the_enrolment(enrolment, coordinator):
    services.pause_enrolment(enrolment, by=coordinator, on=PAUSED_ON, reason="rejse", until=BACK_ON)
    enrolment.refresh_from_db()
    assert (enrolment.paused_on, enrolment.paused_until, enrolment.paused_reason) == (PAUSED_ON, BACK_ON, "rejse")
    assert enrolment.wait_counted_from is None
    services.reopen_enrolment(enrolment, by=coordinator)
    enrolment.refresh_from_db()
    assert (enrolment.paused_on, enrolment.paused_until, enrolment.paused_reason) == (None, None, "")
    assert periods(enrolment)[1][3] == TODAY


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        ("pause_enrolment", {"on": dt.date(2011, 9, 16), "reason": "x"}, "on"),
        ("pause_enrolment", {"on": dt.date(2011, 2, 28), "reason": "x"}, "on"),
        ("pause_enrolment", {"on": dt.date(2011, 3, 31), "reason": "x"}, "on"),
        ("pause_enrolment", {"on": PAUSED_ON, "until": PAUSED_ON, "reason": "x"}, "until"),
        ("end_enrolment", {"on": dt.date(2011, 3, 31), "reason": "x"}, "on"),
        ("end_enrolment", {"on": dt.date(2011, 9, 16), "reason": "x"}, "on"),
    ],
)
def test_days_out_of_order_are_refused(enrolment, coordinator, act, values, field):
    with pytest.raises(ValidationError) as refused:
        getattr(services, act)(enrolment, by=coordinator, **values)
    assert list(refused.value.message_dict) == [field]
    assert periods(enrolment) == [("waiting", WAITED_FROM, None, None, "", "")]


def test_reopening_before_the_pause_is_refused(enrolment, coordinator):
    services.pause_enrolment(enrolment, by=coordinator, on=PAUSED_ON, reason="rejse")
    with pytest.raises(ValidationError, match="Dagen ligger før 10"):
        services.reopen_enrolment(enrolment, by=coordinator, on=dt.date(2011, 6, 9))


def test_the_database_allows_one_open_period(enrolment):
    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentPeriod.objects.create(enrolment=enrolment, status="paused", began_on=PAUSED_ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentPeriod.objects.create(
            enrolment=enrolment, status="paused", began_on=PAUSED_ON, ended_on=dt.date(2011, 6, 9)
        )


def test_new_enrolments_of_a_list_have_their_periods(programme, coordinator):
    days = {"waiting": {"waiting_since": WAITED_FROM}, "ended": {"ended_on": ENDED_ON}, "applied": {}}
    rows = [
        Enrolment(person=PersonFactory(home_branch=programme.branch), programme=programme, role="mentee", **fields)
        for fields in ({"status": status} | found for status, found in days.items())
    ]
    with recording("apply_import", by=coordinator):
        bulk_enrol_people(rows, by=coordinator)
    found = EnrolmentPeriod.objects.order_by("pk").values_list("enrolment", "status", "began_on")
    assert list(found) == [(rows[0].pk, "waiting", WAITED_FROM), (rows[1].pk, "ended", ENDED_ON)]
    rows[0].refresh_from_db()
    assert days_waited(rows[0]) == 167


def test_a_merge_keeps_the_waits_of_both_and_counts_shared_days_once(programme, coordinator):
    kept = MentorFactory(programme=programme, waiting_since=dt.date(2011, 5, 1))
    other = MentorFactory(programme=programme, waiting_since=WAITED_FROM)
    services.pause_enrolment(other, by=coordinator, on=PAUSED_ON, reason="rejse")
    merge = merge_people(kept.person, other.person, by=coordinator)
    assert periods(kept) == [
        ("waiting", WAITED_FROM, None, PAUSED_ON, "", ""),
        ("waiting", dt.date(2011, 5, 1), None, None, "", ""),
        ("paused", PAUSED_ON, None, TODAY, "rejse", ""),
    ]
    kept.refresh_from_db()
    assert (kept.waiting_since, days_waited(kept)) == (dt.date(2011, 5, 1), 137)
    undo_merge(merge, by=coordinator)
    assert periods(other) == [
        ("waiting", WAITED_FROM, None, PAUSED_ON, "", ""),
        ("paused", PAUSED_ON, None, None, "rejse", ""),
    ]


def test_a_merge_of_two_who_wait_counts_from_the_earlier_day(programme, coordinator):
    kept = MentorFactory(programme=programme, waiting_since=dt.date(2011, 5, 1))
    other = MentorFactory(programme=programme, waiting_since=WAITED_FROM)
    merge_people(kept.person, other.person, by=coordinator)
    assert periods(kept) == [("waiting", WAITED_FROM, None, None, "", "")]
    kept.refresh_from_db()
    assert (kept.waiting_since, days_waited(kept)) == (WAITED_FROM, 167)
