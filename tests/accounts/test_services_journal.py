"""What the services of accounts leave in the journal: users and roles, but no password and no second factor."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ValidationError

from accounts import services
from accounts.enums import FileKind, Role
from accounts.models import Membership, User
from common.journal import delete, recording
from common.models import Act, Change
from tests.journal_entries import deleted, recorded

pytestmark = pytest.mark.django_db
PASSWORD = "tre ord som huskes"


def acts() -> list[tuple]:
    return list(Act.objects.order_by("pk").values_list("name", "by__name"))


def everything_recorded() -> str:
    return json.dumps(list(Change.objects.values_list("field", "before", "after")))


def test_an_invitation_records_the_new_user_and_the_role(administrator, tingbjerg):
    details = {"name": "Ny Kollega", "email": "ny@example.net", "branch": tingbjerg, "role": Role.COORDINATOR}
    services.invite_user(**details, by=administrator, build_url=lambda path: path)
    assert acts() == [("invite_user", "Hanne Lund")]
    assert recorded("invite_user") == [
        ("made", "accounts.user", "", None, None),
        ("made", "accounts.membership", "", None, None),
    ]


def test_a_role_is_recorded_when_it_changes_and_when_it_ends(administrator, coordinator):
    membership = coordinator.memberships.get()
    pk = membership.pk
    services.change_role(membership, role=Role.MANAGER, by=administrator)
    services.end_membership(membership, by=administrator)
    assert acts() == [("change_role", "Hanne Lund"), ("end_membership", "Hanne Lund")]
    assert recorded("change_role") == [("changed", "accounts.membership", "role", "coordinator", "manager")]
    assert [(row["id"], row["role"]) for row in deleted("end_membership")] == [(pk, "manager")]


def test_a_user_changes_the_own_profile(coordinator):
    services.update_profile(coordinator, phone="50 50 50 50", theme="dark")
    services.update_profile(coordinator, theme="dark")
    assert acts() == [("update_profile", coordinator.name)]
    assert recorded("update_profile") == [
        ("changed", "accounts.user", "phone", "", "50 50 50 50"),
        ("changed", "accounts.user", "theme", "auto", "dark"),
    ]


def test_a_profile_is_stored_without_the_password_that_was_read_before(coordinator):
    stale = User.objects.get(pk=coordinator.pk)
    coordinator.set_password(PASSWORD)
    coordinator.save()
    services.update_profile(stale, phone="50 50 50 50")
    stored = User.objects.get(pk=coordinator.pk)
    assert (stored.phone, stored.check_password(PASSWORD)) == ("50 50 50 50", True)


def test_stopping_a_sign_in_is_recorded(administrator, coordinator):
    services.disable_user(coordinator.memberships.get(), by=administrator)
    assert recorded("disable_user") == [("changed", "accounts.user", "is_active", True, False)]


def test_a_refused_act_leaves_no_entry(administrator, coordinator, tingbjerg):
    own = administrator.memberships.get()
    with pytest.raises(ValidationError):
        services.change_role(own, role=Role.MANAGER, by=administrator)
    with pytest.raises(ValidationError):
        services.update_profile(coordinator, theme="loud")
    assert (acts(), Membership.objects.get(pk=own.pk).role) == ([], "administrator")


def test_no_password_is_recorded(tingbjerg):
    user = services.create_administrator(email="a@example.net", name="A", password=PASSWORD, branch=tingbjerg)
    with recording("remove", by=None):
        delete(user)
    assert [kind for kind, *_rest in recorded("create_administrator")] == ["made", "made"]
    values = [row for row in deleted("remove") if "email" in row]
    assert [(row["name"], "password" in row, "last_login" in row) for row in values] == [("A", False, False)]
    assert user.password not in everything_recorded()


def test_a_new_password_is_no_change_of_a_user_whom_an_act_created(tingbjerg):
    user = services.create_administrator(email="a@example.net", name="A", password=PASSWORD, branch=tingbjerg)
    with recording("rename", by=None):
        user.set_password("fire andre ord her")
        user.save()
    assert recorded("rename") == []


def test_second_factors_and_chosen_columns_are_not_recorded(administrator, coordinator):
    TOTP.activate(coordinator, "JBSWY3DPEHPK3PXP")
    services.reset_second_factor(coordinator.memberships.get(), by=administrator)
    services.remember_export_choice(by=coordinator, list_key="people", columns=["name"], kind=FileKind.CSV)
    assert (acts(), Authenticator.objects.count()) == ([], 0)
