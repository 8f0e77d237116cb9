"""Questions between branches: asking, answering, withdrawing, the pages, and what the asking branch never sees."""

import re
from operator import attrgetter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from demo.factories import BranchFactory, EnrolmentFactory, MembershipFactory, PersonFactory, UserFactory
from imports import services as importing
from imports.services import ask_about_row
from people.models import BranchQuestion, Person
from people.services.questions import QuestionRefused, answer_question, withdraw_question
from tests.imports.samples import row_of, stage_list

pytestmark = pytest.mark.django_db
HEADINGS = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Hodan|Warsame||50 50 50 50||It"
LIST = "/personer/spoergsmaal/"
QUERIES_OF_LIST = 11


@pytest.fixture
def asked(koebenhavn):
    """A person of København."""
    return PersonFactory(
        home_branch=koebenhavn, case_number="K-2009-044", phones=["+4550505050"], emails=["Hodan@Example.net"],
        address="Nørrebrogade 7", occupation="Sygeplejerske", notes="Ring efter kl. 16",
    )  # fmt: skip


@pytest.fixture
def batch(programme, asked, administrator):
    return stage_list(HEADINGS, ROW, programme=programme, by=administrator)


@pytest.fixture
def question(batch, administrator):
    return ask_about_row(batch, 2, by=administrator, question="Er hun stadig hos jer?")


def text_of(response) -> str:
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\xa0", " ").split())


def ask_url(batch, number=2):
    return reverse("imports:import-ask", args=[batch.pk, number])


def act_url(act, question):
    return reverse(f"people:question-{act}", args=[question.pk])


def refusal(act) -> str:
    with pytest.raises(QuestionRefused) as refused:
        act()
    return " ".join(refused.value.messages)


# --- asking -------------------------------------------------------------------------------------------


def test_asking_stores_and_logs_the_question(batch, asked, administrator, tingbjerg, koebenhavn, question):
    question.refresh_from_db()
    assert (question.asking_branch, question.asked_branch, question.person) == (tingbjerg, koebenhavn, asked)
    assert (question.about, question.question) == ("Hodan Warsame", "Er hun stadig hos jer?")
    assert (row_of(question), question.asked_by, question.answer) == (batch.rows.get(), administrator, "")
    logged = AccessRecord.objects.filter(kind="search").order_by("pk")
    detail = "Tingbjerg spurgte København om »Hodan Warsame«"
    read = attrgetter("branch_id", "user_id", "subject", "subject_id", "case_number", "detail")
    assert [read(row) for row in logged] == [
        (koebenhavn.pk, administrator.pk, "people.person", asked.pk, "K-2009-044", detail),
        (tingbjerg.pk, administrator.pk, "people.branchquestion", question.pk, "", detail),
    ]


@pytest.mark.parametrize(
    "row",
    ["Hodan|Warsame|3/5-1977|||It", "HODAN|warsame|||hodan@example.NET|It", "Hodan|Warsame||50505050|andet@x.dk|It"],
)
def test_each_shared_attribute_of_the_exact_rule_finds_the_person(programme, asked, administrator, row):
    assert ask_about_row(stage_list(HEADINGS, row, programme=programme), 2, by=administrator).person == asked


def test_a_namesake_in_the_other_branch_is_not_found(programme, koebenhavn, administrator):
    PersonFactory(home_branch=koebenhavn, phones=["+4550505051"], birth_date=None)
    PersonFactory(home_branch=koebenhavn, first_name="Hodan Ali", phones=["+4550505050"])
    right = PersonFactory(home_branch=koebenhavn, phones=["+4550505050"], birth_date=None)
    assert ask_about_row(stage_list(HEADINGS, ROW, programme=programme), 2, by=administrator).person == right


def test_asking_in_the_other_direction(other_programme, tingbjerg, other_branch_administrator, coordinator):
    person = PersonFactory(home_branch=tingbjerg, phones=["+4550505050"])
    batch = stage_list(HEADINGS, ROW, programme=other_programme)
    question = ask_about_row(batch, 2, by=other_branch_administrator)
    assert (question.asking_branch, question.person) == (other_programme.branch, person)
    assert answer_question(question, by=coordinator, answer="yes").answer == "yes"


def test_imported_rows_can_be_asked_about(batch, asked, administrator):
    importing.apply_import(batch, by=administrator)
    assert ask_about_row(batch, 2, by=administrator).person == asked


def test_the_second_of_two_administrators_is_refused(batch, question, administrator, tingbjerg):
    colleague = MembershipFactory(branch=tingbjerg, role=Role.ADMINISTRATOR, user=UserFactory(name="Ida Vang")).user
    words = refusal(lambda: ask_about_row(batch, 2, by=colleague))
    assert re.fullmatch(r"Hanne Lund spurgte København om samme person .+\. De har ikke svaret endnu\.", words)
    assert ask_about_row(batch, 2, by=administrator) == question  # pressed twice
    assert BranchQuestion.objects.count() == 1
    again = BranchQuestion(asking_branch=tingbjerg, asked_branch=question.asked_branch, person=question.person)
    again.about, again.asked_by = "Hodan", colleague
    with pytest.raises(ValidationError) as refused:  # the database constraint refuses it as well
        again.full_clean()
    assert refused.value.messages == ["Afdelingen er allerede spurgt om denne person."]


def test_asking_again_after_an_answer(batch, question, administrator, other_branch_coordinator):
    answer_question(question, by=other_branch_coordinator, answer="yes")
    assert ask_about_row(batch, 2, by=administrator) != question
    assert BranchQuestion.objects.count() == 2


def test_asking_is_refused_with_a_reason(batch, programme, asked, administrator):
    assert refusal(lambda: ask_about_row(batch, 7, by=administrator)) == "Filen har ingen række 7."
    unknown = stage_list(HEADINGS, "Bo|Dam||||It", programme=programme)
    assert refusal(lambda: ask_about_row(unknown, 2, by=administrator)) == (
        "Rækken ser anderledes ud nu. Se på den igen."
    )
    with pytest.raises(ValidationError, match="CPR"):
        ask_about_row(batch, 2, by=administrator, question="Er hun 030577-1234?")
    EnrolmentFactory(programme=programme, person=asked)  # by now one's own branch knows the person
    gone = "København kender ikke længere personen. Der er ikke spurgt om noget."
    assert refusal(lambda: ask_about_row(batch, 2, by=administrator)) == gone
    Person.objects.all().delete() if not asked.enrolments.all().delete() else asked.delete()
    assert refusal(lambda: ask_about_row(batch, 2, by=administrator)) == gone
    importing.discard_import(batch, by=administrator)
    assert refusal(lambda: ask_about_row(batch, 2, by=administrator)) == (
        "Der kan ikke spørges om rækkerne i denne import nu."
    )
    assert not BranchQuestion.objects.exists()


def test_asking_needs_the_right_to_import(batch, coordinator, other_branch_administrator):
    for user in (coordinator, other_branch_administrator):
        with pytest.raises(PermissionDenied):
            ask_about_row(batch, 2, by=user)


# --- answering and withdrawing ------------------------------------------------------------------------


def test_an_answer_is_final(
    question, asked, other_branch_coordinator, other_branch_administrator, koebenhavn, tingbjerg
):
    answer_question(question, by=other_branch_coordinator, answer="yes", note=" Ring torsdag ")
    question.refresh_from_db()
    assert (question.answer, question.answer_note) == ("yes", "Ring torsdag")
    assert question.answered_by == other_branch_coordinator
    logged = AccessRecord.objects.filter(kind="write").order_by("pk")
    detail = "København svarede Tingbjerg om »Hodan Warsame«"
    assert [(row.branch_id, row.subject, row.case_number, row.detail) for row in logged] == [
        (koebenhavn.pk, "people.person", "K-2009-044", detail),
        (tingbjerg.pk, "people.branchquestion", "", detail),
    ]
    answer_question(question, by=other_branch_coordinator, answer="yes", note="Ring torsdag")  # pressed twice
    assert logged.count() == 2
    words = refusal(lambda: answer_question(question, by=other_branch_administrator, answer="no"))
    assert re.fullmatch(r"Karen Dahl svarede .+: »Ja, ring til os om personen«\. Det svar gælder\.", words)
    question.refresh_from_db()
    assert question.answer == "yes"


def test_only_the_asked_branch_answers(question, administrator, other_branch_coordinator):
    with pytest.raises(PermissionDenied):
        answer_question(question, by=administrator, answer="yes")
    assert refusal(lambda: answer_question(question, by=other_branch_coordinator, answer="måske")) == (
        "Vælg et af de to svar."
    )


def test_an_open_question_can_be_withdrawn(
    question, batch, administrator, coordinator, other_branch_administrator, other_branch_coordinator
):
    for user in (coordinator, other_branch_administrator):
        with pytest.raises(PermissionDenied):
            withdraw_question(question, by=user)
    withdraw_question(question, by=administrator)
    assert not BranchQuestion.objects.exists()
    details = [row.detail for row in AccessRecord.objects.filter(kind="write")]
    assert details == ["Tingbjerg trak spørgsmålet til København om »Hodan Warsame« tilbage"] * 2
    gone = "Spørgsmålet er trukket tilbage i mellemtiden."
    assert refusal(lambda: withdraw_question(question, by=administrator)) == gone
    assert refusal(lambda: answer_question(question, by=other_branch_coordinator, answer="no")) == gone
    again = ask_about_row(batch, 2, by=administrator)
    answer_question(again, by=other_branch_coordinator, answer="no")
    assert "Nej, opret personen som ny" in refusal(lambda: withdraw_question(again, by=administrator))


# --- the list of questions ----------------------------------------------------------------------------


def test_the_asked_branch_sees_and_answers(client_of, question, asked, other_branch_coordinator, koebenhavn):
    client = client_of(other_branch_coordinator)
    page = client.get(LIST)
    assert f'href="{reverse("people:person-detail", args=[asked.pk])}"' in page.text
    text = text_of(page)
    assert "K-2009-044 · Tingbjerg spørger om »Hodan Warsame« »Er hun stadig hos jer?« Hanne Lund," in text
    assert "I har ikke spurgt nogen afdeling." in text
    record = AccessRecord.objects.filter(user=other_branch_coordinator).get()
    assert (record.kind, record.detail, record.count, record.branch) == (
        "search", "Spørgsmål mellem afdelinger", 1, koebenhavn,
    )  # fmt: skip
    response = client.post(act_url("answer", question), {"answer": "yes", "note": "Ring torsdag"}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    text = text_of(response)
    assert "Tingbjerg har fået jeres svar." in text
    assert "Ja, ring til os om personen »Ring torsdag« Karen Dahl," in text
    assert "Nej, opret personen som ny" not in text


def test_an_invalid_answer_shows_the_error(client_of, question, other_branch_coordinator):
    client = client_of(other_branch_coordinator)
    response = client.post(act_url("answer", question), {"answer": "no", "note": "Hun er 030577-1234"})
    form = response.context["to_us"][0][1]
    assert (response.status_code, list(form.errors)) == (200, ["note"])
    assert 'value="Hun er 030577-1234"' in response.text
    assert "Vælg et af de to svar." in text_of(client.post(act_url("answer", question), {"note": "x"}, follow=True))
    question.refresh_from_db()
    assert question.answer == ""
    withdraw_question(question, by=question.asked_by)
    assert client.post(act_url("answer", question), {"answer": "no"}).status_code == 404


def test_the_second_answer_is_refused(client_of, question, other_branch_coordinator, other_branch_administrator):
    answer_question(question, by=other_branch_administrator, answer="no")
    client = client_of(other_branch_coordinator)
    text = text_of(client.post(act_url("answer", question), {"answer": "yes", "note": "Ring nu"}, follow=True))
    assert re.search(r"Bo Friis svarede .+: »Nej, opret personen som ny«\. Det svar gælder\.", text)
    assert "Ikke sendt: »Ring nu«" in text


def test_the_asking_branch_sees_only_the_answer(
    client_of, question, asked, batch, administrator, other_branch_coordinator
):
    client = client_of(administrator)
    pages = [LIST, reverse("imports:import-review", args=[batch.pk]), reverse("imports:import-row", args=[batch.pk, 2])]
    texts = [client.get(page).text for page in pages]
    assert "Venter på svar" in texts[0]
    assert f"/personer/import/{batch.pk}/raekke/2/" in texts[0]
    other_branch_coordinator.phone = "+4531313131"
    other_branch_coordinator.save()
    answer_question(question, by=other_branch_coordinator, answer="yes", note="Ring torsdag")
    answered = [client.get(page).text for page in pages]
    assert all("Ja, ring til os om personen" in text for text in answered)
    assert 'href="tel:+4531313131"' in answered[0]
    told = ["K-2009-044", "Nørrebrogade", "Sygeplejerske", "Ring efter", "Hodan@Example.net", "3. maj 1977"]
    told.append(reverse("people:person-detail", args=[asked.pk]))
    assert [word for word in told for text in texts + answered if word in text] == []
    assert "Hodan Warsame" in answered[0]


def test_the_asking_branch_withdraws_its_question(client_of, question, administrator, other_branch_coordinator):
    client = client_of(administrator)
    text = text_of(client.post(act_url("withdraw", question), follow=True))
    assert "Spørgsmålet er trukket tilbage." in text
    assert "Ingen afdeling har spurgt jer om noget." in text
    assert client.post(act_url("withdraw", question)).status_code == 404


def test_withdrawing_an_answered_question_is_refused(client_of, question, administrator, other_branch_coordinator):
    answer_question(question, by=other_branch_coordinator, answer="yes")
    text = text_of(client_of(administrator).post(act_url("withdraw", question), follow=True))
    assert re.search(r"Karen Dahl svarede .+: »Ja, ring til os om personen«\. Det svar gælder\.", text)


def test_access_by_role_and_branch(
    client_of, question, coordinator, manager, administrator, other_branch_coordinator, other_branch_administrator
):
    assert client_of(manager).get(LIST).status_code == 403
    assert "Træk spørgsmålet tilbage" not in client_of(coordinator).get(LIST).text
    assert "Se række" not in client_of(coordinator).get(LIST).text
    for user, act in (
        (administrator, "answer"), (manager, "answer"), (coordinator, "withdraw"),
        (other_branch_coordinator, "withdraw"), (other_branch_administrator, "withdraw"),
    ):  # fmt: skip
        assert client_of(user).post(act_url(act, question), {"answer": "yes"}).status_code == 403
    outsider = MembershipFactory(branch=BranchFactory(name="Odense"), role=Role.ADMINISTRATOR).user
    for act in ("answer", "withdraw"):
        assert client_of(outsider).post(act_url(act, question), {"answer": "yes"}).status_code == 404
    assert client_of(administrator).get(act_url("answer", question)).status_code == 405


@pytest.mark.parametrize("count", [1, 50])
def test_query_count_of_the_list(
    client_of, question, koebenhavn, tingbjerg, coordinator, django_assert_num_queries, count
):
    for number in range(count):
        for asking, other in ((koebenhavn, tingbjerg), (tingbjerg, koebenhavn)):
            BranchQuestion.objects.create(
                asking_branch=asking, asked_branch=other, person=PersonFactory(home_branch=other),
                about=f"Hodan {number}", asked_by=coordinator,
            )  # fmt: skip
    client = client_of(coordinator)
    client.get(LIST)
    with django_assert_num_queries(QUERIES_OF_LIST):
        page = client.get(LIST)
    assert (len(page.context["to_us"]), len(page.context["from_page"])) == (min(count, 20), min(count + 1, 20))


# --- questions on other pages -------------------------------------------------------------------------


def test_the_persons_page_shows_the_open_question(client_of, question, asked, other_branch_coordinator):
    client = client_of(other_branch_coordinator)
    page = reverse("people:person-detail", args=[asked.pk])
    text = text_of(client.get(page))
    assert "Spørgsmål fra en anden afdeling Se alle Tingbjerg spørger om »Hodan Warsame«" in text
    assert "Ja, ring til os om personen Nej, opret personen som ny" in text
    answer_question(question, by=other_branch_coordinator, answer="no")
    assert "Spørgsmål fra en anden afdeling" not in client.get(page).text


def test_only_the_asked_branch_sees_the_panel(client_of, question, asked, programme, coordinator):
    EnrolmentFactory(programme=programme, person=asked)
    page = client_of(coordinator).get(reverse("people:person-detail", args=[asked.pk]))
    assert page.status_code == 200
    assert "Spørgsmål fra en anden afdeling" not in page.text


def test_the_list_of_people_counts_open_questions(client_of, question, coordinator, other_branch_coordinator):
    client, words = client_of(other_branch_coordinator), "Spørgsmål fra andre afdelinger 1"
    assert words in text_of(client.get(reverse("people:person-list")))
    answer_question(question, by=other_branch_coordinator, answer="no")
    assert "Spørgsmål fra andre afdelinger" not in client.get(reverse("people:person-list")).text
    assert "Spørgsmål fra andre afdelinger" not in client_of(coordinator).get(reverse("people:person-list")).text


def test_administration_links_to_the_questions(client_of, administrator):
    page = client_of(administrator).get(reverse("accounts:administration"))
    assert f'<a class="name" href="{LIST}">Spørgsmål mellem afdelinger</a>' in page.text


# --- the review of an import --------------------------------------------------------------------------


def test_asking_in_the_review(client_of, batch, administrator):
    client = client_of(administrator)
    text = text_of(client.get(reverse("imports:import-review", args=[batch.pk])))
    assert "Kendt i en anden afdeling: København. Spørg København 2" in text
    opened = client.get(reverse("imports:import-row", args=[batch.pk, 2]), headers={"hx-request": "true"})
    assert "De ser »Hodan Warsame«, jeres afdeling og beskeden." in text_of(opened)
    assert text_of(opened).count("Kendt i en anden afdeling: København.") == 1
    answer = client.post(ask_url(batch), {"question": "Er hun hos jer?"}, headers={"hx-request": "true"})
    assert 'id="import-review"' in answer.text
    assert "Spørgsmålet er sendt." in answer.text
    assert re.search(r"Kendt i en anden afdeling: København\. Spurgt [\w. ]+, venter på svar", text_of(answer))
    assert "Spørg København" not in answer.text
    opened = text_of(client.get(reverse("imports:import-row", args=[batch.pk, 2])))
    assert "venter på svar" in opened
    assert "De ser »Hodan Warsame«" not in opened
    assert BranchQuestion.objects.get().question == "Er hun hos jer?"


def test_the_review_shows_why_a_question_is_refused(client_of, batch, administrator, asked):
    client = client_of(administrator)
    answer = client.post(ask_url(batch), {"question": "030577-1234"}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"/personer/import/{batch.pk}/?#r2")
    assert "CPR" in text_of(answer)
    asked.delete()
    answer = client.post(ask_url(batch), headers={"hx-request": "true"})
    assert "København kender ikke længere personen. Der er ikke spurgt om noget." in text_of(answer)
    assert client.post(ask_url(batch, 9)).status_code == 404


def test_asking_about_rows_of_applied_and_undone_imports(client_of, batch, administrator, other_branch_coordinator):
    importing.apply_import(batch, by=administrator)
    client, review = client_of(administrator), reverse("imports:import-review", args=[batch.pk])
    assert "Spørg København" in client.get(review).text
    assert client.post(ask_url(batch)).url == f"{review}?#r2"
    assert "venter på svar" in client.get(review).text
    answer_question(BranchQuestion.objects.get(), by=other_branch_coordinator, answer="no", note="Flyttet")
    assert "København svarede: Nej, opret personen som ny »Flyttet« Karen Dahl," in text_of(client.get(review))
    BranchQuestion.objects.all().delete()
    importing.undo_import(batch, by=administrator)
    assert "Spørg København" not in client.get(review).text
    assert client.post(ask_url(batch)).url == review
    assert not BranchQuestion.objects.exists()


@pytest.mark.parametrize("count", [1, 50])
def test_query_count_of_the_review(client_of, programme, koebenhavn, administrator, django_assert_num_queries, count):
    for number in range(count):
        PersonFactory(home_branch=koebenhavn, first_name=f"Åse{number}", phones=["+4550505050"], emails=[])
    rows = [f"Åse{number}|Warsame||50505050||It" for number in range(count)]
    batch = stage_list(HEADINGS, *rows, programme=programme, by=administrator)
    for number in range(2, count + 2, 2):
        ask_about_row(batch, number, by=administrator)
    client, review = client_of(administrator), reverse("imports:import-review", args=[batch.pk])
    client.get(review)
    with django_assert_num_queries(13):
        page = client.get(review)
    assert page.text.count("venter på svar") == (count + 1) // 2
    assert page.text.count("Spørg København") == count // 2


def test_manager_who_coordinates_the_asking_branch_sees_no_question_of_the_managed_one(
    client_of, asked, koebenhavn, tingbjerg, administrator
):
    row = {"person": asked, "about": "Hodan W.", "asked_by": administrator}
    BranchQuestion.objects.create(asking_branch=tingbjerg, asked_branch=koebenhavn, **row)
    user = MembershipFactory(branch=tingbjerg, role=Role.COORDINATOR).user
    MembershipFactory(branch=koebenhavn, role=Role.MANAGER, user=user)
    client = client_of(user)
    shown = {}
    for branch in (koebenhavn, tingbjerg):
        client.post(reverse("accounts:choose_branch"), {"branch": branch.pk})
        shown[branch.name] = text_of(client.get(LIST))
    assert [asked.name in text for text in shown.values()] == [False, False]
    assert ["Hodan W." in text for text in shown.values()] == [False, True]
