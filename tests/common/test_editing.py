"""Two users who edit one record: who is asked, what is kept, and what the history says."""

import threading

import pytest
from django.db import connection
from django.test import Client

from common.editing import SEEN
from common.history import history_of
from common.journal import erase_values, recording
from common.models import Change
from demo.factories import EnrolmentFactory, MembershipFactory, OrganisationFactory, TermFactory, UserFactory
from people import services
from people.models import Enrolment, Person
from people.services import Skill
from tests.form_pages import PageForm, encoded, form_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(programme):
    return EnrolmentFactory(programme=programme, person__first_name="Hodan", person__last_name="Warsame")


@pytest.fixture
def person(enrolment):
    services.update_person(enrolment.person, by=None, address="Ruten 1", notes="Vil i praktik.", phones=["+4557269617"])
    return enrolment.person


@pytest.fixture
def hanne(tingbjerg):
    return MembershipFactory(branch=tingbjerg, user=UserFactory(name="Hanne Lund")).user


@pytest.fixture
def mette(client_of, coordinator):
    return client_of(coordinator)


@pytest.fixture
def path(person):
    return f"/personer/{person.pk}/rediger/"


@pytest.fixture
def opened(mette, path) -> PageForm:
    """The form that Mette has opened."""
    return form_with(mette.get(path), SEEN)


def post(client, path, data):
    return client.post(path, encoded(data), content_type="application/x-www-form-urlencoded")


def words_of(person, user) -> list[str]:
    """Return the texts of the last act in the history of a person."""
    [entry] = history_of(person, user)[:1]
    return [entry.title, *(f"{line.label}: {line.text}" for record in entry.records for line in record.lines)]


def test_page_groups_the_fields_and_says_who_and_when(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, address="Terrasserne 8", phones=["+4557269671"])
    page = post(mette, path, opened.filled(address="Terrasserne 9", town="Brønshøj"))
    shown = {
        state: [(line.label, line.before, line.theirs, line.mine) for line, _choice in lines]
        for state, lines in page.context["lines"].items()
        if state != "same"
    }
    assert shown == {
        "both": [("Adresse", "Ruten 1", "Terrasserne 8", "Terrasserne 9")],
        "theirs": [("Telefon", "57 26 96 17", "57 26 96 71", "57 26 96 17")],
        "mine": [("By", "", "", "Brønshøj")],
    }
    assert "I har begge rettet Hodan Warsame" in page.text
    assert "Hanne Lund gemte i dag kl." in page.text
    assert "Kun Hanne Lund har rettet · 1" in page.text
    assert f"{len(page.context['lines']['same'])} felter er ens" in page.text


def test_both_texts_are_kept_one_after_the_other_or_as_edited(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, notes="Har været i praktik.")
    page = post(mette, path, opened.filled(notes="Søger ind på sosu."))
    answer = form_with(page, "typed")
    assert answer.data["both-notes"] == ["Har været i praktik.\n\nSøger ind på sosu."]
    post(mette, path, answer.filled(**{"keep-notes": "both"}))
    person.refresh_from_db()
    assert person.notes.replace("\r\n", "\n") == "Har været i praktik.\n\nSøger ind på sosu."


def test_text_of_both_can_be_edited(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, notes="Har været i praktik.")
    answer = form_with(post(mette, path, opened.filled(notes="Søger ind på sosu.")), "typed")
    post(mette, path, answer.filled(**{"keep-notes": "both", "both-notes": "Praktik, så sosu."}))
    person.refresh_from_db()
    assert person.notes == "Praktik, så sosu."


def test_typed_text_that_is_not_chosen_stays_in_the_history(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, address="Terrasserne 8", notes="Har været i praktik.")
    page = post(mette, path, opened.filled(address="Terrasserne 9", notes="CPR 0305\u200b77-1234\x00"))
    answer = form_with(page, "typed").filled(**{"keep-address": "theirs", "keep-notes": "theirs"})
    assert post(mette, path, answer).status_code == 302
    person.refresh_from_db()
    assert (person.address, person.notes) == ("Terrasserne 8", "Har været i praktik.")
    assert words_of(person, hanne) == [
        "Valgte mellem to rettelser",
        "Adresse: skrevet, ikke valgt: Terrasserne 9",
        "Noter: skrevet, ikke valgt: CPR …",
    ]


def test_unchosen_text_is_erased_with_the_other_values_of_a_person(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, address="Terrasserne 8")
    answer = form_with(post(mette, path, opened.filled(address="Terrasserne 9")), "typed")
    post(mette, path, answer.filled(**{"keep-address": "theirs"}))
    with recording("erase", by=None):
        erase_values([person])
    assert words_of(person, hanne) == ["Valgte mellem to rettelser", ": slettet af hensyn til persondata"]
    assert not Change.objects.filter(before__icontains="Terrasserne 9").exists()


def test_an_own_save_in_another_tab_is_a_conflict_as_well(mette, person, path, opened):
    other = form_with(mette.get(path), SEEN)
    post(mette, path, other.filled(address="Terrasserne 8"))
    page = post(mette, path, opened.filled(address="Terrasserne 9"))
    assert page.status_code == 409
    assert page.context["editors"].is_oneself is True
    assert "Du har rettet Hodan Warsame i to faner" in page.text


def test_what_only_one_changed_is_merged_and_named(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, phones=["+4557269671"])
    response = post(mette, path, opened.filled(address="Terrasserne 9"))
    person.refresh_from_db()
    assert (person.address, person.phones) == ("Terrasserne 9", ["+4557269671"])
    assert "Hanne Lund havde imens rettet: Telefon. Begge rettelser er bevaret." in mette.get(response.url).text


def test_choice_against_a_change_of_the_other_only_is_stored(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, address="Terrasserne 8", phones=["+4557269671"])
    answer = form_with(post(mette, path, opened.filled(address="Terrasserne 9")), "typed")
    assert answer.data["keep-phones"] == ["theirs"]
    post(mette, path, answer.filled(**{"keep-address": "mine", "keep-phones": "mine"}))
    person.refresh_from_db()
    assert (person.address, person.phones) == ("Terrasserne 9", ["+4557269617"])


def test_a_third_change_is_asked_about_again(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, address="Terrasserne 8")
    answer = form_with(post(mette, path, opened.filled(address="Terrasserne 9")), "typed")
    services.update_person(person, by=hanne, address="Terrasserne 10")
    again = post(mette, path, answer.filled(**{"keep-address": "mine"}))
    assert again.status_code == 409
    [(line, _choice)] = again.context["lines"]["both"]
    assert (line.before, line.theirs, line.mine) == ("Terrasserne 8", "Terrasserne 10", "Terrasserne 9")


def test_what_was_typed_about_a_deleted_record_is_shown(mette, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg, name="Skolen")
    path = f"/personer/organisationer/{organisation.pk}/rediger/"
    form = form_with(mette.get(path), SEEN)
    organisation.delete()
    page = post(mette, path, form.filled(notes="Ring til Bodil først."))
    assert page.status_code == 404
    assert "Slettet eller flyttet imens" in page.text
    assert "Ring til Bodil først." in page.text
    assert mette.get(path).status_code == 404


def test_what_was_typed_about_a_record_that_was_moved_is_shown(
    mette, coordinator, other_branch_coordinator, koebenhavn, person, path, opened
):
    transfer = services.ask_transfer(person, by=coordinator, to=koebenhavn)
    Enrolment.objects.all().delete()
    services.answer_transfer(transfer, by=other_branch_coordinator, accepts=True)
    page = post(mette, path, opened.filled(notes="Ring til Bodil først."))
    assert page.status_code == 404
    assert ("Slettet eller flyttet imens" in page.text, "Ring til Bodil først." in page.text) == (True, True)
    person.refresh_from_db()
    assert person.notes == "Vil i praktik."
    assert mette.get(path).status_code == 404


def test_what_was_typed_is_shown_when_a_record_was_deleted_during_a_choice(mette, hanne, person, path, opened):
    services.update_person(person, by=hanne, notes="Har været i praktik.")
    answer = form_with(post(mette, path, opened.filled(notes="Søger ind på sosu.")), "typed")
    Enrolment.objects.all().delete()
    person.delete()
    page = post(mette, path, answer.filled(**{"keep-notes": "mine"}))
    assert ("Slettet eller flyttet imens" in page.text, "Søger ind på sosu." in page.text) == (True, True)


def test_languages_are_one_field(mette, hanne, enrolment, person):
    somali, danish = TermFactory(kind="language", name="Somali"), TermFactory(kind="language", name="Dansk")
    path = f"/personer/rolle/{enrolment.pk}/oensker/"
    form = form_with(mette.get(path), SEEN)
    services.set_languages(person, [Skill(somali, "native")], by=hanne)
    typed = {"languages-0-language": str(danish.pk), "languages-0-level": "good"}
    page = post(mette, path, form.filled(**typed))
    [(line, _choice)] = page.context["lines"]["both"]
    assert (line.label, line.theirs, line.mine) == ("Sprog", "Somali, Modersmål", "Dansk, Godt")
    assert page.context["editors"].names == ["Hanne Lund"]
    answer = form_with(page, "typed")
    post(mette, path, answer.filled(**{"keep-languages": "mine"}))
    assert [str(skill) for skill in person.languages.all()] == ["Dansk"]


def test_no_change_of_the_other_is_overwritten_by_an_untouched_formset(mette, hanne, enrolment, person):
    somali = TermFactory(kind="language", name="Somali")
    path = f"/personer/rolle/{enrolment.pk}/oensker/"
    form = form_with(mette.get(path), SEEN)
    services.set_languages(person, [Skill(somali, "native")], by=hanne)
    assert post(mette, path, form.filled(wish="Et job")).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.wish, [str(skill) for skill in person.languages.all()]) == ("Et job", ["Somali"])


@pytest.mark.parametrize("seen", ["", "x", "eyJ:x:y"])
def test_unreadable_values_of_a_page_store_what_is_typed(mette, person, path, opened, seen):
    assert post(mette, path, opened.filled(address="Terrasserne 9", seen=seen)).status_code == 302
    person.refresh_from_db()
    assert person.address == "Terrasserne 9"


def test_a_forged_answer_stores_nothing(mette, person, path, opened):
    response = post(mette, path, {SEEN: opened.data[SEEN], "typed": ["x"], "keep-address": ["mine"]})
    assert response.status_code in {200, 409}
    person.refresh_from_db()
    assert (person.first_name, person.address) == ("Hodan", "Ruten 1")


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_the_same_time_one_is_stored_and_the_other_asked(person, path, mette, opened, hanne):
    other = Client()
    other.force_login(hanne)
    theirs = form_with(other.get(path), SEEN)
    start, answers, failed = threading.Barrier(2), [], []

    def press(client, form, address):
        try:
            start.wait()
            answers.append((post(client, path, form.filled(address=address)).status_code, address))
        except Exception as error:  # noqa: BLE001 - the test shows it
            failed.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(mette, opened, "Terrasserne 9")),
        threading.Thread(target=press, args=(other, theirs, "Terrasserne 8")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(status for status, _address in answers) == [302, 409]
    assert Person.objects.get().address == dict(answers)[302]
