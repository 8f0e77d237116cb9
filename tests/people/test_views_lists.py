import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AccessRecord
from accounts.roles import Verb
from demo.factories import EnrolmentFactory, MentorFactory, OrganisationFactory, PersonFactory, TermFactory
from people import querysets
from people.models import LanguageSkill, Person

pytestmark = pytest.mark.django_db
LIST = "/personer/"
QUERIES = 16


def named(name, **fields):
    first, _, last = name.partition(" ")
    return EnrolmentFactory(person__first_name=first, person__last_name=last, **fields)


def names(response):
    return [row.record.name for row in response.context["table"].paginated_rows]


def test_list_shows_the_branch_by_name_and_counts_roles(client_of, coordinator, programme, other_programme):
    named("Åse Møller", programme=programme)
    named("Hodan Warsame", programme=programme, role="contact")
    named("Karen Fremmed", programme=other_programme)
    response = client_of(coordinator).get(LIST)
    assert names(response) == ["Hodan Warsame", "Åse Møller"]
    assert [(tab["role"], tab["count"]) for tab in response.context["tabs"]] == [
        ("mentee", 1),
        ("mentor", 0),
        ("contact", 1),
        ("", None),
    ]
    assert "Fremmed" not in response.text


@pytest.mark.parametrize("words", ["ågård", "AAGAARD", "MØLLER", "Moller", "T-2011-777", "57 26 96 17", "57269617"])
def test_search_finds_people_in_any_spelling(client_of, coordinator, programme, words):
    named(
        "Åse Møller Ågård",
        programme=programme,
        person__case_number="T-2011-777",
        person__phones=["+4557269617"],
    )
    named("Karen Dahl", programme=programme)
    response = client_of(coordinator).get(LIST, {"soeg": words})
    assert names(response) == ["Åse Møller Ågård"]
    record = AccessRecord.objects.get()
    assert (record.kind, record.detail, record.count) == ("search", words, 1)


@pytest.mark.parametrize(
    "words",
    ["+45 20 12 34 56", "0045 20123456", "20-12-34-56", "45 20123456", "tlf. 20123456", "٢٠١٢٣٤٥٦", "<a@b.dk>",
     "mailto:A@B.dk", "Ågård, Åse", "Møller-Ågård", "t2011777", "T 2011 777", "Åse, mobil 20 12 34 56"],
)  # fmt: skip
def test_search_reads_words_as_they_are_stored(client_of, coordinator, programme, words):
    named(
        "Åse Møller Ågård",
        programme=programme,
        person__case_number="T-2011-777",
        person__phones=["+4520123456"],
        person__emails=["a@b.dk"],
    )
    named("Karen Dahl", programme=programme, person__emails=["karen@b.dk"], person__phones=["+4520123457"])
    assert names(client_of(coordinator).get(LIST, {"soeg": words})) == ["Åse Møller Ågård"]


@pytest.mark.parametrize(
    ("stored", "words"),
    [("Anne-Marie O\u2019Brien", "obrien anne marie"), ("Pat OBrien", "O'Brien"), ("Anne Marie Koed", "anne-marie"),
     ("Søren Ågård", "Soeren"), ("Soeren Dahl", "sören"), ("علی مصطفی", "علي مصطفى"), ("فاطمة أحمد", "فاطمه احمد")],
)  # fmt: skip
def test_search_finds_names_of_any_keyboard(client_of, coordinator, programme, stored, words):
    person = named(stored, programme=programme).person
    named("Karen Lund", programme=programme)
    assert names(client_of(coordinator).get(LIST, {"soeg": words})) == [person.name]


@pytest.mark.parametrize(
    ("stored", "words"),
    [("Abdi Warsame", "cabdi"), ("Cabdi Warsame", "Abdi Varsame"), ("Hassan Ali", "xasan"), ("Omar Nur", "Cumar Nur"),
     ("Mohamed Nur", "maxamed"), ("Fatuma Nur", "Faadumo"), ("Birthe Holm", "Birhte Holm")],
)  # fmt: skip
def test_search_without_a_result_suggests_names_that_sound_alike(
    client_of, coordinator, programme, other_programme, stored, words
):
    person = named(stored, programme=programme).person
    named(stored, programme=other_programme)
    named("Karen Lund", programme=programme)
    response = client_of(coordinator).get(LIST, {"soeg": words})
    assert (names(response), response.context["alike"]) == ([], [person])
    assert f'<a href="/personer/{person.pk}/">{stored}</a>' in response.text
    assert client_of(coordinator).get(LIST, {"soeg": "qqq"}).context["alike"] == []
    assert client_of(coordinator).get(LIST, {"soeg": stored}).context["alike"] == []


def test_names_that_sound_alike_are_suggested_beside_what_is_found(client_of, coordinator, programme):
    found = named("Hodan Warsame", programme=programme).person
    alike = ("Hoden Varsame", "Hodan Warsami", "Hoddan Warsame", "Hodaan Varsame")
    others = [named(name, programme=programme).person for name in alike]
    response = client_of(coordinator).get(LIST, {"soeg": "hodan warsame"})
    assert (names(response), len(response.context["alike"])) == ([found.name], 3)
    assert set(response.context["alike"]) < set(others)
    assert "Mente du også:" in response.text
    assert "Mente du også:" not in client_of(coordinator).get(LIST, {"soeg": "Karen"}).text


def test_a_full_page_of_results_has_no_suggestions(client_of, coordinator, programme, monkeypatch):
    for name in ("Hodan Warsame", "Hodan Nur", "Hoden Ali"):
        named(name, programme=programme)
    client = client_of(coordinator)
    assert [person.name for person in client.get(LIST, {"soeg": "hodan"}).context["alike"]] == ["Hoden Ali"]
    monkeypatch.setattr("people.views.lists.PER_PAGE", 1)
    assert client.get(LIST, {"soeg": "hodan"}).context["alike"] == []


def test_a_cpr_number_in_the_search_is_not_logged(client_of, coordinator):
    client_of(coordinator).get(LIST, {"soeg": "030577-1234"})
    assert "030577" not in AccessRecord.objects.get().detail


def test_filters_must_hold_for_the_same_enrolment(client_of, coordinator, programme):
    jobs, tingbjerg = TermFactory(), TermFactory(kind="area", name="Tingbjerg")
    somali = TermFactory(kind="language", name="Somali")
    wanted = named("Ali Nur", programme=programme, terms=[jobs, tingbjerg], waiting_since=dt.date(2011, 4, 20))
    LanguageSkill.objects.create(person=wanted.person, language=somali)
    # the same terms, but on the enrolment as mentor
    both = named("Zainab Ali", programme=programme, person__gender="man", waiting_since=dt.date(2011, 9, 1))
    MentorFactory(programme=programme, person=both.person, terms=[jobs, tingbjerg])
    client = client_of(coordinator)
    for query in (
        {"rolle": "mentee", "emne": jobs.pk},
        {"rolle": "mentee", "omraade": tingbjerg.pk},
        {"rolle": "mentee", "ventet": "90"},
        {"koen": "woman"},
        {"sprog": somali.pk},
    ):
        assert names(client.get(LIST, query)) == ["Ali Nur"], query
    for query in ({"emne": jobs.pk}, {"indsats": programme.pk}, {"status": "waiting"}, {"emne": "99999"}):
        assert names(client.get(LIST, query)) == ["Ali Nur", "Zainab Ali"], query


def test_tabs_sorting_and_export_keep_the_filters(client_of, coordinator, programme):
    named("Ali Nur", programme=programme)
    response = client_of(coordinator).get(LIST, {"soeg": "ali", "koen": "woman"})
    for address in (
        "/personer/?soeg=ali&amp;koen=woman&amp;rolle=mentee",
        "/personer/hent/?soeg=ali&amp;koen=woman",
        "?soeg=ali&amp;koen=woman&amp;sorter=sag",
    ):
        assert address in response.text


DANES = ["Aase Zahle", "Zahra Dahl", "anna Åberg", "Ægir Bech", "Øjvind Aagaard", "Søren Ærø", "Ali Østergaard"]


def test_people_sort_in_danish_by_first_or_last_name(client_of, coordinator, programme):
    for name in DANES:
        named(name, programme=programme)
    client = client_of(coordinator)
    by_first_name = ["Ali", "anna", "Søren", "Zahra", "Ægir", "Øjvind", "Aase"]
    by_last_name = ["Ægir", "Zahra", "Aase", "Søren", "Ali", "anna", "Øjvind"]
    orders = {"": by_first_name, "last_name": by_last_name, "-last_name": by_last_name[::-1]}
    for order, expected in orders.items():
        assert [name.split()[0] for name in names(client.get(LIST, {"sorter": order}))] == expected, order
        export = client.get("/personer/hent/", {"format": "csv", "sorter": order}).getvalue().decode("utf-8-sig")
        assert [line.split(";")[1] for line in export.splitlines()[1:]] == expected, order


def test_the_heading_of_names_offers_the_order_by_last_name(client_of, coordinator, programme):
    named("Ali Nur", programme=programme)
    text = client_of(coordinator).get(LIST, {"soeg": "ali", "sorter": "last_name"}).text
    assert text.count('aria-sort="ascending"') == 1
    assert '<a href="?soeg=ali&amp;sorter=navn">Navn</a>' in text
    assert '<a href="?soeg=ali&amp;sorter=-efternavn">Efternavn ' in text


def test_vocabularies_and_programmes_are_offered_in_danish_order(client_of, coordinator, programme):
    for name in ("Årstid", "Aachen", "Ækvator", "Zone", "økonomi", "Østbyen"):
        TermFactory(kind="area", name=name)
    field = client_of(coordinator).get(LIST).context["filter"].form.fields["omraade"]
    assert [term.name for term in field.queryset] == ["Zone", "Ækvator", "økonomi", "Østbyen", "Aachen", "Årstid"]


def test_foreign_programmes_are_no_choice(client_of, coordinator, programme, other_programme):
    response = client_of(coordinator).get(LIST, {"indsats": other_programme.pk})
    choices = [str(choice) for choice in response.context["filter"].form.fields["indsats"].queryset]
    assert choices == [str(programme)]


def test_sorting_by_wait_and_paging(client_of, coordinator, programme):
    for month in range(1, 8):
        named(f"Nr {month}", programme=programme, waiting_since=dt.date(2011, month, 1))
    client = client_of(coordinator)
    assert names(client.get(LIST, {"sorter": "waiting", "rolle": "mentee"}))[:2] == ["Nr 1", "Nr 2"]
    for _ in range(20):
        EnrolmentFactory(programme=programme)
    assert len(names(client.get(LIST, {"side": "2"}))) == 2
    assert len(names(client.get(LIST, {"side": "99"}))) == 2


def test_contact_persons_show_organisation_and_last_contact(client_of, coordinator, programme, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg, name="Tingbjerg Bibliotek")
    named(
        "Maja Koch",
        programme=programme,
        role="contact",
        status="applied",
        person__organisation=organisation,
        person__last_contacted_on=dt.date(2011, 8, 9),
    )
    response = client_of(coordinator).get(LIST, {"rolle": "contact"})
    assert "Tingbjerg Bibliotek" in response.text
    assert "9.\xa0august" in response.text


def test_htmx_gets_only_the_list(client_of, coordinator, programme):
    named("Ali Nur", programme=programme)
    response = client_of(coordinator).get(
        LIST, {"soeg": "ali", "status": "", "rolle": ""}, headers={"HX-Request": "true"}
    )
    assert "Ali Nur" in response.text
    assert "<html" not in response.text
    assert 'hx-swap-oob="true"' in response.text
    assert response.headers["HX-Push-Url"] == "/personer/?soeg=ali"


def test_empty_states(client_of, coordinator):
    client = client_of(coordinator)
    assert "Her er ingen personer endnu" in client.get(LIST).text
    assert "Ingen passer til filtrene" in client.get(LIST, {"soeg": "zzz"}).text


@pytest.mark.parametrize("count", [1, 25])
def test_query_count_of_the_list(client_of, coordinator, programme, django_assert_num_queries, count):
    somali = TermFactory(kind="language", name="Somali")
    for _ in range(count):
        enrolment = EnrolmentFactory(programme=programme, terms=[TermFactory()])
        LanguageSkill.objects.create(person=enrolment.person, language=somali)
    client = client_of(coordinator)
    client.get("/healthz")  # the first answer of a session notes when it began
    with django_assert_num_queries(QUERIES):
        client.get(LIST)


def test_guests_are_listed_among_the_others(client_of, coordinator, programme, other_programme, monkeypatch):
    named("Anna Hjemme", programme=programme)
    for name in ("Bo Gæst", "Carl Gæst"):
        person = named(name, programme=programme, person__home_branch=other_programme.branch).person
        EnrolmentFactory(person=person, programme=programme, role="mentor")
    named("Dan Fremmed", programme=other_programme)
    expected = ["Anna Hjemme", "Bo Gæst", "Carl Gæst"]
    client = client_of(coordinator)
    assert names(client.get(LIST)) == expected
    monkeypatch.setattr(querysets, "MOST_GUESTS", 1)
    assert names(client.get(LIST)) == expected


def test_a_branch_the_user_may_not_read_lists_no_people(coordinator, programme, other_programme):
    named("Anna Hjemme", programme=programme)
    named("Dan Fremmed", programme=other_programme)
    found = Person.objects.listed_for(coordinator, Verb.READ_CASES, other_programme.branch_id)
    assert list(found) == []


def test_export_holds_exactly_what_is_filtered(client_of, coordinator, programme):
    named("Ali Nur", programme=programme, person__phones=["+4557269617"], terms=[TermFactory()])
    named("Zainab Ali", programme=programme, person__gender="man")
    client = client_of(coordinator)
    response = client.get("/personer/hent/", {"koen": "woman", "rolle": "mentee", "format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(response.getvalue())).active.values)
    assert rows[0][:4] == ("Sagsnummer", "Fornavn", "Efternavn", "Rolle")
    assert [row[1:4] for row in rows[1:]] == [("Ali", "Nur", "Mentee")]
    record = AccessRecord.objects.get(kind="export")
    assert (record.count, record.detail) == (1, "Personer, xlsx · Rolle: Mentee · Køn: Kvinde")
    text = client.get("/personer/hent/", {"format": "csv"}).getvalue().decode("utf-8-sig")
    assert [line.split(";")[1] for line in text.splitlines()] == ["Fornavn", "Ali", "Zainab"]
    assert AccessRecord.objects.filter(kind="export").first().count == 2


def test_managers_and_outsiders_open_neither_list_nor_export(client_of, manager, outsider):
    for user in (manager, outsider):
        for address in (LIST, "/personer/hent/", "/personer/ny/", "/personer/organisationer/"):
            assert client_of(user).get(address).status_code == 403


def test_a_manager_finds_case_numbers_without_names(client_of, manager, programme, other_programme):
    named("Ali Nur", programme=programme, person__case_number="T-2011-077")
    named("Karen Dahl", programme=other_programme, person__case_number="K-2011-077")
    client = client_of(manager)
    page = client.get("/personer/sagsnumre/", {"soeg": "2011-077"})
    assert [row.person.case_number for row in page.context["rows"]] == ["T-2011-077"]
    assert "Ali" not in page.text
    assert "Ingen sag har det nummer" in client.get("/personer/sagsnumre/", {"soeg": "Ali"}).text
    assert "Skriv et sagsnummer" in client.get("/personer/sagsnumre/").text


def test_a_person_without_a_role_in_the_branch_is_listed_too(client_of, coordinator, tingbjerg, other_programme):
    person = PersonFactory(home_branch=tingbjerg)
    EnrolmentFactory(person=person, programme=other_programme)
    response = client_of(coordinator).get(LIST)
    assert names(response) == [person.name]
    assert response.context["table"].paginated_rows[0].record.shown_enrolments == []
    assert reverse("people:person-detail", args=[person.pk]) in response.text


@pytest.mark.parametrize("address", ["/personer/", "/personer/sagsnumre/", "/personer/organisationer/"])
@pytest.mark.parametrize(
    "words", ["\x00", "' OR 1=1 --", "%", "a" * 5000, "\ud800".encode("utf-8", "replace").decode()]
)
def test_hostile_searches_cause_no_error(client_of, coordinator, programme, address, words):
    named("Ali Nur", programme=programme)
    response = client_of(coordinator).get(address, {"soeg": words}, follow=True)
    assert response.status_code == 200
