"""Pages and refusals that a manager and the coordinator of another branch see."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import greeting

REFUSED = "Din rolle giver ikke adgang til denne side"
NOTHING = "Her er ikke noget"


def test_manager_sees_figures_and_no_names(visit_as):
    visitor = visit_as("leder")
    page = visitor.page
    visitor.open("/", greeting("Lone"))
    expect(page).to_have_title("Overblik · Mentornet")
    visitor.check()
    page.get_by_role("link", name="Rapporter", exact=True).click()
    visitor.expect_heading("Resultatmål 2011")
    page.get_by_role("link", name=re.compile("^12: .*Match, mænd$")).click()
    evidence = page.get_by_role("complementary", name="12 match tæller med")
    numbers = evidence.get_by_role("row").filter(has_text=re.compile(r"M-2011-\d{3}"))
    expect(numbers).to_have_count(12)
    expect(evidence).to_contain_text("Ledere ser sagsnumre, ikke navne.")
    visitor.check()


def test_manager_is_refused_a_persons_page(visit_as):
    coordinator, manager = visit_as("koordinator"), visit_as("leder")
    manager.open_refused(path_of_a_mentee(coordinator), 403, REFUSED)
    manager.check()


def test_another_branch_finds_nothing_at_a_persons_address(visit_as):
    coordinator, other_branch_coordinator = visit_as("koordinator"), visit_as("koordinator", "koebenhavn")
    other_branch_coordinator.open_refused(path_of_a_mentee(coordinator), 404, NOTHING)
    other_branch_coordinator.check()
    other_branch_coordinator.press("Gå til forsiden", greeting("Karen"))


def path_of_a_mentee(visitor) -> str:
    visitor.open("/personer/?soeg=Ali+Hassan+Nur")
    visitor.press("Ali Hassan Nur", "Ali Hassan Nur")
    return visitor.page.url.removeprefix(visitor.address)
