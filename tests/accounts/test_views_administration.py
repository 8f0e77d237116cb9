"""Pages of user administration: own branches only, forged values refused."""

import uuid

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.urls import reverse

from accounts.models import Membership, User
from demo.factories import MembershipFactory, UserFactory
from tasks.models import Task

pytestmark = pytest.mark.django_db
USERS = "/administration/brugere/"
INVITE = "/administration/brugere/inviter/"


def detail(user) -> str:
    return reverse("accounts:user-detail", args=[user.memberships.get().pk])


def act(user, name) -> str:
    return reverse("accounts:user-act", args=[user.memberships.get().pk, name])


@pytest.mark.parametrize("path", ["/administration/", USERS, INVITE, "/administration/log/"])
def test_administration_is_for_administrators(client_of, coordinator, manager, outsider, path):
    for user in (coordinator, manager, outsider):
        assert client_of(user).get(path).status_code == 403


def test_administration_links_to_users_and_log(client_of, administrator, coordinator):
    client = client_of(administrator)
    text = client.get("/administration/").content.decode()
    assert "2 brugere. Inviter kolleger" in text
    assert "Senest:" not in text
    client.post(act(coordinator, "stop"))
    assert "Senest: Hanne Lund" in client.get("/administration/").content.decode()


def test_user_list_shows_own_branches_only(client_of, administrator, coordinator, other_branch_coordinator):
    coordinator.set_password("tre ord som huskes")
    coordinator.save()
    TOTP.activate(coordinator, "JBSWY3DPEHPK3PXP")
    page = client_of(administrator).get(USERS)
    text = page.content.decode()
    assert [member.user for member in page.context["members"]] == [administrator, coordinator]
    assert "Adgangskode og kode" in text
    assert "Karen Dahl" not in text


@pytest.mark.parametrize("count", [1, 50])
def test_user_list_asks_the_same_number_of_queries(
    client_of, administrator, tingbjerg, django_assert_num_queries, count
):
    for _number in range(count):
        MembershipFactory(branch=tingbjerg)
    client = client_of(administrator)
    client.get(USERS)
    with django_assert_num_queries(4):
        client.get(USERS)


def test_invite_sent_twice_creates_one_user(client_of, administrator, tingbjerg, django_capture_on_commit_callbacks):
    client = client_of(administrator)
    assert client.get(INVITE).status_code == 200
    data = {"name": "Ny Kollega", "email": "ny@example.net", "role": "manager", "branch": tingbjerg.pk}
    data["once"] = str(uuid.uuid4())
    with django_capture_on_commit_callbacks(execute=True):
        first = client.post(INVITE, data)
        again = client.post(INVITE, data)
    assert first.url == again.url == USERS
    member = Membership.objects.get(user__email="ny@example.net")
    assert (member.role, member.branch, member.user.is_staff) == ("manager", tingbjerg, False)
    assert "http://testserver/konto/adgangskode/ny/" in mail.outbox[0].body
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "forged", [{"role": "superuser"}, {"branch": "other"}, {"email": "ingen mail"}, {"name": ""}, {"branch": "x"}]
)
def test_invite_refuses_forged_values(client_of, administrator, tingbjerg, koebenhavn, forged):
    data = {"name": "Ny", "email": "ny@example.net", "role": "manager", "branch": tingbjerg.pk, "is_staff": "on"}
    data |= {name: koebenhavn.pk if value == "other" else value for name, value in forged.items()}
    answer = client_of(administrator).post(INVITE, data)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(forged)
    assert not User.objects.filter(email="ny@example.net").exists()


def test_invite_refuses_a_second_role_in_the_branch(client_of, administrator, coordinator, tingbjerg):
    data = {"name": "Mette", "email": coordinator.email, "role": "manager", "branch": tingbjerg.pk}
    answer = client_of(administrator).post(INVITE, data)
    assert "Brugeren har allerede en rolle i denne afdeling." in answer.content.decode()
    assert 'value="Mette"' in answer.content.decode()


def test_invite_offers_the_managed_branches(client_of, administrator, koebenhavn):
    MembershipFactory(user=administrator, branch=koebenhavn, role="administrator")
    client = client_of(administrator)
    assert "København" in client.get(INVITE).content.decode()
    assert client.get(USERS).context["has_several_branches"]


def test_invitation_waits_in_the_queue_and_no_mail_server_is_asked(client_of, administrator, tingbjerg, settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    client = client_of(administrator)
    data = {"name": "Ny", "email": "ny@example.net", "role": "manager", "branch": tingbjerg.pk}
    client.post(INVITE, data)
    invited = User.objects.get(email="ny@example.net")
    client.post(act(invited, "inviter"))
    assert mail.outbox == []
    assert [(task.by, task.branch, task.private["to"]) for task in Task.objects.all()] == [
        (administrator, tingbjerg, ["ny@example.net"])
    ] * 2


def test_user_page_changes_the_role(client_of, administrator, coordinator):
    client = client_of(administrator)
    assert "Mette Sørensen" in client.get(detail(coordinator)).content.decode()
    page = client.post(detail(coordinator), {"role": "manager", "branch": "999", "is_staff": "on"}, follow=True)
    assert "Mette Sørensen er nu leder." in page.content.decode()
    coordinator.refresh_from_db()
    assert (coordinator.memberships.get().role, coordinator.is_staff) == ("manager", False)


def test_user_page_refuses_a_forged_role_and_the_last_administrator(client_of, administrator, coordinator):
    client = client_of(administrator)
    assert client.post(detail(coordinator), {"role": "owner"}).context["form"].errors["role"]
    assert coordinator.memberships.get().role == "coordinator"
    answer = client.post(detail(administrator), {"role": "manager"})
    assert "den sidste administrator i Tingbjerg" in answer.content.decode()
    assert "Det er dig." in answer.content.decode()


def test_user_pages_of_other_branches_are_not_found(client_of, administrator, other_branch_coordinator):
    client = client_of(administrator)
    assert client.get(detail(other_branch_coordinator)).status_code == 404
    assert client.post(detail(other_branch_coordinator), {"role": "manager"}).status_code == 404
    for name in ("stop", "aabn", "nulstil-kode", "fjern", "inviter"):
        assert client.post(act(other_branch_coordinator, name)).status_code == 404
    assert other_branch_coordinator.memberships.get().role == "coordinator"


def test_own_row_without_the_verb_is_refused(client_of, coordinator, administrator):
    client = client_of(coordinator)
    assert client.get(detail(administrator)).status_code == 403
    assert client.post(act(administrator, "fjern")).status_code == 403


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("stop", "Mette Sørensen kan ikke længere logge ind."),
        ("aabn", "Mette Sørensen kan logge ind igen."),
        ("nulstil-kode", "Koden på telefonen er nulstillet for Mette Sørensen."),
        ("fjern", "Mette Sørensen er taget ud af Tingbjerg."),
        ("inviter", "Invitationen til Mette Sørensen er sendt igen."),
    ],
)
def test_buttons_confirm_what_was_done(client_of, administrator, coordinator, name, sentence):
    coordinator.set_unusable_password()
    coordinator.save()
    page = client_of(administrator).post(act(coordinator, name), follow=True)
    assert sentence in page.content.decode()


def test_buttons_explain_a_refusal(client_of, administrator):
    page = client_of(administrator).post(act(administrator, "stop"), follow=True)
    assert "Det er din egen konto." in page.content.decode()
    assert client_of(administrator).get(act(administrator, "stop")).status_code == 405
    assert client_of(administrator).post("/administration/brugere/1/explode/").status_code == 404


def test_user_page_shows_a_stopped_and_an_invited_user(client_of, administrator, tingbjerg):
    stopped = MembershipFactory(branch=tingbjerg, user=UserFactory(is_active=False, phone="+4557269617"))
    stopped.user.set_unusable_password()
    stopped.user.save()
    client = client_of(administrator)
    text = client.get(detail(stopped.user)).content.decode()
    assert "Åbn adgang" in text
    assert "Send invitation igen" in text
    assert "57\xa026\xa096\xa017" in text
    assert "Stoppet" in client.get(USERS).content.decode()
