"""The user's own account and the choices of the user menu."""

import pytest

from demo.factories import MembershipFactory

pytestmark = pytest.mark.django_db
PROFILE = "/administration/konto/"


def test_profile_changes_only_what_it_shows(client_of, coordinator):
    client = client_of(coordinator)
    assert "Ikke nødvendig i demoen." in client.get(PROFILE).content.decode()
    data = {"name": "Mette S.", "phone": "57 26 96 17", "language": "da", "theme": "dark"}
    forged = {"is_staff": "on", "is_superuser": "on", "email": "ond@example.net", "role": "administrator"}
    page = client.post(PROFILE, data | forged, follow=True)
    assert "Dine oplysninger er gemt." in page.content.decode()
    coordinator.refresh_from_db()
    assert (coordinator.name, coordinator.theme, coordinator.phone) == ("Mette S.", "dark", "57 26 96 17")
    assert not coordinator.is_staff
    assert not coordinator.is_superuser
    assert coordinator.email != "ond@example.net"
    assert coordinator.memberships.get().role == "coordinator"


def test_profile_keeps_what_was_typed(client_of, coordinator):
    page = client_of(coordinator).post(PROFILE, {"name": "", "phone": "57 26", "language": "da", "theme": "pink"})
    assert list(page.context["form"].errors) == ["name", "theme"]
    assert 'value="57 26"' in page.content.decode()
    assert "Mette Sørensen" in page.content.decode()  # in the frame


def test_profile_in_english_answers_in_english(client_of, coordinator):
    data = {"name": "Mette", "phone": "", "language": "en", "theme": "auto"}
    page = client_of(coordinator).post(PROFILE, data, follow=True)
    assert "Your details are saved." in page.content.decode()
    assert page.headers["Content-Language"] == "en"


def test_theme_is_stored_and_an_unknown_one_is_ignored(client_of, coordinator):
    client = client_of(coordinator)
    assert client.post("/administration/udseende/", {"theme": "dark", "next": "/match/"}).url == "/match/"
    client.post("/administration/udseende/", {"theme": "pink"})
    coordinator.refresh_from_db()
    assert coordinator.theme == "dark"
    assert client.get("/administration/udseende/").status_code == 405


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", ""])
def test_choices_do_not_lead_to_other_sites(client_of, coordinator, target):
    client = client_of(coordinator)
    assert client.post("/administration/udseende/", {"theme": "dark", "next": target}).url == "/"
    assert client.post("/sprog/", {"language": "en", "next": target}).url == "/"


def test_language_is_stored_with_the_user(client_of, coordinator):
    client_of(coordinator).post("/sprog/", {"language": "en"})
    coordinator.refresh_from_db()
    assert coordinator.language == "en"


def test_language_signed_out_is_kept_in_a_cookie(client, db):
    answer = client.post("/sprog/", {"language": "en", "next": "/konto/login/"})
    assert answer.url == "/konto/login/"
    assert "Sign in" in client.get("/konto/login/").content.decode()
    client.post("/sprog/", {"language": "xx"})
    assert "Sign in" in client.get("/konto/login/").content.decode()


def test_branch_can_be_chosen_among_the_users_own(client_of, coordinator, koebenhavn, tingbjerg):
    client = client_of(coordinator)
    client.post("/administration/afdeling/", {"branch": koebenhavn.pk})
    assert "active_branch" not in client.session
    MembershipFactory(user=coordinator, branch=koebenhavn, role="manager")
    assert client.post("/administration/afdeling/", {"branch": koebenhavn.pk, "next": "/match/"}).url == "/"
    assert client.session["active_branch"] == koebenhavn.pk
