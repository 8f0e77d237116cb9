import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.http import QueryDict

from common import clock
from demo.factories import EnrolmentFactory, MembershipFactory, OrganisationFactory, PersonFactory, TermFactory
from people import services
from people.models import Consent, DistinctPeople, Enrolment, IntakeDraft, Person
from people.services.intake import UnansweredLikeness
from people.urls import STEP_SLUGS
from tasks.registry import TASKS
from tasks.services import enqueue_task, run_next

pytestmark = pytest.mark.django_db

WHO = {
    "first_name": "Hodan",
    "last_name": "Warsame",
    "gender": "woman",
    "birth": "3/5-77",
    "phones": "57 26 96 17 (aften)",
    "emails": "Hodan@Example.dk",
}
LANGUAGES = {"languages-TOTAL_FORMS": "3", "languages-INITIAL_FORMS": "0"}
CONSENT = {"store": "yes", "share": "no", "on": "15-09-2011", "source": "sagt i samtalen"}


KEY = "5f0c2f0e-7d5c-4c43-9a57-2f3f4d1f0a01"


def step(name, key=KEY):
    return f"/personer/ny/{key}/{STEP_SLUGS.get(name, name)}/"


def begin(mette, **query):
    """Open the link to the intake under ``KEY`` and return the address of its first open step."""
    started = mette.get("/personer/ny/", query).url
    key = started.split("/")[3]
    assert uuid.UUID(key) != uuid.UUID(KEY)
    return mette.get(started.replace(key, KEY)).url


@pytest.fixture
def mette(client_of, coordinator):
    """The coordinator's browser."""
    return client_of(coordinator)


@pytest.fixture
def role(programme):
    return {"role": "mentee", "programme": programme.pk, "applied_on": "14/9-11", "recruited_via": "en ven"}


def fill(mette, role, who=WHO, wishes=LANGUAGES, until="consent", key=KEY):
    """Post the steps before ``until`` and return the last response."""
    for name, data in (("who", who), ("role", role), ("wishes", wishes)):
        if name == until:
            break
        response = mette.post(step(name, key), data)
    return response


def send(mette, data=CONSENT, key=KEY):
    return mette.post(step("consent", key), data)


def test_intake_creates_person_role_wishes_and_consents(mette, role, programme, coordinator):
    topic, area = TermFactory(), TermFactory(kind="area", name="Tingbjerg")
    somali = TermFactory(kind="language", name="Somali")
    wishes = {
        **LANGUAGES,
        "topics": topic.pk,
        "areas": area.pk,
        "wish": "Jeg vil i gang 😊",
        "preferred_gender": "woman",
        "min_age": "45",
        "languages-0-language": somali.pk,
        "languages-0-level": "native",
    }
    assert begin(mette) == step("who")
    assert fill(mette, role, wishes=wishes).url == step("consent")
    page = mette.get(step("consent"))
    for words in ("03-05-1977", "57 26 96 17", "Mentee", "Somali", "Jobsøgning"):
        assert words in page.text, words
    response = send(mette)
    person = Person.objects.get()
    assert response.url == f"/personer/{person.pk}/"
    assert (person.name, person.birth_date, person.phones, person.emails, person.created_by) == (
        "Hodan Warsame",
        dt.date(1977, 5, 3),
        ["+4557269617"],
        ["hodan@example.dk"],
        coordinator,
    )
    enrolment = person.enrolments.get()
    assert (enrolment.programme, enrolment.status, enrolment.applied_on, enrolment.min_age) == (
        programme,
        "applied",
        dt.date(2011, 9, 14),
        45,
    )
    assert set(enrolment.terms.all()) == {topic, area}
    assert [(str(skill), skill.level) for skill in person.languages.all()] == [("Somali", "native")]
    assert sorted(Consent.objects.values_list("kind", "is_given")) == [("share", False), ("store", True)]
    assert IntakeDraft.objects.count() == 0
    assert "Hodan Warsame er oprettet." in mette.get(response.url).text


def test_sending_the_last_step_twice_creates_one_person(mette, role):
    fill(mette, role)
    first = send(mette)
    assert send(mette).url == first.url
    assert (Person.objects.count(), Enrolment.objects.count(), IntakeDraft.objects.count()) == (1, 1, 0)
    for name in STEP_SLUGS:
        assert mette.get(step(name)).url == mette.post(step(name), WHO).url == first.url
    assert mette.get(f"/personer/ny/{KEY}/").url == first.url
    assert IntakeDraft.objects.count() == 0
    other = "00000000-0000-4000-8000-000000000000"
    assert send(mette, key=other).url == step("who", other)


def test_going_back_keeps_the_values(mette, role):
    topic = TermFactory()
    fill(mette, role, until="wishes")
    assert mette.post(step("wishes"), {**LANGUAGES, "topics": topic.pk, "min_age": "x", "go": "role"}).url == step(
        "role"
    )
    assert 'value="en ven"' in mette.get(step("role")).text
    assert 'value="57 26 96 17 (aften)"' in mette.get(step("who")).text
    page = mette.get(step("wishes"))
    assert page.context["form"].initial["topics"] == [str(topic.pk)]
    assert page.context["form"].errors == {}
    assert Person.objects.count() == 0


def test_a_step_cannot_be_skipped(mette, role):
    assert mette.get(step("consent")).url == step("who")
    mette.post(step("who"), WHO)
    assert mette.get(step("consent")).url == step("role")
    assert mette.post(step("consent"), CONSENT).url == step("role")
    assert mette.get(step("nonsense")).status_code == 404


def test_errors_are_danish_at_the_field_and_values_are_kept(mette):
    response = mette.post(
        step("who"), {**WHO, "first_name": "", "last_name": "", "birth": "29-02-2011", "phones": "12", "emails": "a.b"}
    )
    assert response.context["form"].errors == {
        "first_name": ["Skriv et fornavn eller et efternavn."],
        "birth": ["2011 er ikke et skudår: februar har 28 dage. Skriv en dato, der findes."],
        "phones": ["»12« er ikke et telefonnummer. Skriv 8 cifre, eller + og landekode."],
        "emails": ["»a.b« er ikke en e-mailadresse. Skriv den som navn@example.dk."],
    }
    assert 'value="29-02-2011"' in response.text
    response = mette.post(step("who"), {**WHO, "birth": "31-06-1977"})
    assert response.context["form"].errors["birth"] == ["Juni har 30 dage. Skriv en dato, der findes."]


def test_cpr_numbers_are_refused(mette, role):
    response = mette.post(step("who"), {**WHO, "address": "030577-1234"})
    assert list(response.context["form"].errors) == ["address"]
    assert 'value="030577-1234"' in response.text
    assert "030577" not in str(IntakeDraft.objects.values())
    assert "030577" not in str(dict(mette.session))
    mette.post(step("who"), WHO)
    mette.post(step("role"), role)
    response = mette.post(step("wishes"), {**LANGUAGES, "wish": "cpr 030577-1234"})
    assert list(response.context["form"].errors) == ["wish"]


def test_a_text_with_a_cpr_number_stays_in_the_draft_without_the_number(mette, role):
    fill(mette, role, until="wishes")
    wish = "Vil gerne træne dansk.\x00 Cpr 0305\u200b77-1234, siger hun."
    assert mette.post(step("wishes"), {**LANGUAGES, "wish": wish, "go": "who"}).status_code == 302
    assert IntakeDraft.objects.get().values("wishes")["wish"] == "Vil gerne træne dansk. Cpr …, siger hun."


def test_without_consent_nothing_is_stored(mette, role):
    fill(mette, role)
    response = send(mette, {**CONSENT, "store": "no"})
    assert response.context["form"].errors["store"][0].startswith("Uden samtykke gemmer vi intet")
    response = send(mette, {"on": "15-09-2011"})
    assert list(response.context["form"].errors) == ["store"]
    assert Person.objects.count() == 0


def test_the_same_person_is_suggested_before_a_new_one_is_created(mette, role, programme):
    known = EnrolmentFactory(
        programme=programme, role="mentor", person__last_name="WARSAME", person__phones=["+4557269617"]
    ).person
    response = mette.post(step("who"), WHO)
    assert response.context["undecided"] == [known]
    assert "Samme person" in response.text
    assert mette.post(step("who"), {**WHO, "same": known.pk}).url == step("role")
    assert f"Hodan WARSAME, {known.case_number}, får en rolle til." in mette.get(step("who")).text
    mette.post(step("who"), {})
    fill(mette, role)
    response = send(mette)
    assert response.url == f"/personer/{known.pk}/"
    assert sorted(known.enrolments.values_list("role", flat=True)) == ["mentee", "mentor"]
    assert Person.objects.count() == 1


def test_two_different_people_may_share_name_and_phone(mette, role, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg, case_number="T-2010-900", phones=["+4557269617"])
    mette.post(step("who"), WHO)
    assert mette.post(step("who"), {**WHO, "different": known.pk}).url == step("role")
    assert mette.post(step("who"), WHO).url == step("role")
    fill(mette, role)
    send(mette)
    assert Person.objects.exclude(pk=known.pk).get().name == "Hodan Warsame"


def test_a_relative_with_one_name_and_phone_is_asked_about_and_never_taken(mette, role, tingbjerg):
    mother = PersonFactory(
        home_branch=tingbjerg, last_name="Warsame", phones=["+4557269617"], birth_date=dt.date(1948, 3, 9)
    )
    response = mette.post(step("who"), WHO)
    assert response.context["undecided"] == [mother]
    assert "Anden fødselsdag: 9.\xa0marts 1948" in response.text
    mette.post(step("who"), {**WHO, "different": mother.pk})
    fill(mette, role)
    send(mette)
    assert sorted(Person.objects.values_list("birth_date", flat=True)) == [dt.date(1948, 3, 9), dt.date(1977, 5, 3)]


def test_the_known_person_can_be_changed(mette, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg)
    address = begin(mette, person=known.pk)
    assert address == f"{step('role')}?person={known.pk}"
    assert mette.get(address).context["known_person"] == known
    assert IntakeDraft.objects.count() == 0
    assert mette.post(f"{step('who')}?person={known.pk}", {"someone_else": "1"}).url == step("who")
    assert mette.get(step("who")).context["known_person"] is None


def test_a_role_the_person_has_already_is_refused_at_the_field(mette, role, programme):
    known = EnrolmentFactory(programme=programme).person
    response = mette.post(begin(mette, person=known.pk), role)
    assert response.context["form"].errors["role"] == [
        "Hodan Warsame har allerede denne rolle i Mentornetværket Tingbjerg."
    ]


def test_foreign_people_programmes_and_organisations_are_refused(mette, role, koebenhavn, other_programme):
    foreign = PersonFactory(home_branch=koebenhavn, phones=["+4557269617"])
    assert mette.get(step("role"), {"person": foreign.pk}).status_code == 404
    assert mette.get(step("role"), {"person": "x"}).status_code == 404
    assert mette.post(step("who"), WHO).url == step("role")
    assert mette.post(step("who"), {**WHO, "same": foreign.pk}).status_code == 404
    assert mette.post(step("who"), {**WHO, "same": "x"}).status_code == 404
    organisation = OrganisationFactory(branch=koebenhavn)
    response = mette.post(step("role"), {**role, "programme": other_programme.pk, "organisation": organisation.pk})
    assert sorted(response.context["form"].errors) == ["organisation", "programme"]


def test_contact_persons_skip_the_wishes(mette, role, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg)
    mette.post(step("who"), WHO)
    response = mette.post(step("role"), {**role, "role": "contact", "organisation": organisation.pk})
    assert response.url == step("consent")
    assert mette.get(step("wishes")).url == step("consent")
    send(mette)
    assert Person.objects.get().organisation == organisation


def test_a_known_person_gets_the_organisation_of_the_new_role(mette, role, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg)
    organisation = OrganisationFactory(branch=tingbjerg)
    mette.post(begin(mette, person=known.pk), {**role, "role": "contact", "organisation": organisation.pk})
    response = send(mette)
    assert "Hodan Warsame har fået rollen." in mette.get(response.url).text
    known.refresh_from_db()
    assert known.organisation == organisation


def test_mentors_have_a_capacity(mette, role):
    fill(mette, {**role, "role": "mentor"}, wishes={**LANGUAGES, "capacity": "2"})
    send(mette)
    assert Enrolment.objects.get().capacity == 2


def test_a_language_twice_is_refused(mette, role):
    somali = TermFactory(kind="language", name="Somali")
    twice = {"languages-0-language": somali.pk, "languages-1-language": somali.pk}
    response = fill(mette, role, wishes={**LANGUAGES, **twice})
    assert "Et sprog står der to gange." in response.text


def test_the_draft_is_kept_and_can_be_deleted(mette, role):
    address = begin(mette, rolle="mentor")
    assert address == f"{step('who')}?rolle=mentor"
    assert f'action="{address}"' in mette.get(address).text
    mette.post(address, WHO)
    assert mette.get(step("role")).context["form"].initial["role"] == "mentor"
    assert mette.get(f"/personer/ny/{KEY}/").url == step("role")
    assert mette.post(f"/personer/ny/{KEY}/slet/").url == "/personer/"
    assert mette.get(f"/personer/ny/{KEY}/").url == step("who")
    assert mette.get(step("who")).context["form"].is_bound is False
    assert IntakeDraft.objects.count() == 0


def test_two_tabs_never_mix_two_people(mette, role):
    """Bent and Anna are typed at the same time, a step of one after a step of the other."""
    anna, bent = (str(uuid.uuid4()) for _number in range(2))
    topic = TermFactory()
    people = {
        anna: (WHO | {"first_name": "Anna"}, role, LANGUAGES | {"wish": "Et job"}, CONSENT),
        bent: (
            WHO | {"first_name": "Bent", "phones": "20 12 34 56"},
            role | {"role": "mentor"},
            LANGUAGES | {"topics": topic.pk, "capacity": "2"},
            CONSENT | {"share": "yes"},
        ),
    }
    for number, name in enumerate(STEP_SLUGS):
        for key, data in people.items():
            assert mette.post(step(name, key), data[number]).status_code == 302
    first, second = Enrolment.objects.order_by("person__first_name")
    assert (first.person.first_name, first.person.phones, first.role, first.wish, first.capacity) == (
        "Anna",
        ["+4557269617"],
        "mentee",
        "Et job",
        None,
    )
    assert (second.person.first_name, second.person.phones, second.role, second.wish, second.capacity) == (
        "Bent",
        ["+4520123456"],
        "mentor",
        "",
        2,
    )
    assert (list(first.terms.all()), list(second.terms.all())) == ([], [topic])
    given = [sorted(row.person.consents.values_list("kind", "is_given")) for row in (first, second)]
    assert given == [[("share", False), ("store", True)], [("share", True), ("store", True)]]


def test_a_draft_survives_signing_out(mette, coordinator, client, role):
    fill(mette, role)
    mette.post("/konto/logout/")
    assert mette.get(step("wishes")).url.startswith("/konto/login/")
    client.force_login(coordinator)
    assert client.get(f"/personer/ny/{KEY}/").url == step("consent")
    page = client.get("/personer/ny/", follow=True)
    assert [draft.name for draft in page.context["other_drafts"]] == ["Hodan Warsame"]
    assert f'<a href="/personer/ny/{KEY}/">Hodan Warsame</a>' in page.text
    assert "efter 30 dage" in page.text


def test_a_draft_is_seen_by_its_user_only(mette, client_of, role, tingbjerg):
    fill(mette, role)
    colleague = client_of(MembershipFactory(branch=tingbjerg).user)
    for name in STEP_SLUGS:
        assert colleague.get(step(name)).status_code == 404
        assert colleague.post(step(name), WHO).status_code == 404
    assert colleague.get(f"/personer/ny/{KEY}/").status_code == 404
    assert colleague.post(f"/personer/ny/{KEY}/slet/").status_code == 404
    assert colleague.get("/personer/ny/", follow=True).context["other_drafts"] == []
    assert IntakeDraft.objects.get().name == "Hodan Warsame"


def test_nothing_typed_is_in_the_session(mette, role):
    before = dict(mette.session)
    fill(mette, role)
    assert dict(mette.session) == before


def test_a_draft_changed_in_two_requests_keeps_the_steps_of_both(coordinator, tingbjerg):
    """Both requests read the draft before either stored its step."""
    draft = IntakeDraft(branch=tingbjerg, created_by=coordinator, wanted_role="mentor")
    same = IntakeDraft(key=draft.key, branch=tingbjerg, created_by=coordinator, wanted_role="mentor")
    services.save_draft_step(draft, "who", QueryDict("first_name=Anna&go=next&csrfmiddlewaretoken=x"))
    services.save_draft_step(same, "role", QueryDict("role=mentor"))
    stored = IntakeDraft.objects.get()
    assert stored.typed == {"who": {"first_name": ["Anna"]}, "role": {"role": ["mentor"]}}
    assert (stored.wanted_role, str(stored), stored.next_step) == ("mentor", "Anna", "wishes")


def test_drafts_are_deleted_after_30_days_without_a_change(coordinator, tingbjerg):
    now = clock.now()
    for days in (29, 31):
        changed = now - dt.timedelta(days=days)
        IntakeDraft.objects.create(branch=tingbjerg, created_by=coordinator, changed_at=changed)
    task = enqueue_task("delete_old_drafts")
    assert run_next()
    task.refresh_from_db()
    assert TASKS["delete_old_drafts"].result_words(task.result) == "Slettet: kladder 1."
    assert IntakeDraft.objects.get().changed_at == now - dt.timedelta(days=29)


def test_an_error_of_the_service_is_shown_on_the_last_page(mette, role, programme):
    """The person got the same role while the draft was open."""
    known = PersonFactory(home_branch=programme.branch)
    mette.post(begin(mette, person=known.pk), role)
    mette.post(step("wishes"), LANGUAGES)
    response = send(mette, {**CONSENT, "on": "x"})
    assert response.context["form"].errors["on"] == ["Skriv datoen som dag-måned-år, for eksempel 28-06-2011."]
    EnrolmentFactory(person=known, programme=programme)
    assert send(mette).url == step("role")


def test_known_people_are_suggested_while_the_name_is_typed(mette, tingbjerg, koebenhavn):
    PersonFactory(home_branch=tingbjerg, first_name="Åse", last_name="Møller")
    PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Fremmed")
    page = mette.get("/personer/ny/kendte/", {"first_name": "ase", "last_name": ""})
    assert [person.name for person, _facts in page.context["named"]] == ["Åse Møller"]
    page = mette.get("/personer/ny/kendte/", {"first_name": "\u200eÅse,", "last_name": "MØLLER"})
    assert [person.name for person, _facts in page.context["named"]] == ["Åse Møller"]
    assert "Samme person" in page.text
    page = mette.get("/personer/ny/kendte/", {"first_name": "Aase", "last_name": "Møler"})
    assert [person.name for person, _facts in page.context["named"]] == ["Åse Møller"]
    assert mette.get("/personer/ny/kendte/", {"first_name": "å"}).context["named"] == []
    assert mette.get("/personer/ny/kendte/", {"first_name": "zzz"}).context["named"] == []


def test_managers_cannot_open_the_intake(client_of, manager):
    client = client_of(manager)
    for address in ("/personer/ny/", step("who"), "/personer/ny/kendte/"):
        assert client.get(address).status_code == 403
    assert client.post(step("consent"), CONSENT).status_code == 403


# --- people who are known already -------------------------------------------------------------------

HODEN = {"first_name": "Hoden", "last_name": "Warsame", "phones": "57 26 96 17"}
LOOKUP = "/personer/ny/kendte/"


@pytest.fixture
def hodan(programme):
    """A stored mentee with the phone of the one being typed."""
    facts = {"person__phones": ["+4557269617"], "person__last_name": "Warsame", "person__birth_date": None}
    return EnrolmentFactory(programme=programme, **facts).person


def test_a_near_duplicate_is_asked_about_while_it_is_typed(mette, hodan):
    page = mette.get(LOOKUP, HODEN | {"kladde": KEY})
    assert (page.context["undecided"], page.context["named"]) == ([hodan], [])
    text = " ".join(page.text.replace("\xa0", " ").split())
    for words in ("1 ligner", "Ligner meget", "Samme telefon: 57 26 96 17", "Navnet ligner: Hoden, Hodan"):
        assert words in text, words
    assert text.count('name="same"') == text.count('name="household"') == text.count('name="different"') == 1
    assert f'hx-post="{step("who")}"' in page.text
    assert 'disabled aria-describedby="intake-reason"' in page.text
    assert "Svar først på »Kendt i forvejen?«." in page.text
    page = mette.get(LOOKUP, {"first_name": "Hoden", "kladde": "x"})
    assert ([person for person, _facts in page.context["named"]], page.context["undecided"]) == ([hodan], [])
    assert "disabled" not in page.text


def test_known_people_of_other_branches_are_named_by_branch_only(mette, koebenhavn):
    PersonFactory(home_branch=koebenhavn, last_name="Warsame", phones=["+4557269617"], case_number="K-2010-777")
    page = mette.get(LOOKUP, HODEN | {"first_name": "Hodan"})
    assert "Kendt i en anden afdeling: København. Spørg dem, før du opretter en ny." in page.text
    assert (page.context["alike"], "K-2010-777" in page.text) == ([], False)
    assert mette.post(step("who"), HODEN | {"first_name": "Hodan"}).url == step("role")


def test_intake_goes_on_only_after_an_answer(mette, role, hodan):
    response = mette.post(step("who"), HODEN)
    assert response.context["undecided"] == [hodan]
    assert response.context["form"].non_field_errors() == ["Svar først på »Kendt i forvejen?«."]
    assert "disabled aria" not in response.text  # without JavaScript the button asks again
    assert mette.get(step("who")).context["undecided"] == [hodan]
    assert mette.post(step("who"), HODEN | {"household": hodan.pk}).url == step("role")
    fill(mette, role, who=HODEN)
    send(mette)
    new = Person.objects.get(first_name="Hoden")
    pair = DistinctPeople.objects.get()
    assert ({pair.first, pair.second}, pair.is_household) == ({new, hodan}, True)
    assert [person for _pair, person in mette.get(f"/personer/{new.pk}/").context["household"]] == [hodan]


def test_an_answer_can_be_given_and_undone_in_place(mette, hodan):
    headers = {"HX-Request": "true"}
    page = mette.post(step("who"), HODEN | {"different": hodan.pk}, headers=headers)
    assert (page.context["undecided"], page.context["alike"][0][2]) == ([], "different")
    assert "En anden. Der spørges ikke igen." in page.text
    assert "data-focus" in page.text
    assert IntakeDraft.objects.get().answers == {str(hodan.pk): "different"}
    page = mette.post(step("who"), HODEN | {"unanswered": hodan.pk}, headers=headers)
    assert (page.context["undecided"], IntakeDraft.objects.get().answers) == ([hodan], {})
    assert mette.post(step("who"), HODEN | {"different": "x"}).status_code == 404


def test_a_person_created_meanwhile_is_asked_about_at_the_last_step(mette, role, programme):
    fill(mette, role, who=HODEN)
    known = EnrolmentFactory(programme=programme, person__phones=["+4557269617"], person__last_name="Warsame").person
    response = mette.post(step("consent"), CONSENT, follow=True)
    assert response.redirect_chain == [(step("who"), 302)]
    assert f"Hodan Warsame, {known.case_number}, ligner denne person. Er det den samme?" in response.text
    assert response.context["undecided"] == [known]
    assert Person.objects.count() == 1
    mette.post(step("who"), HODEN | {"different": known.pk})
    send(mette)
    assert (Person.objects.count(), DistinctPeople.objects.get().is_household) == (2, False)


@pytest.mark.django_db(transaction=True)
def test_two_users_who_create_one_person_at_once_make_one(coordinator, administrator, programme):
    start, asked, failed = threading.Barrier(2), [], []

    def press(by):
        try:
            start.wait()
            person = {"first_name": "Hodan", "last_name": "Warsame", "phones": ["+4557269617"]}
            services.complete_intake(by=by, person=person, enrolment={"programme": programme, "role": "mentee"})
        except UnansweredLikeness as error:
            asked.append(error.messages[0])
        except Exception as error:  # noqa: BLE001 - any other error fails the test below
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(by,)) for by in (coordinator, administrator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    person = Person.objects.get()
    assert (failed, asked) == ([], [f"Hodan Warsame, {person.case_number}, ligner denne person. Er det den samme?"])


@pytest.mark.parametrize("count", [6, 20])
def test_query_count_of_the_lookup(mette, programme, django_assert_num_queries, count):
    for _number in range(count):
        EnrolmentFactory(programme=programme, person__phones=["+4557269617"], person__last_name="Warsame")
    mette.get(LOOKUP, HODEN)
    with django_assert_num_queries(15):
        mette.get(LOOKUP, HODEN | {"kladde": KEY})
