"""The end of a session: the warning, signing in over a form, and without JavaScript."""

import re
import sqlite3
import subprocess
import sys
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from playwright.sync_api import expect

from demo.builders import staff
from tests.browser.conftest import ROOT, _environment
from tests.browser.visitor import DESKTOP, PHONE, greeting

HOUR = 60 * 60
SALT = "django.contrib.sessions.SessionStore"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _own_sessions(signed_in):
    """Sign in for each test, as the tests end their sessions."""
    signed_in.clear()


@pytest.fixture
def sessions(folder):
    return Sessions(folder / "demo.sqlite3")


class Sessions:
    """The sessions on the server."""

    options = {"key": "browser-tests-only", "salt": SALT, "serializer": JSONSerializer}

    def __init__(self, path):
        self.path = path

    def query(self, sql: str, *values) -> list[tuple]:
        connection = sqlite3.connect(self.path, timeout=20)
        with connection:
            rows = connection.execute(sql, values).fetchall()
        connection.close()
        return rows

    def _key(self, visitor) -> str:
        cookies = visitor.page.context.cookies()
        return next(cookie["value"] for cookie in cookies if cookie["name"] == "sessionid")

    def read(self, visitor) -> dict:
        ((data,),) = self.query("SELECT session_data FROM django_session WHERE session_key = ?", self._key(visitor))
        return signing.loads(data, **self.options)

    def age(self, visitor, seconds: int, name: str = "seen_at") -> None:
        """Move a time of the session into the past."""
        session = self.read(visitor)
        session[name] -= seconds
        data = signing.dumps(session, compress=True, **self.options)
        self.query("UPDATE django_session SET session_data = ? WHERE session_key = ?", data, self._key(visitor))

    def count_kept(self) -> int:
        return self.query("SELECT count(*) FROM common_keptpost")[0][0]

    def count_events(self, title: str) -> int:
        return self.query("SELECT count(*) FROM events_event WHERE title || '' = ?", title)[0][0]


def open_form(visitor, title: str) -> None:
    """Open the form of an event and fill it in."""
    page = visitor.page
    visitor.open("/arrangementer/opret/", "Opret arrangement")
    page.get_by_label(re.compile("^Dato")).fill("14-10-2011")
    page.get_by_label("Begynder kl.").fill("16.30")
    page.get_by_label("Slutter kl.").fill("18.30")
    page.get_by_label("Titel").fill(title)


def dialog_of(visitor):
    return visitor.page.get_by_role("dialog", name="Log ind igen")


def sign_in_over(visitor, password: str = staff.PASSWORD) -> None:
    dialog = dialog_of(visitor)
    expect(dialog.get_by_label("Adgangskode")).to_be_focused()
    dialog.get_by_label("Adgangskode").fill(password)
    dialog.get_by_role("button", name="Fortsæt").click()


def test_warning_before_an_idle_session_ends_and_button_to_stay(visit_as, sessions):
    visitor = visit_as("koordinator")
    page = visitor.page
    page.clock.install()
    visitor.open("/", greeting("Mette"))
    sessions.age(visitor, HOUR - 240)
    page.clock.fast_forward((HOUR - 240) * 1000)
    note = page.locator("#session-note")
    expect(note).to_contain_text(re.compile(r"Du bliver logget ud kl\. \d\d\.\d\d, fordi du ikke har brugt siden"))
    assert (note.get_attribute("role"), note.get_attribute("aria-live")) == ("status", "polite")
    visitor.check_at_once()
    note.get_by_role("button", name="Bliv logget ind").click()
    expect(note).to_be_empty()
    expect(page.locator("body")).not_to_be_focused()
    assert time.time() - sessions.read(visitor)["seen_at"] < 60


def test_warning_before_the_session_of_a_whole_day_ends(visit_as, sessions):
    visitor = visit_as("koordinator")
    sessions.age(visitor, 10 * HOUR - 200, "signed_in_at")
    visitor.page.clock.install()
    open_form(visitor, "Til ti timer")
    note = visitor.page.locator("#session-note")
    expect(note).to_contain_text("fordi du har været logget ind hele dagen")
    note.get_by_role("button", name="Log ind igen nu").click()
    sign_in_over(visitor)
    expect(dialog_of(visitor)).to_have_count(0)
    expect(visitor.page.get_by_label("Titel")).to_have_value("Til ti timer")
    assert time.time() - sessions.read(visitor)["signed_in_at"] < 60


def test_typing_renews_the_session_at_most_every_two_minutes(visit_as, sessions):
    visitor = visit_as("koordinator")
    page = visitor.page
    page.clock.install()
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    open_form(visitor, "Skrives længe")
    assert posts == []
    sessions.age(visitor, HOUR - 60)
    page.clock.fast_forward(121_000)
    with page.expect_response("**/konto/session/"):
        page.get_by_label("Titel").press_sequentially("!!!")
    assert [url.removeprefix(visitor.address) for url in posts] == ["/konto/session/"]
    assert time.time() - sessions.read(visitor)["seen_at"] < 60


def test_signing_in_over_a_form_that_holds_text(visit_as, sessions):
    visitor = visit_as("koordinator")
    page = visitor.page
    page.clock.install()
    open_form(visitor, "Skrevet i en time")
    sessions.age(visitor, HOUR + 60)
    page.clock.fast_forward((HOUR + 60) * 1000)
    expect(dialog_of(visitor)).to_contain_text("Det, du har skrevet, er stadig her på siden.")
    expect(dialog_of(visitor)).to_contain_text("Mette Sørensen")
    for size, name in ((PHONE, "sign-in-over-phone"), (DESKTOP, "sign-in-over")):
        page.set_viewport_size(size)
        visitor.check_at_once()
        visitor.save_screenshot(name, height=size["height"])
    page.keyboard.press("Escape")
    page.get_by_label("Adgangskode").focus()
    sign_in_over(visitor, "forkert")
    expect(dialog_of(visitor)).to_contain_text("passer ikke sammen")
    sign_in_over(visitor)
    expect(dialog_of(visitor)).to_have_count(0)
    expect(page.get_by_label("Titel")).to_be_focused()
    expect(page.get_by_label("Titel")).to_have_value("Skrevet i en time")
    visitor.press("Opret arrangement", "Skrevet i en time")
    assert (sessions.count_events("Skrevet i en time"), sessions.count_kept()) == (1, 0)


def test_a_form_sent_after_the_session_ended_is_sent_again_after_signing_in(visit_as, sessions):
    visitor = visit_as("koordinator")
    open_form(visitor, "Sendt for sent")
    sessions.age(visitor, HOUR + 60)
    visitor.press("Opret arrangement")
    sign_in_over(visitor)
    visitor.expect_heading("Sendt for sent")
    assert (sessions.count_events("Sendt for sent"), sessions.count_kept()) == (1, 0)


def test_a_form_of_htmx_stays_and_is_sent_again_after_signing_in(visit_as, sessions):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    row = page.locator("[data-log-row]").filter(has=page.get_by_role("link", name="Hodan Warsame", exact=True))
    row.get_by_role("link", name="Registrer opfølgning med Hodan Warsame").click()
    row.get_by_role("radio", name="Godt").check()
    row.get_by_label("Note").fill("Talte længe")
    sessions.age(visitor, HOUR + 60)
    row.get_by_role("button", name="Gem").click()
    sign_in_over(visitor)
    expect(row).to_contain_text("Registreret")
    assert sessions.query("SELECT count(*) FROM matching_followup WHERE note = 'Talte længe'") == [(1,)]
    assert sessions.count_kept() == 0


def in_another_tab(visitor, word: str, branch: str = "tingbjerg") -> None:
    """Sign out and in as a user in another tab of the same browser."""
    first = visitor.page
    visitor.page = first.context.new_page()
    visitor.open("/")
    visitor.page.locator(".topbar .who summary").click()
    visitor.page.locator(".topbar .who").get_by_role("button", name="Log ud").click()
    visitor.expect_heading("Log ind")
    visitor.sign_in(word, branch)
    visitor.page.close()
    visitor.page = first


def test_a_token_of_an_earlier_sign_in_is_renewed(visit_as, sessions):
    visitor = visit_as("koordinator")
    open_form(visitor, "Fra før")
    in_another_tab(visitor, "koordinator")
    visitor.press("Opret arrangement", "Fra før")
    assert (sessions.count_events("Fra før"), sessions.count_kept()) == (1, 0)


def test_words_of_a_user_are_not_sent_by_another_one(visit_as, sessions):
    visitor = visit_as("koordinator")
    open_form(visitor, "Mettes ord")
    in_another_tab(visitor, "administrator", "koebenhavn")
    visitor.press("Opret arrangement")
    dialog = dialog_of(visitor)
    expect(dialog).to_contain_text("En anden bruger er logget ind i denne browser. Log ind som Mette Sørensen")
    assert sessions.count_events("Mettes ord") == 0
    dialog.get_by_role("button", name="Fortsæt").click()
    sign_in_over(visitor)
    visitor.expect_heading("Mettes ord")
    assert (sessions.count_events("Mettes ord"), sessions.count_kept()) == (1, 0)


def test_second_factor_is_asked_for_over_the_form(visit_as, sessions, folder):
    visitor = visit_as("leder", "koebenhavn")
    visitor.open("/administration/konto/")
    visitor.page.get_by_label("Telefon").fill("57 26 96 17")
    email = staff.email_of("leder", "koebenhavn")
    words = (
        "from accounts.models import User; from allauth.mfa.totp.internal.auth import TOTP;"
        f"TOTP.activate(User.objects.get(email='{email}'), '{APP_SECRET}')"
    )
    subprocess.run([sys.executable, "manage.py", "shell", "-c", words], cwd=ROOT, env=_environment(folder), check=True)
    sessions.age(visitor, HOUR + 60)
    visitor.press("Gem")
    sign_in_over(visitor)
    dialog = dialog_of(visitor)
    dialog.get_by_label("Kode", exact=True).fill(format_hotp_value(hotp_value(APP_SECRET, int(time.time()) // 30)))
    dialog.get_by_role("button", name="Log ind").click()
    visitor.expect_toast("Dine oplysninger er gemt.")
    assert sessions.query("SELECT phone FROM accounts_user WHERE email = ?", email) == [("57 26 96 17",)]


def test_words_are_there_after_signing_in_without_javascript(visit_as, sessions):
    visitor = visit_as("koordinator", java_script_enabled=False)
    page = visitor.page
    open_form(visitor, "Uden JavaScript")
    sessions.age(visitor, HOUR + 60)
    visitor.press("Opret arrangement", "Log ind")
    visitor.expect_text("Det, du har skrevet, er gemt.")
    page.get_by_label("E-mail").fill(staff.email_of("koordinator", "tingbjerg"))
    page.get_by_label("Adgangskode").fill(staff.PASSWORD)
    visitor.press("Fortsæt", "Det, du har skrevet")
    visitor.expect_text("Titel", "Uden JavaScript", "14-10-2011")
    visitor.press("Send det nu", "Uden JavaScript")
    assert (sessions.count_events("Uden JavaScript"), sessions.count_kept()) == (1, 0)


def test_an_intake_that_is_saved_while_typed_goes_on_after_signing_in(visit_as, sessions):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/personer/ny/", "Opret person")
    page.get_by_label("Fornavn").fill("Skrevet")
    expect(page.locator("#draft-saved")).to_contain_text("Senest gemt")
    sessions.age(visitor, HOUR + 60)
    page.get_by_label("Efternavn").fill("For Sent")
    sign_in_over(visitor)
    expect(page.get_by_label("Efternavn")).to_have_value("For Sent")
    expect(page.locator("#session-note")).to_be_visible()
    page.wait_for_timeout(1000)
    assert sessions.query("SELECT count(*) FROM people_draft WHERE typed LIKE '%For Sent%'") == [(1,)]
    assert sessions.count_kept() == 0
