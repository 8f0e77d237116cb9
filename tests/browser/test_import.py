"""Import in the browser: a faulty spreadsheet from columns to undo, and long lists with and without a worker."""

import re
import signal

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PHONE

HEADINGS = ["Fornavn", "Efternavn", "Køn", "Nummer", "Født", "Mobil", "E-mail", "By", "Branche", "Bemærkninger"]
FAULTY_ROWS = [
    ["Åse", "Ågård 🌻", "dame", "280259-1234", "31/2-1959", "20 21 22 23", "aase@example.dk", "Husum", "It", None],
    ["Peter", "<b>Skov</b>", "M", None, "1961", "4210 015", "peter(at)example.dk", "Husum", "Bygge", "=1+1"],
    [None, None, "K", None, None, "50505050", None, None, None, "hvem?"],
    ["Anne Marie", "Kjærgaard", "K", None, "14-03-1966", "50252858", "am@example.dk", "Husum", "It", None],
    ["Annemarie", "Kjærgård", "K", None, "14-03-1966", None, "anne.kj@example.dk", "Husum", "It", None],
    ["Åge", "Skudår", "M", None, "29-02-1980", "20309903", "skud@example.dk", "Husum", "It", None],
    ["Skjult", "Hansen", "K", None, "02-03-1966", "20309901", "sk@example.dk", "Husum", "It", None],
]
LONG, LONGER = 1_100, 20_000  # a worker takes lists of more than 1,000 rows
STAY_OPEN = "Serverens baggrundsprogram kører ikke. Hold siden åben"


@pytest.fixture(scope="module")
def faulty_file(tmp_path_factory):
    """Write a workbook with title rows, a hidden row, a hidden sheet, CPR numbers and a formula without a value."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Mentorer"
    for line in (["Mentorbank 2010"], ["Rettet af Hanne, jan. 2010"], [], HEADINGS, *FAULTY_ROWS):
        sheet.append(line)
    sheet.row_dimensions[sheet.max_row].hidden = True
    workbook.create_sheet("Gamle").sheet_state = "hidden"
    path = tmp_path_factory.mktemp("files") / "mentorbank_2010_gammel.xlsx"
    workbook.save(path)
    return path


def test_faulty_file_is_corrected_imported_and_undone(visit_as, faulty_file):
    visitor = visit_as("administrator")
    choose_columns(visitor, faulty_file)
    correct_a_cell(visitor)
    decide_about_duplicates(visitor)
    apply_and_undo(visitor)


def choose_columns(visitor, path):
    visitor.open("/personer/import/ny/", "Importer fil")
    first_part = {"name": path.name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()[:3_000]}
    visitor.page.set_input_files("input[type=file]", first_part)
    visitor.press("Læs filen", "Importer fil")
    visitor.expect_text("Filen er beskadiget eller ikke hel.")
    visitor.check()
    visitor.save_screenshot("import-refused", height=900)
    visitor.page.set_input_files("input[type=file]", path)
    visitor.press("Læs filen", "Vælg kolonner")
    visitor.expect_text("Der stod CPR-numre i: Nummer.", "1 række er skjult i arket (11).", "formel")
    visitor.expect_text("Ord i »Køn«, som vi ikke kender")
    visitor.check()
    visitor.save_screenshot("import-columns", height=1500)
    visitor.page.locator(".import-word", has_text="dame").locator("select").select_option(label="Kvinde")
    visitor.press("Kontroller rækkerne", "Gennemse import")
    expect(visitor.page.get_by_role("link", name=re.compile(r"^Alle rækker\s*6$"))).to_be_visible()


def correct_a_cell(visitor):
    page = visitor.page
    visitor.press("Ret celle 5")
    visitor.expect_text("Datoen findes ikke.")
    visitor.check()
    visitor.save_screenshot("import-correct", height=900)
    page.get_by_label("Født").fill("28/2-1959")
    visitor.press("Gem og kontroller rækken")
    expect(page.locator("#r5")).to_contain_text("rettet")
    expect(page.locator("#r5")).not_to_contain_text("Datoen findes ikke.")
    visitor.press("Ret celle 7")
    visitor.press("Spring rækken over", within=page.locator("#open-7"))
    expect(page.locator("#r7")).to_contain_text("Sprunget over. Gemmes ikke.")


def decide_about_duplicates(visitor):
    page = visitor.page
    visitor.press("Sammenlign 9")
    visitor.expect_text("I filen, række 9", "I filen, række 8", "Efter sammenlægning")
    visitor.check()
    visitor.save_screenshot("import-compare", height=1300)
    visitor.press("Samme person, læg sammen")
    expect(page.locator("#r9")).to_contain_text("Afgjort: samme person.")
    visitor.check()


def apply_and_undo(visitor):
    expect_waiting_text(visitor, re.compile("^Importer 3 rækker$"), "Rækkerne importeres.")
    visitor.press(re.compile("^Importer 3 rækker$"), "mentorbank_2010_gammel.xlsx")
    visitor.expect_text("3 af 6 rækker er importeret.", "1 blev lagt sammen med en, vi kender.")
    visitor.check()
    visitor.save_screenshot("import-result", height=1000)
    visitor.press("Fortryd importen", "Fortryd importen")
    visitor.expect_text("3 personer")
    visitor.check()
    visitor.save_screenshot("import-undo", height=700)
    expect_waiting_text(visitor, "Fortryd importen", "Importen fortrydes.")
    visitor.press("Fortryd importen", "mentorbank_2010_gammel.xlsx")
    visitor.expect_text("Fortrudt: det blev fjernet")
    visitor.check()


def read_long_list(visitor, folder, count):
    visitor.open("/personer/import/ny/", "Importer fil")
    visitor.page.set_input_files("input[type=file]", long_list(folder, count))
    visitor.press("Læs filen", "Vælg kolonner")


def test_without_a_worker_the_open_page_checks_imports_and_undoes_a_long_list(visit_as, tmp_path):
    visitor = visit_as("administrator", viewport=PHONE)
    read_long_list(visitor, tmp_path, LONG)
    visitor.expect_text(STAY_OPEN)
    visitor.press("Kontroller rækkerne", "Gennemse import")
    visitor.expect_text("1.100 rækker oprettes", STAY_OPEN)
    visitor.check()
    visitor.press("Importer 1.100 rækker", "lang.csv")
    visitor.expect_toast("1.100 rækker er importeret.")
    visitor.press("Fortryd importen", "Fortryd importen")
    visitor.expect_text(STAY_OPEN)
    visitor.press("Fortryd importen", "lang.csv")
    visitor.expect_toast("Importen er fortrudt.")


def test_worker_imports_a_long_list_although_the_browser_is_closed_half_way(visit_as, worker, tmp_path):
    visitor = visit_as("administrator", viewport=PHONE)
    read_long_list(visitor, tmp_path, LONG)
    expect(visitor.main).not_to_contain_text(STAY_OPEN)
    visitor.press("Kontroller rækkerne", "Gennemse import")
    worker.send_signal(signal.SIGSTOP)
    visitor.press("Importer 1.100 rækker", "Rækkerne importeres")
    visitor.expect_text("Arbejdet begynder, når serveren har tid.", "Du må gerne lukke siden")
    visitor.check_at_once()
    visitor.save_screenshot("import-progress", height=800)
    address = visitor.page.url.removeprefix(visitor.address)
    visitor.page.close()
    worker.send_signal(signal.SIGCONT)
    later = visit_as("administrator")
    later.open(address)
    later.expect_heading("lang.csv")
    later.expect_text("1.100 af 1.100 rækker er importeret.")


def test_page_without_scripts_reloads_itself_until_the_work_is_done(visit_as, worker, tmp_path):
    visitor = visit_as("administrator", java_script_enabled=False)
    read_long_list(visitor, tmp_path, LONG)
    worker.send_signal(signal.SIGSTOP)
    visitor.press("Kontroller rækkerne", "Rækkerne kontrolleres")
    worker.send_signal(signal.SIGCONT)
    visitor.expect_heading("Gennemse import")
    visitor.press("Læg filen til side", "Import")


def test_reading_of_a_longer_list_shows_its_progress(visit_as, tmp_path):
    """Send the file in a separate request with the same form key, so that the waiting page can be checked."""
    visitor = visit_as("administrator", viewport=PHONE)
    visitor.open("/personer/import/ny/", "Importer fil")
    path = long_list(tmp_path, LONGER)
    visitor.page.set_input_files("input[type=file]", path)
    with visitor.page.expect_response("**/personer/import/ny/*/") as answer:
        expect_waiting_text(visitor, "Læs filen", "Filen er på vej.")
    assert answer.value.status == 200
    assert send_separately(visitor.page, path).endswith("/kolonner/")
    visitor.expect_text("20.001 rækker er læst. Nu genkendes kolonnerne.")
    visitor.check_at_once()
    visitor.save_screenshot("import-reading", height=800)
    visitor.press("Læs filen", "Vælg kolonner")  # the same form and file again give the same import
    visitor.expect_text("lang.csv · 20.000 rækker")
    visitor.press("Læg filen til side")


def send_separately(page, path) -> str:
    """Send the filled form in a request outside the page; return the address it leads to."""
    form = page.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))")
    file = {"name": path.name, "mimeType": "text/csv", "buffer": path.read_bytes()}
    return page.request.post(page.url, multipart=form | {"file": file}).url


def long_list(folder, count):
    lines = [f"Tove{n};Prøve{n};{20_000_000 + n};It;{n} rækker fra en gammel liste" for n in range(count)]
    path = folder / "lang.csv"
    path.write_text("\n".join(["Fornavn;Efternavn;Mobil;Branche;Bemærkninger", *lines]), encoding="utf-8")
    return path


def expect_waiting_text(visitor, button, text):
    """Press the button and check the text for waiting users; the first submit is stopped so that the text stays."""
    words = visitor.page.get_by_text(text)
    expect(words).to_be_hidden()
    stop = "addEventListener('submit', (event) => event.preventDefault(), {once: true, capture: true})"
    visitor.page.evaluate(stop)
    visitor.button_or_link(button).click()
    expect(words).to_be_visible()
    visitor.check_at_once()
    expect(visitor.button_or_link(button)).to_be_enabled()
