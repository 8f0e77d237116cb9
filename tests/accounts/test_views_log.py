"""The access log: own branches, filters, export; rows cannot be changed."""

import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from accounts.models import AccessRecord
from accounts.querysets import AppendOnlyError
from accounts.services import record_access
from common import clock
from demo.factories import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
LOG = "/administration/log/"


@pytest.fixture
def person(tingbjerg):
    return PersonFactory(home_branch=tingbjerg, case_number="T-2011-009")


@pytest.fixture
def rows(coordinator, administrator, other_branch_coordinator, tingbjerg, koebenhavn, person):
    record_access(by=coordinator, kind="read", subject=person, branch=tingbjerg)
    record_access(
        by=administrator,
        kind="search",
        subject="people.person",
        branch=tingbjerg,
        code="words_searched",
        values={"words": "moller"},
        count=3,
    )
    record_access(
        by=other_branch_coordinator,
        kind="read",
        subject="people.person",
        branch=koebenhavn,
        code="words_searched",
        values={"words": "fremmed"},
    )
    record_access(by=None, kind="import", subject="ukendt", branch=tingbjerg)
    return tingbjerg


def details(response) -> list[tuple[str, str]]:
    return [(record.kind, record.detail) for record in response.context["records"]]


def test_log_shows_the_own_branch_newest_first(client_of, administrator, rows):
    page = client_of(administrator).get(LOG)
    assert details(page) == [("import", ""), ("search", "moller"), ("read", "")]
    text = page.content.decode()
    assert "T-2011-009" in text
    assert "fremmed" not in text
    assert "ukendt" in text


def test_log_is_filtered_by_case_user_kind_and_day(client_of, administrator, coordinator, rows):
    client = client_of(administrator)
    today = clock.today()
    tomorrow = f"{today + dt.timedelta(1):%d-%m-%Y}"
    numbers = {"numbers": ["T-2011-009", "T-2011-010"]}
    record_access(
        by=coordinator, kind="search", subject="people.person", code="mentors_ranked", values=numbers, branch=rows
    )
    found = details(client.get(LOG, {"sag": "t-2011-009"}))
    assert found == [("search", "Find mentor, mentorer: T-2011-009, T-2011-010"), ("read", "")]
    assert details(client.get(LOG, {"bruger": coordinator.pk, "type": "read"})) == [("read", "")]
    assert details(client.get(LOG, {"type": "search"}))[1:] == [("search", "moller")]
    assert len(details(client.get(LOG, {"fra": f"{today:%d-%m-%Y}", "til": f"{today:%d-%m-%Y}"}))) == 4
    assert details(client.get(LOG, {"fra": tomorrow})) == []
    assert "Ingen passer til filtrene" in client.get(LOG, {"fra": tomorrow}).content.decode()


@pytest.mark.parametrize("typed", ["Åse", 'Åse "Lis"', 'is" \\'])
def test_case_filter_finds_danish_letters_and_quotation_marks(client_of, administrator, rows, typed):
    values = {"words": 'Åse "Lis" \\'}
    record_access(
        by=administrator, kind="search", subject="people.person", branch=rows, code="words_searched", values=values
    )
    assert details(client_of(administrator).get(LOG, {"sag": typed})) == [("search", values["words"])]


def test_log_names_the_invalid_filter_and_offers_no_foreign_users(
    client_of, administrator, other_branch_coordinator, rows
):
    client = client_of(administrator)
    page = client.get(LOG, {"fra": "31-06-2011"})
    assert details(page) == []
    assert 'value="31-06-2011"' in page.content.decode()
    assert list(client.get(LOG, {"bruger": other_branch_coordinator.pk}).context["filter"].errors) == ["bruger"]
    assert "Karen Dahl" not in page.content.decode()


def test_log_empty(client_of, administrator):
    assert "Der er ikke logget noget endnu" in client_of(administrator).get(LOG).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_log_asks_the_same_number_of_queries(client_of, administrator, tingbjerg, django_assert_num_queries, count):
    for _number in range(count):
        record_access(by=UserFactory(), kind="read", subject="people.person", branch=tingbjerg)
    client = client_of(administrator)
    client.get(LOG)
    with django_assert_num_queries(6):
        client.get(LOG)


def test_log_is_paged(client_of, administrator, tingbjerg):
    for _number in range(51):
        record_access(by=administrator, kind="read", subject="people.person", branch=tingbjerg)
    client = client_of(administrator)
    assert len(client.get(LOG).context["records"]) == 50
    assert len(client.get(LOG, {"side": "2"}).context["records"]) == 1
    assert len(client.get(LOG, {"side": "x"}).context["records"]) == 50


def test_log_export_has_the_filtered_rows_and_is_logged(client_of, administrator, rows):
    client = client_of(administrator)
    answer = client.get(LOG, {"type": "search", "format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    heading, line = sheet.to_python()
    assert heading == [
        "Tidspunkt",
        "Bruger",
        "Afdeling",
        "Hvad der skete",
        "Oplysning",
        "Sagsnummer",
        "Detalje",
        "Antal",
    ]
    assert line[1:] == ["Hanne Lund", "Tingbjerg", "Søgning", "Person", "", "moller", 3]
    export = AccessRecord.objects.first()
    assert (export.kind, export.subject, export.count) == ("export", "accounts.accessrecord", 1)
    csv = client.get(LOG, {"format": "csv"})
    assert b"moller" in b"".join(csv.streaming_content)


def test_rows_of_the_log_cannot_be_changed_or_deleted(rows):
    row = AccessRecord.objects.first()
    row.code = "words_searched"
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(AppendOnlyError):
        AccessRecord.objects.all().update(code="")
    with pytest.raises(AppendOnlyError):
        AccessRecord.objects.bulk_update([row], ["code"])
    with pytest.raises(AppendOnlyError):
        AccessRecord.objects.all().delete()
    assert AccessRecord.objects.count() == 4
