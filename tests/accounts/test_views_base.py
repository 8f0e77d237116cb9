"""The branch in whose access log a look-up is recorded."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from demo.factories import MembershipFactory, PersonFactory


@pytest.mark.parametrize(
    ("role", "chosen", "logged"),
    [
        (Role.MANAGER, "Tingbjerg", "København"),
        (Role.COORDINATOR, "Tingbjerg", "København"),
        (Role.MANAGER, "København", "København"),
    ],
)
def test_look_up_is_logged_in_a_branch_of_the_record(client_of, tingbjerg, koebenhavn, role, chosen, logged):
    user = MembershipFactory(branch=tingbjerg, role=role).user
    MembershipFactory(branch=koebenhavn, role=Role.COORDINATOR, user=user)
    person, client = PersonFactory(home_branch=koebenhavn), client_of(user)
    client.post(
        reverse("accounts:choose_branch"), {"branch": {"Tingbjerg": tingbjerg, "København": koebenhavn}[chosen].pk}
    )
    assert client.get(reverse("people:person-detail", args=[person.pk])).status_code == 200
    record = AccessRecord.objects.get(kind="read")
    assert (record.branch.name, record.case_number) == (logged, person.case_number)
