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


TASKS = {
    "opfølgning": "follow_up",
    "møde": "meeting",
    "intake": "intake",
    "interview": "interview",
    "foreslå": "propose",
    "start": "start",
    "afslut": "end",
    "find": "find",
    "fremmøde": "check_in",
    "inviter": "invite",
}
COUNTED = re.compile(r"hand\.expect\(clicks=(\d+), fields=(\d+)\)")


def test_the_table_of_tasks_says_what_the_browser_tests_count():
    lines = (ROOT / "docs" / "user" / "tasks.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][1:]
    said = {task: now.split(",")[0] for task, _what, _most, _before, now in rows if not task.startswith("-")}
    counted = {}
    for task, name in TASKS.items():
        clicks, fields = COUNTED.search((ROOT / "tests" / "browser" / f"test_task_{name}.py").read_text()).groups()
        counted[task] = f"{clicks}C + {fields}F" if fields != "0" else f"{clicks}C"
    assert {task: words.split(" på ")[0].split(" med ")[0] for task, words in said.items()} == counted
