"""Migrations of the accounts app that carry data over."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import AccessRecord, User

SENTENCES = ["", "Ændret: »efternavn«", "moller 100 %"]


def migrate(*targets: tuple[str, str]):
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connection).loader.project_state(list(targets)).apps


@pytest.mark.django_db(transaction=True)
def test_rows_from_before_codes_keep_their_sentence():
    try:
        old = migrate(("accounts", "0001_initial")).get_model("accounts", "AccessRecord")
        for sentence in SENTENCES:
            old.objects.create(kind="write", subject="people.person", detail=sentence)
        migrate(("accounts", "0002_access_record_codes"))
        rows = AccessRecord.objects.order_by("pk")
        assert [row.code for row in rows] == ["", "text", "text"]
        assert [row.detail for row in rows] == SENTENCES
        assert rows.filter(values__text=SENTENCES[1]).count() == 1
        old = migrate(("accounts", "0001_initial")).get_model("accounts", "AccessRecord")
        assert list(old.objects.order_by("pk").values_list("detail", flat=True)) == SENTENCES
    finally:
        migrate()


@pytest.mark.django_db(transaction=True)
def test_emails_beside_those_of_users_are_deleted_and_emails_are_in_lower_case():
    try:
        old = migrate(("accounts", "0002_access_record_codes")).get_model("accounts", "User")
        for email in ("Åse@Example.net", "mette@example.net", "METTE@example.net"):
            old.objects.create(email=email, name="Mette")
        locked_out = User.objects.get(email="mette@example.net")
        EmailAddress.objects.create(user=locked_out, email=locked_out.email)
        migrate(("accounts", "0003_one_email_per_user"))
        emails = User.objects.order_by("pk").values_list("email", flat=True)
        assert list(emails) == ["åse@example.net", "mette@example.net", "METTE@example.net"]
        assert EmailAddress.objects.count() == 0
    finally:
        migrate()


@pytest.mark.django_db(transaction=True)
def test_memberships_from_before_are_accepted():
    try:
        old = migrate(("accounts", "0003_one_email_per_user"))
        user = old.get_model("accounts", "User").objects.create(email="mette@example.net", name="Mette")
        branch = old.get_model("accounts", "Branch").objects.create(name="Odense", slug="odense", code="O")
        old.get_model("accounts", "Membership").objects.create(user=user, branch=branch, role="manager")
        migrate()
        mette = User.objects.get()
        [membership] = mette.active_memberships
        assert (membership.accepted_at, membership.invited_as) == (mette.created_at, "")
    finally:
        migrate()
