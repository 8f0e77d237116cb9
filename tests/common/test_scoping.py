"""Branch scope of querysets."""

import pytest

from accounts.roles import VERBS_OF_ROLE, Verb, role_may
from demo.factories import EnrolmentFactory, PersonFactory
from people.models import Person

pytestmark = pytest.mark.django_db


def test_role_may_denies_what_is_not_in_the_table():
    assert role_may("manager", Verb.READ_CASES) is False
    assert role_may("stranger", Verb.SEE_FIGURES) is False
    assert role_may("coordinator", "unheard_of") is False
    assert len(VERBS_OF_ROLE) == 3


def test_visible_to_shows_home_branch_and_enrolled_once(coordinator, tingbjerg, koebenhavn, programme, other_programme):
    own = PersonFactory(home_branch=tingbjerg)
    EnrolmentFactory(person=own, programme=programme)
    borrowed = PersonFactory(home_branch=koebenhavn)
    EnrolmentFactory(person=borrowed, programme=programme)
    EnrolmentFactory(person=borrowed, programme=programme, role="mentor")
    PersonFactory(home_branch=koebenhavn)
    assert list(Person.objects.visible_to(coordinator).order_by("pk")) == [own, borrowed]


def test_visible_to_is_empty_for_managers_and_outsiders(manager, outsider, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg)
    assert not Person.objects.visible_to(manager).exists()
    assert list(Person.objects.known_to(manager)) == [person]
    assert not Person.objects.known_to(outsider).exists()


@pytest.mark.parametrize("words", ["ågård", "AAGAARD", "agard", "moller", "MØLLER", "Åse møl"])
def test_search_folds_case_accents_and_danish_letters(tingbjerg, words):
    person = PersonFactory(home_branch=tingbjerg, first_name="Åse", last_name="Møller Ågård")
    PersonFactory(home_branch=tingbjerg, first_name="Karen", last_name="Dahl")
    assert list(Person.objects.search(words)) == [person]
