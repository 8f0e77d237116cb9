"""Back after a corrected error, and where the focus is after an error, an act and a swap."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import greeting

FOCUSED = """() => {
  const element = document.activeElement;
  return element === document.body ? "body" : `${element.localName} ${element.name || element.innerText || element.id}`;
}"""


@pytest.fixture
def number_of(folder):
    """Return a function that returns the number of a record of Tingbjerg in the demo."""

    def find(table: str, condition: str = "1 = 1") -> int:
        programmes = (
            "SELECT p.id FROM programmes_programme p JOIN accounts_branch b ON b.id = p.branch_id WHERE b.code = 'T'"
        )
        connection = sqlite3.connect(folder / "demo.sqlite3")
        sql = f"SELECT id FROM {table} WHERE {condition} AND programme_id IN ({programmes}) ORDER BY id LIMIT 1"
        (number,) = connection.execute(sql).fetchone()
        connection.close()
        return number

    return find


def focused(visitor) -> str:
    """Return the element that has the focus: its name, and that of its field or its text."""
    visitor.page.wait_for_timeout(150)  # htmx settles, and the script looks where the focus is
    return visitor.page.evaluate(FOCUSED)


def correct(visitor, path: str, button: str, wrong: dict, right: dict, field: str) -> str:
    """Send a form with an error, see the focus at the field, send it corrected, go back; return the headings between.

    ``wrong`` and ``right`` map labels to what is typed; ``field`` is the name of the field at fault.
    """
    page = visitor.page
    visitor.open(path)
    heading = page.get_by_role("heading", level=1).inner_text()
    for label, text in wrong.items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(text)
    visitor.button_or_link(button).click()
    expect(page.locator("main .invalid-feedback, main .error").first).to_be_visible()
    assert focused(visitor) in {f"input {field}", f"textarea {field}", f"select {field}"}
    for label, text in right.items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(text)
    visitor.button_or_link(button).click()
    expect(page.locator("main .invalid-feedback, main .error")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
    assert focused(visitor) != "body"
    reached = page.get_by_role("heading", level=1).inner_text()
    page.go_back()
    assert page.url.startswith(visitor.address), page.url
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    visitor.console = [line for line in visitor.console if "status of 422" not in line]
    visitor.check_layout()
    return reached


def test_back_after_a_corrected_event(visit_as):
    right = {"Titel": "Rettet aften"}
    times = {"Dato": "14-10-2011", "Begynder kl.": "16.30", "Slutter kl.": "18.30"}
    visitor = visit_as("koordinator")
    reached = correct(visitor, "/arrangementer/opret/", "Opret arrangement", times, right, "title")
    assert reached == "Rettet aften"


def test_back_after_a_corrected_intake(visit_as):
    """Back never asks to send the page again: it leads to the person, who is created."""
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/personer/ny/?rolle=mentee", "Opret person")
    page.get_by_role("checkbox", name="Har sagt ja").check()
    for label, text in {"Fornavn": "Rettet", "Efternavn": "Født", "Født": "31-02-1981"}.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    visitor.press("Opret mentee", "Opret person")
    expect(page.locator("main .invalid-feedback")).to_be_visible()
    assert focused(visitor) == "input birth"
    page.get_by_label(re.compile("^Født")).fill("28-02-1981")
    visitor.press("Opret mentee", "Rettet Født")
    assert focused(visitor) != "body"
    page.go_back()
    visitor.expect_heading("Rettet Født")
    visitor.console = [line for line in visitor.console if "status of 422" not in line]
    visitor.check_layout()


def test_back_after_a_corrected_act_on_a_match(visit_as, number_of):
    pk = number_of("matching_match", "status = 'active'")
    path = f"/match/{pk}/maal/nyt/"
    reached = correct(visit_as("koordinator"), path, "Tilføj mål", {}, {"Mål": "Et praktiksted"}, "text")
    assert " og " in reached


def test_back_after_a_corrected_target(visit_as, number_of):
    pk = number_of("reporting_target")
    wrong, right = {"Lovet": ""}, {"Lovet": "26"}
    correct(visit_as("administrator"), f"/rapporter/maal/{pk}/rediger/", "Gem resultatmål", wrong, right, "value")


def test_back_after_a_corrected_follow_up(visit_as, number_of):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    link = page.get_by_role("link", name="Registrer opfølgning med Inge Damgaard")
    page.goto(f"{visitor.address}{link.get_attribute('href')}")
    visitor.expect_heading("Registrer opfølgning")
    visitor.button_or_link("Gem").click()
    visitor.expect_text("Vælg et svar på »Hvordan går det?«.")
    assert focused(visitor).startswith("input ")
    page.get_by_role("radio", name="Godt").check()
    visitor.button_or_link("Gem").click()
    visitor.expect_heading(greeting("Mette"))
    assert focused(visitor) != "body"
    page.go_back()
    assert page.url.startswith(visitor.address)
    visitor.expect_heading(re.compile("."))


def test_words_stay_when_the_server_does_not_answer(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/arrangementer/opret/")
    page.get_by_label("Titel").fill("Uden net")
    page.route(
        "**/arrangementer/opret/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    visitor.button_or_link("Opret arrangement").click()
    expect(page.get_by_role("alert")).to_contain_text("Det lykkedes ikke.")
    expect(page.get_by_label("Titel")).to_have_value("Uden net")
    assert focused(visitor) != "body"
    visitor.console.clear()


def test_words_stay_when_the_server_refuses_them(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/arrangementer/opret/")
    page.get_by_label("Titel").fill("Uden adgang")
    page.evaluate("document.querySelector('main form').setAttribute('action', '/findes-ikke/')")
    visitor.button_or_link("Opret arrangement").click()
    expect(page.get_by_role("alert")).to_contain_text("Her er ikke noget. Adressen er forkert")
    expect(page.get_by_label("Titel")).to_have_value("Uden adgang")
    visitor.console.clear()


def test_focus_stays_at_the_row_after_ticking_who_came(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/arrangementer/opret/", "Opret arrangement")
    for label, text in {"Titel": "I dag", "Dato": "15-09-2011", "Begynder": "16.30", "Slutter": "23.59"}.items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(text)
    visitor.press("Opret arrangement", "I dag")
    page.get_by_label("Tilmeld person").fill("hodan")
    visitor.press(re.compile("^Tilmeld Hodan Warsame"), "I dag")
    expect(page.get_by_role("link", name=re.compile(r"^Tilmeldt\s*1$"))).to_be_visible()
    assert focused(visitor) != "body"
    visitor.press("Registrer fremmøde", "I dag")
    row = page.locator(".check-in-row")
    row.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(row.locator(".btn-done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".btn-come")).to_be_focused()


def test_focus_is_at_the_field_at_fault_of_a_form_that_is_swapped(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    row = page.locator("[data-log-row]").filter(has=page.get_by_role("link", name="Ulla Brandt", exact=True))
    row.get_by_role("link", name="Registrer opfølgning med Ulla Brandt").click()
    expect(row.get_by_role("radio").first).to_be_focused()
    row.get_by_role("button", name="Gem").focus()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Vælg et svar på »Hvordan går det?«.")
    expect(row.get_by_role("radio").first).to_be_focused()
    visitor.console.clear()


def test_focus_after_a_note_is_closed_and_a_form_is_cancelled(visit_as, number_of):
    visitor = visit_as("koordinator")
    page = visitor.page
    pk = number_of("matching_match", "status = 'active'")
    visitor.open(f"/match/{pk}/")
    visitor.press("Registrer møde")
    form = page.locator(".meeting-log")
    expect(form.get_by_label("Dato")).to_be_focused()
    form.get_by_role("button", name="Annuller").focus()
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    assert focused(visitor) != "body"
    visitor.press("Registrer møde")
    expect(form.get_by_label("Dato")).to_be_focused()
    form.get_by_label("Timer").fill("1")
    form.get_by_role("button", name="Gem").click()
    toast = page.locator("[data-toast]")
    expect(toast).to_be_visible()
    assert focused(visitor) != "body"
    toast.get_by_role("button", name="Luk beskeden").focus()
    page.keyboard.press("Enter")
    expect(toast).to_have_count(0)
    assert focused(visitor) != "body"


def test_focus_returns_to_the_same_button_of_a_page_that_is_loaded_again(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/administration/konto/", "Din konto")
    page.get_by_label("Telefon").fill("57 26 96 18")
    visitor.press("Gem", "Din konto")
    visitor.expect_toast("Dine oplysninger er gemt.")
    assert focused(visitor) != "body"
