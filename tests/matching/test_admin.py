"""Support pages: those with full rights look things up, nobody changes anything."""

import pytest

from demo.factories import MatchFactory, UserFactory


@pytest.mark.parametrize("model", ["match", "interview", "followup", "meeting"])
def test_support_reads_and_changes_nothing(client_of, model, programme):
    MatchFactory(programme=programme)
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(f"/support/matching/{model}/").status_code == 200
    assert client.get(f"/support/matching/{model}/add/").status_code == 403


def test_staff_without_full_rights_reach_no_match(client_of, db):
    client = client_of(UserFactory(is_staff=True))
    assert client.get("/support/matching/match/").status_code == 403
