import pytest

from programmes.models import Programme
from reporting.services import load_programme


@pytest.fixture
def loaded(tingbjerg) -> Programme:
    """Tingbjerg with the rules and promises of the shipped file, and no people."""
    return load_programme("tingbjerg-2010").programme
