"""What the programme's rules say about a match before it is made. Reads only; the desk and the services ask here."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from matching.enums import OPEN_STATUSES, InterviewAssessment
from matching.models import Interview, Match
from matching.rules.screening import missing_checks_of
from people.enums import EnrolmentStatus, Gender
from people.models import Enrolment, Person

SHUT = {EnrolmentStatus.PAUSED, EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED}


def age_problem(mentee: Enrolment, on: dt.date) -> str:
    """A sentence when the mentee's known age lies outside the programme's; otherwise an empty text."""
    rules, age = mentee.programme, mentee.person.age_on(on)
    if age is None:
        return ""
    words = {"name": mentee.person.name, "age": age, "min": rules.min_age, "max": rules.max_age}
    if rules.min_age is not None and age < rules.min_age:
        return _("%(name)s is %(age)s. The programme takes mentees from %(min)s years.") % words
    if rules.max_age is not None and age > rules.max_age:
        return _("%(name)s is %(age)s. The programme takes mentees up to %(max)s years.") % words
    return ""


def status_problem(enrolment: Enrolment) -> str:
    """A sentence when the person is paused, has ended or was declined."""
    if enrolment.status not in SHUT:
        return ""
    return _("%(name)s has the status: %(status)s. Change the status on the person's page first.") % {
        "name": enrolment.person.name,
        "status": enrolment.get_status_display(),
    }


def interview_problems(enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """By the enrolment's id: a sentence for those whom the programme wants interviewed and who are not."""
    asked = [enrolment for enrolment in enrolments if enrolment.programme.requires_interview]
    held = set(
        Interview.objects.filter(enrolment__in=[e.pk for e in asked], held_on__isnull=False)
        .exclude(assessment=InterviewAssessment.NOT_SUITABLE)
        .values_list("enrolment_id", flat=True)
    )
    words = _("%(name)s has not been interviewed. Register the interview first.")
    return {e.pk: words % {"name": e.person.name} for e in asked if e.pk not in held}


def screening_problems(enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """By the enrolment's id: a sentence for those who lack a check that must be in place before a match."""
    enrolments = list(enrolments)
    missing = missing_checks_of(enrolments)
    found = {}
    for enrolment in enrolments:
        blocking = [check.words for check in missing[enrolment.pk] if check.blocks_match]
        if blocking:
            found[enrolment.pk] = _("%(name)s lacks: %(checks)s. Register it first.") % {
                "name": enrolment.person.name,
                "checks": ", ".join(blocking),
            }
    return found


def gender_problem(asking: Enrolment, other: Enrolment) -> str:
    """A sentence when one asks for a gender as a condition and the other is not, or is not known to be, of it."""
    wish, gender = asking.preferred_gender, other.person.gender
    if not asking.gender_is_required or wish in {"", Gender.UNKNOWN, gender}:
        return ""
    someone = {Gender.WOMAN: _("a woman"), Gender.MAN: _("a man")}.get(wish, _("someone of another gender"))
    return _("%(name)s will only be matched with %(wish)s. Change the wish first, or choose another person.") % {
        "name": asking.person.name,
        "wish": someone,
    }


def pair_problems(mentor: Enrolment, mentee: Enrolment, on: dt.date) -> list[str]:
    """Every sentence that stands against the two, apart from the mentee's other match and the mentor's room."""
    both = [mentor, mentee]
    interviews, checks = interview_problems(both), screening_problems(both)
    problems = [status_problem(mentor), status_problem(mentee), age_problem(mentee, on)]
    problems += [gender_problem(mentee, mentor), gender_problem(mentor, mentee)]
    problems += [interviews.get(e.pk, "") for e in both] + [checks.get(e.pk, "") for e in both]
    return [problem for problem in problems if problem]


def open_match_of_mentee(mentee: Person, programme) -> Match | None:
    rows = Match.objects.filter(mentee=mentee, programme=programme, status__in=OPEN_STATUSES)
    return rows.select_related("mentee", "mentor", "created_by").first()


def used_places(mentor: Person) -> list[Match]:
    """The mentor's open matches in all programmes, newest first: each takes a place."""
    rows = Match.objects.filter(mentor=mentor, status__in=OPEN_STATUSES)
    return list(rows.select_related("created_by", "mentor", "mentee").order_by("-pk"))
