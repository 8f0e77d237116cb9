"""*Kendt i forvejen?*: people who may be the one being typed, and the three answers about each."""

import datetime as dt

import pytest

from demo.factories import EnrolmentFactory, OrganisationFactory, PersonFactory, TermFactory
from people.models import DistinctPeople, Draft, Person
from tests.people.intake import HODEN, KEY, LANGUAGES, PAGE, TYPING, WHO, errors_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mette(client_of, coordinator):
    return client_of(coordinator)


@pytest.fixture
def hodan(programme):
    """A stored mentee with the phone of the one being typed."""
    facts = {"person__phones": ["+4557269617"], "person__last_name": "Warsame", "person__birth_date": None}
    return EnrolmentFactory(programme=programme, **facts).person


@pytest.fixture
def typing(mette):
    """Return a function that types in the page, and returns what changes on it."""
    return lambda **words: mette.post(PAGE, words, headers=TYPING)


def named(answer) -> list[str]:
    return [person.name for person, _facts in answer.context["named"]]


def test_the_same_person_is_suggested_before_a_new_one_is_created(mette, programme):
    known = EnrolmentFactory(
        programme=programme, role="mentor", person__last_name="WARSAME", person__phones=["+4557269617"]
    ).person
    response = mette.post(PAGE, words_of(programme))
    assert response.context["undecided"] == [known]
    assert "Samme person" in response.text
    assert mette.post(PAGE, words_of(programme, same=known.pk)).url == PAGE
    page = mette.get(PAGE)
    assert (page.context["known_person"], "Tilføj rolle" in page.text) == (known, True)
    response = mette.post(PAGE, words_of(programme))
    assert response.url == f"/personer/{known.pk}/"
    assert sorted(known.enrolments.values_list("role", flat=True)) == ["mentee", "mentor"]
    assert Person.objects.count() == 1


def test_what_was_typed_about_a_known_person_is_added_to_the_case(mette, programme, tingbjerg):
    """She was invited to an event without an e-mail, and calls from a new phone."""
    known = PersonFactory(
        home_branch=tingbjerg, last_name="Warsame", gender="unknown", birth_date=None, phones=["+4520304050"], emails=[]
    )
    somali, dari = TermFactory(kind="language", name="Somali"), TermFactory(kind="language", name="Dari")
    known.languages.create(language=somali, level="native")
    words = words_of(programme, first_name="Hoden", **{"languages-0-language": dari.pk, "town": "Brønshøj"})
    known.town = "Tingbjerg"
    known.save()
    mette.post(PAGE, words | {"same": known.pk})
    page = mette.get(PAGE)
    assert page.context["typed_beside"] == [
        ("Fornavn", "Hoden", False),
        ("Køn", "Kvinde", True),
        ("Født", "3/5-77", True),
        ("Telefon", "57 26 96 17 (aften)", True),
        ("E-mail", "Hodan@Example.dk", True),
        ("By", "Brønshøj", False),
    ]
    mette.post(PAGE, words)
    known.refresh_from_db()
    assert (known.name, known.phones, known.emails, known.gender, known.birth_date, known.town) == (
        "Hodan Warsame",
        ["+4520304050", "+4557269617"],
        ["hodan@example.dk"],
        "woman",
        dt.date(1977, 5, 3),
        "Tingbjerg",
    )
    assert sorted(known.languages.values_list("language__name", "level")) == [("Dari", "unknown"), ("Somali", "native")]


def test_two_different_people_may_share_name_and_phone(mette, programme, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg, case_number="T-2010-900", phones=["+4557269617"])
    mette.post(PAGE, words_of(programme))
    assert mette.post(PAGE, words_of(programme, different=known.pk)).url == PAGE
    mette.post(PAGE, words_of(programme))
    assert Person.objects.exclude(pk=known.pk).get().name == "Hodan Warsame"


def test_a_relative_with_one_name_and_phone_is_asked_about_and_never_taken(mette, programme, tingbjerg):
    mother = PersonFactory(
        home_branch=tingbjerg, last_name="Warsame", phones=["+4557269617"], birth_date=dt.date(1948, 3, 9)
    )
    response = mette.post(PAGE, words_of(programme))
    assert response.context["undecided"] == [mother]
    assert "Anden fødselsdag: 9.\xa0marts 1948" in response.text
    mette.post(PAGE, words_of(programme, different=mother.pk))
    mette.post(PAGE, words_of(programme))
    assert sorted(Person.objects.values_list("birth_date", flat=True)) == [dt.date(1948, 3, 9), dt.date(1977, 5, 3)]


def test_the_known_person_can_be_changed(mette, programme, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg)
    address = f"{PAGE}?person={known.pk}"
    assert mette.get(address).context["known_person"] == known
    assert Draft.objects.count() == 0
    assert mette.post(address, LANGUAGES | {"someone_else": "1"}).url == PAGE
    assert "known_person" not in mette.get(PAGE).context


def test_foreign_people_are_refused(mette, programme, koebenhavn):
    foreign = PersonFactory(home_branch=koebenhavn, phones=["+4557269617"])
    assert mette.get(PAGE, {"person": foreign.pk}).status_code == 404
    assert mette.get(PAGE, {"person": "x"}).status_code == 404
    for answer in ("same", "different"):
        assert mette.post(PAGE, WHO | {answer: foreign.pk}).status_code == 404
        assert mette.post(PAGE, WHO | {answer: "x"}).status_code == 404
    assert (Draft.objects.get().known_person, Draft.objects.get().answers) == (None, {})


def test_a_known_person_gets_the_organisation_of_the_new_role(mette, programme, tingbjerg):
    known = PersonFactory(home_branch=tingbjerg)
    organisation = OrganisationFactory(branch=tingbjerg)
    words = words_of(programme, role="contact", organisation=organisation.pk)
    response = mette.post(f"{PAGE}?person={known.pk}", words)
    assert "Hodan Warsame har fået rollen." in mette.get(response.url).text
    known.refresh_from_db()
    assert known.organisation == organisation


def test_known_people_are_suggested_while_the_name_is_typed(typing, tingbjerg, koebenhavn):
    PersonFactory(home_branch=tingbjerg, first_name="Åse", last_name="Møller")
    PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Fremmed")
    assert named(typing(first_name="ase", last_name="")) == ["Åse Møller"]
    answer = typing(first_name="\u200eÅse,", last_name="MØLLER")
    assert (named(answer), "Samme person" in answer.text) == (["Åse Møller"], True)
    assert named(typing(first_name="Aase", last_name="Møler")) == ["Åse Møller"]
    assert named(typing(first_name="å")) == []
    assert named(typing(first_name="zzz")) == []


def test_a_near_duplicate_is_asked_about_while_it_is_typed(typing, hodan):
    answer = typing(**HODEN)
    assert (answer.context["undecided"], answer.context["named"]) == ([hodan], [])
    text = " ".join(answer.text.replace("\xa0", " ").split())
    for words in ("1 ligner", "Ligner meget", "Samme telefon: 57 26 96 17", "Navnet ligner: Hoden, Hodan"):
        assert words in text, words
    assert text.count('name="same"') == text.count('name="household"') == text.count('name="different"') == 1
    assert f'hx-post="{PAGE}"' in answer.text
    assert 'disabled aria-describedby="intake-reason"' in answer.text
    assert "Svar først på »Kendt i forvejen?«." in answer.text
    answer = typing(first_name="Hoden")
    assert ([person for person, _facts in answer.context["named"]], answer.context["undecided"]) == ([hodan], [])
    assert "disabled" not in answer.text


def test_known_people_of_other_branches_are_named_by_branch_only(mette, typing, programme, koebenhavn):
    PersonFactory(home_branch=koebenhavn, last_name="Warsame", phones=["+4557269617"], case_number="K-2010-777")
    answer = typing(**HODEN | {"first_name": "Hodan"})
    assert "Kendt i en anden afdeling: København. Spørg dem, før du opretter en ny." in answer.text
    assert (answer.context["alike"], "K-2010-777" in answer.text) == ([], False)
    assert mette.post(PAGE, words_of(programme)).status_code == 302


def test_a_person_is_created_only_after_an_answer(mette, programme, hodan):
    words = words_of(programme, **HODEN)
    response = mette.post(PAGE, words)
    assert response.context["undecided"] == [hodan]
    assert response.context["form"].non_field_errors == ["Svar først på »Kendt i forvejen?«."]
    assert (errors_of(response), Person.objects.count()) == ({}, 1)
    assert "disabled aria" not in response.text  # without JavaScript the button asks again
    assert mette.get(PAGE).context["undecided"] == [hodan]
    assert mette.post(PAGE, words | {"household": hodan.pk}).url == PAGE
    mette.post(PAGE, words)
    new = Person.objects.get(first_name="Hoden")
    pair = DistinctPeople.objects.get()
    assert ({pair.first, pair.second}, pair.is_household) == ({new, hodan}, True)
    assert [person for _pair, person in mette.get(f"/personer/{new.pk}/").context["household"]] == [hodan]


def test_an_answer_can_be_given_and_undone_in_place(mette, typing, hodan):
    answer = typing(**HODEN, different=hodan.pk)
    assert (answer.context["undecided"], answer.context["alike"][0][2]) == ([], "different")
    assert "En anden. Der spørges ikke igen." in answer.text
    assert "data-focus" in answer.text
    assert Draft.objects.get().answers == {str(hodan.pk): "different"}
    answer = typing(**HODEN, unanswered=hodan.pk)
    assert (answer.context["undecided"], Draft.objects.get().answers) == ([hodan], {})


def test_a_person_created_meanwhile_is_asked_about_when_it_is_saved(mette, programme, monkeypatch):
    """A colleague creates the person after the page has looked, and before it saves."""
    known = EnrolmentFactory(programme=programme, person__phones=["+4557269617"], person__last_name="Warsame").person
    monkeypatch.setattr("people.views.intake.known_people", lambda user, draft: {"undecided": []})
    response = mette.post(PAGE, words_of(programme, **HODEN))
    assert response.context["form"].non_field_errors == [
        f"Hodan Warsame, {known.case_number}, ligner denne person. Er det den samme?"
    ]
    assert Person.objects.count() == 1
    monkeypatch.undo()
    mette.post(PAGE, words_of(programme, **HODEN, different=known.pk))
    mette.post(PAGE, words_of(programme, **HODEN))
    assert (Person.objects.count(), DistinctPeople.objects.get().is_household) == (2, False)


@pytest.mark.parametrize("count", [6, 20])
def test_query_count_while_typing(mette, typing, programme, django_assert_num_queries, count):
    for _number in range(count):
        EnrolmentFactory(programme=programme, person__phones=["+4557269617"], person__last_name="Warsame")
    typing(**HODEN)
    with django_assert_num_queries(33):
        typing(**HODEN)
    assert str(Draft.objects.get().key) == KEY
