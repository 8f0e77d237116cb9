"""Every list that can be taken home, as every kind of file: what is written comes back, and the log says it."""

import io
import re

import pytest
from django.urls import resolve

from accounts.enums import FileKind, Role
from accounts.export_base import ListExportMixin
from accounts.models import AccessRecord
from common.spreadsheets import read_spreadsheet
from tests.access_table import ACCESS
from tests.test_access import Scene, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Address of the choice: the rows that the scene gives the administrator.
LISTS = {
    "accounts:access-log-export": 0,
    "accounts:user-export": 4,
    "events:event-export": 1,
    "events:participant-export": 1,
    "matching:attention-export": 1,
    "matching:follow-up-export": 1,
    "matching:interview-export": 1,
    "matching:match-list-export": 1,
    "matching:meeting-export": 1,
    "people:case-number-export": 0,
    "people:import-export": 1,
    "people:organisation-export": 1,
    "people:person-export": 3,
    "programmes:programme-export": 1,
    "reporting:evidence-list-export": 1,
    "reporting:report-list-export": 1,
    "reporting:target-list-export": 1,
}
AT_ONCE = {"matching:match-export", "events:export-list", "reporting:targets-export", "reporting:evidence-export"}


@pytest.fixture
def scene():
    return Scene.build("Tingbjerg", "T", "Tingmærke")


def is_a_list(name: str, scene: Scene) -> bool:
    view = resolve(address(name, scene).split("?")[0]).func
    return issubclass(getattr(view, "view_class", object), ListExportMixin)


def test_every_list_is_here(scene):
    assert {name for name in ACCESS if is_a_list(name, scene)} == {*LISTS, *AT_ONCE}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_comes_back_as_it_was_written(name, scene, client):
    user = scene.users[Role.ADMINISTRATOR]
    client.force_login(user)
    here = address(name, scene)
    page = client.get(here)
    keys = re.findall(r'name="columns" value="(\w+)"', page.text)
    labels = [str(label) for _key, label in page.context["form"].fields["columns"].choices]
    assert page.context["count"] == LISTS[name]
    found = {}
    for kind in FileKind.values:
        logged = AccessRecord.objects.filter(kind="export").count()
        response = client.post(here, {"columns": keys, "kind": kind})
        rows = [cells for _number, cells in read_spreadsheet(io.BytesIO(response.getvalue())).sheets[0].rows]
        assert rows[0] == labels
        record = AccessRecord.objects.filter(kind="export").first()
        grown = logged if name == "accounts:access-log-export" else 0  # it holds the lines about itself
        assert len(rows) - 1 == record.count == LISTS[name] + grown
        assert record.user == user
        assert record.branch_id == scene.branch.pk
        assert record.detail.startswith(f"{page.context['title']}, {kind}")
        found[kind] = rows
    if name != "accounts:access-log-export":
        assert found["xlsx"] == found["ods"]
