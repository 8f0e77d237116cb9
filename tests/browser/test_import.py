"""An old and ugly file on its way in: every stage of the import, its mistakes mended, and the whole of it undone."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.walker import PHONE

HEADINGS = ["Fornavn", "Efternavn", "Køn", "Nummer", "Født", "Mobil", "E-mail", "By", "Branche", "Bemærkninger"]
UGLY = [
    ["Åse", "Ågård 🌻", "dame", "280259-1234", "31/2-1959", "20 21 22 23", "aase@example.dk", "Husum", "It", None],
    ["Peter", "<b>Skov</b>", "M", None, "1961", "4210 015", "peter(at)example.dk", "Husum", "Bygge", "=1+1"],
    [None, None, "K", None, None, "50505050", None, None, None, "hvem?"],
    ["Anne Marie", "Kjærgaard", "K", None, "14-03-1966", "50252858", "am@example.dk", "Husum", "It", None],
    ["Annemarie", "Kjærgård", "K", None, "14-03-1966", None, "anne.kj@example.dk", "Husum", "It", None],
    ["Åge", "Skudår", "M", None, "29-02-1980", "20309903", "skud@example.dk", "Husum", "It", None],
    ["Skjult", "Hansen", "K", None, "02-03-1966", "20309901", "sk@example.dk", "Husum", "It", None],
]
LONG, LONGER = 2_600, 20_000


@pytest.fixture(scope="module")
def ugly_file(tmp_path_factory):
    """Title lines, a hidden row, a hidden sheet, CPR numbers, a formula that was never calculated."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Mentorer"
    for line in (["Mentorbank 2010"], ["Rettet af Hanne, jan. 2010"], [], HEADINGS, *UGLY):
        sheet.append(line)
    sheet.row_dimensions[sheet.max_row].hidden = True
    workbook.create_sheet("Gamle").sheet_state = "hidden"
    path = tmp_path_factory.mktemp("files") / "mentorbank_2010_gammel.xlsx"
    workbook.save(path)
    return path


def test_an_ugly_file_comes_in_and_goes_out_again(walk_as, ugly_file):
    walker = walk_as("administrator")
    choose_columns(walker, ugly_file)
    correct_a_cell(walker)
    decide_who_is_who(walker)
    apply_and_undo(walker)


def choose_columns(walker, path):
    walker.open("/personer/import/ny/", "Importer fil")
    half = {"name": path.name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()[:3_000]}
    walker.page.set_input_files("input[type=file]", half)
    walker.press("Læs filen", "Importer fil")
    walker.reads("Filen er beskadiget eller ikke hel.")
    walker.check()
    walker.picture("import-refused", height=900)
    walker.page.set_input_files("input[type=file]", path)
    walker.press("Læs filen", "Vælg kolonner")
    walker.reads("Der stod CPR-numre i: Nummer.", "1 række er skjult i arket (11).", "formel")
    walker.reads("Ord i »Køn«, som vi ikke kender")
    walker.check()
    walker.picture("import-columns", height=1500)
    walker.page.locator(".import-word", has_text="dame").locator("select").select_option(label="Kvinde")
    walker.press("Kontroller rækkerne", "Gennemse import")
    expect(walker.page.get_by_role("link", name=re.compile(r"^Alle rækker\s*6$"))).to_be_visible()


def correct_a_cell(walker):
    page = walker.page
    walker.press("Ret celle 5")
    walker.reads("Datoen findes ikke.")
    walker.check()
    walker.picture("import-correct", height=900)
    page.get_by_label("Født").fill("28/2-1959")
    walker.press("Gem og kontroller rækken")
    expect(page.locator("#r5")).to_contain_text("rettet")
    expect(page.locator("#r5")).not_to_contain_text("Datoen findes ikke.")
    walker.press("Ret celle 7")
    walker.press("Spring rækken over", within=page.locator("#open-7"))
    expect(page.locator("#r7")).to_contain_text("Sprunget over. Gemmes ikke.")


def decide_who_is_who(walker):
    page = walker.page
    walker.press("Sammenlign 9")
    walker.reads("I filen, række 9", "I filen, række 8", "Efter sammenlægning")
    walker.check()
    walker.picture("import-compare", height=1300)
    walker.press("Samme person, læg sammen")
    expect(page.locator("#r9")).to_contain_text("Afgjort: samme person.")
    walker.check()


def apply_and_undo(walker):
    says_that_it_waits(walker, re.compile("^Importer 3 rækker$"), "Rækkerne importeres.")
    walker.press(re.compile("^Importer 3 rækker$"), "mentorbank_2010_gammel.xlsx")
    walker.reads("3 af 6 rækker er importeret.", "1 blev lagt sammen med en, vi kender.")
    walker.check()
    walker.picture("import-result", height=1000)
    walker.press("Fortryd importen", "Fortryd importen")
    walker.reads("3 personer")
    walker.check()
    walker.picture("import-undo", height=700)
    says_that_it_waits(walker, "Fortryd importen", "Importen fortrydes.")
    walker.press("Fortryd importen", "mentorbank_2010_gammel.xlsx")
    walker.reads("Fortrudt: det blev fjernet")
    walker.check()


def test_a_long_list_shows_how_far_its_check_is(walk_as, tmp_path):
    walker = walk_as("administrator", viewport=PHONE)
    walker.open("/personer/import/ny/", "Importer fil")
    walker.page.set_input_files("input[type=file]", long_list(tmp_path, LONG))
    walker.press("Læs filen", "Vælg kolonner")
    walker.press("Kontroller rækkerne")
    walker.stands_at("Gennemse import")
    walker.reads("2.600 rækker oprettes")
    walker.check()
    walker.press("Læg filen til side")
    walker.toast("Filen er lagt til side.")


def test_a_longer_list_shows_how_far_its_reading_is(walk_as, tmp_path):
    """The page waits; the file comes by another way under the same key, so that the page may be looked at."""
    walker = walk_as("administrator", viewport=PHONE)
    walker.open("/personer/import/ny/", "Importer fil")
    path = long_list(tmp_path, LONGER)
    walker.page.set_input_files("input[type=file]", path)
    with walker.page.expect_response("**/personer/import/ny/*/") as answer:
        says_that_it_waits(walker, "Læs filen", "Filen er på vej.")
    assert answer.value.status == 200
    assert send_beside(walker.page, path).endswith("/kolonner/")
    walker.reads("20.001 rækker er læst. Nu genkendes kolonnerne.")
    walker.look()
    walker.picture("import-reading", height=800)
    walker.press("Læs filen", "Vælg kolonner")  # the same form and file again: the same import
    walker.reads("lang.csv · 20.000 rækker")
    walker.press("Læg filen til side")


def send_beside(page, path) -> str:
    """The address that the filled form leads to when it is sent without the page."""
    form = page.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))")
    file = {"name": path.name, "mimeType": "text/csv", "buffer": path.read_bytes()}
    return page.request.post(page.url, multipart=form | {"file": file}).url


def long_list(folder, count):
    lines = [f"Tove{n};Prøve{n};{20_000_000 + n};It;{n} rækker fra en gammel liste" for n in range(count)]
    path = folder / "lang.csv"
    path.write_text("\n".join(["Fornavn;Efternavn;Mobil;Branche;Bemærkninger", *lines]), encoding="utf-8")
    return path


def says_that_it_waits(walker, button, text):
    """The browser is kept from sending the form until the words were seen."""
    words = walker.page.get_by_text(text)
    expect(words).to_be_hidden()
    walker.page.evaluate("addEventListener('submit', (event) => event.preventDefault(), {once: true})")
    walker.named(button).click()
    expect(words).to_be_visible()
    walker.look()
    expect(walker.named(button)).to_be_enabled()
