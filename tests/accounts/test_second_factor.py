"""No case data before the second factor (ASVS 6.3.3), however the session began."""

import pytest
from allauth.mfa.models import Authenticator

from tests.accounts.conftest import LOGIN, PASSWORD, SECRET, code_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real")]
CASES = "/match/"
SET_UP = "/konto/kode/opret/"


def test_without_a_second_factor_only_the_pages_that_set_one_up_open(client, mette, sign_in):
    sign_in(mette)
    for path in ("/", CASES, "/administration/konto/", "/konto/noedkoder/", "/support/", "/komponenter/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, SET_UP)
    page = client.get(SET_UP)
    assert page.status_code == 200
    assert "data:image/svg+xml;base64," in page.content.decode()


def test_setting_it_up_opens_the_cases_and_shows_recovery_codes(client, mette, sign_in, monkeypatch):
    sign_in(mette)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.get_totp_secret", lambda **options: SECRET)
    wrong = client.post(SET_UP, {"code": "000000"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors["code"] == [
        "Koden er ikke rigtig, eller den er brugt. Vent på den næste i din app."
    ]
    assert client.post(SET_UP, {"code": code_now()}).url == "/konto/noedkoder/"
    page = client.get("/konto/noedkoder/")
    assert len(page.context["unused_codes"]) == 10
    assert client.get(CASES).status_code == 200
    download = client.get("/konto/noedkoder/hent/")
    assert download.content.decode().count("\n") >= 10
    assert client.get(SET_UP).url == "/konto/kode/fjern/"


def test_password_alone_opens_nothing(client, mette_with_app, sign_in):
    assert sign_in(mette_with_app).url == "/konto/kode/"
    assert client.get(CASES).url == f"{LOGIN}?next={CASES}"


def test_password_and_code_open_the_cases(client, mette_with_app, sign_in):
    assert sign_in(mette_with_app, code=code_now()).url == "/"
    assert client.get(CASES).status_code == 200


def test_a_code_works_once(client, mette_with_app, sign_in):
    code = code_now()
    sign_in(mette_with_app, code=code)
    client.post("/konto/logout/")
    again = sign_in(mette_with_app, code=code)
    assert again.status_code == 200
    assert "eller den er brugt" in again.content.decode()
    assert client.get(CASES).status_code == 302


def test_a_recovery_code_works_once(client, mette_with_app, sign_in):
    stored = Authenticator.objects.get(user=mette_with_app, type=Authenticator.Type.RECOVERY_CODES)
    code = stored.wrap().get_unused_codes()[0]
    assert sign_in(mette_with_app, code=code).url == "/"
    client.post("/konto/logout/")
    assert sign_in(mette_with_app, code=code).status_code == 200


def test_guessing_codes_is_slowed(client, mette_with_app, sign_in):
    sign_in(mette_with_app)
    answers = [client.post("/konto/kode/", {"code": f"00000{n}"}) for n in range(6)]
    assert "For mange forsøg" in answers[-1].content.decode()
    client.post("/konto/kode/", {"code": code_now()})
    assert client.get(CASES).status_code == 302


def test_password_reset_does_not_bypass_the_second_factor(client, mette_with_app, sign_in):
    mette_with_app.set_password("fire helt andre ord")
    mette_with_app.save()
    assert sign_in(mette_with_app, password="fire helt andre ord").url == "/konto/kode/"
    assert client.get(CASES).status_code == 302


def test_a_session_without_a_code_ends(client, mette_with_app):
    """As a session from before the second factor, or from a sign-in without one."""
    client.force_login(mette_with_app)
    assert client.get(CASES).url == f"{LOGIN}?next={CASES}"
    assert "_auth_user_id" not in client.session


def test_support_pages_require_the_second_factor(client, mette_with_app, sign_in):
    mette_with_app.is_staff = mette_with_app.is_superuser = True
    mette_with_app.save()
    assert client.get("/support/login/").status_code == 302
    posted = client.post("/support/login/", {"username": mette_with_app.email, "password": PASSWORD})
    assert posted.url.startswith(LOGIN)
    sign_in(mette_with_app, code=code_now())
    assert client.get("/support/").status_code == 200


def test_removing_the_app_asks_for_the_password_again(client, mette_with_app, sign_in, monkeypatch):
    sign_in(mette_with_app, code=code_now())
    monkeypatch.setattr("allauth.account.app_settings.AppSettings.REAUTHENTICATION_TIMEOUT", -1)
    first = client.get("/konto/kode/fjern/")
    assert first.url == "/konto/bekraeft/?next=%2Fkonto%2Fkode%2Ffjern%2F"
    page = client.get(first.url)
    assert "Bekræft, at det er dig" in page.content.decode()
    wrong = client.post(first.url, {"password": "forkert kode her"})
    assert wrong.status_code == 200
    assert client.post(first.url, {"password": PASSWORD}).url == "/konto/kode/fjern/"
    monkeypatch.undo()
    assert client.post("/konto/kode/fjern/").url == "/konto/kode/oversigt/"
    assert client.get(CASES).url == SET_UP


def test_confirming_by_code(client, mette_with_app, sign_in):
    stored = Authenticator.objects.get(user=mette_with_app, type=Authenticator.Type.RECOVERY_CODES)
    sign_in(mette_with_app, code=stored.wrap().get_unused_codes()[0])
    assert client.get("/konto/kode/bekraeft/").status_code == 200
    assert client.post("/konto/kode/bekraeft/", {"code": code_now()}).status_code == 302


def test_new_recovery_codes_replace_the_old(client, mette_with_app, sign_in):
    sign_in(mette_with_app, code=code_now())
    before = client.get("/konto/noedkoder/").context["unused_codes"]
    assert client.get("/konto/noedkoder/nye/").status_code == 200
    client.post("/konto/noedkoder/nye/")
    after = client.get("/konto/noedkoder/").context["unused_codes"]
    assert set(before).isdisjoint(after)


def test_profile_tells_what_is_set_up(client, mette_with_app, sign_in):
    sign_in(mette_with_app, code=code_now())
    text = client.get("/administration/konto/").content.decode()
    assert "10 nødkoder tilbage." in text
    Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    assert "Lav nye koder" in client.get("/administration/konto/").content.decode()


def test_secret_is_stored_encrypted_and_survives_a_new_key_with_its_fallback(mette_with_app, settings):
    stored = Authenticator.objects.get(user=mette_with_app, type=Authenticator.Type.TOTP)
    assert SECRET not in str(stored.data)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key"
    assert stored.wrap().validate_code(code_now())
    settings.SECRET_KEY_FALLBACKS = []
    assert not stored.wrap().validate_code(code_now())
