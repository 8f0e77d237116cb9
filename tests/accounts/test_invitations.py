"""The way of an invitation through the browser, outside the demo: accept, decline, choose a first password."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from demo.factories import MembershipFactory, UserFactory
from tests.accounts.conftest import PASSWORD, SECRET, deliver

pytestmark = pytest.mark.django_db
INVITE = "/administration/brugere/inviter/"
LINE = "Hanne Lund har inviteret dig som leder i Tingbjerg."


@pytest.fixture(autouse=True)
def real_network(settings):
    settings.DEMO = False


def signed_in(user) -> Client:
    """Return a client that gave password and code."""
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.save()
    if not is_mfa_enabled(user):
        TOTP.activate(user, SECRET)
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": session["signed_in_at"]}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def invite(administrator, email: str, branch) -> Membership:
    data = {"name": "Ny Leder", "email": email, "role": "manager", "branch": branch.pk}
    assert signed_in(administrator).post(INVITE, data).status_code == 302
    return Membership.objects.get(user__email=email, branch=branch)


def answer(client, member, act: str):
    return client.post(reverse("accounts:invitation-answer", args=[member.pk, act]), follow=True)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def test_user_of_another_branch_accepts_on_the_front_page(administrator, tingbjerg, other_branch_coordinator):
    karen = other_branch_coordinator
    client = signed_in(karen)
    assert "har inviteret dig" not in text_of(client.get("/"))
    member = invite(administrator, karen.email, tingbjerg)
    assert "Hanne Lund har inviteret dig som leder i Tingbjerg. Du accepterer eller afviser" in mail.outbox[0].body
    page = client.get("/")
    assert f"{LINE} Accepter Tingbjerg Afvis Tingbjerg" in text_of(page)
    assert [choice.branch.name for choice in page.context["user"].active_memberships] == ["København"]
    page = answer(client, member, "accepter")
    assert page.redirect_chain == [("/", 302)]
    assert "Du er nu leder i Tingbjerg." in text_of(page)
    assert (page.context["membership"], LINE in text_of(page)) == (member, False)
    assert "Karen Dahl" in text_of(signed_in(administrator).get("/administration/brugere/"))


def test_user_declines(administrator, tingbjerg, other_branch_coordinator):
    member = invite(administrator, other_branch_coordinator.email, tingbjerg)
    client = signed_in(other_branch_coordinator)
    page = answer(client, member, "afvis")
    assert "Du har afvist invitationen til Tingbjerg." in text_of(page)
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert answer(client, member, "accepter").status_code == 404


def test_offered_branch_cannot_be_chosen_and_its_pages_are_closed(administrator, tingbjerg, other_branch_coordinator):
    invite(administrator, other_branch_coordinator.email, tingbjerg)
    client = signed_in(other_branch_coordinator)
    client.post(reverse("accounts:choose_branch"), {"branch": tingbjerg.pk})
    assert client.get("/").context["membership"].branch.name == "København"
    assert client.get("/rapporter/maal/").context.get("programmes", []) == []


def test_user_without_another_branch_sees_the_line_on_the_page_without_access(administrator, tingbjerg):
    user = MembershipFactory(branch=tingbjerg, accepted_at=None, role="manager", invited_by=administrator).user
    page = signed_in(user).get("/")
    assert (page.status_code, LINE in text_of(page)) == (403, True)


def test_invitation_of_another_user_is_not_found(administrator, tingbjerg, other_branch_coordinator):
    member = invite(administrator, other_branch_coordinator.email, tingbjerg)
    for user in (UserFactory(), administrator):
        assert answer(signed_in(user), member, "accepter").status_code == 404
    assert Client().post(reverse("accounts:invitation-answer", args=[member.pk, "accepter"])).url.startswith("/konto/")
    member.refresh_from_db()
    assert member.is_offered


def test_withdrawn_invitation_is_not_accepted(administrator, tingbjerg, other_branch_coordinator, monkeypatch):
    member = invite(administrator, other_branch_coordinator.email, tingbjerg)
    client, seen = signed_in(other_branch_coordinator), [member]
    member.delete()
    monkeypatch.setattr(User, "offered_memberships", seen)
    member.pk = 999
    page = answer(client, member, "accepter")
    assert "Invitationen er besvaret eller taget tilbage i mellemtiden." in text_of(page)


def test_new_user_accepts_by_choosing_a_password(administrator, tingbjerg, client):
    member = invite(administrator, "ny@example.net", tingbjerg)
    assert "Hanne Lund har givet dig adgang til Mentornet i Tingbjerg." in mail.outbox[0].body
    link = re.search(r"http://testserver(/konto/adgangskode/ny/\S+)", mail.outbox[0].body)[1]
    client.post(client.get(link).url, {"password1": PASSWORD, "password2": PASSWORD})
    member.refresh_from_db()
    assert (member.is_offered, member.user.name) == (False, "Ny Leder")
    page = signed_in(User.objects.get(email="ny@example.net")).get("/")
    assert (page.status_code, page.context["membership"]) == (200, member)


def test_known_user_accepts_nothing_by_a_new_password(administrator, tingbjerg, other_branch_coordinator, client):
    karen = other_branch_coordinator
    signed_in(karen)
    member = invite(administrator, karen.email, tingbjerg)
    client.post("/konto/adgangskode/glemt/", {"email": karen.email})
    deliver()
    link = re.search(r"http://testserver(/konto/adgangskode/ny/\S+)", mail.outbox[-1].body)[1]
    client.post(client.get(link).url, {"password1": "fire ord som huskes", "password2": "fire ord som huskes"})
    assert User.objects.get(pk=karen.pk).check_password("fire ord som huskes")
    member.refresh_from_db()
    assert member.is_offered
