"""Django's admin: superusers only, access log read-only, no secrets."""

import pytest
from django.contrib import admin

from accounts.models import AccessRecord, Membership, User
from accounts.services import record_access
from common.models import Act
from tasks.models import Task
from tests.journal_entries import recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(db):
    return User.objects.create_superuser("support@example.net", "tre ord som huskes", name="Support")


def test_support_pages_are_closed_to_staff_of_branches(client_of, administrator):
    assert client_of(administrator).get("/support/").status_code == 302
    assert client_of(administrator).get("/support/accounts/user/").status_code == 302


def test_support_pages_open_to_superusers(client_of, support, administrator):
    record_access(by=administrator, kind="read", subject="people.person", branch=None)
    client = client_of(support)
    row = AccessRecord.objects.get()
    for path in (
        "/support/",
        "/support/accounts/user/",
        f"/support/accounts/user/{administrator.pk}/change/",
        "/support/accounts/branch/",
        "/support/accounts/accessrecord/",
        f"/support/accounts/accessrecord/{row.pk}/change/",
    ):
        assert client.get(path).status_code == 200


def test_support_pages_show_tasks_of_no_branch_without_the_text_of_an_email(client_of, support):
    task = Task.objects.create(name="send_mail", private={"body": "Hemmeligt link"})
    client = client_of(support)
    assert client.get("/support/tasks/task/").context["cl"].result_count == 1
    page = client.get(f"/support/tasks/task/{task.pk}/change/").content.decode()
    assert "send_mail" in page
    assert "Hemmeligt" not in page
    assert client.post(f"/support/tasks/task/{task.pk}/change/", {"state": "done"}).status_code == 403


def test_support_pages_cannot_touch_the_log(client_of, support, administrator):
    record_access(
        by=administrator,
        kind="read",
        subject="people.person",
        branch=None,
        code="words_searched",
        values={"words": "før"},
    )
    row = AccessRecord.objects.get()
    client = client_of(support)
    base = f"/support/accounts/accessrecord/{row.pk}"
    assert client.post(f"{base}/change/", {"values": '{"words": "efter"}'}).status_code == 403
    assert client.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
    assert client.post("/support/accounts/accessrecord/add/", {}).status_code == 403
    assert AccessRecord.objects.get().detail == "før"


def test_support_pages_do_not_delete_users_or_show_password_and_secrets(client_of, support, administrator):
    client = client_of(support)
    assert client.post(f"/support/accounts/user/{administrator.pk}/delete/", {"post": "yes"}).status_code == 403
    assert (
        "password"
        not in client.get(f"/support/accounts/user/{administrator.pk}/change/").context["adminform"].form.fields
    )
    assert {model._meta.label for model in admin.site._registry} & {
        "mfa.Authenticator",
        "account.EmailAddress",
        "auth.Group",
    } == set()


def test_support_changes_a_membership(client_of, support, administrator):
    member = administrator.memberships.get()
    data = {
        "name": administrator.name,
        "email": administrator.email,
        "language": "da",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": member.pk,
        "memberships-0-user": administrator.pk,
        "memberships-0-branch": member.branch_id,
        "memberships-0-role": "manager",
    }
    assert client_of(support).post(f"/support/accounts/user/{administrator.pk}/change/", data).status_code == 302
    assert Membership.objects.get(pk=member.pk).role == "manager"
    assert Act.objects.get().by == support
    assert recorded("change_in_support") == [("changed", "accounts.membership", "role", "administrator", "manager")]


def test_support_takes_a_membership_away(client_of, support, administrator, coordinator):
    member = coordinator.memberships.get()
    data = {
        "name": coordinator.name,
        "email": coordinator.email,
        "language": "da",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": member.pk,
        "memberships-0-user": coordinator.pk,
        "memberships-0-branch": member.branch_id,
        "memberships-0-role": "coordinator",
        "memberships-0-DELETE": "on",
    }
    assert client_of(support).post(f"/support/accounts/user/{coordinator.pk}/change/", data).status_code == 302
    assert recorded("change_in_support") == [("removed", "accounts.membership", "", None, None)]
