"""The task *opfølgning* of docs/user/tasks.md, counted, and a contact outside the plan."""

from playwright.sync_api import expect

from tests.browser.hand import Hand


def test_a_follow_up_with_a_note(visit_as):
    hand = Hand(visit_as("koordinator"))
    row = hand.page.locator(".task", has=hand.page.get_by_role("link", name="Bashir Omar", exact=True)).first
    hand.click("Registrer opfølgning med Bashir Omar")
    hand.click("Godt")
    hand.type("Note", "De mødes hver uge")
    hand.press("Enter")
    expect(row).to_contain_text("Registreret")
    hand.expect(clicks=2, fields=1)


def test_a_message_needs_no_answer_and_the_row_says_so(visit_as):
    hand = Hand(visit_as("koordinator"))
    row = hand.page.locator(".task", has_text="Hodan Warsame").first
    expect(row).to_contain_text("ikke truffet 8. september, lagde besked 12. september")
    hand.click("Registrer opfølgning med Hodan Warsame")
    expect(row.get_by_text("Hvordan går det?")).to_be_visible()
    hand.click("Lagde besked")
    expect(row.get_by_text("Hvordan går det?")).to_be_hidden()
    hand.type("Note", "Bad hende ringe")
    hand.press("Enter")
    expect(row).to_contain_text("lagde besked")
    hand.expect(clicks=2, fields=1)


def test_a_contact_outside_the_plan(visit_as):
    hand = Hand(visit_as("koordinator"))
    hand.click("Registrer kontakt")
    expect(hand.page.get_by_label("Med hvem?")).to_be_focused()
    hand.write("Ali Hassan Nur")
    expect(hand.page.locator("#contact-people option")).to_have_count(1)
    hand.click("Lagde besked")
    hand.type("Note", "Ringer igen på fredag")
    hand.press("Enter")
    expect(hand.page.locator("#contact-place")).to_contain_text("Ali Hassan Nur")
    expect(hand.page.locator("#contact-place")).to_contain_text("lagde besked")
    hand.expect(clicks=2, fields=2)
    hand.visitor.check()
