"""The page of background tasks, without a worker."""

from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE


def test_invitation_waits_and_is_cancelled(visit_as):
    visitor = visit_as("administrator")
    visitor.open("/administration/brugere/inviter/", "Inviter bruger")
    visitor.page.get_by_label("Navn").fill("Ny Kollega")
    visitor.page.get_by_label("E-mail").fill("ny.kollega@example.net")
    visitor.press("Send invitation", "Brugere")
    visitor.open("/administration/opgaver/", "Opgaver i baggrunden")
    visitor.expect_text("Baggrundsprogrammet kører ikke. 1 opgave venter: E-mail (1).", "til ny.kollega@example.net")
    for size in (PHONE, DESKTOP):
        visitor.page.set_viewport_size(size)
        visitor.check()
    visitor.page.get_by_text("Annuller", exact=True).click()
    visitor.check()
    visitor.press("Annuller opgaven", "Opgaver i baggrunden")
    visitor.expect_toast("Opgaven er annulleret.")
    expect(visitor.main).not_to_contain_text("ny.kollega@example.net")
