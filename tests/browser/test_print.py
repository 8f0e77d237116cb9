"""What is printed: a list, a person and a match begin on the first sheet, under a head with branch, day and user."""

import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")

HEAD = "udskrevet 15. september 2011 af"
FIRST_PAGE_WORDS = 55  # more than a heading with its facts
LONG = {
    "koordinator": [
        "/",
        "/personer/",
        "/match/",
        "/match/liste/",
        "/match/opfoelgninger/",
        "/match/opmaerksomhed/",
        "/rapporter/",
        "/indsatser/tingbjerg-2010/",
    ],
    "administrator": ["/administration/", "/administration/log/"],
}


def printed(visitor, tmp_path, path: str) -> list[str]:
    """Print a page to PDF and return the text of each sheet."""
    visitor.open(path)
    visitor.page.wait_for_load_state("networkidle")
    file = tmp_path / "page.pdf"
    visitor.page.pdf(path=file, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return [re.sub(r"\s+", " ", sheet) for sheet in text.split("\f")[:-1]]


@pytest.mark.parametrize("word", LONG)
def test_the_first_sheet_has_more_than_a_heading(visit_as, word, tmp_path):
    visitor = visit_as(word)
    for path in LONG[word]:
        first = printed(visitor, tmp_path, path)[0]
        assert len(first.split()) > FIRST_PAGE_WORDS, (path, first)


def test_a_person_and_a_match_are_printed_from_their_menu(visit_as, tmp_path):
    visitor = visit_as("koordinator")
    for path, link in [("/personer/?status=matched", "td.name a, td a"), ("/match/liste/", "td a")]:
        visitor.open(path)
        address = visitor.page.locator(link).first.get_attribute("href")
        first = printed(visitor, tmp_path, address)[0]
        assert HEAD in first
        assert len(first.split()) > FIRST_PAGE_WORDS, first
        visitor.page.locator(".page-head details.menu summary").click()
        assert visitor.page.locator(".page-head").get_by_role("button", name="Udskriv").is_visible()


def test_a_long_list_says_how_many_rows_are_on_other_pages(visit_as, tmp_path):
    visitor = visit_as("koordinator")
    text = " ".join(printed(visitor, tmp_path, "/personer/?rolle=mentor"))
    shown, total = re.search(r"1–(\d+) af (\d+)", text).groups()
    assert f"{int(total) - int(shown)} flere er ikke med på papiret." in text
    assert HEAD in text


def test_lists_have_a_button_that_prints(visit_as):
    visitor = visit_as("koordinator")
    visitor.page.add_init_script("window.print = () => { window.hasPrinted = true; }")
    for path in ["/match/opmaerksomhed/", "/personer/mulige-dubletter/", "/indsatser/", "/rapporter/"]:
        visitor.open(path)
        visitor.page.get_by_role("button", name="Udskriv").click()
        assert visitor.page.evaluate("window.hasPrinted") is True, path
