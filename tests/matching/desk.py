"""Mentees and mentors of the match desk."""

import datetime as dt

from django.urls import reverse

from demo.factories import (
    EnrolmentFactory,
    InterviewFactory,
    MentorFactory,
    PersonFactory,
)


def make_mentee(programme, name="Ali Nur", days=148, gender="man", **fields):
    first, last = name.split(" ")
    person = PersonFactory(home_branch=programme.branch, first_name=first, last_name=last, gender=gender)
    since = dt.date(2011, 9, 15) - dt.timedelta(days=days)
    enrolment = EnrolmentFactory(programme=programme, person=person, **({"waiting_since": since} | fields))
    InterviewFactory(enrolment=enrolment)
    return enrolment


def make_mentor(programme, name="Karsten Friis", **fields):
    first, last = name.split(" ")
    person = PersonFactory(home_branch=programme.branch, first_name=first, last_name=last, gender="man")
    enrolment = MentorFactory(programme=programme, person=person, **fields)
    InterviewFactory(enrolment=enrolment)
    return enrolment


def propose_url(mentee, mentor):
    return reverse("matching:desk-propose", args=[mentee.pk, mentor.pk])
