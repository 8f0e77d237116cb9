"""The hard rules: the desk excludes exactly the mentors whom the service refuses."""

import datetime as dt

import pytest

from demo.factories import MatchFactory, ScreeningRequirementFactory
from matching import services
from matching.ranking import excluded_mentors, rank_mentors
from matching.rules.conditions import Mentee, conditions_for
from matching.rules.pairs import pair_problems
from people.models import Enrolment
from tests.matching.conftest import ready_mentee, ready_mentor

pytestmark = pytest.mark.django_db
ON = dt.date(2011, 9, 15)


def not_interviewed(mentor):
    mentor.interviews.all().delete()


def unsuited(mentor):
    mentor.interviews.update(assessment="not_suitable")


def full(mentor):
    MatchFactory(programme=mentor.programme, mentor=mentor.person)


def change(**fields):
    def act(mentor):
        Enrolment.objects.filter(pk=mentor.pk).update(**fields)

    return act


def of_gender(gender):
    def act(mentor):
        mentor.person.gender = gender
        mentor.person.save()

    return act


def lacks_check(mentor):
    ScreeningRequirementFactory(programme=mentor.programme, kind="criminal_record")


CASES = {
    "opposite_gender": of_gender("man"),
    "gender_not_known": of_gender("unknown"),
    "mentors_gender": change(preferred_gender="man", gender_is_required=True),
    "not_interviewed": not_interviewed,
    "unsuited": unsuited,
    "missing_criminal_record": lacks_check,
    "no_place": full,
    "closed": change(status="paused"),
    "free_later": change(available_from=dt.date(2011, 12, 15)),
    "free_soon": change(available_from=dt.date(2011, 12, 14)),
    "fits": change(preferred_gender="woman", gender_is_required=True),
}
ALLOWED = {"free_soon", "fits"}


@pytest.mark.parametrize("name", CASES)
def test_desk_and_service_apply_the_same_conditions(programme, coordinator, name):
    mentee = ready_mentee(programme, preferred_gender="woman", gender_is_required=True)
    mentor = ready_mentor(programme)
    CASES[name](mentor)
    mentor, mentee = (
        Enrolment.objects.select_related("person", "programme").order_by("-pk").filter(pk__in=[mentor.pk, mentee.pk])
    )
    ranking = rank_mentors(mentee, ON, also=[mentor.pk])
    excluded = [exclusion.condition.name for exclusion in ranking.excluded.values()]
    assert excluded == ([] if name in ALLOWED else [{"unsuited": "not_interviewed"}.get(name, name)])
    assert [row.enrolment for row in ranking.mentors] == ([mentor] if name in ALLOWED else [])
    rows, _total = excluded_mentors(mentee, ON, start=0, number=9)
    assert [row.is_full for row in rows if row.enrolment == mentor] == ([] if name in ALLOWED else [name == "no_place"])

    # A reason lifts the rule about places, so it is no problem of the pair.
    assert bool(pair_problems(mentor, mentee, ON)) == (name not in ALLOWED | {"no_place"})
    words = {"programme": programme, "mentor": mentor.person, "mentee": mentee.person, "by": coordinator, "on": ON}
    if name in ALLOWED:
        assert services.propose_match(**words).status == "proposed"
    else:
        with pytest.raises(services.MatchRefused):
            services.propose_match(**words)


def test_a_mentor_who_is_free_later_is_refused_with_the_day(programme, mentee):
    mentor = ready_mentor(programme, available_from=dt.date(2012, 1, 3))
    assert pair_problems(mentor, mentee, ON) == [
        "Birgitte Holm kan først 3.\xa0januar 2012. Ret datoen først, eller vælg en anden."
    ]


def test_every_condition_has_its_words(programme, mentee):
    ScreeningRequirementFactory(programme=programme, kind="reference", count=2)
    seeker = Mentee(mentee, ON, required_checks=list(programme.screening_requirements.all()))
    conditions = conditions_for(seeker)
    names = [condition.name for condition in conditions]
    assert names == ["same_person", "has_state", "opposite_gender", "gender_not_known", "mentors_gender",
                     "not_interviewed", "missing_reference", "no_place", "closed", "free_later"]  # fmt: skip
    words = [text for one in conditions for text in (one.short(seeker), one.counted(2, seeker))]
    assert len(set(words)) == 2 * len(names)
