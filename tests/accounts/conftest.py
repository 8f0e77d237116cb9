"""Fixtures of sign-in with password, authenticator app and recovery codes."""

from types import SimpleNamespace

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tasks.services import run_next

PASSWORD = "tre ord som huskes"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN = "/konto/login/"


NOW = 55_000_000  # the half minute at which the tests freeze the app


def code_at(half_minute: int) -> str:
    """Return the code that the app shows in a half minute since 1970."""
    return format_hotp_value(hotp_value(SECRET, half_minute))


def code_now() -> str:
    return code_at(NOW)


@pytest.fixture
def app_clock(monkeypatch):
    """Return a function that sets the half minute since 1970 in which the server checks codes."""

    def show(half_minute: int) -> None:
        clock = SimpleNamespace(time=lambda: half_minute * 30)
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", clock)

    return show


@pytest.fixture(autouse=True)
def _freeze_app(app_clock):
    app_clock(NOW)


def deliver() -> None:
    """Do what waits in the queue, as the worker does."""
    while run_next():
        pass


@pytest.fixture(autouse=True)
def _clear_attempts():
    """Clear the cache, which holds the limits on failed sign-ins."""
    cache.clear()


@pytest.fixture
def real(settings):
    """Outside the demo, where the second factor is required."""
    settings.DEMO = False


@pytest.fixture
def mette(coordinator):
    """The coordinator with a password."""
    coordinator.set_password(PASSWORD)
    coordinator.save()
    return coordinator


@pytest.fixture
def mette_with_app(mette):
    TOTP.activate(mette, SECRET)
    RecoveryCodes.activate(mette)
    return mette


@pytest.fixture
def sign_in(client):
    """Return a function that posts e-mail and password, and a code if one is given."""

    def act(user, password=PASSWORD, code=None):
        answer = client.post(LOGIN, {"login": user.email, "password": password})
        if code is not None:
            answer = client.post("/konto/kode/", {"code": code})
        return answer

    return act


@pytest.fixture
def client_factory(db):
    """Another browser."""
    return Client
