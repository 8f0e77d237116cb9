"""A mentee calls: created on one page, which is saved while it is typed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hand import Hand
from tests.browser.visitor import PHONE

SAVED = re.compile(r"Senest gemt i dag")


def test_a_mentee_who_calls_is_created(visit_as):
    hand = Hand(visit_as("koordinator"))
    hand.click("Opret person")
    hand.click("Mentee")
    hand.click("Kvinde")
    hand.click("Har sagt ja")
    hand.type("Fornavn", "Leyla")
    hand.type("Efternavn", "Prøve-Demir")
    hand.type("Telefon", "51 52 53 60")
    hand.type("Født", "1984")
    hand.press("Enter")
    hand.visitor.expect_heading("Leyla Prøve-Demir")
    hand.expect(clicks=4, fields=4)
    hand.visitor.expect_text("51 52 53 60", "Kvinde, 27 år")


@pytest.fixture
def visitor(visit_as):
    return visit_as("koordinator")


def type_person(page, first: str, last: str, birth: str) -> None:
    page.get_by_label("Fornavn").fill(first)
    page.get_by_label("Efternavn").fill(last)
    page.get_by_label("Født").fill(birth)


def test_known_people_are_asked_about_beside_the_fields(visitor):
    page, card = visitor.page, visitor.page.locator("#known-people")
    visitor.open("/personer/ny/?rolle=mentee", "Opret person")
    type_person(page, "Hoden", "Warsame", "9-7-1977")
    expect(card).to_contain_text("Samme fødselsdag: 9.")
    create = page.locator("#intake-next").get_by_role("button", name="Opret mentee")
    expect(create).to_be_disabled()
    expect(page.locator("#intake-next")).to_contain_text("Svar først på »Kendt i forvejen?«.")
    assert card.bounding_box()["x"] > page.get_by_label("Efternavn").bounding_box()["x"]
    visitor.check()
    visitor.save_screenshot("intake", height=1000)
    page.set_viewport_size(PHONE)
    below = page.get_by_role("group", name="Rolle").bounding_box()["y"]
    assert page.get_by_label("Efternavn").bounding_box()["y"] < card.bounding_box()["y"] < below
    visitor.check()
    card.get_by_role("button", name="Samme husstand").click()
    expect(card).to_contain_text("De to forbindes, når den nye oprettes.")
    expect(create).to_be_enabled()
    card.get_by_role("button", name="Fortryd").click()
    expect(create).to_be_disabled()
    card.get_by_role("button", name="Samme person").click()
    visitor.expect_heading("Tilføj rolle")
    visitor.expect_text("Hodan Warsame", "Fornavn: Hoden tages ikke med")
    visitor.check()


def test_another_role_shows_other_wishes(visitor):
    page = visitor.page
    visitor.open("/personer/ny/", "Opret person")
    page.get_by_text("Emner, sprog, tid, sted").click()
    expect(page.get_by_role("group", name="Ønsker hjælp til")).to_be_visible()
    page.get_by_role("radio", name="Mentor").check()
    page.get_by_label("Med egne ord").fill("Skrives, mens ønskerne skifter")
    expect(page.get_by_role("group", name="Kan hjælpe med")).to_be_visible()
    expect(page.get_by_label("Plads til")).to_be_visible()
    expect(page.get_by_label("Med egne ord")).to_have_value("Skrives, mens ønskerne skifter")
    visitor.check()


def test_a_draft_in_two_tabs_loses_no_words(visitor):
    page = visitor.page
    visitor.open("/personer/ny/?rolle=mentee", "Opret person")
    page.get_by_label("Fornavn").fill("Toni")
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Fornavn")).to_have_value("Toni")
    other.get_by_label("Med egne ord").fill("Fra den anden fane")
    expect(other.locator("#draft-saved")).to_have_text(SAVED)
    other.wait_for_timeout(1500)
    page.get_by_label("Efternavn").fill("Faner")
    expect(page.locator("#draft-others")).to_contain_text("Kladden er ændret i en anden fane.")
    visitor.press("Gem som kladde", "Opret person")
    visitor.expect_text("»Fra den anden fane« er taget med fra den anden fane")
    expect(page.get_by_label("Med egne ord")).to_have_value("Fra den anden fane")
    visitor.check()
    page.get_by_role("checkbox", name="Har sagt ja").check()
    page.locator("#intake-next").get_by_role("button", name="Opret mentee").click()
    visitor.expect_heading("Toni Faner")
    other.get_by_label("Med egne ord").fill("Skrevet bagefter")
    expect(other.locator("#known-people")).to_contain_text("Dette er gjort færdigt i en anden fane.")
    other.get_by_role("button", name="Gem som kladde").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Gjort færdigt i en anden fane")
    expect(other.locator("main")).to_contain_text("Skrevet bagefter")
    visitor.page = other
    visitor.console = [line for line in visitor.console if "status of 409" not in line]
    visitor.check()


def test_an_intake_without_javascript(visit_as):
    visitor = visit_as("koordinator", java_script_enabled=False)
    page = visitor.page
    visitor.open("/personer/ny/", "Opret person")
    expect(page.get_by_text("Kladden gemmes, mens du skriver.")).to_be_hidden()
    type_person(page, "Hasan", "Chowdhury", "26-7-1975")
    page.locator("label").filter(has_text="Mentee").click()
    page.get_by_role("checkbox", name="Har sagt ja").check()
    page.locator("#intake-next button").click()
    visitor.expect_text("Svar først på »Kendt i forvejen?«.", "Samme fødselsdag: 26.")
    page.get_by_role("button", name="En anden").click()
    visitor.expect_text("Der spørges ikke igen.")
    page.locator("#intake-next button").click()
    visitor.expect_heading("Hasan Chowdhury")
