import io
import zipfile

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.enums import Role
from accounts.models import AccessRecord
from demo.factories import EnrolmentFactory, MembershipFactory
from transfer.packing import COLUMNS, MANIFEST, README
from transfer.tables import branch_tables

pytestmark = pytest.mark.django_db
ADDRESS = "/administration/hele-afdelingen/"


def test_address():
    assert reverse("transfer:branch-file") == ADDRESS


def test_administration_links_to_the_page(client_of, administrator):
    response = client_of(administrator).get(reverse("accounts:administration"))
    assertContains(response, f'<a class="name" href="{ADDRESS}">Hent hele afdelingen</a>', html=True)


def test_page_lists_the_tables(client_of, administrator, programme):
    EnrolmentFactory.create_batch(3, programme=programme)
    response = client_of(administrator).get(ADDRESS)
    assert [(table.title, count) for table, count in response.context["counts"]] == [
        ("Afdelinger", 1),
        ("Indsatser", 1),
        ("Personer", 3),
        ("Roller i indsatser", 3),
        ("Ventetider, pauser og afslutninger på roller", 3),
    ]
    assertContains(response, '<span class="note-line">11 rækker</span>', html=True)
    assertContains(response, "Det skrives i loggen: hvem der hentede, hvornår, og hvor mange rækker.")
    assert not AccessRecord.objects.exists()


def test_download_is_complete_and_logged(client_of, administrator, programme):
    EnrolmentFactory(programme=programme)
    response = client_of(administrator).post(ADDRESS)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="Afdeling Tingbjerg 2011-09-15.zip"'
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        assert archive.testzip() is None
        assert {COLUMNS, MANIFEST, README} < set(archive.namelist())
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject, record.subject_id) == ("export", "accounts.branch", programme.branch_id)
    assert (record.user, record.branch, record.count) == (administrator, programme.branch, 5)
    assert record.detail == "Tingbjerg"


def test_role_counts_in_the_current_branch(client_of, administrator, koebenhavn):
    """An administrator who is coordinator in another branch may not download that branch's file."""
    MembershipFactory(user=administrator, branch=koebenhavn, role=Role.COORDINATOR)
    client = client_of(administrator)
    client.post(reverse("accounts:choose_branch"), {"branch": koebenhavn.pk})
    assert client.post(ADDRESS).status_code == 403
    assert client.get(ADDRESS).status_code == 403
    assert not AccessRecord.objects.filter(kind="export").exists()


@pytest.mark.parametrize("persona", ["coordinator", "manager", "outsider"])
def test_other_roles_are_refused(client_of, persona, request):
    client = client_of(request.getfixturevalue(persona))
    assert [client.get(ADDRESS).status_code, client.post(ADDRESS).status_code] == [403, 403]


def test_query_count_does_not_grow_with_the_rows(client_of, administrator, programme, django_assert_num_queries):
    client = client_of(administrator)
    client.get(ADDRESS)
    shared_models = [table.model for table in branch_tables() if table.matched_by]
    shared = [column for table in branch_tables() for column in table.columns if column.target in shared_models]
    for more in (1, 49):
        EnrolmentFactory.create_batch(more, programme=programme)
        # Session, user, roles; one for each table, but for shared tables one for each column that refers to them.
        with django_assert_num_queries(3 + len(branch_tables()) - len(shared_models) + len(shared)):
            client.get(ADDRESS)
