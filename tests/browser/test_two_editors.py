"""Two users edit one person at the same time; a person who has died is shown as such, without links to call."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import PHONE


def open_person(visitor, name: str) -> str:
    """Open the page of a person by the search, and return its path."""
    visitor.open(f"/soeg/?soeg={name}")
    visitor.expect_heading(re.compile(f"^{name}"))
    return visitor.page.url.removeprefix(visitor.address)


def test_the_second_of_two_editors_chooses_and_loses_nothing(visit_as):
    first, second = visit_as("koordinator"), visit_as("administrator")
    path = open_person(first, "Ali Hassan Nur")
    for visitor in (first, second):
        visitor.open(f"{path}rediger/")
    first.page.get_by_label("Adresse").fill("Ruten 14, 2. th.")
    first.page.get_by_label("Stilling").fill("Kok")
    second.page.get_by_label("Adresse").fill("Terrasserne 31")
    second.page.get_by_label("Uddannelse").fill("HF")
    first.press("Gem")
    first.expect_heading(re.compile("^Ali Hassan Nur"))
    second.press("Gem", "I har begge rettet Ali Hassan Nur")
    second.console = [line for line in second.console if "status of 409" not in line]
    second.expect_text("Ruten 14, 2. th.", "Terrasserne 31", "Kok", "HF")
    second.check()
    second.save_screenshot("two-editors", height=900)
    second.page.set_viewport_size(PHONE)
    second.check()
    second.page.locator("tr.differs").get_by_role("radio", name="Dig").check()
    second.press("Gem det valgte")
    second.expect_heading(re.compile("^Ali Hassan Nur"))
    second.expect_text("Terrasserne 31", "Kok", "HF")
    second.check()


def test_a_person_who_died_has_the_state_by_the_name_and_no_link_to_call(visit_as):
    visitor = visit_as("koordinator")
    path = open_person(visitor, "Inge Damgaard")
    visitor.open(f"{path}tilstand/", "Død, flyttet, ingen kontakt")
    visitor.page.get_by_label("Død").check()
    visitor.page.get_by_label("Hvilken dag?").fill("i dag")
    visitor.expect_text("Dette slutter samtidig")
    visitor.check()
    visitor.save_screenshot("state", height=900)
    visitor.press("Registrer og afslut det hele")
    visitor.expect_heading(re.compile("Inge Damgaard"))
    visitor.expect_heading("Inge Damgaard død 15. september 2011")
    expect(visitor.main.locator("a[href^='tel:'], a[href^='mailto:']")).to_have_count(0)
    visitor.check()
    visitor.save_screenshot("person-who-died", height=1000)
    visitor.page.set_viewport_size(PHONE)
    visitor.check()
