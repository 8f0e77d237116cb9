"""Sign-in: no answer reveals an account, guessing is limited, redirects stay on the site."""

import re

import pytest
from django.core import mail

from tasks.models import Task
from tasks.services import run_next
from tests.accounts.conftest import LOGIN, PASSWORD, deliver

pytestmark = pytest.mark.django_db
WRONG = "E-mail og adgangskode passer ikke sammen. Prøv igen, du har 4 forsøg tilbage."


def errors(response) -> list[str]:
    form = response.context["form"]
    return [str(error) for found in form.errors.values() for error in found]


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_sign_in_in_the_demo_leads_to_the_first_page(client, mette, sign_in):
    assert sign_in(mette).url == "/"
    assert is_signed_in(client)


def test_sign_in_takes_the_email_in_any_case(client, mette):
    client.post(LOGIN, {"login": f" {mette.email.upper()} ", "password": PASSWORD})
    assert is_signed_in(client)


def test_sign_in_answers_the_same_for_a_wrong_password_an_unknown_and_a_disabled_user(client, mette, administrator):
    administrator.set_password(PASSWORD)
    administrator.is_active = False
    administrator.save()
    answers = [
        client.post(LOGIN, {"login": mette.email, "password": "forkert kode her"}),
        client.post(LOGIN, {"login": "ukendt@example.net", "password": PASSWORD}),
        client.post(LOGIN, {"login": administrator.email, "password": PASSWORD}),
    ]
    assert [(answer.status_code, errors(answer)) for answer in answers] == [(200, [WRONG])] * 3
    assert 'value="ukendt@example.net"' in answers[1].content.decode()


@pytest.mark.parametrize("email", ["mette", "ukendt@example.net"])
def test_sign_in_limits_guessing_for_any_email(client, mette, email):
    login = mette.email if email == "mette" else email
    sentences = [errors(client.post(LOGIN, {"login": login, "password": "gæt nummer et"}))[0] for _try in range(6)]
    assert sentences[0] == WRONG
    assert sentences[3].endswith("Prøv igen, du har 1 forsøg tilbage.")
    assert sentences[4].endswith("Du har ingen forsøg tilbage. Vent 15 minutter, eller vælg en ny adgangskode.")
    assert sentences[5] == "For mange forsøg. Vent 15 minutter, eller vælg en ny adgangskode."
    client.post(LOGIN, {"login": login, "password": PASSWORD})
    assert not is_signed_in(client)


def test_sign_in_asks_for_what_is_missing(client, db):
    assert errors(client.post(LOGIN, {"login": "", "password": ""})) == ["Skriv din e-mail.", "Skriv din adgangskode."]
    assert errors(client.post(LOGIN, {"login": "mette", "password": "x"})) == ["Skriv en e-mail som navn@example.dk."]


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_does_not_lead_to_other_sites(client, mette, target):
    answer = client.post(f"{LOGIN}?next={target}", {"login": mette.email, "password": PASSWORD, "next": target})
    assert answer.url == "/"


def test_sign_in_returns_to_the_requested_page(client, mette):
    assert client.get("/match/").url == f"{LOGIN}?next=/match/"
    answer = client.post(f"{LOGIN}?next=/match/", {"login": mette.email, "password": PASSWORD})
    assert answer.url == "/match/"


def test_sign_in_page_of_the_demo_names_its_users(client, db, settings):
    assert "koordinator.tingbjerg@example.net" in client.get(LOGIN).content.decode()
    settings.DEMO = False
    real = client.get(LOGIN).content.decode()
    assert "koordinator.tingbjerg@example.net" not in real
    assert "Trin 1 af 2" in real


def test_sign_up_and_other_pages_of_allauth_do_not_exist(client, db):
    for path in ("signup/", "email/", "inactive/", "password/set/", "confirm-email/", "login/code/"):
        assert client.get(f"/konto/{path}").status_code in {302, 404}
        assert not client.get(f"/konto/{path}").has_header("X-Signup")
    assert client.get("/konto/signup/").status_code == 404


def test_sign_out_by_get_asks_first(client, mette, sign_in):
    sign_in(mette)
    assert client.get("/konto/logout/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/konto/logout/").url == LOGIN
    assert not is_signed_in(client)


def test_forgotten_password_answers_the_same_for_unknown_emails(client, mette):
    known = client.post("/konto/adgangskode/glemt/", {"email": mette.email})
    stranger = client.post("/konto/adgangskode/glemt/", {"email": "ukendt@example.net"})
    assert known.url == stranger.url == "/konto/adgangskode/sendt/"
    deliver()
    assert [message.to for message in mail.outbox] == [[mette.email]]
    assert "Hvis e-mailen har en konto her" in client.get(known.url).content.decode()


def test_mail_about_a_forgotten_password_waits_in_the_queue(client, coordinator, outsider, settings, tingbjerg):
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    for user in (coordinator, outsider):
        client.post("/konto/adgangskode/glemt/", {"email": user.email})
    assert (run_next(), run_next(), mail.outbox) == (True, True, [])
    assert [(task.private["to"], task.branch) for task in Task.objects.waiting().order_by("pk")] == [
        ([coordinator.email], tingbjerg),
        ([outsider.email], None),
    ]


def reset_link(client, user) -> str:
    client.post("/konto/adgangskode/glemt/", {"email": user.email})
    deliver()
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]


def test_password_reset_works_once_and_does_not_sign_in(client, mette):
    link = reset_link(client, mette)
    form_url = client.get(link).url
    assert "Vælg adgangskode" in client.get(form_url).content.decode()
    new = {"password1": "fire helt andre ord", "password2": "fire helt andre ord"}
    assert client.post(form_url, new).url == "/konto/adgangskode/gemt/"
    assert "Adgangskoden er gemt" in client.get("/konto/adgangskode/gemt/").content.decode()
    assert not is_signed_in(client)
    mette.refresh_from_db()
    assert mette.check_password("fire helt andre ord")
    assert "Linket gælder ikke længere" in client.get(link).content.decode()


@pytest.mark.parametrize(
    ("first", "second"), [("kort", "kort"), ("123456789012", "123456789012"), ("et langt kodeord", "et andet kodeord")]
)
def test_password_reset_refuses_weak_and_different_words(client, mette, first, second):
    form_url = client.get(reset_link(client, mette)).url
    answer = client.post(form_url, {"password1": first, "password2": second})
    assert answer.status_code == 200
    assert errors(answer)
    mette.refresh_from_db()
    assert mette.check_password(PASSWORD)


def test_password_change_ends_other_sessions(client, mette, sign_in, client_factory):
    other = client_factory()
    other.force_login(mette)
    sign_in(mette)
    data = {"oldpassword": PASSWORD, "password1": "fire helt andre ord", "password2": "fire helt andre ord"}
    assert client.get("/konto/adgangskode/").status_code == 200
    assert client.post("/konto/adgangskode/", data).status_code == 302
    assert client.get("/administration/konto/").status_code == 200
    assert other.get("/administration/konto/").status_code == 302


def test_privacy_page_is_open(client, db):
    assert "CPR-numre" in client.get("/konto/oplysninger/").content.decode()
