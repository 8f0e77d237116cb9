"""The main job as its people do it: import, intake, interview, match, follow-up, event, targets, report."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.walker import DESKTOP, PHONE, greeting

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
MENTEE = "Yasmîn 🌻 Prøve-Åkjær"
BEGINNINGS = {"docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pdf": b"%PDF-", "html": b"<!doctype html>"}


def test_from_spreadsheet_to_report(walk_as, tmp_path):
    administrator, coordinator, manager = walk_as("administrator"), walk_as("koordinator"), walk_as("leder")
    import_the_mentor_bank(administrator)
    find_an_imported_mentor(coordinator)
    take_in_a_mentee(coordinator)
    log_the_interview(coordinator)
    mentor = propose_a_match(coordinator)
    bring_the_two_together(coordinator, mentor)
    log_a_meeting(coordinator)
    log_a_follow_up_and_take_it_back(coordinator)
    hold_an_event(coordinator, tmp_path)
    see_the_targets(coordinator)
    write_the_report(manager, tmp_path)


def import_the_mentor_bank(walker):
    page = walker.page
    walker.open("/personer/import/ny/", "Importer fil")
    walker.check()
    page.set_input_files("input[type=file]", SAMPLES / "mentorbank_pilot_2009.xlsx")
    walker.press("Læs filen", "Vælg kolonner")
    walker.check()
    walker.press("Kontroller rækkerne", "Gennemse import")
    walker.check()
    for tab, count in (("Alle rækker", 184), ("Nye", 138), ("Advarsler", 30), ("Dubletter", 6), ("Fejl", 10)):
        expect(page.get_by_role("link", name=re.compile(rf"^{tab}\s*{count}$"))).to_be_visible()
    walker.picture("import-review", height=1000)
    walker.press("Importer 168 rækker", "mentorbank_pilot_2009.xlsx")
    walker.reads("168 af 184 rækker er importeret.", "10 med fejl og 6 dubletter holdes tilbage.")
    walker.check()


def find_an_imported_mentor(walker):
    """The search folds ø, oe and capitals, and knows who came with which file."""
    for words in ("SØNDERGAARD", "soendergaard", "søndergård"):
        walker.open(f"/personer/?soeg={words}")
        expect(walker.page.get_by_role("link", name="Doris Søndergaard")).to_have_count(1)
    walker.check()
    walker.press("Doris Søndergaard", "Doris Søndergaard")
    walker.reads("mentorbank_pilot_2009.xlsx")
    walker.check()


def take_in_a_mentee(walker):
    page = walker.page
    walker.open("/personer/ny/", "Hvem er det?")
    page.get_by_label("Fornavn").fill("Yasmîn 🌻")
    page.get_by_label("Efternavn").fill("Prøve-Åkjær")
    page.get_by_role("radio", name="Kvinde").check()
    page.get_by_label("Født").fill("29-02-1981")
    page.get_by_label("Telefon").fill("51 52 53 54")
    walker.press("Fortsæt", "Hvem er det?")
    walker.reads("1981 er ikke et skudår")
    walker.check()
    expect(page.get_by_label("Fornavn")).to_have_value("Yasmîn 🌻")
    expect(page.get_by_label("Telefon")).to_have_value("51 52 53 54")
    expect(page.get_by_label("Kvinde")).to_be_checked()
    page.get_by_label("Født").fill("29-02-1980")
    walker.press("Fortsæt", "Rolle og indsats")
    walker.check()
    page.get_by_role("radio", name="Mentee").check()
    walker.press("Fortsæt", "Ønsker eller tilbud")
    walker.check()
    walker.press("Fortsæt", "Samtykke og opsummering")
    walker.check()
    page.locator("[name=store][value=yes]").check(force=True)
    walker.press("Opret person", MENTEE)
    walker.reads("Kvinde, 31 år", "51 52 53 54")
    walker.check()


def log_the_interview(walker):
    page = walker.page
    page.get_by_text("Flere", exact=True).click()
    walker.press("Registrer interview", f"Interview med {MENTEE}")
    page.get_by_label("Opsummering").fill("Vil i arbejde med planter. Kender få uden for Tingbjerg.")
    page.get_by_label("Motivation").fill("Meget motiveret.")
    page.get_by_role("radio", name="Klar til match").check()
    walker.check()
    walker.press("Registrer interview", MENTEE)
    expect(page.locator(".page-head")).to_contain_text("På venteliste")
    walker.reads("Meget motiveret.")


def propose_a_match(walker) -> str:
    """From the waiting list: the reasons, two compared, one proposed. Returns the mentor's name."""
    page = walker.page
    walker.open("/match/", "Find mentor")
    walker.check()
    walker.picture("match-desk", height=1000)
    walker.open("/personer/?soeg=prøve-åkjær")
    walker.press(MENTEE, MENTEE)
    walker.press("Find mentor", "Find mentor")
    expect(page.get_by_role("heading", level=2, name=MENTEE)).to_be_visible()
    first, second = page.locator(".rank:not(.group)").nth(0), page.locator(".rank:not(.group)").nth(1)
    expect(first.locator(".ticks .yes").first).to_be_visible()
    mentor = first.get_by_role("heading").inner_text()
    for row in (first, second):
        row.get_by_role("checkbox").check()
    comparison = page.get_by_role("region", name="Sammenligning")
    expect(comparison.get_by_role("columnheader")).to_have_text([mentor, second.get_by_role("heading").inner_text()])
    walker.press("Foreslå match", within=first)
    expect(first.get_by_text("Hvad sker der?")).to_be_visible()
    walker.reads(f"{mentor} som mentor for {MENTEE}")
    walker.check()
    first.locator("form").get_by_role("button", name="Foreslå match").click()
    walker.stands_at(f"{MENTEE} og {mentor}")
    return mentor


def bring_the_two_together(walker, mentor: str):
    page = walker.page
    badge, head = page.locator(".page-head .st").first, f"{MENTEE} og {mentor}"
    expect(badge).to_have_text("Foreslået")
    walker.check()
    for name in (mentor, MENTEE):
        walker.press(f"{name} sagde ja", head)
    walker.reads("Begge har sagt ja")
    walker.press("Aftal første møde", "Aftal første møde")
    page.get_by_label("Første møde").fill("15-09-2011")
    page.get_by_label("Hvor").fill("Tingbjerg Bibliotek")
    walker.check()
    walker.press("Aftal første møde", head)
    expect(badge).to_have_text("Introduceret")
    walker.reads("Tingbjerg Bibliotek", "Planen får sine datoer, når første møde er holdt.")
    walker.check()
    walker.press("Registrer første møde", "Registrer første møde")
    page.get_by_label("Aftale underskrevet af alle").fill("15-09-2011")
    walker.check()
    walker.press("Start match", head)
    expect(badge).to_have_text("Aktivt")
    plan = page.get_by_role("table", name="Opfølgningsplan")
    expect(plan.get_by_role("row")).not_to_have_count(1)
    expect(plan).to_contain_text("29. september")
    walker.check()


def log_a_meeting(walker):
    page = walker.page
    walker.press("Registrer møde")
    form = page.locator(".meeting-log")
    expect(form.get_by_label("Dato")).to_be_focused()
    form.get_by_label("Timer").fill("1,5")
    form.get_by_label("Note").fill("Gik en tur i Arkaderne")
    form.get_by_role("button", name="Gem").click()
    expect(page.locator("#meetings")).to_contain_text("2 møder, 2,5 timer.")
    walker.check()


def log_a_follow_up_and_take_it_back(walker):
    page = walker.page
    walker.open("/", greeting("Mette"))
    overdue = page.locator("#tasks .group").first
    expect(overdue).to_have_text("Over tiden · 4")
    row = page.locator("[data-log-row]").filter(has=page.get_by_role("link", name="Hodan Warsame", exact=True))
    row.get_by_role("link", name="Registrer opfølgning med Hodan Warsame").click()
    expect(row.get_by_role("radio").first).to_be_focused()
    row.get_by_role("radio", name="Godt").check()
    row.get_by_label("Note").fill("Har mødtes to gange, øver ansøgning")
    walker.check()
    walker.picture("today", height=1100)
    row.get_by_label("Note").press("Enter")
    expect(row).to_contain_text("Registreret")
    expect(overdue).to_have_text("Over tiden · 3")
    walker.check()
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
    walker.stands_at(re.compile("^Bashir Omar og "))
    walker.check()
    walker.picture("match", height=1100)


def hold_an_event(walker, folder: Path):
    page = walker.page
    walker.open("/arrangementer/opret/", "Opret arrangement")
    page.get_by_label("Titel").fill("Åbent hus i haven")
    page.get_by_label(re.compile("^Dato")).fill("15-09-2011")
    page.get_by_label("Begynder kl.").fill("16.30")
    page.get_by_label("Slutter kl.").fill("23.59")
    page.get_by_label("Sted", exact=True).fill("Arkaderne")
    page.get_by_label("Pladser").fill("20")
    walker.check()
    walker.press("Opret arrangement", "Åbent hus i haven")
    page.get_by_label("Tilmeld person").fill("prøve-å")
    walker.press(f"Tilmeld {MENTEE}", "Åbent hus i haven")
    expect(page.get_by_role("link", name=re.compile(r"^Tilmeldt\s*1$"))).to_be_visible()
    walker.check()
    page.get_by_text("Flere", exact=True).click()
    with page.expect_download() as download:
        walker.named("Hent kalenderfil").click()
    download.value.save_as(folder / "event.ics")
    lines = (folder / "event.ics").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "SUMMARY:Åbent hus i haven" in lines
    tick_at_the_door(walker)


def tick_at_the_door(walker):
    page = walker.page
    page.set_viewport_size(PHONE)
    walker.press("Registrer fremmøde", "Åbent hus i haven")
    walker.check()
    expect(page.locator("#check-in-figures")).to_contain_text("0 af 1 tilmeldte er kommet")
    walker.press(f"Er kommet {MENTEE}")
    expect(page.locator("#check-in-figures")).to_contain_text("1 af 1 tilmeldte er kommet")
    walker.check()
    walker.open("/", greeting("Mette"))
    walker.picture("today-phone", height=1000)
    page.set_viewport_size(DESKTOP)


def see_the_targets(walker):
    page = walker.page
    page.get_by_role("link", name="Rapporter").click()
    walker.stands_at("Resultatmål 2011")
    row = page.get_by_role("row").filter(has_text="»Etablering af 25 mandlige match«")
    expect(row).to_contain_text("Nås næppe")
    expect(page.get_by_role("row").filter(has_text="kvindelige match«")).to_contain_text("20 af 30")
    row.get_by_role("link", name=re.compile("^12: .*Match, mænd$")).click()
    evidence = page.get_by_role("complementary", name="12 match tæller med")
    expect(evidence).to_be_focused()
    expect(evidence.get_by_role("row")).to_have_count(13)
    walker.check()
    walker.picture("targets", height=1100)
    walker.press("Luk listen")
    expect(evidence).to_have_count(0)


def write_the_report(walker, folder: Path):
    page = walker.page
    walker.open("/rapporter/status/ny/", "Lav statusrapport")
    page.get_by_label("Periode").select_option("Hele 2010")
    walker.check()
    walker.press("Begynd rapporten", re.compile("2010"))
    page.locator("textarea").first.fill("Året begyndte godt. Mændene er sværest at nå.")
    expect(page.locator("#report-preview")).to_contain_text("Mændene er sværest at nå.")
    expect(page.locator("#report-preview [role=status]")).to_contain_text("Gemt kl.")
    walker.check()
    walker.press("Læs og hent", re.compile("2010"))
    walker.reads("Mændene er sværest at nå.")
    expect(page.get_by_role("row").filter(has_text="»Etablering af 25 mandlige match«")).to_contain_text("27 af 25")
    walker.check()
    for button, kind in (("Word", "docx"), ("PDF", "pdf"), ("HTML", "html"), ("Excel", "xlsx")):
        with page.expect_download() as download:
            walker.named(button).click()
        assert download.value.suggested_filename.endswith(f".{kind}")
        download.value.save_as(folder / f"report.{kind}")
        data = (folder / f"report.{kind}").read_bytes()
        assert data.lstrip().startswith(BEGINNINGS[kind]), kind
        assert len(data) > 5_000, kind
    walker.press("Send rapporten", "Send rapporten")
    walker.check()
    walker.press("Send rapporten", re.compile("2010"))
    expect(page.locator(".page-head .st")).to_contain_text("Sendt")
    expect(walker.named("Begynd en ny version")).to_be_visible()
    walker.check()
