"""Strengths of a match: the share of the mentee's wishes that a mentor meets."""

import datetime as dt

import pytest
from django.utils import translation

from demo.factories import (
    MatchFactory,
)
from people.models import LanguageSkill
from tests.matching.ranking import make_mentor, make_seeker, only, rank, term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def mentee(programme):
    return make_seeker(programme)


@pytest.mark.parametrize(
    ("offered", "home", "strength", "met"),
    [
        ({"Praktik": "topic", "Byggeri": "industry", "Aften": "time", "Tingbjerg": "area"}, "8000", "strong", 4),
        ({"Praktik": "topic", "Byggeri": "industry", "Aften": "time"}, "2720", "strong", 4),
        ({"Praktik": "topic", "Aften": "time"}, "2720", "strong", 3),
        ({"Praktik": "topic", "Aften": "time"}, "8000", "good", 2),
        ({"Praktik": "topic", "Byggeri": "industry", "Søndag": "time"}, "2720", "good", 3),
        ({"Aften": "time"}, "8000", "possible", 1),
        ({"Søndag": "time"}, "8000", "possible", 0),
    ],
)
def test_strength_by_the_wishes_met(programme, mentee, offered, home, strength, met):
    """Four wishes: a topic, a field, a time, a place. A mentor without a time in common is never strong."""
    words = [term(name, kind) for name, kind in offered.items()]
    make_mentor(programme, "Karsten Friis", terms=words, person={"postcode": home})
    found = only(mentee)
    assert (found.strength, found.wishes_met, found.wishes_named) == (strength, met, 4)


@pytest.mark.parametrize(
    ("wish", "person", "strength", "met"),
    [
        ({"preferred_gender": "man"}, {}, "strong", 4),
        ({"preferred_gender": "woman"}, {}, "good", 3),
        ({"max_age": 50}, {"birth_date": dt.date(1970, 1, 1)}, "strong", 4),
        ({"max_age": 50}, {"birth_date": dt.date(1950, 1, 1)}, "good", 3),
        ({"max_age": 50}, {"birth_date": None}, "strong", 3),
    ],
)
def test_strength_counts_wishes_about_gender_and_age(programme, mentee, wish, person, strength, met):
    type(mentee).objects.filter(pk=mentee.pk).update(**wish)
    words = [term("Praktik"), term("Byggeri", "industry"), term("Aften", "time")]
    make_mentor(programme, "Karsten Friis", terms=words, person={"postcode": "8000", **person})
    found = only(mentee)
    assert (found.strength, found.wishes_met, found.wishes_named) == (strength, met, 5)


def test_strength_does_not_count_a_condition_about_gender(programme, mentee):
    type(mentee).objects.filter(pk=mentee.pk).update(preferred_gender="man", gender_is_required=True)
    make_mentor(programme, "Karsten Friis", person={"postcode": "2700"})
    found = only(mentee)
    assert (found.strength, found.wishes_met, found.wishes_named) == ("possible", 1, 4)


@pytest.mark.parametrize(("danish", "strength", "met", "named"), [("good", "strong", 4, 4), ("some", "good", 4, 5)])
def test_strength_counts_the_language_of_those_who_need_it(programme, mentee, danish, strength, met, named):
    LanguageSkill.objects.filter(person=mentee.person, language__name="Dansk").update(level=danish)
    words = [term("Praktik"), term("Byggeri", "industry"), term("Aften", "time")]
    make_mentor(programme, "Karsten Friis", terms=words, person={"postcode": "2700"})
    found = only(mentee)
    assert (found.strength, found.wishes_met, found.wishes_named) == (strength, met, named)


def test_strength_of_an_earlier_match_is_never_strong(programme, mentee):
    words = [term("Praktik"), term("Byggeri", "industry"), term("Aften", "time")]
    karsten = make_mentor(programme, "Karsten Friis", terms=words, person={"postcode": "2700"})
    fields = {"mentor_place": None, "status": "ended", "ended_on": dt.date(2011, 7, 1)}
    MatchFactory(programme=programme, mentor=karsten.person, mentee=mentee.person, **fields)
    assert only(mentee).strength == "good"


def test_strength_decides_before_the_points(programme, mentee):
    """Three shared topics and the field give more points than a topic, a time and a place, but meet fewer wishes."""
    mentee.terms.add(term("Lektier"), term("CV"))
    many = [term("Praktik"), term("Lektier"), term("CV"), term("Byggeri", "industry"), term("Søndag", "time")]
    points = make_mentor(programme, "Peter Skov", terms=many, person={"postcode": "8000"})
    wishes = make_mentor(
        programme, "Karsten Friis", terms=[term("Praktik"), term("Aften", "time"), term("Tingbjerg", "area")]
    )
    first, second = rank(mentee).mentors
    assert (first.enrolment, first.strength) == (wishes, "strong")
    assert (second.enrolment, second.strength) == (points, "good")


def test_strength_does_not_depend_on_the_other_mentors(programme, mentee):
    make_mentor(programme, "Karsten Friis", terms=[term("Praktik"), term("Aften", "time")])
    assert only(mentee).strength == "good"
    for letter in "abc":
        words = [term("Praktik"), term("Byggeri", "industry"), term("Aften", "time")]
        make_mentor(programme, f"Mentor {letter}", terms=words)
    assert rank(mentee).strength_counts == {"strong": 3, "good": 1, "possible": 0}
