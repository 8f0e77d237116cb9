"""Rules for a new match: each ``…_problem`` returns a sentence, or an empty text if the rule is met."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext as _

from matching.enums import OPEN_STATUSES, InterviewAssessment
from matching.models import Interview, Match
from matching.rules.screening import missing_checks_of
from matching.words import gender_words
from people.enums import CLOSED_STATUSES, Gender
from people.models import Enrolment, Person
from programmes.enums import ParticipantRole


def age_problem(mentee: Enrolment, on: dt.date) -> str:
    """Return a sentence if the mentee's known age is outside the programme's limits."""
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
    """Return a sentence if the enrolment is paused, ended or declined."""
    if enrolment.status not in CLOSED_STATUSES:
        return ""
    return _("%(name)s has the status: %(status)s. Change the status on the person's page first.") % {
        "name": enrolment.person.name,
        "status": enrolment.get_status_display(),
    }


def interview_problems(enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """Return, by enrolment id, a sentence for each enrolment that lacks a required interview."""
    required = [enrolment for enrolment in enrolments if enrolment.programme.requires_interview]
    held = set(
        Interview.objects.filter(enrolment__in=[e.pk for e in required], held_on__isnull=False)
        .exclude(assessment=InterviewAssessment.NOT_SUITABLE)
        .values_list("enrolment_id", flat=True)
    )
    words = _("%(name)s has not been interviewed. Register the interview first.")
    return {e.pk: words % {"name": e.person.name} for e in required if e.pk not in held}


def screening_problems(enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """Return, by enrolment id, a sentence for each enrolment that lacks a check required before a match."""
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
    """Return a sentence if one requires a gender that the other does not have, or is not known to have."""
    wish, gender = asking.preferred_gender, other.person.gender
    if not asking.gender_is_required or wish in {"", Gender.UNKNOWN, gender}:
        return ""
    return _("%(name)s will only be matched with %(wish)s. Change the wish first, or choose another person.") % {
        "name": asking.person.name,
        "wish": gender_words(wish),
    }


def pair_problems(mentor: Enrolment, mentee: Enrolment, on: dt.date) -> list[str]:
    """Return all problems of a pair, except the mentee's other match and the mentor's capacity."""
    both = [mentor, mentee]
    interviews, checks = interview_problems(both), screening_problems(both)
    problems = [status_problem(mentor), status_problem(mentee), age_problem(mentee, on)]
    problems += [gender_problem(mentee, mentor), gender_problem(mentor, mentee)]
    problems += [interviews.get(e.pk, "") for e in both] + [checks.get(e.pk, "") for e in both]
    return [problem for problem in problems if problem]


def open_match_of_mentee(mentee: Person, programme) -> Match | None:
    """Return the mentee's open match in a programme, of which there is at most one."""
    rows = Match.objects.filter(mentee=mentee, programme=programme, status__in=OPEN_STATUSES)
    return rows.select_related("mentee", "mentor", "created_by").first()


def open_match_keys(enrolments: Collection[Enrolment]) -> Iterator[tuple[str, int, int]]:
    """Yield role, person id and programme id of each open match of the enrolments' mentors and mentees."""
    for role in (ParticipantRole.MENTOR, ParticipantRole.MENTEE):
        people = {enrolment.person_id for enrolment in enrolments if enrolment.role == role}
        rows = (
            Match.objects.filter(**{f"{role}__in": people}, status__in=OPEN_STATUSES)
            if people
            else Match.objects.none()
        )
        for person_id, programme_id in rows.order_by().values_list(f"{role}_id", "programme_id"):
            yield role, person_id, programme_id


def used_places(mentor: Person) -> list[Match]:
    """Return the mentor's open matches in all programmes, newest first; each takes a place."""
    rows = Match.objects.filter(mentor=mentor, status__in=OPEN_STATUSES)
    return list(rows.select_related("created_by", "mentor", "mentee").order_by("-pk"))


def lowest_free_place(taken: Collection[int]) -> int:
    """Return the lowest place of a mentor that no open match takes."""
    return next(place for place in range(1, len(taken) + 2) if place not in taken)
