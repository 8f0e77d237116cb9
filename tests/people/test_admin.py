import pytest

from accounts.models import AccessRecord
from demo.factories import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_support_looks_people_up_logged_and_changes_nothing(client_of, programme):
    person = EnrolmentFactory(programme=programme).person
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/support/people/person/").status_code == 200
    assert client.get(f"/support/people/person/{person.pk}/change/").status_code == 200
    assert (AccessRecord.objects.get().kind, AccessRecord.objects.get().detail) == ("read", "support")
    assert client.post(f"/support/people/person/{person.pk}/change/", {"first_name": "X"}).status_code == 403
    assert client.get("/support/people/person/add/").status_code == 403
    assert client.get(f"/support/people/person/{person.pk}/delete/").status_code == 403
    assert client.get("/support/people/person/99999/change/").status_code == 302
    for model in ("term", "organisation"):
        assert client.get(f"/support/people/{model}/").status_code == 200


def test_staff_without_full_rights_reach_no_people(client_of):
    client = client_of(UserFactory(is_staff=True))
    for model in ("person", "term", "organisation"):
        assert client.get(f"/support/people/{model}/").status_code == 403
