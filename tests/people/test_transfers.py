"""Transfers of people between branches: asking, answering, withdrawing, and what each branch sees."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AccessRecord
from common.models import Act
from demo.factories import (
    BranchFactory,
    EnrolmentFactory,
    MatchFactory,
    MembershipFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
)
from imports.kinds.parties import people_in_roles
from people.case_numbers import former_case_numbers, number_url
from people.enums import PersonStateKind, TransferState
from people.merging import MergeRefused
from people.models import BranchTransfer, Consent, FormerCaseNumber, Person
from people.services import answer_transfer, ask_transfer, create_person, set_person_state, withdraw_transfer
from people.services.merging import merge_people, undo_merge
from people.services.transfers import TransferRefused
from people.views.lists import cases_by_number
from reporting.indicators import INDICATORS

TODAY = dt.date(2011, 9, 15)
NUMBER = "T-2011-014"
LIST = "/personer/flytninger/"
QUERIES_OF_LIST = 10

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(tingbjerg):
    return PersonFactory(
        home_branch=tingbjerg,
        case_number=NUMBER,
        first_name="Ali",
        last_name="Hassan",
        notes="Ring efter kl. 16",
        phones=["+4550505050"],
    )


@pytest.fixture
def transfer(person, koebenhavn, coordinator):
    return ask_transfer(person, by=coordinator, to=koebenhavn, message="Ali er flyttet til Nørrebro")


def stored(person) -> Person:
    return Person.objects.get(pk=person.pk)


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


# ---------------------------------------------------------------- asking


def test_asking_stores_the_transfer_and_a_line_in_the_log_of_each_branch(transfer, tingbjerg, koebenhavn, coordinator):
    assert (transfer.from_branch, transfer.to_branch, transfer.state) == (tingbjerg, koebenhavn, TransferState.OPEN)
    assert (transfer.case_number, transfer.asked_by) == (NUMBER, coordinator)
    rows = AccessRecord.objects.filter(code="transfer_asked").order_by("pk")
    assert [(row.branch, str(row.detail)) for row in rows] == [
        (tingbjerg, "Tingbjerg bad København overtage T-2011-014"),
        (koebenhavn, "Tingbjerg bad København overtage T-2011-014"),
    ]


def test_only_the_home_branch_asks(person, tingbjerg, koebenhavn, other_branch_coordinator, other_programme):
    EnrolmentFactory(programme=other_programme, person=person)  # so that the other branch sees the person
    with pytest.raises(PermissionDenied):
        ask_transfer(person, by=other_branch_coordinator, to=koebenhavn)
    assert not BranchTransfer.objects.exists()


def test_one_branch_at_a_time_is_asked(transfer, person, coordinator):
    with pytest.raises(TransferRefused) as refusal:
        ask_transfer(person, by=coordinator, to=BranchFactory(name="Aarhus"))
    assert refusal.value.messages == [
        "København blev spurgt 15.\N{NO-BREAK SPACE}september og har ikke svaret. Træk først den flytning tilbage."
    ]
    values = {"from_branch": transfer.from_branch, "to_branch": transfer.to_branch, "asked_by": coordinator}
    with pytest.raises(IntegrityError), transaction.atomic():
        BranchTransfer.objects.create(person=person, case_number=NUMBER, **values)


def test_a_person_is_not_transferred_to_the_own_branch_or_after_death(person, tingbjerg, koebenhavn, coordinator):
    with pytest.raises(TransferRefused) as own:
        ask_transfer(person, by=coordinator, to=tingbjerg)
    assert own.value.messages == ["Personen hører allerede til Tingbjerg."]
    set_person_state(person, by=coordinator, kind=PersonStateKind.DIED, on=TODAY)
    with pytest.raises(TransferRefused, match="Ali Hassan: død"):
        ask_transfer(person, by=coordinator, to=koebenhavn)


def test_a_cpr_number_in_the_message_is_refused(person, koebenhavn, coordinator):
    with pytest.raises(ValidationError):
        ask_transfer(person, by=coordinator, to=koebenhavn, message="010177-1234")
    assert not BranchTransfer.objects.exists()


# ---------------------------------------------------------------- accepting


def test_accepting_moves_the_home_branch_and_gives_a_new_number(transfer, person, koebenhavn, other_branch_coordinator):
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True, note="Velkommen")
    moved = stored(person)
    assert (moved.home_branch, moved.case_number) == (koebenhavn, "K-2011-001")
    assert [(row.number, row.until) for row in moved.earlier_numbers.all()] == [(NUMBER, TODAY)]
    answered = BranchTransfer.objects.get()
    assert (answered.state, answered.answered_by, answered.answer_note) == (
        *(TransferState.ACCEPTED, other_branch_coordinator),
        "Velkommen",
    )
    assert [act.name for act in Act.objects.order_by("pk")] == ["ask_transfer", "answer_transfer"]


def test_the_old_number_still_finds_the_person(transfer, person, other_branch_coordinator):
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    address = reverse("people:person-detail", args=[person.pk])
    for typed in (NUMBER, "t2011014", "K-2011-001"):
        assert number_url(typed, other_branch_coordinator) == address
    assert list(Person.objects.search("T-2011-014")) == [person]


def test_a_manager_finds_the_case_by_the_old_number(transfer, person, programme, manager, other_branch_coordinator):
    enrolment = EnrolmentFactory(programme=programme, person=person)
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    assert list(cases_by_number(manager, NUMBER)) == [enrolment]


def test_the_old_number_is_not_used_again(transfer, person, tingbjerg, coordinator, other_branch_coordinator):
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerCaseNumber.objects.create(person=person, number=NUMBER, until=TODAY)
    assert create_person(by=coordinator, branch=tingbjerg, first_name="Ny").case_number != NUMBER


def test_an_import_recognises_the_old_number(transfer, person, programme, koebenhavn, other_branch_coordinator):
    EnrolmentFactory(programme=programme, person=person)
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    assert former_case_numbers(koebenhavn.pk) == {person.pk: [NUMBER]}
    (named,) = people_in_roles(programme, ["mentee"])
    assert (named.case_number, named.former_numbers) == ("K-2011-001", [NUMBER])


def test_a_person_who_is_transferred_twice_keeps_all_numbers(
    transfer, person, tingbjerg, coordinator, other_branch_coordinator
):
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    back = ask_transfer(stored(person), by=other_branch_coordinator, to=tingbjerg)
    answer_transfer(back, by=coordinator, accepts=True)
    moved = stored(person)
    assert moved.former_numbers == [NUMBER, "K-2011-001"]
    assert moved.case_number not in moved.former_numbers


def test_roles_and_open_matches_stay_and_go_on(transfer, person, programme, coordinator, other_branch_coordinator):
    mentor = MentorFactory(programme=programme).person
    EnrolmentFactory(programme=programme, person=person, status="matched")
    match = MatchFactory(programme=programme, mentor=mentor, mentee=person)
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    match.refresh_from_db()
    assert (match.status, match.programme, match.mentee) == ("active", programme, person)
    assert list(Person.objects.visible_to(coordinator).filter(pk=person.pk)) == [person]


def test_an_organisation_of_the_old_branch_is_cleared(
    person, tingbjerg, koebenhavn, coordinator, other_branch_coordinator
):
    person.organisation = OrganisationFactory(branch=tingbjerg)
    person.save()
    transfer = ask_transfer(person, by=coordinator, to=koebenhavn)
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    assert stored(person).organisation is None


def test_no_figure_of_the_past_changes(transfer, person, programme, koebenhavn, other_branch_coordinator):
    mentor = MentorFactory(programme=programme, applied_on=dt.date(2011, 2, 1)).person
    EnrolmentFactory(programme=programme, person=person, status="matched", applied_on=dt.date(2011, 2, 1))
    MatchFactory(programme=programme, mentor=mentor, mentee=person)
    period = (dt.date(2011, 1, 1), dt.date(2011, 12, 31))

    def figures() -> list[list[int]]:
        found = [one.evidence(programme, *period, {}) for one in INDICATORS]
        return [sorted(rows.values_list("pk", flat=True)) for rows in found]

    before = figures()
    assert sum(map(len, before)) >= 3  # two people recruited, one match established
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    assert figures() == before


# ---------------------------------------------------------------- declining and withdrawing


def test_declining_changes_nothing_about_the_person(transfer, person, tingbjerg, other_branch_coordinator):
    answer_transfer(transfer, by=other_branch_coordinator, accepts=False, note="Vi har ingen plads")
    assert (stored(person).home_branch, stored(person).case_number) == (tingbjerg, NUMBER)
    assert BranchTransfer.objects.get().state == TransferState.DECLINED
    assert not FormerCaseNumber.objects.exists()


def test_only_the_receiving_branch_answers_and_only_the_asking_one_withdraws(
    transfer, coordinator, other_branch_coordinator
):
    with pytest.raises(PermissionDenied):
        answer_transfer(transfer, by=coordinator, accepts=True)
    with pytest.raises(PermissionDenied):
        withdraw_transfer(transfer, by=other_branch_coordinator)
    assert BranchTransfer.objects.get().state == TransferState.OPEN


def test_a_closed_transfer_has_no_second_answer(transfer, coordinator, other_branch_coordinator):
    withdraw_transfer(transfer, by=coordinator)
    with pytest.raises(TransferRefused) as refusal:
        answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    assert refusal.value.messages == [
        "Flytningen er afsluttet: trukket tilbage 15.\N{NO-BREAK SPACE}september af Mette Sørensen."
    ]


def test_a_person_who_died_meanwhile_is_not_taken_over(transfer, person, coordinator, other_branch_coordinator):
    set_person_state(person, by=coordinator, kind=PersonStateKind.DIED, on=TODAY)
    with pytest.raises(TransferRefused) as refusal:
        answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    assert refusal.value.messages == ["Personen kan ikke overtages nu. Spørg Tingbjerg."]
    assert BranchTransfer.objects.get().state == TransferState.OPEN


def test_a_merge_of_the_old_branch_is_not_undone_in_the_new_one(
    person, tingbjerg, koebenhavn, coordinator, other_branch_coordinator
):
    merge = merge_people(person, PersonFactory(home_branch=tingbjerg), by=coordinator)
    transfer = ask_transfer(person, by=coordinator, to=koebenhavn)
    answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    with pytest.raises(MergeRefused):
        undo_merge(merge, by=coordinator)


# ---------------------------------------------------------------- pages


def test_the_page_says_what_goes_on_and_asks(
    client_of, coordinator, other_branch_coordinator, person, koebenhavn, programme
):
    EnrolmentFactory(programme=programme, person=person)
    client, address = client_of(coordinator), reverse("people:transfer-ask", args=[person.pk])
    text = text_of(client.get(address))
    assert "Åbent her, og fortsætter" in text
    assert "<b>1 rolle</b>" in text
    response = client.post(address, {"to": koebenhavn.pk, "message": "Flyttet"})
    assert response["Location"] == reverse("people:person-detail", args=[person.pk])
    assert "København er bedt om at overtage." in text_of(client.get(response["Location"]))
    assert client.post(address, {"to": koebenhavn.pk}).status_code == 200
    assert BranchTransfer.objects.count() == 1


@pytest.mark.parametrize("rights", [{}, {"role": "manager"}, {"user__is_active": False}, {"accepted_at": None}])
def test_a_branch_without_a_user_who_can_answer_is_not_asked(client_of, coordinator, person, koebenhavn, rights):
    if rights:
        MembershipFactory(branch=koebenhavn, **{"role": "coordinator"} | rights)
    response = client_of(coordinator).post(
        reverse("people:transfer-ask", args=[person.pk]), {"to": koebenhavn.pk, "message": "Flyttet"}
    )
    assert response.context["form"].errors == {"to": ["København har endnu ingen bruger, der kan svare."]}
    assert "Flyttet" in response.text
    assert not BranchTransfer.objects.exists()


def test_a_branch_with_a_role_of_the_person_does_not_get_the_form(
    client_of, person, other_programme, other_branch_coordinator
):
    EnrolmentFactory(programme=other_programme, person=person)
    page = reverse("people:transfer-ask", args=[person.pk])
    assert client_of(other_branch_coordinator).get(page).status_code == 403


def test_the_receiving_branch_sees_name_number_and_message_only(client_of, transfer, person, other_branch_coordinator):
    client = client_of(other_branch_coordinator)
    text = text_of(client.get(LIST))
    assert ("Ali Hassan" in text, NUMBER in text, "»Ali er flyttet til Nørrebro«" in text) == (True, True, True)
    assert ("50 50 50 50" in text, "Ring efter" in text) == (False, False)
    assert reverse("people:person-detail", args=[person.pk]) not in text
    assert client.get(reverse("people:person-detail", args=[person.pk])).status_code == 404
    assert "Flytninger til jer" in text_of(client.get(reverse("people:person-list")))


def test_accepting_opens_the_person_with_the_old_number_on_the_page(
    client_of, transfer, person, other_branch_coordinator
):
    Consent.objects.create(person=person, kind="store", is_given=True, on=TODAY)
    client = client_of(other_branch_coordinator)
    response = client.post(reverse("people:transfer-answer", args=[transfer.pk]), {"answer": "yes", "note": ""})
    assert response["Location"] == reverse("people:person-detail", args=[person.pk])
    text = text_of(client.get(response["Location"]))
    assert "K-2011-001 · tidligere T-2011-014" in text
    assert "givet 15. september 2011" in text


def test_after_a_no_the_receiving_branch_no_longer_sees_the_name(client_of, transfer, other_branch_coordinator):
    client = client_of(other_branch_coordinator)
    client.post(reverse("people:transfer-answer", args=[transfer.pk]), {"answer": "no", "note": "Ingen plads"})
    text = text_of(client.get(LIST))
    assert ("Ali Hassan" in text, NUMBER in text, "»Ingen plads«" in text) == (False, True, True)


def test_a_cpr_number_in_the_answer_shows_the_form_again(client_of, transfer, other_branch_coordinator):
    client = client_of(other_branch_coordinator)
    answer = {"answer": "yes", "note": "010177-1234"}
    response = client.post(reverse("people:transfer-answer", args=[transfer.pk]), answer)
    assert response.status_code == 200
    assert BranchTransfer.objects.get().state == TransferState.OPEN


@pytest.mark.parametrize("answer", ["yes", "forged"])
def test_a_refused_answer_keeps_its_message(client_of, transfer, person, coordinator, other_branch_coordinator, answer):
    set_person_state(person, by=coordinator, kind=PersonStateKind.DIED, on=TODAY)
    client = client_of(other_branch_coordinator)
    response = client.post(
        reverse("people:transfer-answer", args=[transfer.pk]), {"answer": answer, "note": "Vi glæder os"}
    )
    assert (response.status_code, 'value="Vi glæder os"' in response.text, "død" in response.text) == (200, True, False)


def test_the_message_of_an_answer_that_came_too_late_is_shown(
    client_of, transfer, coordinator, other_branch_coordinator
):
    withdraw_transfer(transfer, by=coordinator)
    client = client_of(other_branch_coordinator)
    response = client.post(
        reverse("people:transfer-answer", args=[transfer.pk]), {"answer": "yes", "note": "Vi glæder os"}
    )
    assert "Ikke sendt: »Vi glæder os«" in text_of(response)


def test_the_asking_branch_withdraws_from_the_list(client_of, transfer, coordinator):
    client = client_of(coordinator)
    assert "Træk flytningen tilbage" in text_of(client.get(LIST))
    response = client.post(reverse("people:transfer-withdraw", args=[transfer.pk]))
    assert response["Location"] == LIST
    assert BranchTransfer.objects.get().state == TransferState.WITHDRAWN
    again = client.post(reverse("people:transfer-withdraw", args=[transfer.pk]), follow=True)
    assert "Flytningen er afsluttet" in text_of(again)


@pytest.mark.parametrize("count", [1, 8])
def test_the_list_needs_the_same_queries_for_any_number(
    client_of, tingbjerg, koebenhavn, coordinator, other_branch_coordinator, django_assert_num_queries, count
):
    for _number in range(count):
        ask_transfer(PersonFactory(home_branch=tingbjerg), by=coordinator, to=koebenhavn)
    client = client_of(other_branch_coordinator)
    client.get(LIST)
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(LIST)
