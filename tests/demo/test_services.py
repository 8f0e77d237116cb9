import datetime as dt

import pytest
from django.apps import apps

from accounts.models import AccessRecord, Branch, User
from demo.factories import BranchFactory, ImportBatchFactory, PersonFactory
from demo.services import DemoRefused, empty_demo, load_demo
from events.models import Attendance
from matching.enums import MatchStatus
from matching.models import FollowUp, Match, Meeting
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.statuses import settle_locked
from programmes.models import Programme
from reporting.evaluation import evaluate_targets

pytestmark = pytest.mark.django_db
TODAY = dt.date(2011, 9, 15)
SMALL = 0.01


@pytest.fixture
def demo(db):
    return load_demo(size=SMALL)


def figures(year):
    programme = Programme.objects.get(slug="tingbjerg-2010")
    statuses = evaluate_targets(programme, start=dt.date(year, 1, 1), end=dt.date(year, 12, 31), on=TODAY)
    return {status.target.key: (status.value, status.state) for status in statuses}


def test_load_demo_creates_valid_records_in_every_state(db):
    """Check targets, states and rules after one load, as loading is slow."""
    people = load_demo(size=SMALL)
    assert_targets_of_tingbjerg(people)
    assert_every_match_status_and_follow_ups()
    assert_rules_without_constraints()


def assert_targets_of_tingbjerg(people):
    assert people == {"København": 39, "Tingbjerg": 265}
    in_2011 = figures(2011)
    assert in_2011["matches-men-2011"] == (12, "unlikely")
    assert in_2011["matches-women-2011"] == (19, "ahead")
    assert in_2011["network-events-2011"] == (3, "on_plan")
    assert in_2011["mentee-courses-2011"] == (2, "reached")
    assert figures(2010)["exchange-meetings-2010"] == (3, "missed")


def assert_every_match_status_and_follow_ups():
    assert set(Match.objects.values_list("status", flat=True)) == set(MatchStatus.values)
    tingbjerg = FollowUp.objects.filter(match__programme__slug="tingbjerg-2010")
    overdue = tingbjerg.overdue(TODAY).order_by("due_on")
    assert [(row.match.mentee.name, (TODAY - row.due_on).days) for row in overdue] == [
        ("Bashir Omar", 13),
        ("Hodan Warsame", 9),
        ("Emina Softić", 3),
        ("Leyla Demir", 1),
    ]
    assert tingbjerg.filter(due_on=TODAY, done_on=TODAY).count() == 1
    assert tingbjerg.due_between(TODAY, TODAY + dt.timedelta(days=6)).exists()


def assert_rules_without_constraints():
    for match in Match.objects.select_related("mentor", "mentee"):
        match.full_clean()
    running = Match.objects.open().values_list("mentee_id", flat=True)
    assert (
        not Enrolment.objects.filter(person__in=running, role="mentee").exclude(status=EnrolmentStatus.MATCHED).exists()
    )
    assert settle_locked(Enrolment.objects.all()) == []
    assert not Meeting.objects.filter(held_on__gt=TODAY).exists()
    assert not Attendance.objects.filter(event__starts_at__date__gt=TODAY, status="attended").exists()


def test_load_demo_refuses_a_database_with_people(tingbjerg):
    PersonFactory(home_branch=tingbjerg)
    with pytest.raises(DemoRefused):
        load_demo(size=SMALL)
    assert Person.objects.count() == 1


def test_empty_demo_removes_all_rows_and_the_next_load_is_the_same(demo):
    people = Person.objects.order_by("case_number").values_list("case_number", "first_name", "phones")
    first = list(people)
    AccessRecord.objects.create(user=User.objects.first(), kind="read", subject="people.person")
    ImportBatchFactory(programme=Programme.objects.first())
    assert empty_demo() == 304
    kept = {"contenttypes", "auth", "sites", "sessions"}
    left = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label not in kept and model._base_manager.exists()
    ]
    assert left == []
    load_demo(size=SMALL)
    assert list(people.all()) == first


def test_empty_demo_refuses_a_database_with_real_branches(tingbjerg):
    BranchFactory(name="Odense", slug="odense", code="O", is_demo=True)
    with pytest.raises(DemoRefused):
        empty_demo()
    assert Branch.objects.count() == 2


def test_empty_demo_refuses_a_database_without_a_demo(tingbjerg):
    with pytest.raises(DemoRefused):
        empty_demo()
