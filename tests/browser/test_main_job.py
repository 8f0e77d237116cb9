"""The main job as its people do it: sign in, import, intake, interview, match, follow-up, event, targets, report."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def press(page, name: str) -> None:
    """A button or link in the page itself, by its words."""
    main = page.locator("main")
    either = main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True))
    either.first.click()
    page.wait_for_load_state("networkidle")


def test_from_spreadsheet_to_report(walker, tmp_path):
    walker.sign_in("administrator")
    import_the_mentor_bank(walker)
    name = take_in_a_mentee(walker)
    log_the_interview(walker, name)
    propose_and_start_a_match(walker)
    log_a_follow_up(walker)
    hold_an_event(walker)
    see_the_targets(walker)
    write_the_report(walker, tmp_path)


def import_the_mentor_bank(walker):
    page = walker.page
    walker.open("/personer/import/ny/")
    page.set_input_files("input[type=file]", SAMPLES / "mentorbank_pilot_2009.xlsx")
    press(page, "Læs filen")
    walker.check()
    press(page, "Kontroller rækkerne")
    walker.check()
    walker.picture("import-review")
    for tab, count in (("Alle rækker", 184), ("Nye", 138), ("Advarsler", 30), ("Dubletter", 6), ("Fejl", 10)):
        expect(page.get_by_role("link", name=re.compile(rf"^{tab}\s*{count}$"))).to_be_visible()
    press(page, "Importer 168 rækker")
    walker.check()
    walker.open("/personer/?q=soendergaard")
    walker.open("/personer/?q=SØNDERGAARD")
    expect(page.get_by_role("link", name="Doris Søndergaard")).to_have_count(1)


def take_in_a_mentee(walker) -> str:
    page = walker.page
    walker.open("/personer/ny/")
    page.get_by_label("Fornavn").fill("Yasmîn 🌻")
    page.get_by_label("Efternavn").fill("Prøve-Åkjær")
    page.get_by_label("Kvinde").check()
    page.get_by_label(re.compile("^Født")).fill("29-02-1981")
    press(page, "Fortsæt")
    walker.check()
    expect(page.get_by_text("1981 er ikke et skudår", exact=False).first).to_be_visible()
    expect(page.get_by_label("Fornavn")).to_have_value("Yasmîn 🌻")
    page.get_by_label(re.compile("^Født")).fill("29-02-1980")
    page.get_by_label(re.compile("^Telefon")).fill("51 52 53 54")
    press(page, "Fortsæt")
    walker.check()
    page.get_by_label("Mentee", exact=True).check()
    press(page, "Fortsæt")
    walker.check()
    press(page, "Fortsæt")
    walker.check()
    page.locator("input[name$=store][value=yes], input[name=store]").first.check()
    press(page, "Opret person")
    walker.check()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Yasmîn 🌻 Prøve-Åkjær")
    return "Yasmîn 🌻 Prøve-Åkjær"


def log_the_interview(walker, name):
    page = walker.page
    walker.open("/match/interview/")
    page.get_by_role("listitem").or_(page.get_by_role("row")).filter(has_text=name).get_by_role(
        "link", name="Registrer"
    ).first.click()
    walker.check()
    page.locator("[name=summary]").fill("Vil i arbejde med planter. Kender få uden for Tingbjerg.")
    page.locator("[name=motivation]").fill("Meget motiveret.")
    page.get_by_label("Klar til match").check()
    press(page, "Registrer interview")
    walker.check()
    expect(page.locator("main")).to_contain_text("På venteliste")


def propose_and_start_a_match(walker):
    page = walker.page
    press(page, "Find mentor")
    walker.check()
    press(page, "Foreslå match")
    walker.check()
    press(page, "Foreslå match")
    walker.check()
    expect(page.locator("main")).to_contain_text("Foreslået")


def log_a_follow_up(walker):
    page = walker.page
    walker.open("/")
    walker.picture("today")
    row = page.locator("li, .task-row, [id^=follow-up]").filter(has_text="Hodan Warsame").first
    row.get_by_role("link", name="Registrer").or_(row.get_by_role("button", name="Registrer")).first.click()
    page.get_by_text("Godt", exact=True).first.click()
    page.get_by_label("Note").fill("Har mødtes to gange, øver ansøgning")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_text("Registreret").first).to_be_visible()
    expect(page.get_by_role("button", name="Fortryd").first).to_be_visible()
    walker.check()


def hold_an_event(walker):
    page = walker.page
    walker.open("/arrangementer/opret/")
    page.get_by_label(re.compile("^Titel")).fill("Åbent hus i haven")
    page.locator("[name=day]").fill("14-10-2011")
    page.locator("[name=starts]").fill("16.30")
    page.locator("[name=ends]").fill("18.30")
    page.locator("[name=place]").fill("Arkaderne")
    page.locator("[name=capacity]").fill("20")
    press(page, "Opret arrangement")
    walker.check()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Åbent hus i haven")


def see_the_targets(walker):
    page = walker.page
    walker.open("/rapporter/?year=2011")
    expect(page.locator("main")).to_contain_text("Nås næppe")
    page.get_by_role("link", name=re.compile(r"^12")).first.click()
    page.wait_for_load_state("networkidle")
    walker.check()
    expect(page.locator("main")).to_contain_text("12 match tæller med")
    walker.picture("targets")


def write_the_report(walker, tmp_path):
    page = walker.page
    walker.open("/rapporter/status/ny/")
    page.locator("[name=programme]").select_option(label="Mentornetværket Tingbjerg")
    press(page, "Begynd rapporten")
    walker.check()
    page.locator("textarea").first.fill("Året begyndte godt. Mændene er sværest at nå.")
    press(page, "Gem")
    walker.check()
    walker.picture("report")


PAGES = {
    "koordinator": [
        "/",
        "/personer/",
        "/personer/?role=mentor",
        "/personer/organisationer/",
        "/match/",
        "/match/liste/",
        "/match/opfoelgninger/",
        "/match/interview/",
        "/arrangementer/",
        "/arrangementer/kalender/",
        "/indsatser/",
        "/indsatser/tingbjerg-2010/",
        "/rapporter/",
        "/rapporter/status/",
    ],
    "leder": ["/", "/indsatser/", "/rapporter/", "/rapporter/status/"],
    "administrator": ["/administration/", "/personer/import/", "/indsatser/tingbjerg-2010/rediger/"],
}


@pytest.mark.parametrize("walker", [DESKTOP, PHONE], indirect=True, ids=["1280", "390"])
@pytest.mark.parametrize("word", PAGES)
def test_every_page_is_accessible_and_fits_the_screen(walker, word):
    walker.sign_in(word)
    for path in PAGES[word]:
        walker.open(path)
        expect(walker.page.get_by_role("heading", level=1)).to_be_visible()
