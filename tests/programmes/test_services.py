import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccessRecord
from demo.factories import FollowUpStepFactory, ScreeningRequirementFactory
from programmes.models import Funder, Programme
from programmes.services import (
    RankedArea,
    create_programme,
    remove_follow_up_step,
    remove_requirement,
    save_follow_up_step,
    save_funder,
    save_requirement,
    set_policy_areas,
    update_programme,
)


def test_services_refuse_users_who_do_not_manage_rules(programme, coordinator, koebenhavn, administrator):
    step, requirement = FollowUpStepFactory(programme=programme), ScreeningRequirementFactory(programme=programme)
    acts = [
        lambda by: update_programme(programme, by=by, name="X"),
        lambda by: save_follow_up_step(programme, by=by, step=step, name="X"),
        lambda by: remove_follow_up_step(step, by=by),
        lambda by: save_requirement(programme, by=by, requirement=requirement, count=3),
        lambda by: remove_requirement(requirement, by=by),
        lambda by: set_policy_areas(programme, [], by=by),
        lambda by: create_programme(by=by, branch=programme.branch, slug="x", name="X"),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act(coordinator)
    with pytest.raises(PermissionDenied):
        update_programme(programme, by=administrator, branch=koebenhavn)
    assert Programme.objects.get().name == "Mentornetværket Tingbjerg"


def test_a_change_is_logged_with_what_changed(programme, administrator):
    update_programme(programme, by=administrator, name=programme.name, harm_months=4)
    update_programme(programme, by=administrator, harm_months=4)
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject, record.detail) == (
        "write",
        "programmes.programme",
        "Ændret: marker afslutning inden for så mange måneder",
    )


def test_set_policy_areas_refuses_two_of_the_same_priority_and_changes_nothing(programme):
    set_policy_areas(programme, [RankedArea("Tryghed", 1)], by=None)
    with pytest.raises(ValidationError):
        set_policy_areas(programme, [RankedArea("Bolig", 1), RankedArea("Uddannelse", 1)], by=None)
    assert [str(area) for area in programme.policy_areas.all()] == ["1. Tryghed"]


def test_a_funder_keeps_its_short_name(db):
    save_funder("Københavns Kommune")
    save_funder("Københavns Kommune", "KK")
    save_funder("Københavns Kommune")
    assert list(Funder.objects.values_list("name", "short_name")) == [("Københavns Kommune", "KK")]
