"""Middleware: session limits, htmx redirects, language, current branch."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from accounts.enums import Role
from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from demo.factories import MembershipFactory
from tests.accounts.conftest import LOGIN, SECRET

pytestmark = pytest.mark.django_db
PAGE = "/administration/konto/"


def shift(client, **seconds):
    """Move times of the session into the past."""
    session = client.session
    for key, back in seconds.items():
        session[key] = int(time.time()) - back
    session.save()


def test_session_ends_after_an_idle_hour(client_of, coordinator):
    client = client_of(coordinator)
    assert client.get(PAGE).status_code == 200
    shift(client, **{SEEN_AT: 3599})
    assert client.get(PAGE).status_code == 200
    shift(client, **{SEEN_AT: 3700})
    answer = client.get(f"{PAGE}?a=1")
    assert answer.url == f"{LOGIN}?next={PAGE}%3Fa%3D1"
    assert "Du er logget ud, fordi der er gået lang tid." in client.get(answer.url).content.decode()
    assert "_auth_user_id" not in client.session


def test_session_in_use_is_updated_once_a_minute(client_of, coordinator):
    client = client_of(coordinator)
    client.get(PAGE)
    shift(client, **{SEEN_AT: 61})
    client.get(PAGE)
    assert time.time() - client.session[SEEN_AT] < 5


def test_progress_that_reloads_itself_is_no_use_of_the_session(client_of, coordinator):
    client = client_of(coordinator)
    client.get(PAGE)
    shift(client, **{SEEN_AT: 61})
    client.get(PAGE, headers={"HX-Request": "true", "HX-Trigger": "progress"})
    assert time.time() - client.session[SEEN_AT] > 60
    shift(client, **{SEEN_AT: 3700})
    answer = client.get(PAGE, headers={"HX-Request": "true", "HX-Trigger": "progress"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, LOGIN)


def test_session_ends_after_a_working_day_however_busy(client_of, coordinator):
    client = client_of(coordinator)
    client.get(PAGE)
    shift(client, **{SIGNED_IN_AT: 10 * 3600 + 60})
    assert client.post(PAGE).url == f"{LOGIN}?next=/"


@pytest.mark.parametrize("key", [SEEN_AT, SIGNED_IN_AT])
def test_session_from_the_future_ends(client_of, coordinator, settings, key):
    """As after a wrong clock is corrected; a minute is forgiven to another server."""
    settings.DEMO = False
    TOTP.activate(coordinator, SECRET)
    client = client_of(coordinator)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session["account_authentication_methods_user"] = str(coordinator.pk)
    session.save()
    shift(client, **{key: -50})
    assert client.get(PAGE).status_code == 200
    shift(client, **{key: -70})
    assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"
    assert "_auth_user_id" not in client.session


def test_disabled_user_is_signed_out_at_the_next_request(client_of, coordinator):
    client = client_of(coordinator)
    assert client.get(PAGE).status_code == 200
    coordinator.is_active = False
    coordinator.save()
    assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"


def test_session_of_a_disabled_user_does_not_come_back(client_of, coordinator):
    client = client_of(coordinator)
    for is_active in (False, True):
        coordinator.is_active = is_active
        coordinator.save()
        assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"
    assert "_auth_user_id" not in client.session


def test_user_removed_from_the_branch_is_refused_at_the_next_request(client_of, coordinator):
    client = client_of(coordinator)
    assert client.get("/match/").status_code == 200
    coordinator.memberships.all().delete()
    assert client.get("/match/").status_code == 403


def test_htmx_request_sends_the_whole_page_to_sign_in(client, db):
    answer = client.get("/match/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, LOGIN)


def test_script_gets_the_address_of_a_redirect_in_a_header(client_of, coordinator):
    data = {"name": "Mette", "phone": "", "language": "da", "theme": "auto"}
    answer = client_of(coordinator).post(PAGE, data, headers={"X-In-Place": "true"})
    assert (answer.status_code, answer.headers["X-Location"], answer.content) == (204, PAGE, b"")
    assert "Location" not in answer.headers


def test_script_that_signs_in_gets_the_cookies_of_the_redirect(client, coordinator):
    coordinator.set_password("tre ord som huskes")
    coordinator.save()
    data = {"login": coordinator.email, "password": "tre ord som huskes"}
    answer = client.post(LOGIN, data, headers={"X-In-Place": "true"})
    assert (answer.status_code, answer.headers["X-Location"]) == (204, "/")
    assert "sessionid" in answer.cookies


def test_language_is_danish_unless_chosen(client, client_of, coordinator):
    page = client.get(LOGIN, headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "da"
    client.cookies["django_language"] = "xx"
    assert client.get(LOGIN).headers["Content-Language"] == "da"
    client.cookies["django_language"] = "en"
    assert client.get(LOGIN).headers["Content-Language"] == "en"
    assert client_of(coordinator).get(PAGE).headers["Content-Language"] == "da"


def test_branch_of_the_session_decides_until_the_role_ends(client_of, coordinator, koebenhavn, tingbjerg):
    other = MembershipFactory(user=coordinator, branch=koebenhavn, role=Role.MANAGER)
    client = client_of(coordinator)
    assert client.get(PAGE).wsgi_request.membership.branch == koebenhavn
    client.post("/administration/afdeling/", {"branch": tingbjerg.pk})
    assert client.get(PAGE).wsgi_request.membership.branch == tingbjerg
    client.post("/administration/afdeling/", {"branch": koebenhavn.pk})
    other.delete()
    assert client.get(PAGE).wsgi_request.membership.branch == tingbjerg
