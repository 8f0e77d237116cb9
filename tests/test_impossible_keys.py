"""A key that no database holds, in an address, a filter or a form, is a wrong choice: never an error of ours."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.enums import Role
from tests.access_table import ACCESS, Fixed
from tests.test_access import Scene, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Everything that an address or a form takes as the key, the number or the choice of something.
FILTERS = {
    "emne",
    "indsats",
    "koen",
    "omraade",
    "programme",
    "rolle",
    "sprog",
    "type",
    "coordinator",
    "koordinator",
    "bruger",
    "language",
    "topic",
    "area",
    "status",
    "role",
    "gender",
    "kind",
    "ventet",
}
PLACES = {
    "side",
    "planlagt",
    "vis",
    "aabn",
    "fane",
    "kode",
    "ark",
    "overskrift",
    "liste",
    "maaned",
    "dag",
    "indsats",
    "aar",
    "maal",
    "year",
    "sorter",
}
HANDOVER = {"fra", "match", "afdeling", "handling", "receiver", "interview", "opgaver"}
DESK = {"mentee", "koen", "venter", "mentorer", "sammenlign", "udelukket"}
SINGLE = {
    "branch",
    "organisation",
    "partner",
    "interviewer",
    "person",
    "same",
    "different",
    "household",
    "unanswered",
    "expected_on",
    "min_age",
    "max_age",
    "capacity",
}
SEVERAL = {"terms", "topics", "industries", "areas", "times", "programmes", "groups"}
FORMSET = {"languages-0-language", "languages-TOTAL_FORMS", "languages-INITIAL_FORMS", "form-0-language"}
NAMES = FILTERS | PLACES | HANDOVER | DESK | SINGLE | SEVERAL | FORMSET


@pytest.fixture
def scene():
    return Scene.build("Tingbjerg", "T", "Tingmærke")


def failures(client, addresses: list[str], values: dict[str, str]) -> list[str]:
    """Requests that end in an error of the server; what they write is rolled back."""
    client.raise_request_exception = False
    session = client.cookies["sessionid"].value
    failed = []
    for one in addresses:
        for method in ("get", "post"):
            with transaction.atomic():
                status = getattr(client, method)(one, values).status_code
                transaction.set_rollback(True)
            client.cookies["sessionid"] = session  # signing out is one of the addresses
            if status >= 500:
                failed.append(f"{method.upper()} {one}: {status}")
    return failed


@pytest.mark.parametrize("value", ["9" * 25, "9" * 5000, "²"])
def test_no_filter_and_no_form_fails_on_an_impossible_key(value, scene, client):
    client.force_login(scene.users[Role.ADMINISTRATOR])
    addresses = [address(name, scene).split("?")[0] for name in ACCESS]
    assert failures(client, addresses, dict.fromkeys(NAMES, value)) == []


def test_no_address_fails_on_an_impossible_key(scene, client):
    client.force_login(scene.users[Role.ADMINISTRATOR])
    addresses = []
    for name, rule in ACCESS.items():
        keys = {key: row if isinstance(row, Fixed) else "9" * 18 for key, row in rule.rows.items()}
        if keys:
            addresses.append(reverse(name, kwargs=keys))
    longer = [one.replace("9" * 18, "9" * 25) for one in addresses]
    assert failures(client, addresses + longer, {}) == []
