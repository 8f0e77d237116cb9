"""The browser of an administrator, and two cases of one person for the tests of merging."""

import pytest

from demo.factories import PersonFactory


@pytest.fixture
def admin(client_of, administrator):
    """A test client signed in as the administrator."""
    return client_of(administrator)


@pytest.fixture
def kept(programme):
    return PersonFactory(home_branch=programme.branch, case_number="T-2010-031", phones=["+4550252858"], emails=[])


@pytest.fixture
def other(programme):
    return PersonFactory(
        home_branch=programme.branch,
        case_number="T-2010-012",
        first_name="Hodaan",
        phones=["+4550252859", "+4550252858"],
        emails=["Hodan@example.dk"],
    )
