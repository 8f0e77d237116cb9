import pytest

from demo.factories import MatchFactory
from matching.numbers import take_match_number, take_match_numbers

pytestmark = pytest.mark.django_db


def test_search_for_a_match_number_redirects_to_the_match(client_of, coordinator, other_branch_coordinator, programme):
    match = MatchFactory(programme=programme, number="M-2011-031")
    search = {"soeg": "m-2011-031"}
    assert client_of(coordinator).get("/soeg/", search).url == f"/match/{match.pk}/"
    assert client_of(other_branch_coordinator).get("/soeg/", search).context["groups"] == []


def test_take_match_number_skips_used_numbers(programme):
    MatchFactory(programme=programme, number="M-2011-001")
    assert take_match_number(programme, 2011) == "M-2011-002"


def test_take_match_numbers_keeps_free_numbers_of_our_form(programme):
    MatchFactory(programme=programme, number="M-2011-001")
    wanted = [("M-2011-001", 2011), ("m-2011-002", 2011), ("M-2011-002", 2011), ("17", 2010), ("", 2011)]
    assert take_match_numbers(programme, wanted) == [
        "M-2011-003", "M-2011-002", "M-2011-004", "M-2010-001", "M-2011-005",
    ]  # fmt: skip
