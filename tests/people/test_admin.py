import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AccessRecord
from common.models import Act
from common.spreadsheets import read_spreadsheet
from demo.factories import EnrolmentFactory, OrganisationFactory, UserFactory
from people.models import Term
from tests.journal_entries import deleted, recorded

pytestmark = pytest.mark.django_db


def test_support_pages_show_people_log_it_and_change_nothing(client_of, programme):
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


def test_staff_who_are_no_superusers_see_no_people(client_of):
    client = client_of(UserFactory(is_staff=True))
    for model in ("person", "term", "organisation"):
        assert client.get(f"/support/people/{model}/").status_code == 403


def test_what_support_adds_changes_and_deletes_is_recorded(client_of, programme):
    organisation = OrganisationFactory(branch=programme.branch, name="VIDIT")
    support = UserFactory(is_staff=True, is_superuser=True)
    client, pages = client_of(support), "/support/people"
    client.post(f"{pages}/term/add/", {"kind": "topic", "name": "Sløjd", "name_en": "Crafts", "aliases": "[]"})
    client.post(f"{pages}/organisation/{organisation.pk}/delete/", {"post": "yes"})
    term = Term.objects.get(name="Sløjd")
    client.post(f"{pages}/term/", {"action": "delete_selected", "_selected_action": [term.pk], "post": "yes"})
    assert set(Act.objects.values_list("by", flat=True)) == {support.pk}
    assert recorded("change_in_support") == [("made", "people.term", "", None, None)]
    assert recorded("delete_in_support") == [
        ("removed", "people.organisation", "", None, None),
        ("removed", "people.term", "", None, None),
    ]
    assert [row["name"] for row in deleted("delete_in_support")] == ["VIDIT", "Sløjd"]


@pytest.mark.parametrize(("number", "kind"), [(0, "xlsx"), (1, "ods"), (2, "csv")])
def test_exports_of_the_support_pages_are_safe_and_logged(client_of, programme, number, kind):
    OrganisationFactory(branch=programme.branch, name='=HYPERLINK("x")', phone="+4538201030")
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    answer = client.post("/support/people/organisation/export/", {"format": number, "organisationresource_name": "on"})
    spreadsheet = read_spreadsheet(io.BytesIO(answer.content))
    assert [cells for _number, cells in spreadsheet.sheets[0].rows][1] == ['=HYPERLINK("x")']
    if kind == "csv":
        assert b"'=HYPERLINK" in answer.content
    record = AccessRecord.objects.get(kind="export")
    assert (record.subject, record.detail, record.count) == ("people.organisation", f"support, {kind}", 1)


def test_support_pages_read_files_with_the_limits_of_the_import(client_of, programme):
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    file = SimpleUploadedFile("ord.csv", "id;kind;name;name_en\n;topic;Sløjd;Crafts\n".encode())
    page = client.post("/support/people/term/import/", {"format": 2, "import_file": file})
    assert page.context["form"].errors == {}
    assert page.context["result"].totals["new"] == 1
    broken = SimpleUploadedFile("ord.xlsx", b"PK\x03\x04 no spreadsheet")
    page = client.post("/support/people/term/import/", {"format": 0, "import_file": broken})
    assert "FileRefused" in str(page.context["form"].errors["import_file"])
