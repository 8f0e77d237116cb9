"""What the services of people leave in the journal: one act for each, with what was created, changed and deleted."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common.models import Act
from demo.factories import EnrolmentFactory, MatchFactory, MentorFactory, PersonFactory, TermFactory
from people import services
from people.enums import TermKind
from people.models import Enrolment
from people.services.merging import mark_distinct, merge_people, undo_merge, unmark_distinct
from programmes.services import update_programme
from tests.journal_entries import deleted, recorded

pytestmark = pytest.mark.django_db
DAY = dt.date(2011, 9, 1)


def acts() -> list[tuple]:
    return list(Act.objects.order_by("pk").values_list("name", "by__name"))


def test_a_person_is_created_with_languages_in_one_act(coordinator, tingbjerg):
    skill = services.Skill(TermFactory(kind=TermKind.LANGUAGE, name="Somali"), "native")
    services.create_person(by=coordinator, branch=tingbjerg, first_name="Åse", languages=[skill])
    assert acts() == [("create_person", coordinator.name)]
    assert recorded("create_person") == [
        ("made", "people.person", "", None, None),
        ("made", "people.languageskill", "", None, None),
    ]


def test_an_intake_is_one_act_of_the_outermost_service(coordinator, programme):
    enrolment = {"programme": programme, "role": "mentee", "terms": [TermFactory()]}
    consent = {"kind": "store", "is_given": True, "on": DAY}
    services.complete_intake(by=coordinator, person={"first_name": "Åse"}, enrolment=enrolment, consents=[consent])
    assert acts() == [("complete_intake", coordinator.name)]
    assert [model for _kind, model, *_rest in recorded("complete_intake")] == [
        "people.person", "people.enrolment", "people.enrolment_terms", "people.consent",
    ]  # fmt: skip


def test_a_change_has_its_values_and_the_same_again_leaves_no_act(coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, last_name="Møller", town="Husum")
    services.update_person(person, by=coordinator, last_name="Ågård", town="Husum")
    services.update_person(person, by=coordinator, last_name="Ågård")
    assert acts() == [("update_person", coordinator.name)]
    changes = {field: (before, after) for _kind, _model, field, before, after in recorded("update_person")}
    assert changes["last_name"] == ("Møller", "Ågård")
    assert sorted(changes) == ["last_name"]  # and not the search text, which is computed


def test_a_refused_act_leaves_no_entry(coordinator, manager, programme):
    person = PersonFactory(home_branch=programme.branch)
    with pytest.raises(ValidationError):
        services.update_person(person, by=coordinator, address="Ruten 12, 030577-1234")
    with pytest.raises(PermissionDenied):
        services.update_person(person, by=manager, town="Husum")
    with pytest.raises(ValidationError):
        services.complete_intake(
            by=coordinator, person={"first_name": "Åse"}, enrolment={"programme": programme, "role": "unheard of"}
        )
    assert acts() == []


def test_new_languages_replace_the_old_ones_and_the_same_ones_do_not(coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg)
    somali, danish = (TermFactory(kind=TermKind.LANGUAGE, name=name) for name in ("Somali", "Dansk"))
    services.set_languages(person, [services.Skill(somali, "native")], by=coordinator)
    services.set_languages(person, [services.Skill(somali, "native")], by=coordinator)
    assert acts() == [("set_languages", coordinator.name)]
    services.set_languages(person, [services.Skill(danish, "good")], by=coordinator)
    assert [change[:2] for change in recorded("set_languages")] == [
        ("made", "people.languageskill"), ("made", "people.languageskill"), ("removed", "people.languageskill"),
    ]  # fmt: skip
    assert [(row["language_id"], row["level"]) for row in deleted("set_languages")] == [(somali.pk, "native")]


def test_changed_terms_are_rows_created_and_deleted(coordinator, programme):
    enrolment, old, new = EnrolmentFactory(programme=programme), TermFactory(name="Job"), TermFactory(name="Bolig")
    enrolment.terms.set([old])
    services.update_enrolment(enrolment, by=coordinator, terms=[new], wish="Job")
    assert [change[:3] for change in recorded("update_enrolment")] == [
        ("made", "people.enrolment_terms", ""),
        ("changed", "people.enrolment", "wish"),
        ("removed", "people.enrolment_terms", ""),
    ]
    assert [row["term_id"] for row in deleted("update_enrolment")] == [old.pk]


def test_ending_records_status_day_and_reason(coordinator, programme):
    enrolment = EnrolmentFactory(programme=programme, status="waiting", waiting_since=DAY)
    services.end_enrolment(enrolment, by=coordinator, on=DAY, reason="flyttet")
    assert recorded("end_enrolment") == [
        ("made", "people.enrolmentperiod", "", None, None),
        ("changed", "people.enrolment", "status", "waiting", "ended"),
        ("changed", "people.enrolment", "ended_on", None, "2011-09-01"),
        ("changed", "people.enrolment", "ended_reason", "", "flyttet"),
        ("changed", "people.enrolmentperiod", "ended_on", None, "2011-09-01"),
    ]


def test_a_new_default_capacity_records_the_statuses_that_it_settles(administrator, programme):
    mentor = MentorFactory(programme=programme, status="waiting", waiting_since=DAY, capacity=None)
    match = MatchFactory(programme=programme, mentor=mentor.person)
    Enrolment.objects.filter(pk=mentor.pk).update(status="matched")
    update_programme(programme, by=administrator, default_capacity=2)
    assert match.mentor.enrolments.get().status == "waiting"
    assert recorded("update_programme") == [
        ("changed", "programmes.programme", "default_capacity", 1, 2),
        ("changed", "people.enrolment", "status", "matched", "waiting"),
    ]


def test_distinct_people_are_recorded_and_deleted(kept, other, coordinator):
    pair = mark_distinct(kept, other, by=coordinator)
    pk = pair.pk
    unmark_distinct(pair, by=coordinator)
    assert recorded("mark_distinct") == [("made", "people.distinctpeople", "", None, None)]
    assert recorded("unmark_distinct") == [("removed", "people.distinctpeople", "", None, None)]
    assert [(row["id"], row["decided_by_id"]) for row in deleted("unmark_distinct")] == [(pk, coordinator.pk)]


def test_a_merge_and_its_undoing_are_one_act_each_without_the_merge_itself(kept, other, coordinator, programme):
    EnrolmentFactory(person=other, programme=programme)
    merge = merge_people(kept, other, by=coordinator)
    undo_merge(merge, by=coordinator)
    assert acts() == [("merge_people", coordinator.name), ("undo_merge", coordinator.name)]
    assert ("changed", "people.enrolment", "person_id", other.pk, kept.pk) in recorded("merge_people")
    assert ("changed", "people.enrolment", "person_id", kept.pk, other.pk) in recorded("undo_merge")
    assert "people.personmerge" not in {
        model for _kind, model, *_rest in recorded("merge_people") + recorded("undo_merge")
    }


def test_loading_the_vocabulary_twice_leaves_one_act(db):
    count = services.load_vocabulary()
    services.load_vocabulary()
    act = Act.objects.get()
    assert (act.name, act.by) == ("load_vocabulary", None)
    assert sum(change.last_id - change.record_id + 1 for change in act.changes.all()) == count
