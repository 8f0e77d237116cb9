"""Pages of user administration: own branches only, forged values refused."""

import re
import uuid

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from demo.factories import InterviewFactory, MatchFactory, MembershipFactory, UserFactory
from people.models import Draft
from tasks.models import Task
from tasks.services import run_next
from tests.mail_servers import NOTHING, mail_server

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


def test_user_list_is_in_danish_order(client_of, administrator, tingbjerg):
    for name in ("Åse", "Ægir", "aage", "Zahra", "bo"):
        MembershipFactory(branch=tingbjerg, user__name=name)
    names = [member.user.name for member in client_of(administrator).get(USERS).context["members"]]
    names.remove(administrator.name)
    assert names == ["bo", "Zahra", "Ægir", "aage", "Åse"]


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
    member = Membership.objects.get(user__email="ny@example.net")
    assert first.url == again.url == f"{USERS}#bruger-{member.pk}"
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
    ]  # the second press changes nothing while the first e-mail waits


@pytest.mark.parametrize("server", [{"CONNECT": NOTHING}, {"CONNECT": "554 no"}])
def test_invitation_has_one_answer_whatever_the_mail_server_does(
    client_of, administrator, other_branch_coordinator, tingbjerg, settings, server
):
    client = client_of(administrator)
    data = {"name": "Ny", "role": "manager", "branch": tingbjerg.pk}
    with mail_server(settings, server, timeout=60) as hanging:
        answers = [
            client.post(INVITE, data | {"email": email}) for email in (other_branch_coordinator.email, "ny@x.dk")
        ]
        assert hanging.connections == 0
    assert [(answer.status_code, re.sub(r"\d+", "…", answer.url)) for answer in answers] == [
        (302, f"{USERS}#bruger-…"),
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


def row_of(client, member) -> str:
    """Return the words of a member's row in the list of users."""
    page = client.get(USERS).content.decode()
    row = re.search(rf'<tr id="bruger-{member.pk}".*?</tr>', page, flags=re.S)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).replace("\xa0", " ").split())


@pytest.fixture
def invited(client_of, administrator, tingbjerg, settings):
    """Return the client of an administrator and a user who was invited in the browser, with the e-mail in the queue."""
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    client = client_of(administrator)
    data = {"name": "Ny Kollega", "email": "ny@example.net", "role": "manager", "branch": tingbjerg.pk}
    client.post(INVITE, data)
    return client, Membership.objects.get(user__email="ny@example.net")


def test_row_of_an_invited_user_shows_what_becomes_of_the_mail(invited):
    client, member = invited
    assert "Inviteret Mailen venter på at blive sendt" in row_of(client, member)
    assert "Send igen" not in row_of(client, member)
    run_next()
    assert re.search(r"Inviteret Mail sendt .+ Send igen Ny Kollega", row_of(client, member))
    assert len(mail.outbox) == 1


def test_mail_that_fails_is_shown_in_the_row_alone_and_sent_again(invited, monkeypatch):
    client, member = invited
    Task.objects.update(state="failed", error="Serveren vil ikke.")
    page = client.get(USERS)
    assert (list(page.context["messages"]), "toast-note" in page.content.decode()) == ([], False)
    assert "Inviteret Mail ikke sendt Serveren vil ikke. Send igen Ny Kollega" in row_of(client, member)
    answer = client.post(act(member.user, "inviter"), follow=True)
    assert answer.redirect_chain == [(f"{USERS}#bruger-{member.pk}", 302)]
    assert list(answer.context["messages"]) == []
    assert "Mailen venter på at blive sendt" in row_of(client, member)


def test_mail_that_waits_for_the_next_try_says_so(invited):
    client, member = invited
    Task.objects.update(error="MailServerFailed")
    assert "Inviteret Mail ikke sendt endnu Mailserveren svarer ikke eller afviser mailen. Næste forsøg:" in row_of(
        client, member
    )
    assert "Mail ikke sendt endnu" in client.get(detail(member.user)).content.decode()


def test_invitation_reveals_nothing_of_a_user_of_another_branch(client_of, administrator, other_branch_coordinator):
    karen = other_branch_coordinator
    User.objects.filter(pk=karen.pk).update(phone="+4557269617", is_active=False, last_login=timezone.now())
    TOTP.activate(karen, "JBSWY3DPEHPK3PXP")
    client = client_of(administrator)
    for name, email in (("Kendt", karen.email), ("Ukendt", "ny@example.net")):
        data = {"name": name, "email": email, "role": "manager", "branch": administrator.memberships.get().branch_id}
        assert client.post(INVITE, data).status_code == 302
    members = Membership.objects.filter(accepted_at=None)
    known, unknown = (members.get(invited_as=name) for name in ("Kendt", "Ukendt"))
    pages = [
        client.get(reverse("accounts:user-detail", args=[member.pk])).content.decode() for member in (known, unknown)
    ]
    changing = r'[A-Za-z0-9]{64}|brugere/\d+|name="seen" value="[^"]*"|' + "|".join(
        [karen.email, "ny@example.net", "Kendt", "Ukendt"]
    )
    texts = [re.sub(changing, "", page) for page in pages]
    assert texts[0] == texts[1]
    rows = [re.sub(changing, "", row_of(client, member)) for member in (known, unknown)]
    assert rows[0] == rows[1]
    export = client.get("/administration/brugere/hent/?format=csv&kolonner=name&kolonner=phone&kolonner=last_login")
    assert "Kendt;;" in b"".join(export.streaming_content if export.streaming else [export.content]).decode()
    log = client.get("/administration/log/").content.decode()
    for page in (*pages, client.get(USERS).content.decode(), log):
        assert ("Karen" in page, "57 26" in page) == (False, False)


def test_a_users_page_names_what_is_under_way_and_links_to_the_page_that_hands_it_over(
    client_of, administrator, coordinator, programme
):
    member = coordinator.memberships.get()
    client = client_of(administrator)
    assert "Opgaver i gang" not in client.get(detail(coordinator)).content.decode()
    MatchFactory(programme=programme, coordinator=coordinator)
    InterviewFactory(enrolment__programme=programme, interviewer=coordinator, held_on=None, planned_on="2011-09-20")
    Draft.objects.create(branch=programme.branch, created_by=coordinator)
    text = client.get(detail(coordinator)).content.decode()
    assert "1 åbent match" in text
    assert "1 planlagt samtale" in text
    assert "1 kladde til oprettelse, som kun brugeren selv ser" in text
    assert f"/match/overdrag/?fra={coordinator.pk}&amp;afdeling={member.branch_id}" in text


@pytest.mark.parametrize("name", ["stop", "fjern"])
def test_access_is_stopped_at_once_and_the_page_asks_who_takes_over(
    client_of, administrator, coordinator, programme, name
):
    match = MatchFactory(programme=programme, coordinator=coordinator)
    address = act(coordinator, name)
    client = client_of(administrator)
    response = client.post(address, follow=True)
    assert response.request["PATH_INFO"] == "/match/overdrag/"
    assert "Overdrag opgaver fra Mette Sørensen" in response.content.decode()
    assert [row.record for row in response.context["groups"][0][1]] == [match]
    coordinator.refresh_from_db()
    assert (coordinator.is_active, coordinator.memberships.exists()) == (name == "fjern", name == "stop")


def test_a_coordinator_who_becomes_a_manager_hands_over(client_of, administrator, coordinator, programme):
    MatchFactory(programme=programme, coordinator=coordinator)
    client = client_of(administrator)
    assert client.post(detail(coordinator), {"role": "administrator"})["Location"] == detail(coordinator)
    assert client.post(detail(coordinator), {"role": "manager"})["Location"].startswith("/match/overdrag/?fra=")
