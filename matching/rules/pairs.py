"""Rules for a new match of two people: problems in sentences, open matches and places."""

import datetime as dt
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from matching.enums import OPEN_STATUSES
from matching.models import Match
from matching.rules.conditions import (
    HAS_STATE,
    Mentee,
    Mentors,
    checks_before_match,
    conditions_for,
    interview_words,
    is_full,
    status_words,
)
from matching.rules.screening import approved_checks, interviewed_of, screening_problems
from people.enums import CLOSED_STATUSES
from people.models import Enrolment, Person
from people.services.permissions import state_sentence
from programmes.enums import ParticipantRole


def pair_problems(mentor: Enrolment, mentee: Enrolment, on: dt.date) -> list[str]:
    """Return all problems of a pair, except the mentee's other match and the mentor's capacity."""
    seeker = Mentee(mentee, on, required_checks=checks_before_match(mentee.programme))
    facts = _facts_of(mentor)
    found = [condition for condition in conditions_for(seeker) if condition.excludes(facts, seeker)]
    found = [HAS_STATE] if HAS_STATE in found else found
    problems = [*mentee_problems(mentee, on), *(condition.refusal(mentor, mentee) for condition in found)]
    return [problem for problem in dict.fromkeys(problems) if problem]


def mentee_problems(mentee: Enrolment, on: dt.date) -> list[str]:
    """Return the problems of a mentee, which prevent a match with any mentor."""
    if mentee.person.state:
        return [state_sentence(mentee.person)]
    problems = [status_words(mentee) if mentee.status in CLOSED_STATUSES else "", _age_problem(mentee, on)]
    if mentee.programme.requires_interview and mentee.pk not in interviewed_of([mentee.pk]):
        problems.append(interview_words(mentee))
    problems += screening_problems([mentee]).values()
    return [problem for problem in problems if problem]


def _facts_of(mentor: Enrolment) -> Mentors:
    """Return what the conditions ask about one mentor."""
    checks = {kind: count for (_pk, kind), count in approved_checks([mentor]).items()}
    return Mentors(
        people=mentor.person_id,
        gender=mentor.person.gender,
        wished_gender=mentor.preferred_gender,
        gender_is_required=mentor.gender_is_required,
        status=mentor.status,
        available_from=mentor.available_from.toordinal() if mentor.available_from else 0,
        is_interviewed=mentor.pk in interviewed_of([mentor.pk]),
        checks=checks,
        open_matches=Match.objects.filter(mentor=mentor.person_id, status__in=OPEN_STATUSES).count(),
        capacity=mentor.agreed_capacity,
        state=mentor.person.state,
    )


def _age_problem(mentee: Enrolment, on: dt.date) -> str:
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


def used_enrolments(enrolments: Collection[Enrolment]) -> list[int]:
    """Return the ids of the enrolments whose people have open matches in their role and programme."""
    keys = set(open_match_keys(enrolments))
    return [row.pk for row in enrolments if (row.role, row.person_id, row.programme_id) in keys]


def used_places(mentor: Person) -> list[Match]:
    """Return the mentor's open matches in all programmes, newest first; each takes a place."""
    rows = Match.objects.filter(mentor=mentor, status__in=OPEN_STATUSES)
    return list(rows.select_related("created_by", "mentor", "mentee").order_by("-pk"))


def has_full_mentor(match: Match) -> bool:
    """Return whether the open matches of a match's mentor use up the capacity in its programme."""
    rows = Enrolment.objects.filter(person=match.mentor, programme=match.programme, role=ParticipantRole.MENTOR)
    mentor = rows.select_related("programme").first()
    return mentor is not None and is_full(len(used_places(match.mentor)), mentor.agreed_capacity)


def lowest_free_place(taken: Collection[int]) -> int:
    """Return the lowest place of a mentor that no open match takes."""
    return next(place for place in range(1, len(taken) + 2) if place not in taken)
