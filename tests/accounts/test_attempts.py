"""Limits on guessing outside the demo, which no one can turn against a user; known devices; codes that work once."""

import time
from threading import Barrier, Thread

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail, signing
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.db import connection
from django.test import Client

from accounts.attempts import DEVICE_SALT, USERS_OF_A_DEVICE
from accounts.services import accept_code
from demo.factories import MembershipFactory, UserFactory
from mentornet.settings import CACHES
from tests.accounts.conftest import LOGIN, NOW, PASSWORD, SECRET, code_at, code_now, deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real")]
CODE, SET_UP = "/konto/kode/", "/konto/kode/opret/"
ATTACKER, OWNER = "192.0.2.66", "198.51.100.7"
TOO_MANY = "For mange forsøg. Vent 15 minutter, eller vælg en ny adgangskode."
MANY_HERE = "Der er mange forsøg fra dit netværk lige nu. Vent nogle sekunder, og prøv igen."
COOKIE = "known-device"


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def try_password(client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def guess(client, email: str, times: int = 1) -> str:
    """Try wrong passwords and return the sentence at the last one."""
    for number in range(times):
        answer = try_password(client, email, f"gæt nummer {number}")
    return answer.context["form"].errors["password"][0]


def sign_in(client, user, half_minute: int = NOW) -> None:
    """Sign in completely."""
    assert try_password(client, user.email).url == CODE
    assert client.post(CODE, {"code": code_at(half_minute)}).url == "/"


@pytest.fixture
def clock(monkeypatch):
    """Return a function that moves the clock forward, in seconds."""
    real = time.time

    def move(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return move


# --- guessing passwords --------------------------------------------------------------------------


def test_guessing_from_one_address_does_not_lock_the_owner_out_at_another(mette_with_app):
    attacker = at(ATTACKER)
    for _round in range(20):
        sentence = guess(attacker, mette_with_app.email, times=5)
    assert sentence == TOO_MANY
    assert try_password(attacker, mette_with_app.email).status_code == 200
    sign_in(at(OWNER), mette_with_app)


def test_guessing_from_many_addresses_slows_each_address_and_locks_no_one_out(mette_with_app):
    for number in range(4):
        guess(at(f"192.0.2.{number}"), mette_with_app.email, times=5)
    late = at("192.0.2.200")
    assert guess(late, mette_with_app.email).endswith("Prøv igen, du har 1 forsøg tilbage.")
    assert "Du har ingen forsøg tilbage." in guess(late, mette_with_app.email)
    assert guess(late, mette_with_app.email) == TOO_MANY
    sign_in(at(OWNER), mette_with_app)


def test_known_device_behind_the_address_of_the_attacker_passes(mette_with_app):
    owner = at(ATTACKER)
    sign_in(owner, mette_with_app)
    owner.post("/konto/logout/")
    assert guess(at(ATTACKER), mette_with_app.email, times=6) == TOO_MANY
    assert try_password(at(ATTACKER), mette_with_app.email).status_code == 200
    sign_in(owner, mette_with_app, NOW + 1)


def test_known_device_has_five_attempts_of_its_own(mette_with_app):
    device = at(OWNER)
    sign_in(device, mette_with_app)
    device.post("/konto/logout/")
    assert guess(device, mette_with_app.email, times=4).endswith("Prøv igen, du har 1 forsøg tilbage.")
    assert "Du har ingen forsøg tilbage." in guess(device, mette_with_app.email)
    assert guess(device, mette_with_app.email) == TOO_MANY


def test_attempts_return_after_15_minutes(mette_with_app, clock):
    client = at(ATTACKER)
    assert guess(client, mette_with_app.email, times=6) == TOO_MANY
    clock(15 * 60 + 1)
    assert try_password(client, mette_with_app.email).url == CODE


def test_success_does_not_forget_failures(mette_with_app):
    guess(at(ATTACKER), mette_with_app.email, times=4)
    assert try_password(at(ATTACKER), mette_with_app.email).url == CODE
    assert "Du har ingen forsøg tilbage." in guess(at(ATTACKER), mette_with_app.email)


def test_new_password_gives_the_attempts_back(client, mette_with_app):
    assert guess(client, mette_with_app.email, times=6) == TOO_MANY
    client.post("/konto/adgangskode/glemt/", {"email": mette_with_app.email})
    deliver()
    form = client.get(mail.outbox[-1].body.split("http://testserver")[1].split()[0]).url
    client.post(form, {"password1": "fire helt andre ord", "password2": "fire helt andre ord"})
    assert try_password(client, mette_with_app.email, "fire helt andre ord").url == CODE


def test_guessing_many_accounts_from_one_address_is_slowed(mette_with_app, clock):
    client = at(ATTACKER)
    for number in range(20):
        guess(client, f"ukendt{number}@example.net", times=5)
    assert guess(client, "en.mere@example.net").startswith("E-mail og adgangskode passer ikke sammen.")
    assert guess(client, "endnu.en@example.net") == MANY_HERE
    clock(5.1)
    assert try_password(client, mette_with_app.email).url == CODE


def test_known_device_passes_an_address_that_is_slowed(mette_with_app):
    device = at(ATTACKER)
    sign_in(device, mette_with_app)
    device.post("/konto/logout/")
    for number in range(21):
        guess(at(ATTACKER), f"ukendt{number}@example.net", times=5)
    sign_in(device, mette_with_app, NOW + 1)


def test_office_of_thirty_behind_one_address_signs_in_within_a_minute(tingbjerg):
    """Each types a wrong password first, and a wrong code."""
    users = [MembershipFactory(branch=tingbjerg, user=UserFactory()).user for _number in range(30)]
    for user in users:
        user.set_password(PASSWORD)
        user.save()
        TOTP.activate(user, SECRET)
    for user in users:
        client = at(OWNER)
        guess(client, user.email)
        assert try_password(client, user.email).url == CODE
        assert client.post(CODE, {"code": "000000"}).status_code == 200
        assert client.post(CODE, {"code": code_now()}).url == "/"
        assert client.get("/match/").status_code == 200


# --- the address of a visitor --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "forwarded", "is_locked"),
    [
        (0, "198.51.100.{n}", True),  # no proxy: the header is the visitor's
        (1, "198.51.100.{n}, 192.0.2.66", True),  # the proxy added the last one
        (1, "192.0.2.66, 198.51.100.{n}", False),
    ],
)
def test_only_the_address_that_the_proxy_adds_counts(mette_with_app, settings, trusted, forwarded, is_locked):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    for number in range(5):
        client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": forwarded.format(n=number)})
        guess(client, mette_with_app.email)
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": forwarded.format(n=5)})
    assert (guess(client, mette_with_app.email) == TOO_MANY) is is_locked


def test_counts_are_not_driven_out_of_the_cache():
    assert FileBasedCache("unused", CACHES["default"])._max_entries == 10_000


# --- known devices -------------------------------------------------------------------------------


def test_device_is_known_after_a_complete_sign_in_only(mette_with_app, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = Client(REMOTE_ADDR=OWNER)
    assert "__Host-known-device" not in try_password(client, mette_with_app.email).cookies
    cookie = client.post(CODE, {"code": code_now()}).cookies["__Host-known-device"]
    kept = {name: value for name, value in cookie.items() if value and name != "expires"}
    assert kept == {"httponly": True, "secure": True, "samesite": "Lax", "path": "/", "max-age": 60 * 60 * 24 * 365}
    assert list(signing.loads(cookie.value, salt=DEVICE_SALT)) == [str(mette_with_app.pk)]


def test_device_on_which_the_app_is_set_up_is_known(client, mette, monkeypatch):
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.get_totp_secret", lambda **options: SECRET)
    assert COOKIE not in try_password(client, mette.email).cookies
    assert COOKIE not in client.get(SET_UP).cookies
    assert COOKIE in client.post(SET_UP, {"code": code_now()}).cookies


def test_password_is_a_complete_sign_in_in_the_demo(client, mette, settings):
    settings.DEMO = True
    assert COOKIE in try_password(client, mette.email).cookies


def test_device_of_another_user_and_a_forged_one_are_unknown(mette_with_app, tingbjerg):
    other = MembershipFactory(branch=tingbjerg, user=UserFactory()).user
    for device in (signing.dumps({str(other.pk): "x"}, salt=DEVICE_SALT), signing.dumps({}, salt="else"), "x"):
        cache.clear()
        guess(at(ATTACKER), mette_with_app.email, times=5)
        client = at(ATTACKER)
        client.cookies[COOKIE] = device
        assert guess(client, mette_with_app.email) == TOO_MANY


def test_device_is_known_for_the_last_ten_users(client, mette_with_app):
    users = {str(number): "x" for number in range(1000, 1000 + USERS_OF_A_DEVICE)}
    client.cookies[COOKIE] = signing.dumps(users, salt=DEVICE_SALT)
    sign_in(client, mette_with_app)
    stored = signing.loads(client.cookies[COOKIE].value, salt=DEVICE_SALT)
    assert list(stored) == [*list(users)[1:], str(mette_with_app.pk)]


def test_device_keeps_its_name(client, mette_with_app):
    names = []
    for half_minute in (NOW, NOW + 1):
        sign_in(client, mette_with_app, half_minute)
        names.append(signing.loads(client.cookies[COOKIE].value, salt=DEVICE_SALT))
        client.post("/konto/logout/")
    assert names[0] == names[1]


# --- codes ---------------------------------------------------------------------------------------


def test_neighbouring_half_minutes_are_accepted_and_no_others(mette_with_app, app_clock):
    app_clock(NOW)
    found = {step: accept_code(mette_with_app, code_at(NOW + step)) is not None for step in (-2, 2, -1, 0, 1)}
    assert found == {-2: False, 2: False, -1: True, 0: True, 1: True}


@pytest.mark.parametrize("later", [0, 1])
def test_code_is_accepted_once_as_long_as_it_is_valid(mette_with_app, app_clock, later):
    app_clock(NOW)
    assert accept_code(mette_with_app, code_now()).type == Authenticator.Type.TOTP
    cache.clear()
    app_clock(NOW + later)
    assert accept_code(mette_with_app, code_now()) is None
    assert accept_code(mette_with_app, code_at(NOW + 1)) is not None


def test_code_of_the_set_up_is_not_accepted_again(client, mette, monkeypatch):
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.get_totp_secret", lambda **options: SECRET)
    try_password(client, mette.email)
    client.post(SET_UP, {"code": code_now()})
    client.post("/konto/logout/")
    assert try_password(client, mette.email).url == CODE
    again = client.post(CODE, {"code": code_now()})
    assert again.context["form"].errors["code"] == [
        "Koden er ikke rigtig, eller den er brugt. Vent på den næste i din app."
    ]


@pytest.mark.django_db(transaction=True)
def test_code_given_twice_at_the_same_moment_is_accepted_once(mette_with_app):
    """Also the recovery codes, whose use is one field as well."""
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    for code in (code_now(), codes.get_unused_codes()[0]):
        barrier, accepted = Barrier(4), []

        def give(code=code, barrier=barrier, accepted=accepted) -> None:
            barrier.wait()
            accepted.append(accept_code(mette_with_app, code))
            connection.close()

        threads = [Thread(target=give) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [found is not None for found in accepted].count(True) == 1
        assert len(accepted) == 4


def test_code_that_confirms_is_not_accepted_at_sign_in(client, mette_with_app):
    sign_in(client, mette_with_app)
    assert client.post("/konto/kode/bekraeft/", {"code": code_now()}).status_code == 200
    assert client.post("/konto/kode/bekraeft/", {"code": code_at(NOW + 1)}).status_code == 302
    assert accept_code(mette_with_app, code_at(NOW + 1)) is None


def test_guessing_codes_is_limited_whatever_the_address(mette_with_app):
    for number in range(5):
        client = at(f"192.0.2.{number}")
        try_password(client, mette_with_app.email)
        client.post(CODE, {"code": f"00000{number}"})
    client = at(OWNER)
    try_password(client, mette_with_app.email)
    answer = client.post(CODE, {"code": code_now()})
    assert answer.context["form"].errors["code"] == ["For mange forsøg. Vent 15 minutter."]


def test_known_device_passes_the_guessing_of_codes(mette_with_app):
    device = at(OWNER)
    sign_in(device, mette_with_app)
    device.post("/konto/logout/")
    attacker = at(ATTACKER)
    try_password(attacker, mette_with_app.email)
    for number in range(6):
        attacker.post(CODE, {"code": f"00000{number}"})
    sign_in(device, mette_with_app, NOW + 1)
