"""Migrations of the accounts app that carry data over."""

import importlib

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.models import Membership, User
from demo.factories import MembershipFactory, UserFactory

SENTENCES = ["", "Ændret: »efternavn«", "moller 100 %"]
codes = importlib.import_module("accounts.migrations.0002_access_record_codes")
emails = importlib.import_module("accounts.migrations.0003_one_email_per_user")
memberships = importlib.import_module("accounts.migrations.0004_accepted_memberships")


@pytest.fixture
def log_between(transactional_db):
    """The models while migration 0002 runs: a row of the log has its sentence beside code and values.

    Its table is a temporary one, as the log has lost the sentence. A transaction cannot make tables on SQLite.
    """
    state = MigrationLoader(None).project_state(("accounts", "0001_initial"))
    for operation in codes.Migration.operations[:2]:
        operation.state_forwards("accounts", state)
    state.models["accounts", "accessrecord"].options |= {"db_table": "old_log", "indexes": [], "constraints": []}
    model = state.apps.get_model("accounts", "AccessRecord")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    yield state.apps
    with connection.schema_editor() as editor:
        editor.delete_model(model)


def test_rows_from_before_codes_keep_their_sentence(log_between):
    rows = log_between.get_model("accounts", "AccessRecord").objects.order_by("pk")
    for sentence in SENTENCES:
        rows.create(kind="write", subject="people.person", detail=sentence)
    codes.keep_sentences(log_between, None)
    stored = [("", {}), *(("text", {"text": sentence}) for sentence in SENTENCES[1:])]
    assert list(rows.values_list("code", "values")) == stored
    rows.update(detail="")
    codes.restore_sentences(log_between, None)
    assert list(rows.values_list("detail", flat=True)) == SENTENCES


@pytest.mark.django_db
def test_addresses_beside_the_emails_of_users_are_deleted():
    user = UserFactory(email="mette@example.net")
    EmailAddress.objects.create(user=user, email=user.email)
    emails.delete_addresses(apps, None)
    assert EmailAddress.objects.count() == 0


@pytest.mark.django_db
def test_emails_are_in_lower_case_unless_another_user_has_that_one():
    users = [UserFactory() for _number in range(3)]
    for user, email in zip(users, ("Åse@Example.net", "mette@example.net", "METTE@example.net"), strict=True):
        User.objects.filter(pk=user.pk).update(email=email)
    emails.lower_emails(apps, None)
    found = User.objects.order_by("pk").values_list("email", flat=True)
    assert list(found) == ["åse@example.net", "mette@example.net", "METTE@example.net"]


@pytest.mark.django_db
def test_memberships_from_before_are_accepted():
    membership = MembershipFactory()
    Membership.objects.update(accepted_at=None)
    memberships.accept_all(apps, None)
    mette = User.objects.get()
    [found] = mette.active_memberships
    assert (found, found.accepted_at) == (membership, mette.created_at)
