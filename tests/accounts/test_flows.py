"""Every way into the product outside the demo, step by step; also while another person resets the password."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts import services
from accounts.enums import Role
from accounts.models import Branch, User
from tests.accounts.conftest import LOGIN, NOW, PASSWORD, SECRET, code_at, deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real")]
FORGOTTEN, SET_UP, CODE = "/konto/adgangskode/glemt/", "/konto/kode/opret/", "/konto/kode/"
RECOVERY, REMOVE, PROFILE = "/konto/noedkoder/", "/konto/kode/fjern/", "/administration/konto/"
NEW_PASSWORD = "fire helt andre ord"
MAILED = "/konto/adgangskode/ny/…/"  # the form behind a mailed link
SAVED = "/konto/adgangskode/gemt/"
SENT = "/konto/adgangskode/sendt/"
SIGN_IN = LOGIN


@dataclass
class Walk:
    """A user's browser; if ``pressed``, another person asks for a new password for the user before each step."""

    user: User
    administrator: User
    pressed: bool
    app: Callable[[int], None]
    browser: Client = field(default_factory=Client)
    half_minute: int = NOW
    pages: list[str] = field(default_factory=list)

    def step(self, method: str, path: str, data: dict | None = None) -> str:
        """Request an address, follow where it leads (an endless circle raises), and note the page that is shown."""
        if self.pressed:
            Client(REMOTE_ADDR="192.0.2.66").post(FORGOTTEN, {"email": self.user.email})
        answer = getattr(self.browser, method)(path, data, follow=True)
        assert answer.status_code == 200
        deliver()
        page = re.sub(r"(/ny/)[^/]+/", r"\1…/", answer.redirect_chain[-1][0] if answer.redirect_chain else path)
        self.pages.append(page.partition("?")[0])
        return answer.wsgi_request.path

    def sign_in(self, password: str = PASSWORD, email: str = "") -> None:
        self.step("post", SIGN_IN, {"login": email or self.user.email, "password": password})

    def sign_out(self) -> None:
        self.browser.logout()

    def give_code(self, path: str = CODE) -> None:
        """Type the code of the app, each time that of the next half minute."""
        self.half_minute += 1
        self.app(self.half_minute)
        self.step("post", path, {"code": code_at(self.half_minute)})

    def give_recovery_code(self) -> None:
        stored = Authenticator.objects.get(user=self.user, type=Authenticator.Type.RECOVERY_CODES)
        self.step("post", CODE, {"code": stored.wrap().get_unused_codes()[0]})

    def set_up(self) -> None:
        self.give_code(SET_UP)

    def ask_for_password(self) -> str:
        """Press »forgotten password« and return the link of the mail."""
        self.step("post", FORGOTTEN, {"email": self.user.email})
        return newest_link()

    def choose_password(self, link: str, password: str = NEW_PASSWORD) -> None:
        form = self.step("get", link)
        self.step("post", form, {"password1": password, "password2": password})


def newest_link() -> str:
    return re.search(r"http://testserver(/konto/adgangskode/ny/\S+)", mail.outbox[-1].body)[1]


@pytest.fixture
def start(administrator, tingbjerg, monkeypatch, app_clock):
    """Return a function that invites a user and begins a walk."""

    def begin(pressed: bool) -> Walk:
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.get_totp_secret", lambda **options: SECRET)
        member = services.invite_user(
            name="Ny Kollega",
            email="ny@example.net",
            branch=tingbjerg,
            role=Role.COORDINATOR,
            by=administrator,
            build_url=lambda path: f"http://testserver{path}",
        )
        return Walk(member.user, administrator, pressed, app_clock)

    return begin


def ready(walk: Walk) -> None:
    """A user who accepted the invitation, with an app, signed out. The steps are not part of the walk."""
    accept(walk)
    walk.set_up()
    walk.sign_out()
    walk.pages.clear()


def accept(walk: Walk) -> None:
    walk.choose_password(newest_link(), PASSWORD)
    walk.sign_in()


def invitation(walk: Walk) -> None:
    accept(walk)
    walk.set_up()
    walk.step("get", "/")


def sign_in_again_before_set_up(walk: Walk) -> None:
    accept(walk)
    walk.sign_out()
    walk.sign_in()
    walk.step("get", "/match/")
    walk.set_up()


def sign_in_with_a_code(walk: Walk) -> None:
    ready(walk)
    walk.sign_in()
    walk.give_code()


def sign_in_with_a_recovery_code(walk: Walk) -> None:
    ready(walk)
    walk.sign_in()
    walk.give_recovery_code()


def reset_before_the_invitation_is_accepted(walk: Walk) -> None:
    walk.choose_password(walk.ask_for_password())
    walk.sign_in(NEW_PASSWORD)
    walk.set_up()


def reset_before_set_up(walk: Walk) -> None:
    accept(walk)
    walk.sign_out()
    walk.choose_password(walk.ask_for_password())
    walk.sign_in(NEW_PASSWORD)
    walk.set_up()


def reset_after_set_up(walk: Walk) -> None:
    ready(walk)
    walk.choose_password(walk.ask_for_password())
    walk.sign_in(NEW_PASSWORD)
    walk.give_code()


def second_factor_reset_by_an_administrator(walk: Walk) -> None:
    ready(walk)
    services.reset_second_factor(walk.user.memberships.get(), by=walk.administrator)
    walk.sign_in()
    walk.set_up()


def second_factor_reset_while_signed_in(walk: Walk) -> None:
    ready(walk)
    walk.sign_in()
    walk.give_code()
    services.reset_second_factor(walk.user.memberships.get(), by=walk.administrator)
    walk.step("get", "/match/")
    walk.set_up()


def lost_phone(walk: Walk) -> None:
    ready(walk)
    walk.sign_in()
    walk.give_recovery_code()
    walk.step("post", REMOVE)
    walk.set_up()
    walk.sign_out()
    walk.sign_in()
    walk.give_code()


def email_changed_by_support(walk: Walk) -> None:
    ready(walk)
    former, link = walk.user.email, walk.ask_for_password()
    change_email(walk.user, "Nyt.Navn@Example.net")
    walk.step("get", link)
    walk.sign_in(email=former)
    walk.user.refresh_from_db()
    walk.sign_in()
    walk.give_code()


def change_email(user: User, email: str) -> None:
    """As support does, on the page of a user."""
    support, client = User.objects.create_superuser("support@example.net", PASSWORD, name="Support"), Client()
    client.force_login(support)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
    session["account_authentication_methods_user"] = str(support.pk)
    session.save()
    Authenticator.objects.create(user=support, type=Authenticator.Type.TOTP, data={"secret": SECRET})
    data = {"name": user.name, "email": email, "language": "da", "is_active": "on"}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert client.post(f"/support/accounts/user/{user.pk}/change/", data).status_code == 302


def disabled(walk: Walk) -> None:
    ready(walk)
    walk.sign_in()
    walk.give_code()
    services.disable_user(walk.user.memberships.get(), by=walk.administrator)
    walk.step("get", "/match/")
    walk.sign_in()
    walk.step("post", FORGOTTEN, {"email": walk.user.email})
    services.enable_user(walk.user.memberships.get(), by=walk.administrator)
    walk.sign_in()
    walk.give_code()


# Flow: the page after each of its steps, whether another person pressed »forgotten password« or not.
FLOWS: dict[Callable[[Walk], None], list[str]] = {
    invitation: [MAILED, SAVED, SET_UP, RECOVERY, "/"],
    sign_in_again_before_set_up: [MAILED, SAVED, SET_UP, SET_UP, SET_UP, RECOVERY],
    sign_in_with_a_code: [CODE, "/"],
    sign_in_with_a_recovery_code: [CODE, "/"],
    reset_before_the_invitation_is_accepted: [SENT, MAILED, SAVED, SET_UP, RECOVERY],
    reset_before_set_up: [MAILED, SAVED, SET_UP, SENT, MAILED, SAVED, SET_UP, RECOVERY],
    reset_after_set_up: [SENT, MAILED, SAVED, CODE, "/"],
    second_factor_reset_by_an_administrator: [SET_UP, RECOVERY],
    second_factor_reset_while_signed_in: [CODE, "/", SET_UP, RECOVERY],
    lost_phone: [CODE, "/", SET_UP, RECOVERY, CODE, "/"],
    email_changed_by_support: [SENT, MAILED, SIGN_IN, CODE, "/"],
    disabled: [CODE, "/", SIGN_IN, SIGN_IN, SENT, CODE, "/"],
}


@pytest.mark.parametrize("pressed", [False, True], ids=["undisturbed", "reset by another person"])
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_each_step_leads_to_its_page(start, flow, pressed):
    walk = start(pressed)
    flow(walk)
    assert walk.pages == FLOWS[flow]


@pytest.mark.parametrize("pressed", [False, True])
def test_users_have_no_email_beside_their_own(start, pressed, tingbjerg):
    reset_before_set_up(start(pressed))
    services.create_administrator(
        email="hanne@example.net", name="Hanne", password=PASSWORD, branch=Branch.objects.get(pk=tingbjerg.pk)
    )
    assert EmailAddress.objects.count() == 0


def test_strangers_cannot_keep_a_user_from_a_new_password(start):
    """Five links in 15 minutes are enough, and the answer is always the same."""
    walk = start(pressed=False)
    stranger = Client(REMOTE_ADDR="192.0.2.66")
    assert {stranger.post(FORGOTTEN, {"email": walk.user.email}).url for _press in range(9)} == {SENT}
    deliver()
    assert len(mail.outbox) == 1 + 5  # the invitation and the links
    walk.choose_password(walk.ask_for_password())
    walk.sign_in(NEW_PASSWORD)
    assert walk.pages == [SENT, MAILED, SAVED, SET_UP]


def test_link_of_another_persons_request_changes_nothing(start):
    walk = start(pressed=True)
    ready(walk)
    before = User.objects.filter(pk=walk.user.pk).values().get()
    walk.step("get", LOGIN)
    assert User.objects.filter(pk=walk.user.pk).values().get() == before


def test_recovery_codes_without_an_app_do_not_lock_a_user_out(start):
    walk = start(pressed=False)
    ready(walk)
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).delete()
    walk.sign_in()
    walk.set_up()
    assert walk.pages == [SET_UP, PROFILE]
