"""Admin for support: read-only, for superusers only."""

import pytest

from demo.factories import MatchFactory, UserFactory


@pytest.mark.parametrize("model", ["match", "interview", "followup", "meeting"])
def test_admin_is_read_only_for_superusers(client_of, model, programme):
    MatchFactory(programme=programme)
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(f"/support/matching/{model}/").status_code == 200
    assert client.get(f"/support/matching/{model}/add/").status_code == 403


def test_admin_is_closed_to_other_staff(client_of, db):
    client = client_of(UserFactory(is_staff=True))
    assert client.get("/support/matching/match/").status_code == 403
