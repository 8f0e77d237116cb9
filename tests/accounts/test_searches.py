import pytest

from accounts.models import AccessRecord
from demo.factories import EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(client_of, coordinator, programme):
    """Return a function that types words into the field of the top bar, one request each."""
    for last in ("Nur", "Dahl"):
        EnrolmentFactory(programme=programme, person__first_name="Annika", person__last_name=last)
    client = client_of(coordinator)

    def type_words(*all_words):
        for words in all_words:
            assert client.get("/soeg/", {"soeg": words}, headers={"HX-Request": "true"}).status_code == 200
        return client

    return type_words


def logged() -> list[tuple[str, int]]:
    """Return the words and the number of hits of the searches in the log, in their order."""
    rows = AccessRecord.objects.filter(kind="search").order_by("pk")
    return [(row.detail, row.count) for row in rows]


def test_the_first_hits_are_logged_at_once_and_typing_on_adds_no_rows(typed):
    typed("a", "an", "ann", "annika", "annika nu")
    assert logged() == [("an", 2)]


def test_the_last_words_are_logged_when_another_page_is_opened(typed):
    client = typed("an", "annika nu")
    client.get("/match/liste/")
    assert logged() == [("an", 2), ("annika nu", 1)]
    client.get("/")
    assert len(logged()) == 2


def test_words_typed_at_once_are_logged_once(typed):
    typed("annika nu").get("/")
    assert logged() == [("annika nu", 1)]


def test_other_words_are_another_search(typed):
    typed("an", "anni", "an", "nur", "nu")
    assert logged() == [("an", 2), ("nur", 1), ("nu", 1)]


def test_other_words_end_the_search_before(typed):
    typed("an", "anni", "nur")
    assert logged() == [("an", 2), ("anni", 2), ("nur", 1)]


def test_enter_logs_the_words_of_the_page_once(typed):
    typed("an", "anni").get("/soeg/", {"soeg": "annika"})
    assert logged() == [("an", 2), ("annika", 2)]


def test_a_cpr_number_is_neither_logged_nor_kept_in_the_session(typed):
    client = typed("030577-1234")
    assert "typed_search" not in client.session
    client.get("/")
    assert logged() == [("(et CPR-nummer)", 0)]
