"""The guide speaks the words of the screens: a button that is renamed is renamed there, too."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = sorted((ROOT / "docs" / "user").glob("*.md"))
BOLD = re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"\]\(([^)#]+)\)")


@pytest.fixture(scope="module")
def words():
    """Every Danish text of the interface."""
    catalogue = polib.pofile(str(ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"))
    return {text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())}


def test_the_guide_is_there():
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
    ]


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_bold_words_stand_on_a_screen(page, words):
    bold = {" ".join(text.split()).rstrip(".:") for text in BOLD.findall(page.read_text())}
    assert sorted(bold - words) == []


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []
