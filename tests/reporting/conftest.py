import pytest

from programmes.models import Programme
from reporting.services import load_programme


@pytest.fixture
def loaded(tingbjerg) -> Programme:
    """Tingbjerg's programme with the rules and targets of the shipped file, without people."""
    return load_programme("tingbjerg-2010").programme
