"""Users of a branch: who may do what to whom; the last administrator stays; each act is logged."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.enums import Role
from accounts.models import AccessRecord, Branch, Membership, User
from demo.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def membership(user) -> Membership:
    return user.memberships.get()


def build_url(path: str) -> str:
    return f"https://mentornet.example{path}"


@pytest.fixture
def invite(administrator, tingbjerg, django_capture_on_commit_callbacks):
    def act(**changes):
        details = {"name": "Ny Kollega", "email": "Ny@Example.net ", "branch": tingbjerg, "role": Role.COORDINATOR}
        with django_capture_on_commit_callbacks(execute=True):
            return services.invite_user(**(details | changes), by=administrator, build_url=build_url)

    return act


def test_invited_user_gets_a_link_that_sets_the_password(invite, client, administrator, tingbjerg):
    member = invite()
    assert (member.user.email, member.role, member.branch) == ("ny@example.net", "coordinator", tingbjerg)
    assert not member.user.has_usable_password()
    (letter,) = mail.outbox
    assert letter.to == ["ny@example.net"]
    assert letter.subject == "Du er inviteret til Mentornet, Tingbjerg"
    assert "Hanne Lund har givet dig adgang til Mentornet i Tingbjerg." in letter.body
    form_url = client.get(re.search(r"https://mentornet\.example(/\S+)", letter.body)[1]).url
    client.post(form_url, {"password1": "tre ord som huskes", "password2": "tre ord som huskes"})
    assert User.objects.get(email="ny@example.net").check_password("tre ord som huskes")
    row = AccessRecord.objects.get(code="role_given")
    assert (row.kind, row.user, row.branch, row.detail) == (
        "write",
        administrator,
        tingbjerg,
        "Ny Kollega: Koordinator, Tingbjerg",
    )


def test_invitation_of_a_known_user_adds_the_branch_and_keeps_the_password(invite, other_branch_coordinator):
    other_branch_coordinator.set_password("tre ord som huskes")
    other_branch_coordinator.save()
    invite(email=other_branch_coordinator.email, name="Andet Navn")
    user = User.objects.get(pk=other_branch_coordinator.pk)
    assert user.name == "Karen Dahl"
    assert user.memberships.count() == 2
    assert "Log ind med den adgangskode, du har:" in mail.outbox[0].body
    assert "adgangskode/ny" not in mail.outbox[0].body


def test_invitation_is_refused_for_a_foreign_branch_a_second_role_and_a_forged_one(invite, koebenhavn, coordinator):
    with pytest.raises(ValidationError, match="Du administrerer ikke brugerne i København"):
        invite(branch=koebenhavn)
    with pytest.raises(ValidationError, match="har allerede en rolle"):
        invite(email=coordinator.email)
    with pytest.raises(ValidationError):
        invite(role="superuser")
    assert not User.objects.filter(email="ny@example.net").exists()
    assert mail.outbox == []


def test_resend_invitation_until_a_password_is_set(invite, administrator, django_capture_on_commit_callbacks):
    member = invite()
    with django_capture_on_commit_callbacks(execute=True):
        services.resend_invitation(member, by=administrator, build_url=build_url)
    assert len(mail.outbox) == 2
    member.user.set_password("tre ord som huskes")
    services.accept_first_invitation(member.user)
    member.refresh_from_db(fields=["accepted_at"])
    with pytest.raises(ValidationError, match="har allerede valgt en adgangskode"):
        services.resend_invitation(member, by=administrator, build_url=build_url)


def test_change_role_is_logged(administrator, coordinator):
    services.change_role(membership(coordinator), role=Role.MANAGER, by=administrator)
    assert membership(coordinator).role == Role.MANAGER
    assert AccessRecord.objects.get().detail == "Mette Sørensen: Leder, Tingbjerg"


@pytest.mark.parametrize("act", ["change_role", "end_membership"])
def test_acts_in_a_foreign_branch_are_refused(other_branch_administrator, coordinator, act):
    options = {"role": Role.ADMINISTRATOR} if act == "change_role" else {}
    with pytest.raises(ValidationError, match="Du administrerer ikke brugerne i Tingbjerg"):
        getattr(services, act)(membership(coordinator), by=other_branch_administrator, **options)
    assert membership(coordinator).role == Role.COORDINATOR


def test_last_administrator_of_a_branch_is_kept(administrator, tingbjerg):
    with pytest.raises(ValidationError, match="den sidste administrator i Tingbjerg"):
        services.change_role(membership(administrator), role=Role.COORDINATOR, by=administrator)
    with pytest.raises(ValidationError, match="den sidste administrator i Tingbjerg"):
        services.end_membership(membership(administrator), by=administrator)
    second = MembershipFactory(branch=tingbjerg, role=Role.ADMINISTRATOR)
    services.change_role(membership(administrator), role=Role.COORDINATOR, by=administrator)
    with pytest.raises(ValidationError, match="den sidste administrator"):
        services.end_membership(second, by=second.user)


def test_disabled_administrators_do_not_count_as_the_last(administrator, tingbjerg):
    MembershipFactory(branch=tingbjerg, role=Role.ADMINISTRATOR, user=UserFactory(is_active=False))
    with pytest.raises(ValidationError, match="den sidste administrator"):
        services.end_membership(membership(administrator), by=administrator)


def test_last_administrator_of_another_branch_is_not_disabled(administrator, tingbjerg, koebenhavn):
    both = MembershipFactory(branch=tingbjerg, user=UserFactory(name="I Begge"))
    MembershipFactory(branch=koebenhavn, user=both.user, role=Role.ADMINISTRATOR)
    MembershipFactory(branch=koebenhavn, user=administrator, role=Role.ADMINISTRATOR)
    services.disable_user(both, by=administrator)
    alone = MembershipFactory(branch=Branch.objects.create(name="Valby", slug="valby", code="V"), role="administrator")
    member = MembershipFactory(branch=tingbjerg, user=alone.user)
    with pytest.raises(ValidationError, match="arbejder også andre steder"):
        services.disable_user(member, by=administrator)


def test_disable_and_enable(administrator, coordinator):
    services.disable_user(membership(coordinator), by=administrator)
    coordinator.refresh_from_db()
    assert not coordinator.is_active
    services.enable_user(membership(coordinator), by=administrator)
    coordinator.refresh_from_db()
    assert coordinator.is_active
    assert [row.detail for row in AccessRecord.objects.order_by("pk")] == [
        "Mette Sørensen: Adgang stoppet",
        "Mette Sørensen: Adgang åbnet",
    ]


@pytest.mark.parametrize("act", ["disable_user", "enable_user", "reset_second_factor"])
def test_changes_of_the_whole_user_are_refused_for_oneself_support_and_users_of_other_branches(
    administrator, coordinator, manager, koebenhavn, act
):
    service = getattr(services, act)
    with pytest.raises(ValidationError, match="Det er din egen konto"):
        service(membership(administrator), by=administrator)
    elsewhere = membership(coordinator)
    MembershipFactory(user=coordinator, branch=koebenhavn)
    with pytest.raises(ValidationError, match="arbejder også andre steder"):
        service(elsewhere, by=administrator)
    manager.is_staff = True
    manager.save()
    with pytest.raises(ValidationError, match="arbejder også andre steder"):
        service(membership(manager), by=administrator)


def test_reset_second_factor_deletes_app_and_codes(administrator, coordinator):
    TOTP.activate(coordinator, "JBSWY3DPEHPK3PXP")
    services.reset_second_factor(membership(coordinator), by=administrator)
    assert not Authenticator.objects.exists()


def test_end_membership_keeps_the_access_records(administrator, coordinator, tingbjerg):
    services.record_access(by=coordinator, kind="read", subject="people.person", branch=tingbjerg)
    services.end_membership(membership(coordinator), by=administrator)
    assert not coordinator.memberships.exists()
    assert AccessRecord.objects.filter(user=coordinator).count() == 1


def test_update_profile_refuses_other_fields(coordinator):
    services.update_profile(coordinator, name="Mette S.", theme="dark")
    coordinator.refresh_from_db()
    assert (coordinator.name, coordinator.theme) == ("Mette S.", "dark")
    with pytest.raises(ValueError, match="is_staff"):
        services.update_profile(coordinator, is_staff=True)
    with pytest.raises(ValidationError):
        services.update_profile(coordinator, theme="pink")


def test_rows_can_refer_to_a_locked_branch(tingbjerg):
    """An access record refers to its branch: no request waits for an import, and no two deadlock."""
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        assert services.lock_branch(tingbjerg.pk) == tingbjerg
    ending = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else " LIMIT 21"
    locking = [query["sql"] for query in queries if "accounts_branch" in query["sql"]]
    assert [sql.endswith(ending) for sql in locking] == [True]


def test_offered_membership_gives_no_right_until_its_user_accepts(invite, tingbjerg, other_branch_coordinator):
    user = other_branch_coordinator
    member = invite(email=user.email, role=Role.ADMINISTRATOR)
    offered = User.objects.get(pk=user.pk)
    assert (offered.may("read_cases", tingbjerg), offered.branch_ids) == (False, [user.memberships.first().branch_id])
    assert list(User.objects.administrators_of(tingbjerg)) == [member.invited_by]
    services.accept_invitation(member, by=user)
    assert User.objects.get(pk=user.pk).may("manage_users", tingbjerg)
    assert set(User.objects.administrators_of(tingbjerg)) == {user, member.invited_by}
    assert AccessRecord.objects.first().detail == "Karen Dahl: Invitation accepteret: Administrator, Tingbjerg"


def test_only_the_user_answers_an_invitation_and_only_once(invite, administrator, other_branch_coordinator):
    member = invite(email=other_branch_coordinator.email)
    for by in (administrator, UserFactory()):
        with pytest.raises(ValidationError, match="besvaret eller taget tilbage"):
            services.accept_invitation(member, by=by)
    services.accept_invitation(member, by=other_branch_coordinator)
    with pytest.raises(ValidationError, match="besvaret eller taget tilbage"):
        services.decline_invitation(member, by=other_branch_coordinator)
    assert other_branch_coordinator.memberships.accepted().count() == 2


def test_declined_invitation_is_deleted_and_the_log_names_what_was_typed_only(invite, other_branch_coordinator):
    member = invite(email=other_branch_coordinator.email, name="Karen fra København")
    services.decline_invitation(member, by=other_branch_coordinator)
    assert other_branch_coordinator.memberships.count() == 1
    assert [(row.user, row.detail) for row in AccessRecord.objects.all()] == [
        (None, "Karen fra København: Invitation afvist"),
        (member.invited_by, "Karen fra København: Koordinator, Tingbjerg"),
    ]


def test_first_password_accepts_the_only_invitation_of_a_new_user(invite, koebenhavn, administrator):
    user = invite().user
    services.accept_first_invitation(User.objects.get(pk=user.pk))
    assert user.memberships.accepted().count() == 1
    MembershipFactory(user=administrator, branch=koebenhavn, role=Role.ADMINISTRATOR)
    second = services.invite_user(
        name="Ny", email=user.email, branch=koebenhavn, role="manager", by=User.objects.get(pk=administrator.pk),
        build_url=build_url,
    )  # fmt: skip
    services.accept_first_invitation(User.objects.get(pk=user.pk))
    second.refresh_from_db()
    assert second.is_offered


def test_new_user_with_two_invitations_answers_each(invite, koebenhavn):
    user = invite().user
    MembershipFactory(user=user, branch=koebenhavn, accepted_at=None)
    services.accept_first_invitation(User.objects.get(pk=user.pk))
    assert not user.memberships.accepted().exists()


def test_acts_on_the_sign_in_of_an_invited_user_are_refused(invite, administrator, other_branch_coordinator):
    member = invite(email=other_branch_coordinator.email, name="Karen")
    for act in (services.disable_user, services.enable_user, services.reset_second_factor):
        with pytest.raises(ValidationError) as refusal:
            act(member, by=administrator)
        assert refusal.value.messages == ["Karen har ikke accepteret invitationen endnu."]


def test_invitation_of_another_branch_does_not_protect_a_user(administrator, coordinator, koebenhavn):
    MembershipFactory(user=coordinator, branch=koebenhavn, role=Role.ADMINISTRATOR, accepted_at=None)
    services.disable_user(coordinator.memberships.get(branch=membership_branch(administrator)), by=administrator)
    coordinator.refresh_from_db()
    assert not coordinator.is_active


def membership_branch(user):
    return user.memberships.get().branch


def test_invited_administrators_do_not_count_as_the_last(administrator, tingbjerg):
    MembershipFactory(branch=tingbjerg, role=Role.ADMINISTRATOR, accepted_at=None)
    with pytest.raises(ValidationError, match="den sidste administrator"):
        services.end_membership(membership(administrator), by=administrator)
