"""The main job in the browser: import, intake, interview, match, follow-up, event, targets, report."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE, greeting

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
MENTEE = "Yasmîn 🌻 Prøve-Åkjær"
BEGINNINGS = {"docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pdf": b"%PDF-", "html": b"<!doctype html>"}


def test_from_spreadsheet_to_report(visit_as, tmp_path):
    administrator, coordinator, manager = visit_as("administrator"), visit_as("koordinator"), visit_as("leder")
    import_the_mentor_bank(administrator)
    find_an_imported_mentor(coordinator)
    create_a_mentee(coordinator)
    log_the_interview(coordinator)
    mentor = propose_a_match(coordinator)
    introduce_and_start_the_match(coordinator, mentor)
    log_a_meeting(coordinator)
    log_a_follow_up_and_undo_it(coordinator)
    hold_an_event(coordinator, tmp_path)
    see_the_targets(coordinator)
    write_the_report(manager, tmp_path)


def import_the_mentor_bank(visitor):
    page = visitor.page
    visitor.open("/personer/import/ny/", "Importer fil")
    visitor.check()
    page.set_input_files("input[type=file]", SAMPLES / "mentorbank_pilot_2009.xlsx")
    visitor.press("Læs filen", "Vælg kolonner")
    visitor.check()
    visitor.press("Kontroller rækkerne", "Gennemse import")
    visitor.check()
    for tab, count in (("Alle rækker", 184), ("Nye", 138), ("Advarsler", 30), ("Dubletter", 6), ("Fejl", 10)):
        expect(page.get_by_role("link", name=re.compile(rf"^{tab}\s*{count}$"))).to_be_visible()
    visitor.save_screenshot("import-review", height=1000)
    visitor.press("Importer 168 rækker", "mentorbank_pilot_2009.xlsx")
    visitor.expect_text("168 af 184 rækker er importeret.", "10 med fejl og 6 dubletter holdes tilbage.")
    visitor.check()


def find_an_imported_mentor(visitor):
    """Find a person by any spelling of ø and see the file that the person came from."""
    for words in ("SØNDERGAARD", "soendergaard", "søndergård"):
        visitor.open(f"/personer/?soeg={words}")
        expect(visitor.page.get_by_role("link", name="Doris Søndergaard")).to_have_count(1)
    visitor.check()
    visitor.press("Doris Søndergaard", "Doris Søndergaard")
    visitor.expect_text("mentorbank_pilot_2009.xlsx")
    visitor.check()


def create_a_mentee(visitor):
    page = visitor.page
    visitor.open("/personer/ny/", "Opret person")
    page.get_by_label("Fornavn").fill("Yasmîn 🌻")
    page.get_by_label("Efternavn").fill("Prøve-Åkjær")
    page.get_by_role("radio", name="Kvinde").check()
    page.get_by_label("Født").fill("29-02-1981")
    page.get_by_label("Telefon").fill("51 52 53 54")
    visitor.press("Opret person", "Opret person")
    visitor.expect_text("1981 er ikke et skudår", "Vælg rollen.", "Uden samtykke gemmer vi intet")
    visitor.check()
    expect(page.get_by_label("Fornavn")).to_have_value("Yasmîn 🌻")
    expect(page.get_by_label("Telefon")).to_have_value("51 52 53 54")
    expect(page.get_by_label("Kvinde", exact=True)).to_be_checked()
    page.get_by_label("Født").fill("29-02-1980")
    page.get_by_role("radio", name="Mentee").check()
    page.get_by_role("checkbox", name="Har sagt ja").check()
    visitor.press("Opret mentee", MENTEE)
    visitor.expect_text("Kvinde, 31 år", "51 52 53 54")
    visitor.check()


def log_the_interview(visitor):
    page = visitor.page
    page.get_by_text("Flere", exact=True).click()
    visitor.press("Registrer interview", f"Interview med {MENTEE}")
    page.get_by_label("Opsummering").fill("Vil i arbejde med planter. Kender få uden for Tingbjerg.")
    page.get_by_label("Motivation").fill("Meget motiveret.")
    page.get_by_role("radio", name="Klar til match").check()
    visitor.check()
    visitor.press("Registrer interview", MENTEE)
    expect(page.locator(".page-head")).to_contain_text("På venteliste")
    visitor.expect_text("Meget motiveret.")


def propose_a_match(visitor) -> str:
    """Compare two ranked mentors and propose a match with the first; return the name of the mentor."""
    page = visitor.page
    visitor.open("/match/", "Find mentor")
    visitor.check()
    visitor.save_screenshot("match-desk", height=1000)
    visitor.open("/personer/?soeg=prøve-åkjær")
    visitor.press(MENTEE, MENTEE)
    visitor.press("Find mentor", "Find mentor")
    expect(page.get_by_role("heading", level=2, name=MENTEE)).to_be_visible()
    first, second = page.locator(".rank:not(.group)").nth(0), page.locator(".rank:not(.group)").nth(1)
    expect(first.locator(".ticks .yes").first).to_be_visible()
    mentor = first.get_by_role("heading").inner_text()
    for row in (first, second):
        row.get_by_role("checkbox").check()
    comparison = page.get_by_role("region", name="Sammenligning")
    expect(comparison.get_by_role("columnheader")).to_have_text([mentor, second.get_by_role("heading").inner_text()])
    visitor.press("Foreslå match", within=first)
    expect(first.get_by_text("Hvad sker der?")).to_be_visible()
    visitor.expect_text(f"{mentor} som mentor for {MENTEE}")
    visitor.check()
    first.locator("form").get_by_role("button", name="Foreslå match").click()
    visitor.expect_heading(f"{MENTEE} og {mentor}")
    return mentor


def introduce_and_start_the_match(visitor, mentor: str):
    page = visitor.page
    badge, head = page.locator(".page-head .st").first, f"{MENTEE} og {mentor}"
    expect(badge).to_have_text("Foreslået")
    visitor.check()
    for name in (mentor, MENTEE):
        visitor.press(f"{name} sagde ja", head)
        expect(visitor.button_or_link(f"{name} sagde ja")).to_have_count(0)  # the page has the same heading before
    visitor.expect_text("Begge har sagt ja")
    visitor.press("Første møde", "Første møde")
    page.get_by_label("Første møde").fill("15-09-2011")
    page.get_by_label("Hvor").fill("Tingbjerg Bibliotek")
    visitor.check()
    visitor.press("Aftal første møde", head)
    expect(badge).to_have_text("Introduceret")
    visitor.expect_text("Tingbjerg Bibliotek", "Planen får sine datoer, når første møde er holdt.")
    visitor.check()
    visitor.press("Registrer første møde", "Første møde")
    page.get_by_label("Aftale underskrevet af alle").fill("15-09-2011")
    visitor.check()
    visitor.press("Start match", head)
    expect(badge).to_have_text("Aktivt")
    plan = page.get_by_role("table", name="Opfølgningsplan")
    expect(plan.get_by_role("row")).not_to_have_count(1)
    expect(plan).to_contain_text("29. september")
    visitor.check()


def log_a_meeting(visitor):
    page = visitor.page
    visitor.press("Registrer møde")
    form = page.locator(".meeting-log")
    expect(form.get_by_label("Dato")).to_be_focused()
    form.get_by_label("Timer").fill("1,5")
    form.get_by_label("Note").fill("Gik en tur i Arkaderne")
    form.get_by_role("button", name="Gem").click()
    page.get_by_role("button", name="Et møde mere, registrer det også").click()
    expect(page.locator("#meetings")).to_contain_text("2 møder, 2,5 timer.")
    visitor.check()


def log_a_follow_up_and_undo_it(visitor):
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    overdue = page.locator("#tasks .group").first
    expect(overdue).to_have_text("Over tiden · 4")
    row = page.locator("[data-log-row]").filter(has=page.get_by_role("link", name="Hodan Warsame", exact=True))
    row.get_by_role("link", name="Registrer opfølgning med Hodan Warsame").click()
    expect(row.get_by_role("radio").first).to_be_focused()
    row.get_by_role("radio", name="Godt").check()
    row.get_by_label("Note").fill("Har mødtes to gange, øver ansøgning")
    visitor.check()
    visitor.save_screenshot("today", height=1100)
    row.get_by_label("Note").press("Enter")
    expect(row).to_contain_text("Registreret")
    expect(overdue).to_have_text("Over tiden · 3")
    visitor.check()
    row.get_by_role("button", name="Fortryd").click()
    expect(row.get_by_role("link", name="Registrer opfølgning med Hodan Warsame")).to_be_focused()
    expect(overdue).to_have_text("Over tiden · 4")
    row.get_by_role("link", name="Registrer opfølgning med Hodan Warsame").click()
    row.get_by_role("radio", name="Blandet").check()
    row.get_by_role("button", name="Gem").click()
    expect(row).to_contain_text("Registreret")
    page.reload()
    expect(overdue).to_have_text("Over tiden · 3")
    page.locator("#tasks").get_by_role("link", name="Bashir Omar", exact=True).click()
    visitor.expect_heading(re.compile("^Bashir Omar og "))
    visitor.check()
    visitor.save_screenshot("match", height=1100)


def hold_an_event(visitor, folder: Path):
    page = visitor.page
    visitor.open("/arrangementer/opret/", "Opret arrangement")
    page.get_by_label("Titel").fill("Åbent hus i haven")
    page.get_by_label(re.compile("^Dato")).fill("15-09-2011")
    page.get_by_label("Begynder kl.").fill("16.30")
    page.get_by_label("Slutter kl.").fill("23.59")
    page.get_by_label("Sted", exact=True).fill("Arkaderne")
    page.get_by_label("Pladser").fill("20")
    visitor.check()
    visitor.press("Opret arrangement", "Åbent hus i haven")
    page.get_by_label("Tilmeld person").fill("prøve-å")
    visitor.press(f"Tilmeld {MENTEE}", "Åbent hus i haven")
    expect(page.get_by_role("link", name=re.compile(r"^Tilmeldt\s*1$"))).to_be_visible()
    visitor.check()
    page.get_by_text("Flere", exact=True).click()
    with page.expect_download() as download:
        visitor.button_or_link("Hent kalenderfil").click()
    download.value.save_as(folder / "event.ics")
    lines = (folder / "event.ics").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "SUMMARY:Åbent hus i haven" in lines
    check_in_on_a_phone(visitor)


def check_in_on_a_phone(visitor):
    page = visitor.page
    page.set_viewport_size(PHONE)
    visitor.press("Registrer fremmøde", "Åbent hus i haven")
    visitor.check()
    expect(page.locator("#check-in-figures")).to_contain_text("0 af 1 tilmeldte er kommet")
    visitor.press(f"Er kommet {MENTEE}")
    expect(page.locator("#check-in-figures")).to_contain_text("1 af 1 tilmeldte er kommet")
    visitor.check()
    visitor.open("/", greeting("Mette"))
    visitor.save_screenshot("today-phone", height=1000)
    page.set_viewport_size(DESKTOP)


def see_the_targets(visitor):
    page = visitor.page
    page.get_by_role("link", name="Rapporter").click()
    visitor.expect_heading("Resultatmål 2011")
    row = page.get_by_role("row").filter(has_text="»Etablering af 25 mandlige match«")
    expect(row).to_contain_text("Nås næppe")
    expect(page.get_by_role("row").filter(has_text="kvindelige match«")).to_contain_text("20 af 30")
    row.get_by_role("link", name=re.compile("^12: .*Match, mænd$")).click()
    evidence = page.get_by_role("complementary", name="12 match tæller med")
    expect(evidence).to_be_focused()
    expect(evidence.get_by_role("row")).to_have_count(13)
    visitor.check()
    visitor.save_screenshot("targets", height=1100)
    visitor.press("Luk listen")
    expect(evidence).to_have_count(0)


def write_the_report(visitor, folder: Path):
    page = visitor.page
    visitor.open("/rapporter/status/ny/", "Lav statusrapport")
    page.get_by_label("Periode").select_option("Hele 2010")
    visitor.check()
    visitor.press("Begynd rapporten", re.compile("2010"))
    page.wait_for_load_state("load")  # the scripts listen now
    page.locator("textarea").first.fill("Året begyndte godt. Mændene er sværest at nå.")
    expect(page.locator("#report-preview")).to_contain_text("Mændene er sværest at nå.")
    expect(page.locator("#report-preview [role=status]")).to_contain_text("Gemt kl.")
    visitor.check()
    visitor.press("Læs og hent", re.compile("2010"))
    visitor.expect_text("Mændene er sværest at nå.")
    expect(page.get_by_role("row").filter(has_text="»Etablering af 25 mandlige match«")).to_contain_text("27 af 25")
    visitor.check()
    for button, kind in (("Word", "docx"), ("PDF", "pdf"), ("HTML", "html"), ("Excel", "xlsx")):
        with page.expect_download() as download:
            visitor.button_or_link(button).click()
        assert download.value.suggested_filename.endswith(f".{kind}")
        download.value.save_as(folder / f"report.{kind}")
        data = (folder / f"report.{kind}").read_bytes()
        assert data.lstrip().startswith(BEGINNINGS[kind]), kind
        assert len(data) > 5_000, kind
    visitor.press("Send rapporten", "Send rapporten")
    visitor.check()
    visitor.press("Send rapporten", re.compile("2010"))
    expect(page.locator(".page-head .st")).to_contain_text("Sendt")
    expect(visitor.button_or_link("Begynd en ny version")).to_be_visible()
    visitor.check()
