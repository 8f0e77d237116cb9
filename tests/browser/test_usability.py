"""Double clicks, keyboard, English, no JavaScript, dark mode and sign-in errors."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PHONE, greeting


def test_double_click_makes_one_record(visit_as):
    visitor = visit_as("koordinator", "koebenhavn")
    page = visitor.page
    visitor.open("/arrangementer/opret/", "Opret arrangement")
    page.get_by_label("Titel").fill("Åben cafe for alle")
    page.get_by_label(re.compile("^Dato")).fill("14-10-2011")
    page.get_by_label("Begynder kl.").fill("16.30")
    page.get_by_label("Slutter kl.").fill("18.30")
    visitor.button_or_link("Opret arrangement").dblclick()
    visitor.expect_heading("Åben cafe for alle")
    visitor.open("/arrangementer/", "Arrangementer")
    expect(page.get_by_role("link", name="Åben cafe for alle")).to_have_count(1)


def test_keyboard_alone_searches_and_closes_a_log_row(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Find person eller sag")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    row = page.locator("[data-log-row]").filter(has=page.get_by_role("link", name="Inge Damgaard", exact=True))
    register = row.get_by_role("link", name="Registrer opfølgning med Inge Damgaard")
    register.focus()
    page.keyboard.press("Enter")
    expect(row.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.locator("form")).to_have_count(0)
    expect(register).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("ali hassan nur")
    page.keyboard.press("Enter")
    visitor.expect_heading("Ali Hassan Nur")


def test_english_and_back_again(visit_as):
    visitor = visit_as("administrator", "koebenhavn")
    page = visitor.page
    visitor.open("/", greeting("Bo"))
    menu = page.locator(".topbar .who")
    menu.locator("summary").click()
    visitor.press("English", greeting("Bo"), within=menu)
    expect(page).to_have_title("Today · Mentornet")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    menu.locator("summary").click()
    visitor.press("Dansk", greeting("Bo"), within=menu)
    expect(page.locator("html")).to_have_attribute("lang", "da")


def test_a_follow_up_is_logged_without_javascript(visit_as):
    visitor = visit_as("koordinator", java_script_enabled=False)
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    page.get_by_role("link", name="Registrer opfølgning med Ulla Brandt").click()
    visitor.expect_heading("Registrer opfølgning")
    visitor.press("Gem", "Registrer opfølgning")
    visitor.expect_text("Vælg et svar på »Hvordan går det?«.")
    page.get_by_role("radio", name="Godt").check()
    page.get_by_label("Note").fill("Alt vel, mødes hver tirsdag")
    visitor.press("Gem", greeting("Mette"))
    expect(page.get_by_role("link", name="Registrer opfølgning med Ulla Brandt")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/match/", "/rapporter/"])
def test_dark_pages_keep_their_contrast(visit_as, path):
    visitor = visit_as("koordinator", color_scheme="dark")
    visitor.open(path)
    expect(visitor.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    visitor.check()


def test_sign_in_shows_the_error(visit_as):
    visitor = visit_as(None, viewport=PHONE)
    visitor.open("/konto/login/", "Log ind")
    visitor.check()
    visitor.page.get_by_label("E-mail").fill("koordinator.tingbjerg@example.net")
    visitor.page.get_by_label("Adgangskode").fill("forkert")
    visitor.press("Fortsæt")
    expect(visitor.page.get_by_text(re.compile("passer ikke sammen"))).to_be_visible()
    visitor.check()
