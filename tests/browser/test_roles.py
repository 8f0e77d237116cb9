"""What a manager and another branch get to see, in words a person understands."""

import re

from playwright.sync_api import expect

from tests.browser.walker import greeting

REFUSED = "Din rolle giver ikke adgang til denne side"
NOTHING = "Her er ikke noget"


def test_manager_sees_figures_and_no_names(walk_as):
    walker = walk_as("leder")
    page = walker.page
    walker.open("/", greeting("Lone"))
    expect(page).to_have_title("Overblik · Mentornet")
    walker.check()
    page.get_by_role("link", name="Rapporter", exact=True).click()
    walker.stands_at("Resultatmål 2011")
    page.get_by_role("link", name=re.compile("^12: .*Match, mænd$")).click()
    evidence = page.get_by_role("complementary", name="12 match tæller med")
    numbers = evidence.get_by_role("row").filter(has_text=re.compile(r"M-2011-\d{3}"))
    expect(numbers).to_have_count(12)
    expect(evidence).to_contain_text("Ledere ser sagsnumre, ikke navne.")
    walker.check()


def test_manager_is_refused_a_persons_page(walk_as):
    coordinator, manager = walk_as("koordinator"), walk_as("leder")
    manager.refused(path_of_a_mentee(coordinator), 403, REFUSED)
    manager.check()


def test_another_branch_finds_nothing_at_a_persons_address(walk_as):
    coordinator, stranger = walk_as("koordinator"), walk_as("koordinator", "koebenhavn")
    stranger.refused(path_of_a_mentee(coordinator), 404, NOTHING)
    stranger.check()
    stranger.press("Gå til forsiden", greeting("Karen"))


def path_of_a_mentee(walker) -> str:
    walker.open("/personer/?soeg=Ali+Hassan+Nur")
    walker.press("Ali Hassan Nur", "Ali Hassan Nur")
    return walker.page.url.removeprefix(walker.address)
