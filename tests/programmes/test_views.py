import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import FollowUpStepFactory, MembershipFactory, ProgrammeFactory, ScreeningRequirementFactory
from programmes.models import FollowUpStep, PolicyArea, Programme, ScreeningRequirement

LIST = reverse("programmes:programme-list")


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def detail_of(programme) -> str:
    return reverse("programmes:programme-detail", args=[programme.slug])


def facts(**changes) -> dict:
    """Return the data of a complete programme form."""
    fields = {
        "name": "Mentornetværket Tingbjerg",
        "kind": "volunteer",
        "starts_on": "01-01-2010",
        "ends_on": "31-12-2011",
        "agreement": "Ansøgning 2010",
        "purpose": "Netværk",
        "target_group": "Alle",
        "min_duration_months": "12",
        "harm_months": "3",
        "meetings_per_month": "2,5",
        "hours_per_meeting": "2",
        "silence_days": "30",
        "outcome_months": "3",
        "default_capacity": "1",
        "min_age": "",
        "max_age": "",
        "requires_interview": "on",
        "retention_months": "24",
        "funder_names": "Københavns Kommune\n\nStaten\nStaten",
        "areas-TOTAL_FORMS": "6",
        "areas-INITIAL_FORMS": "0",
        "areas-0-name": "Tryghed",
        "areas-0-note": "særligt de sidste to",
        "areas-2-name": "Beskæftigelse",
    }
    return {**fields, **changes}


def test_list_shows_programmes_of_own_branches_ended_ones_last(client_of, coordinator, programme, other_programme):
    ended = ProgrammeFactory(
        branch=programme.branch, name="Pilot", starts_on=dt.date(2009, 8, 1), ends_on=dt.date(2009, 12, 31)
    )
    coming = ProgrammeFactory(
        branch=programme.branch, name="Næste", starts_on=dt.date(2012, 1, 1), ends_on=dt.date(2013, 12, 31)
    )
    response = client_of(coordinator).get(LIST)
    assert response.context["programmes"] == [coming, programme, ended]
    page = text_of(response)
    assert [word in page for word in ("Løber", "Afsluttet", "Ikke begyndt", "Opret indsats")] == [
        True,
        True,
        True,
        False,
    ]


def test_list_has_a_branch_column_when_there_are_several(client_of, coordinator, programme, other_programme):
    MembershipFactory(user=coordinator, branch=other_programme.branch)
    assert '<th scope="col">Afdeling</th>' in text_of(client_of(coordinator).get(LIST))


def test_empty_list_links_to_the_form_for_administrators(client_of, administrator, manager):
    assert "Opret indsats" in text_of(client_of(administrator).get(LIST))
    assert "Opret indsats" not in text_of(client_of(manager).get(LIST))


def test_detail_describes_the_rules(client_of, coordinator, programme):
    programme.min_age, programme.max_age = 18, 60
    programme.save()
    FollowUpStepFactory(programme=programme, name="Månedlig", days_after_start=42, repeat_days=28, until_days=350)
    FollowUpStepFactory(programme=programme, name="Efter 14 dage", days_after_start=14)
    ScreeningRequirementFactory(programme=programme, kind="reference", count=2, blocks_match=False)
    page = text_of(client_of(coordinator).get(detail_of(programme)))
    for words in (
        "Mindst 12 måneder. Slutter det inden for 3 måneder, bliver det markeret.",
        "2 møder om måneden, 2 timer hver gang.",
        "Mentees på 18–60 år.",
        "Efter 42 dage, derefter hver 28. dag til dag 350",
        "Efter 14 dage",
        "Reference × 2",
        "Vises som manglende",
    ):
        assert words in page
    assert "Rediger regler" not in page


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ((18, None), "Mentees på mindst 18 år."),
        ((None, 60), "Mentees på højst 60 år."),
        ((None, None), "Ingen grænse."),
    ],
)
def test_detail_describes_the_ages(client_of, manager, programme, ages, words):
    programme.min_age, programme.max_age = ages
    programme.save()
    assert words in text_of(client_of(manager).get(detail_of(programme)))


def test_administrator_creates_a_programme_once(client_of, administrator, koebenhavn):
    url = reverse("programmes:programme-create")
    client = client_of(administrator)
    form = client.get(url).context["form"]
    assert [branch.name for branch in form.fields["branch"].queryset] == ["Tingbjerg"]
    branch = administrator.active_memberships[0].branch
    data = facts(slug="tingbjerg-2010", branch=branch.pk, once="6f1b6f0e-0000-4000-8000-000000000002")
    answers = {client.post(url, data).headers["Location"] for _twice in range(2)}
    programme = Programme.objects.get()
    assert answers == {detail_of(programme)}
    assert (programme.branch, programme.meetings_per_month, programme.requires_agreement) == (
        branch,
        Decimal("2.5"),
        False,
    )
    assert [funder.name for funder in programme.funders.all()] == ["Københavns Kommune", "Staten"]
    assert [(str(area), area.note) for area in programme.policy_areas.all()] == [
        ("1. Tryghed", "særligt de sidste to"),
        ("2. Beskæftigelse", ""),
    ]
    assert AccessRecord.objects.get(kind="write").detail == "Indsats oprettet"


def test_create_refuses_a_foreign_branch(client_of, administrator, koebenhavn):
    response = client_of(administrator).post(
        reverse("programmes:programme-create"), facts(slug="k", branch=koebenhavn.pk)
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["branch"])
    assert not Programme.objects.exists()


def test_administrator_edits_rules(client_of, administrator, programme):
    url = reverse("programmes:programme-edit", args=[programme.slug])
    client = client_of(administrator)
    client.post(url, facts())
    response = client.get(url)
    assert response.context["form"]["meetings_per_month"].value() == Decimal("2.5")
    assert "2,5" in text_of(response)
    assert [form["name"].value() for form in response.context["areas"]][:2] == ["Tryghed", "Beskæftigelse"]
    client.post(url, facts(**{"areas-0-name": "Beskæftigelse", "areas-2-name": "", "funder_names": "Staten"}))
    assert [str(area) for area in programme.policy_areas.all()] == ["1. Beskæftigelse"]
    assert [funder.name for funder in programme.funders.all()] == ["Staten"]
    assert PolicyArea.objects.count() == 2
    assert (
        AccessRecord.objects.filter(kind="write").latest("pk").detail
        == "Ændret: tilskudsgivere, indsatsområder for en indsats"
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "31-12-2009"}, "__all__"),
        ({"ends_on": "31-06-2011"}, "ends_on"),
        ({"name": ""}, "name"),
        ({"min_age": "60", "max_age": "18"}, "__all__"),
        ({"purpose": "CPR 010180-1234"}, "purpose"),
    ],
)
def test_edit_shows_errors_at_their_field(client_of, administrator, programme, changes, field):
    response = client_of(administrator).post(
        reverse("programmes:programme-edit", args=[programme.slug]), facts(**changes)
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    programme.refresh_from_db()
    assert programme.ends_on == dt.date(2011, 12, 31)


def test_the_same_policy_area_twice_is_refused(client_of, administrator, programme):
    response = client_of(administrator).post(
        reverse("programmes:programme-edit", args=[programme.slug]), facts(**{"areas-2-name": "TRYGHED"})
    )
    assert response.status_code == 422
    assert response.context["areas"].errors[2] == {"name": ["Indsatsområdet står allerede på listen."]}


def test_steps_of_the_plan_are_added_changed_and_removed(client_of, administrator, programme):
    client = client_of(administrator)
    add = reverse("programmes:step-create", args=[programme.slug])
    assert client.get(add).status_code == 200
    data = {"name": "Månedlig", "kind": "contact", "side": "mentee", "days_after_start": "30"}
    assert client.post(add, data).headers["Location"] == detail_of(programme)
    step = FollowUpStep.objects.get()
    edit = reverse("programmes:step-edit", args=[step.pk])
    assert client.get(edit).context["remove_url"] == reverse("programmes:step-remove", args=[step.pk])
    refused = client.post(edit, {**data, "repeat_days": "28"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    client.post(edit, {**data, "repeat_days": "28", "until_days": "350"})
    step.refresh_from_db()
    assert len(step.offsets()) == 12
    remove = reverse("programmes:step-remove", args=[step.pk])
    assert "Fjern »Månedlig« fra planen?" in text_of(client.get(remove))
    client.post(remove)
    assert not FollowUpStep.objects.exists()


def test_checks_are_added_changed_and_removed(client_of, administrator, programme):
    client = client_of(administrator)
    add = reverse("programmes:requirement-create", args=[programme.slug])
    data = {"role": "mentor", "kind": "reference", "count": "2", "blocks_match": "on"}
    client.post(add, data)
    requirement = ScreeningRequirement.objects.get()
    again = client.post(add, data)
    assert (again.status_code, again.context["form"].non_field_errors()) == (422, ["Tjekket kræves allerede."])
    edit = reverse("programmes:requirement-edit", args=[requirement.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, {**data, "count": "3"})
    requirement.refresh_from_db()
    assert requirement.count == 3
    remove = reverse("programmes:requirement-remove", args=[requirement.pk])
    assert client.get(remove).status_code == 200
    client.post(remove)
    assert not ScreeningRequirement.objects.exists()


def test_only_users_who_manage_rules_reach_the_forms(
    client_of, coordinator, manager, other_branch_administrator, programme
):
    step, requirement = FollowUpStepFactory(programme=programme), ScreeningRequirementFactory(programme=programme)
    addresses = [
        reverse("programmes:programme-edit", args=[programme.slug]),
        reverse("programmes:step-create", args=[programme.slug]),
        reverse("programmes:step-edit", args=[step.pk]),
        reverse("programmes:step-remove", args=[step.pk]),
        reverse("programmes:requirement-create", args=[programme.slug]),
        reverse("programmes:requirement-edit", args=[requirement.pk]),
        reverse("programmes:requirement-remove", args=[requirement.pk]),
    ]
    for url in addresses:
        for user, status in ((coordinator, 403), (manager, 403), (other_branch_administrator, 404)):
            client = client_of(user)
            assert (client.get(url).status_code, client.post(url).status_code) == (status, status)
    assert (FollowUpStep.objects.count(), ScreeningRequirement.objects.count()) == (1, 1)


def test_detail_of_another_branch_is_not_found(client_of, other_branch_coordinator, outsider, programme):
    assert client_of(other_branch_coordinator).get(detail_of(programme)).status_code == 404
    assert client_of(outsider).get(detail_of(programme)).status_code == 403


@pytest.mark.parametrize("rows", [1, 50])
def test_pages_take_the_same_queries_whatever_the_rows(client_of, manager, programme, rows, django_assert_num_queries):
    for _n in range(rows):
        FollowUpStepFactory(programme=programme)
        ProgrammeFactory(branch=programme.branch)
    client = client_of(manager)
    client.get(LIST)  # the first request also begins the session
    with django_assert_num_queries(4):
        client.get(LIST)
    with django_assert_num_queries(10):
        client.get(detail_of(programme))
