"""The user guide uses the words of the interface, so that a renamed button is renamed in the guide."""

import re
import tomllib
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = sorted((ROOT / "docs" / "user").glob("*.md"))
BOLD = re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"\]\(([^)#]+)\)")


@pytest.fixture(scope="module")
def words():
    """Return every Danish text of the interface, and the labels of the kinds of import."""
    catalogue = polib.pofile(str(ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"))
    texts = {text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())}
    kinds = (ROOT / "imports" / "data" / "kinds").glob("*.toml")
    return texts | {tomllib.loads(kind.read_text())["label"]["da"] for kind in kinds}


def test_the_guide_has_these_pages():
    assert [page.stem for page in GUIDE] == [
        "arrangementer",
        "hele-afdelingen",
        "import",
        "interview-og-match",
        "kom-godt-i-gang",
        "opfoelgning",
        "personer",
        "privatliv",
        "resultatmaal-og-rapport",
        "spoergsmaal",
        "tasks",
    ]


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_bold_words_are_words_of_the_interface(page, words):
    bold = {" ".join(text.split()).rstrip(".:") for text in BOLD.findall(page.read_text())}
    assert sorted(bold - words) == []


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_links_lead_to_existing_files(page):
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []
