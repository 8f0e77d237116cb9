"""Check constraints of a record are validated with one query and the same messages as Django's."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from demo.factories import EnrolmentFactory, PersonFactory
from people.models import Enrolment, Person

pytestmark = pytest.mark.django_db


def errors_of(validate, record, exclude=None) -> dict:
    try:
        validate(record, exclude)
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ended_on": dt.date(2011, 1, 1)},
        {"min_age": 40, "max_age": 30},
        {"min_age": 40, "max_age": 30, "ended_on": dt.date(2011, 1, 1)},
        {"role": "nonsense"},
        {"preferred_gender": "nonsense", "min_age": 40, "max_age": 30},
        {"min_age": None, "max_age": 30},
    ],
)
@pytest.mark.parametrize("exclude", [None, {"min_age"}, {"role", "status", "pk"}])
def test_conditions_hold_as_when_validated_one_by_one(changes, exclude):
    enrolment = EnrolmentFactory()
    for name, value in changes.items():
        setattr(enrolment, name, value)
    one_by_one = errors_of(models.Model.validate_constraints, enrolment, exclude)
    assert errors_of(Enrolment.validate_constraints, enrolment, exclude) == one_by_one


def test_each_failed_condition_is_named():
    enrolment = EnrolmentFactory(min_age=40)
    enrolment.max_age, enrolment.ended_on = 30, dt.date(2011, 1, 1)
    with pytest.raises(ValidationError) as caught:
        enrolment.full_clean()
    assert caught.value.messages == [
        "Kun en afsluttet har en slutdato.",
        "Den højeste alder er lavere end den laveste.",
    ]
    assert enrolment.get_constraints() == [(Enrolment, Enrolment._meta.constraints)]


def test_all_conditions_need_one_query():
    person = PersonFactory()
    with CaptureQueriesContext(connection) as queries:
        person.validate_constraints()
    assert sum("_check" in query["sql"] for query in queries) == 1
    assert len([rule for rule in Person._meta.constraints if isinstance(rule, models.CheckConstraint)]) > 1
