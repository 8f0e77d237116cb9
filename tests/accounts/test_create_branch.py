"""The command that creates a branch."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Branch
from common.models import Act

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real_network(settings):
    settings.DEMO = False


def create(*arguments: str) -> str:
    output = io.StringIO()
    call_command("create_branch", *arguments, stdout=output)
    return output.getvalue()


def test_create_branch_stores_name_slug_and_code():
    assert create("Odense", "--slug", "odense", "--code", "O") == "Odense er oprettet. Sagsnumre begynder med O.\n"
    branch = Branch.objects.get()
    assert (branch.name, branch.slug, branch.code, branch.is_demo) == ("Odense", "odense", "O", False)
    assert list(Act.objects.values_list("name", "by")) == [("create_branch", None)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Tingbjerg", "--slug", "t2", "--code", "O"), "navn"),
        (("Odense", "--slug", "tingbjerg", "--code", "O"), "kort navn"),
        (("Odense", "--slug", "odense c", "--code", "O"), "slug"),
        (("Odense", "--slug", "odense", "--code", "T"), "bogstav"),
        (("Odense", "--slug", "odense", "--code", "o1"), "store bogstaver"),
    ],
)
def test_create_branch_refuses_what_is_in_use_or_malformed(tingbjerg, arguments, words):
    with pytest.raises(CommandError, match=f"(?i){words}"):
        create(*arguments)
    assert list(Branch.objects.all()) == [tingbjerg]


def test_create_branch_is_refused_in_the_demo(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="--into-demo"):
        create("Odense", "--slug", "odense", "--code", "O")
    assert create("Odense", "--slug", "odense", "--code", "O", "--into-demo")
