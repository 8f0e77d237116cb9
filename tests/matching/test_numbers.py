import pytest

from demo.factories import MatchFactory
from matching.numbers import take_match_number

pytestmark = pytest.mark.django_db


def test_search_for_a_match_number_redirects_to_the_match(client_of, coordinator, other_branch_coordinator, programme):
    match = MatchFactory(programme=programme, number="M-2011-031")
    search = {"soeg": "m-2011-031"}
    assert client_of(coordinator).get("/personer/soeg/", search).url == f"/match/{match.pk}/"
    assert client_of(other_branch_coordinator).get("/personer/soeg/", search).url == "/personer/?soeg=m-2011-031"


def test_take_match_number_skips_used_numbers(programme):
    MatchFactory(programme=programme, number="M-2011-001")
    assert take_match_number(programme, 2011) == "M-2011-002"
