"""The command that creates the first administrator of a branch."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import Membership, User

pytestmark = pytest.mark.django_db
PASSWORD = "rosen-haven-1893"


@pytest.fixture
def create(monkeypatch, settings):
    settings.DEMO = False

    def run(email="Hanne@Example.dk", branch="tingbjerg", password=PASSWORD):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        call_command("create_administrator", email, name="Hanne Lund", branch=branch, stdout=io.StringIO())

    return run


def test_create_administrator_is_refused_in_the_demo(tingbjerg, create, settings, monkeypatch):
    settings.DEMO = True
    options = {"name": "Hanne Lund", "branch": "tingbjerg", "stdout": io.StringIO()}
    with pytest.raises(CommandError, match="--into-demo") as refused:
        call_command("create_administrator", "hanne@example.dk", **options)
    assert (refused.value.returncode, User.objects.count()) == (2, 0)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    call_command("create_administrator", "hanne@example.dk", into_demo=True, **options)
    assert User.objects.count() == 1


def test_created_administrator_belongs_to_the_branch_and_has_the_password(tingbjerg, create):
    create()
    membership = Membership.objects.get()
    assert (membership.branch, membership.role) == (tingbjerg, Role.ADMINISTRATOR)
    assert membership.user.email == "hanne@example.dk"
    assert membership.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"branch": "odense"}, "tingbjerg"),
        ({"password": "kort"}, "12"),
        ({"email": "hanne"}, "e-mail"),
    ],
)
def test_create_administrator_names_the_error_and_stores_nothing(tingbjerg, create, change, words):
    with pytest.raises(CommandError, match=words):
        create(**change)
    assert User.objects.count() == 0


def test_create_administrator_refuses_an_email_in_use(tingbjerg, create):
    create()
    with pytest.raises(CommandError):
        create()
    assert User.objects.count() == 1
