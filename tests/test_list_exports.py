"""Every exported list in every file format: the file is read back, and the access log records it."""

import io

import pytest
from django.urls import resolve

from accounts.enums import FileKind, Role
from accounts.export_base import ListExportMixin
from accounts.models import AccessRecord
from common.spreadsheets import read_spreadsheet
from tests.access_table import ACCESS
from tests.test_access import Scene, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.both_databases]

LISTS = {
    "accounts:access-log-export",
    "accounts:user-export",
    "events:event-export",
    "events:participant-export",
    "imports:import-export",
    "matching:attention-export",
    "matching:follow-up-export",
    "matching:interview-export",
    "matching:match-list-export",
    "matching:meeting-export",
    "people:case-number-export",
    "people:group-export",
    "people:organisation-export",
    "people:person-export",
    "programmes:programme-export",
    "reporting:evidence-list-export",
    "reporting:report-list-export",
    "reporting:target-list-export",
}
WITHOUT_CHOICE = {
    "matching:match-export",
    "events:export-list",
    "reporting:targets-export",
    "reporting:evidence-export",
}


@pytest.fixture
def scene():
    return Scene.build("Tingbjerg", "T", "Tingmærke")


def is_a_list(name: str, scene: Scene) -> bool:
    view = resolve(address(name, scene).split("?")[0]).func
    return issubclass(getattr(view, "view_class", object), ListExportMixin)


def test_all_exported_lists_are_known(scene):
    assert {name for name in ACCESS if is_a_list(name, scene)} == {*LISTS, *WITHOUT_CHOICE}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_exported_list_is_read_back_unchanged(name, scene, client):
    user = scene.users[Role.ADMINISTRATOR]
    client.force_login(user)
    here = address(name, scene) + ("?soeg=20" if name == "people:case-number-export" else "")
    client.get(here, {"format": "csv"})  # so that the access log has a row
    found = {}
    for kind in FileKind.values:
        page = client.get(here)
        choices = page.context["form"].fields["columns"].choices
        response = client.post(here, {"columns": [key for key, _label in choices], "kind": kind})
        rows = [cells for _number, cells in read_spreadsheet(io.BytesIO(response.getvalue())).sheets[0].rows]
        assert rows[0] == [str(label) for _key, label in choices]
        record = AccessRecord.objects.filter(kind="export").first()
        assert len(rows) - 1 == record.count == page.context["count"] > 0
        assert (record.user, record.branch_id) == (user, scene.branch.pk)
        assert record.detail.startswith(f"{page.context['title']}, {kind}")
        found[kind] = rows
    if name != "accounts:access-log-export":  # each file adds a row to it
        assert found["xlsx"] == found["ods"]
