"""A mentee, mentors and the ranking, for the tests of the ranking and of the strengths."""

import datetime as dt

from demo.factories import (
    EnrolmentFactory,
    InterviewFactory,
    MentorFactory,
    PersonFactory,
    TermFactory,
)
from matching.ranking import rank_mentors
from people.models import LanguageSkill

ON = dt.date(2011, 9, 15)


def term(name, kind="topic"):
    return TermFactory(kind=kind, name=name)


def speak(person, **levels):
    for name, level in levels.items():
        LanguageSkill.objects.create(person=person, language=term(name, "language"), level=level)


def make_seeker(programme):
    """A man of 27 in 2700 Brønshøj who wants to become a carpenter; Somali, good Danish."""
    person = PersonFactory(
        home_branch=programme.branch,
        first_name="Ali Hassan",
        last_name="Nur",
        gender="man",
        birth_date=dt.date(1984, 3, 3),
        postcode="2700",
        town="Brønshøj",
    )
    speak(person, Somali="native", Dansk="good")
    wishes = [term("Praktik"), term("Byggeri", "industry"), term("Aften", "time"), term("Tingbjerg", "area")]
    enrolment = EnrolmentFactory(programme=programme, person=person, terms=wishes)
    InterviewFactory(enrolment=enrolment)
    return enrolment


def make_mentor(programme, name, *, interviewed=True, person=None, **fields):
    first, last = name.split(" ")
    details = {"home_branch": programme.branch, "first_name": first, "last_name": last, "gender": "man"}
    enrolment = MentorFactory(programme=programme, person=PersonFactory(**(details | (person or {}))), **fields)
    if interviewed:
        InterviewFactory(enrolment=enrolment)
    return enrolment


def rank(mentee, **options):
    return rank_mentors(type(mentee).objects.select_related("person", "programme").get(pk=mentee.pk), ON, **options)


def only(mentee):
    ranking = rank(mentee)
    assert len(ranking.mentors) == 1
    return ranking.mentors[0]
