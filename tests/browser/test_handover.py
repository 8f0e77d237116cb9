"""An administrator hands over the tasks of a colleague on leave, sees the number in the button, and undoes it."""

from playwright.sync_api import expect


def test_tasks_of_a_colleague_are_handed_over_and_given_back(visit_as):
    visitor = visit_as("administrator")
    page = visitor.page
    visitor.open("/administration/brugere/", "Brugere")
    page.get_by_role("link", name="Nina Holst").click()
    visitor.expect_heading("Nina Holst")
    expect(visitor.main).to_contain_text("5 åbne match")
    page.get_by_role("link", name="Overdrag", exact=True).click()
    visitor.expect_heading("Overdrag opgaver fra Nina Holst")
    visitor.check()
    page.get_by_role("link", name="Foreslå fordeling").click()
    button = page.locator("[data-tick-button]")
    expect(button).to_have_text("Overdrag 5 opgaver")
    page.get_by_label("Vælg alle: match").uncheck()
    expect(button).to_be_disabled()
    page.get_by_label("Vælg alle: match").check()
    page.locator("input[name=match]").first.uncheck()
    expect(button).to_have_text("Overdrag 4 opgaver")
    page.get_by_label("I en periode").check()
    page.get_by_label("Fra og med").fill("19-09-2011")
    page.get_by_label("Til og med").fill("31-12-2011")
    page.get_by_label("Hvorfor?").fill("Orlov")
    visitor.save_screenshot("hand-over", height=1200)
    button.click()
    visitor.expect_heading("Match")
    expect(page.locator("[data-toast]")).to_contain_text("4 opgaver er overdraget.")
    page.locator("[data-toast]").get_by_role("button", name="Fortryd").click()
    expect(page.locator("[data-toast]")).to_contain_text("Overdragelsen er fortrudt.")
    visitor.check()
