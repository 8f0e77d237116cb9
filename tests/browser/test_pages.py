"""The main pages of each role, on a desktop and a phone: accessible, no wider than the screen, in Danish."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE

PAGES = {
    "koordinator": [
        "/",
        "/personer/",
        "/personer/?rolle=mentor",
        "/personer/organisationer/",
        "/match/",
        "/match/liste/",
        "/match/liste/?vaelg=1",
        "/match/overdrag/",
        "/match/opfoelgninger/",
        "/match/opmaerksomhed/",
        "/match/interview/",
        "/match/saadan-rangeres-der/",
        "/arrangementer/",
        "/arrangementer/kalender/",
        "/indsatser/",
        "/indsatser/tingbjerg-2010/",
        "/rapporter/",
        "/rapporter/status/",
        "/administration/konto/",
    ],
    "leder": ["/", "/indsatser/tingbjerg-2010/", "/rapporter/status/"],
    "administrator": [
        "/administration/",
        "/administration/brugere/",
        "/match/overdrag/?fra=ingen",
        "/match/skrevne-navne/",
        "/administration/log/",
        "/administration/opgaver/",
        "/personer/import/",
        "/indsatser/tingbjerg-2010/rediger/",
    ],
}


@pytest.mark.parametrize("word", PAGES)
def test_every_page_is_accessible_and_fits_both_screens(visit_as, word):
    visitor = visit_as(word)
    for path in PAGES[word]:
        visitor.open(path)
        expect(visitor.page.get_by_role("heading", level=1)).to_have_count(1)
        visitor.check()
        visitor.page.set_viewport_size(PHONE)
        expect(visitor.page.get_by_role("heading", level=1)).to_have_count(1)
        visitor.check()
        visitor.page.set_viewport_size(DESKTOP)
