"""The pages of merging: choosing, comparing, merging, undoing, possible duplicates."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import EnrolmentFactory, MatchFactory, OrganisationFactory, PersonFactory, TermFactory
from people.duplicates import like_pairs
from people.enums import TermKind
from people.models import DistinctPeople, LanguageSkill, Person, PersonMerge
from people.services.merging import mark_distinct, merge_people, undo_merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(programme):
    return PersonFactory(home_branch=programme.branch, case_number="T-2010-031", last_name="Kjærgaard", emails=[])


@pytest.fixture
def other(programme):
    return PersonFactory(
        home_branch=programme.branch, case_number="T-2010-012", last_name="Kjærgård", emails=["a.k@example.dk"]
    )


def url(name, *people):
    return reverse(f"people:{name}", args=[person.pk for person in people])


def text_of(response) -> str:
    """Return the text of the page without tags."""
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\xa0", " ").split())


# --- choosing the other person ------------------------------------------------------------------------


def test_people_who_look_alike_are_suggested(client_of, coordinator, kept, other):
    page = text_of(client_of(coordinator).get(url("merge-choose", kept)))
    assert "Ligner samme person" in page
    assert "T-2010-012 · Ens: navn og fødselsdag" in page


def test_the_search_finds_other_people_of_the_branch(client_of, coordinator, kept, other, koebenhavn, monkeypatch):
    PersonFactory(home_branch=koebenhavn, last_name="Kjærgård", case_number="K-2010-001")
    client = client_of(coordinator)
    page = text_of(client.get(url("merge-choose", kept), {"soeg": "kjærg"}))
    assert "T-2010-012" in page
    assert "K-2010-001" not in page
    record = AccessRecord.objects.first()
    assert (record.kind, record.detail, record.count) == ("search", "kjærg", 1)
    monkeypatch.setattr("people.views.merging.MOST_FOUND", 1)
    PersonFactory(home_branch=kept.home_branch, last_name="Kjærgaard")
    assert "Der er flere." in text_of(client.get(url("merge-choose", kept), {"soeg": "kjærg"}))
    assert "Ingen anden i afdelingen passer til »xyz«." in text_of(
        client.get(url("merge-choose", kept), {"soeg": "xyz"})
    )


def test_only_the_search_is_shown_when_no_person_is_alike(client_of, coordinator, kept):
    assert "Find personens anden sag." in text_of(client_of(coordinator).get(url("merge-choose", kept)))


# --- comparing ----------------------------------------------------------------------------------------


def test_the_page_compares_two_people(client_of, coordinator, kept, other, programme, tingbjerg):
    danish = TermFactory(kind=TermKind.LANGUAGE, name="Dansk")
    LanguageSkill.objects.create(person=kept, language=danish)
    EnrolmentFactory(person=kept, programme=programme, role="contact", status="applied")
    EnrolmentFactory(person=other, programme=programme, role="mentor")
    organisation = OrganisationFactory(branch=tingbjerg, name="Biblioteket")
    Person.objects.filter(pk=other.pk).update(birth_date=None, birth_year=1977, organisation=organisation)
    Person.objects.filter(pk=kept.pk).update(phones=["+4550252858"], address="Ruten 2", best_reached="aften")
    Person.objects.filter(pk=other.pk).update(phones=["+4550252858", "+4550252859"], postcode="2700")
    response = client_of(coordinator).get(url("merge", kept, other))
    lines = {
        line.label: (line.kept, line.other, line.outcome, line.result) for line, _field in response.context["details"]
    }
    assert {label: tuple(text.replace("\xa0", " ") for text in line) for label, line in lines.items()} == {
        "Navn": ("Hodan Kjærgaard", "Hodan Kjærgård", "choose", "Hodan Kjærgaard"),
        "Køn": ("Kvinde", "Kvinde", "same", "Kvinde"),
        "Født": ("3. maj 1977", "1977", "kept", "3. maj 1977"),
        "Telefon": ("50 25 28 58", "50 25 28 58, 50 25 28 59", "added", "50 25 28 58, 50 25 28 59"),
        "E-mail": ("", "a.k@example.dk", "added", "a.k@example.dk"),
        "Træffes bedst": ("aften", "", "kept", "aften"),
        "Adresse": ("Ruten 2", "2700", "joined", "Ruten 2, 2700"),
        "Organisation": ("", "Biblioteket", "added", "Biblioteket"),
        "Sprog": ("Dansk", "", "kept", "Dansk"),
        "Rolle": (
            "Kontaktperson i Mentornetværket Tingbjerg", "Mentor i Mentornetværket Tingbjerg", "joined",
            "Kontaktperson i Mentornetværket Tingbjerg, Mentor i Mentornetværket Tingbjerg",
        ),
    }  # fmt: skip
    page = text_of(response)
    assert "T-2010-012 lægges ind i T-2010-031. Et tomt felt sletter aldrig noget." in page
    assert "a.k@example.dk tilføjes" in page
    reads = AccessRecord.objects.filter(kind="read").order_by("pk").values_list("case_number", flat=True)
    assert list(reads) == ["T-2010-031", "T-2010-012"]


@pytest.mark.parametrize("count", [1, 50])
def test_query_count_of_the_page(client_of, coordinator, kept, other, programme, django_assert_num_queries, count):
    for number in range(count):
        term = TermFactory(kind=TermKind.LANGUAGE, name=f"Sprog {number}")
        LanguageSkill.objects.create(person=other, language=term)
        MatchFactory(programme=programme, mentee=other, mentor_place=None, status="declined")
    client = client_of(coordinator)
    client.get(url("duplicate-count"))
    with django_assert_num_queries(28):
        client.get(url("merge", kept, other))


def test_options_show_the_resulting_value(client_of, coordinator, kept, other):
    """A blank never erases: choosing a name without a last name keeps the other last name."""
    Person.objects.filter(pk=other.pk).update(first_name="Hodaan", last_name="", address="Ruten 9", postcode="2700")
    Person.objects.filter(pk=kept.pk).update(address="Ruten 2", town="Herlev", phones=[])
    response = client_of(coordinator).get(url("merge", kept, other))
    options = {line.label: line.options for line, _field in response.context["details"] if line.outcome == "choose"}
    assert options == {
        "Navn": [("kept", "Hodan Kjærgaard"), ("other", "Hodaan Kjærgaard")],
        "Adresse": [("kept", "Ruten 2, Herlev"), ("other", "Ruten 9, 2700")],
    }


def test_a_refused_merge_shows_the_reason(client_of, coordinator, kept, other, programme):
    MatchFactory(programme=programme, mentor=kept, mentee=other, number="M-1")
    client = client_of(coordinator)
    page = text_of(client.get(url("merge", kept, other)))
    assert "De to er mentor og mentee i match M-1, så de er to personer." in page
    assert "Samme person, læg sammen" not in page
    page = text_of(client.post(url("merge", kept, other)))
    assert "De to er mentor og mentee i match M-1, så de er to personer." in page
    assert "Vælg en anden: Det er den samme person." in text_of(client.get(url("merge", kept, kept)))


# --- merging ------------------------------------------------------------------------------------------


def test_merging_stores_the_choices_and_offers_to_undo(client_of, coordinator, kept, other):
    client = client_of(coordinator)
    form = client.get(url("merge", kept, other)).context["form"]
    sent = {"once": str(form["once"].value()), "number": "T-2010-012", "name": "other", "phones": ""}
    response = client.post(url("merge", kept, other), sent, follow=True)
    merge = PersonMerge.objects.get()
    assert response.redirect_chain == [(url("person-detail", kept), 302)]
    page = text_of(response)
    assert "T-2010-012 er lagt sammen med T-2010-031. Fortryd" in page
    assert "T-2010-031 · Også sag T-2010-012" in page
    assert "Lagt sammen med T-2010-012 Mette Sørensen" in page
    assert "Fortryd sammenlægning" in page
    kept.refresh_from_db()
    assert (kept.name, kept.emails) == ("Hodan Kjærgård", ["a.k@example.dk"])
    # sending the form again redirects to the same page and merges nothing
    assert client.post(url("merge", kept, other), sent).headers["Location"] == url("person-detail", kept)
    assert list(PersonMerge.objects.all()) == [merge]
    # the toast's Undo
    response = client.post(url("merge-undo", merge), follow=True)
    page = text_of(response)
    assert "T-2010-012 er sin egen sag igen: Hodan Kjærgård ." in page
    assert "Sammenlægningen med T-2010-012 blev fortrudt Mette Sørensen" in page
    assert Person.objects.get(case_number="T-2010-012").pk == other.pk


def test_an_invalid_choice_is_an_error_in_the_form(client_of, coordinator, kept, other):
    response = client_of(coordinator).post(url("merge", kept, other), {"name": "both"})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["name"]
    assert not PersonMerge.objects.exists()


def test_a_merge_by_a_colleague_is_reported(client_of, coordinator, administrator, kept, other):
    merge_people(kept, other, by=administrator)
    client = client_of(coordinator)
    sent = {"once": str(uuid.uuid4()), "number": "T-2010-012"}
    response = client.post(f"/personer/{kept.pk}/laeg-sammen/{10_000}/", sent, follow=True)
    assert re.search(r"Hanne Lund lagde T-2010-012 sammen med Hodan Kjærgaard .*\d", text_of(response))
    assert client.post(f"/personer/{kept.pk}/laeg-sammen/{10_000}/").status_code == 404
    assert client.post(f"/personer/{'9' * 25}/laeg-sammen/{'9' * 25}/").status_code == 404


def test_other_branches_get_404(client_of, other_branch_coordinator, kept, other, koebenhavn):
    client = client_of(other_branch_coordinator)
    merge = merge_people(kept, PersonFactory(home_branch=kept.home_branch), by=None)
    mine = PersonFactory(home_branch=koebenhavn)
    for address in (url("merge", kept, other), url("merge", mine, other), url("merge-undo", merge)):
        assert client.get(address).status_code == 404
    assert client.post(url("mark-distinct", mine, other)).status_code == 404


# --- undoing ------------------------------------------------------------------------------------------


def test_undoing_asks_first_and_reports_what_was_kept(client_of, coordinator, kept, other):
    merge = merge_people(kept, other, by=coordinator)
    client = client_of(coordinator)
    page = text_of(client.get(url("merge-undo", merge)))
    assert "Skal T-2010-012 være sin egen sag igen?" in page
    Person.objects.filter(pk=kept.pk).update(emails=["ny@example.dk"])
    page = text_of(client.post(url("merge-undo", merge), follow=True))
    assert "Person: e-mailadresser er ændret efter sammenlægningen og bliver stående." in page
    assert "Sammenlægningen er allerede fortrudt." in text_of(client.get(url("merge-undo", merge)))
    assert "Sammenlægningen er allerede fortrudt." in text_of(client.post(url("merge-undo", merge), follow=True))


def test_a_merge_by_a_command_names_no_user(client_of, coordinator, kept, other):
    merge = merge_people(kept, other, by=None)
    page = text_of(client_of(coordinator).get(url("person-detail", kept)))
    assert re.search(r"Lagt sammen med T-2010-012 den \d+\. \w+( \d+)?\. Fortryd sammenlægning", page)
    PersonMerge.objects.filter(pk=merge.pk).update(act=None)  # came from another house, in a file
    assert "Fortryd sammenlægning" not in text_of(client_of(coordinator).get(url("person-detail", kept)))


# --- possible duplicates ------------------------------------------------------------------------------


def test_the_pairs_of_the_branch_are_listed(client_of, coordinator, kept, other, koebenhavn):
    for _n in range(2):
        PersonFactory(home_branch=koebenhavn, first_name="Bo", last_name="Friis")
    page = text_of(client_of(coordinator).get(url("duplicate-list")))
    assert "1 par ligner samme person i to sager." in page
    assert "Ens: navn og fødselsdag" in page
    assert "Friis" not in page
    record = AccessRecord.objects.get()
    assert (record.kind, record.detail, record.count) == ("search", "Mulige dubletter", 2)


def test_texts_of_an_empty_list_and_of_a_large_branch(client_of, coordinator, kept, monkeypatch):
    client = client_of(coordinator)
    assert "Ingen mulige dubletter" in text_of(client.get(url("duplicate-list")))
    PersonFactory(home_branch=kept.home_branch, first_name="Bo", birth_date=dt.date(1950, 1, 2))
    monkeypatch.setattr("people.views.merging.MOST_COMPARED", 1)
    assert "Blandt de 1 nyeste af 2 personer." in text_of(client.get(url("duplicate-list")))


def test_query_count_of_the_list(client_of, coordinator, tingbjerg, kept, other, django_assert_num_queries):
    client = client_of(coordinator)
    client.get(url("duplicate-list"))
    with django_assert_num_queries(12):
        client.get(url("duplicate-list"))
    for number in range(50):
        born = dt.date(1950, 3, 2) + dt.timedelta(days=400 * number)
        for _n in range(2):
            PersonFactory(home_branch=tingbjerg, last_name="Holm", birth_date=born)
    with django_assert_num_queries(12):
        response = client.get(url("duplicate-list"))
    assert (response.context["total"], len(response.context["pairs"])) == (51, 20)


def test_distinct_people_are_hidden_until_it_is_undone(client_of, coordinator, kept, other):
    client = client_of(coordinator)
    page = text_of(client.post(url("mark-distinct", kept, other), follow=True))
    assert "Hodan Kjærgaard og Hodan Kjærgård er to personer. Fortryd" in page
    assert "Ingen mulige dubletter" in page
    pair = DistinctPeople.objects.get()
    page = text_of(client.post(url("unmark-distinct", pair), follow=True))
    assert "De to står igen under mulige dubletter." in page
    assert "1 par ligner samme person i to sager." in page


def test_same_household_is_a_third_answer(client_of, coordinator, kept, other):
    client = client_of(coordinator)
    assert client.get(url("duplicate-list")).text.count('name="household"') == 1
    assert client.get(url("merge", kept, other)).text.count('name="household"') == 1
    page = text_of(client.post(url("mark-distinct", kept, other), {"household": "1"}, follow=True))
    assert "Hodan Kjærgaard og Hodan Kjærgård er to personer i samme husstand. Fortryd" in page
    assert "Ingen mulige dubletter" in page
    assert DistinctPeople.objects.get().is_household is True


def test_the_household_is_on_each_persons_page(client_of, coordinator, kept, other):
    pair = mark_distinct(kept, other, by=coordinator, is_household=True)
    client = client_of(coordinator)
    for person, shown in ((kept, other), (other, kept)):
        page = client.get(url("person-detail", person))
        assert [found for _pair, found in page.context["household"]] == [shown]
        assert f"Samme husstand {shown.name} Ikke samme husstand : {shown.name}" in text_of(page)
    response = client.post(url("unmark-distinct", pair), {"person": other.pk})
    assert response.url == url("person-detail", other)
    assert client.get(url("person-detail", kept)).context["household"] == []


def test_distinct_people_are_no_household(client_of, coordinator, kept, other):
    mark_distinct(kept, other, by=coordinator)
    assert client_of(coordinator).get(url("person-detail", kept)).context["household"] == []


def test_people_merged_meanwhile_are_reported_or_left_out(client_of, coordinator, kept, other, monkeypatch):
    client = client_of(coordinator)

    def after_a_merge(act):
        def act_late(*args, **options):
            found = act(*args, **options) if act is like_pairs else None
            merge_people(kept, other, by=None)
            return found if act is like_pairs else act(*args, **options)

        return act_late

    monkeypatch.setattr("people.views.merging.like_pairs", after_a_merge(like_pairs))
    assert client.get(url("duplicate-list")).context["pairs"] == []
    undo_merge(PersonMerge.objects.get(), by=None)
    monkeypatch.undo()
    monkeypatch.setattr("people.views.merging.mark_distinct", after_a_merge(mark_distinct))
    response = client.post(url("mark-distinct", kept, other), follow=True)
    assert response.redirect_chain == [(url("duplicate-list"), 302)]
    sentence = "T-2010-012 findes ikke længere: En anden har netop lagt sagen sammen eller slettet den."
    assert sentence in text_of(response)
    assert not DistinctPeople.objects.exists()


def test_the_link_shows_the_number_of_pairs(client_of, coordinator, administrator, kept, other):
    client = client_of(coordinator)
    assert url("duplicate-list") in client.get(url("person-list")).content.decode()
    assert text_of(client.get(url("duplicate-count"))) == "1"
    mark_distinct(kept, other, by=coordinator)
    assert text_of(client.get(url("duplicate-count"))) == ""
    assert "Mulige dubletter" in text_of(client_of(administrator).get(reverse("accounts:administration")))


def test_sentences_above_possible_duplicates_are_separated(admin, tingbjerg, monkeypatch):
    monkeypatch.setattr("people.views.merging.MOST_COMPARED", 2)
    for _person in range(3):
        PersonFactory(home_branch=tingbjerg, birth_date=dt.date(1977, 5, 3))
    text = " ".join(admin.get(url("duplicate-list")).text.replace("\xa0", " ").split())
    assert "Blandt de 2 nyeste af 3 personer. 3 par ligner" in text
