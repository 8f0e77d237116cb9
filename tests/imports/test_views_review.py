"""Views: checking, reviewing, applying, discarding and undoing an import."""

import io

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from common.spreadsheets import read_spreadsheet
from demo.factories import MentorFactory
from imports import services
from imports.services.undoing import removed_in_words
from people.models import DistinctPeople, Person
from tests.imports.samples import at, codes, import_list, stage_and_check, stage_list, stage_sample, upload_of, words

pytestmark = pytest.mark.django_db
CREATE = "/personer/import/ny/"
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|It"
WRONG = "Åse|Ågård|31/2-1959|50505050|aa@example.dk|It"
AGAIN = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|Handel"
HTMX = {"HX-Request": "true"}
REVIEW_QUERIES = 11


def test_rows_are_filtered_by_tab_and_by_words(admin, programme, administrator):
    batch = stage_list(
        MENTOR, "Åse|Møller||50505050||It", "Bo|Dam||50505051||It", "Ida|Ågård|31/6-1970|||It", programme=programme
    )
    url = reverse("imports:import-review", args=[batch.pk])

    def labels(**query):
        return [getattr(line, "label", line) for line in admin.get(url, query).context["lines"]]

    assert labels(fane="errors") == ["Ida Ågård"]
    assert labels(fane="new") == ["Åse Møller", "Bo Dam"]
    assert labels(soeg="AAGAARD") == ["Ida Ågård"]
    assert labels(soeg="5050505") == ["Åse Møller", "Bo Dam"]
    assert labels(soeg="5050505", fane="errors") == []
    assert labels(fane="nonsense")[1:] == ["Ida Ågård"]
    assert labels(aabn="2-3") == ["Åse Møller", "Bo Dam", "Ida Ågård"]


def test_rows_are_filtered_by_issue_code(admin, programme, administrator):
    rows = [WRONG, "Bo|Dam|||b(at)d.dk|It", "||||c@d.dk|It"]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    page = admin.get(at("review", batch) + "?fane=errors")
    assert [(item["code"], item["label"], item["count"]) for item in page.context["codes"]] == [
        ("bad_date", "Dato", 1),
        ("bad_email", "E-mail", 1),
        ("missing_name", "Uden navn", 1),
    ]
    page = admin.get(at("review", batch) + "?fane=errors&kode=bad_email")
    assert [line.number for line in page.context["lines"]] == [3]
    assert len(admin.get(at("review", batch) + "?fane=errors&kode=nothing").context["lines"]) == 3


def test_run_opens_with_htmx_and_without(admin, programme, administrator, monkeypatch):
    rows = [f"Åse{i}|Møller||{50505050 + i}||It" for i in range(5)]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    url = reverse("imports:import-run", args=[batch.pk, 2, 6])
    assert admin.get(url).url == f"/personer/import/{batch.pk}/?aabn=2-6#r2"
    monkeypatch.setattr("imports.review.SHOWN_OF_RUN", 2)
    page = admin.get(url, headers={"HX-Request": "true"})
    assert page.text.count('<tr id="r') == 2
    assert "Række 4–6: 3 nye uden bemærkninger" in page.text


def test_run_with_too_long_row_numbers_stays_folded(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", "Bo|Dam||50505051||It", programme=programme)
    review = reverse("imports:import-review", args=[batch.pk])
    assert "Række 2–3: 2 nye uden bemærkninger" in admin.get(f"{review}?aabn={'9' * 4_400}-2").text


def test_name_of_similar_person_is_linked_and_escaped(admin, programme, administrator):
    services.apply_import(
        stage_list(MENTOR, "<b>Åse|Møller||50505050||It", programme=programme, by=administrator), by=administrator
    )
    person = Person.objects.get()
    batch = stage_list(MENTOR, "<b>Åse|Møller||50505050||It", programme=programme, by=administrator)
    text = admin.get(reverse("imports:import-review", args=[batch.pk])).text
    assert f'Ligner <a href="/personer/{person.pk}/">&lt;b&gt;Åse Møller</a> (T-2011-001): samme telefon.' in text
    assert "<b>Åse" not in text


def test_rejected_rows_are_downloaded_and_logged(admin, programme, administrator):
    batch = stage_sample("kontaktpersoner.ods", programme, administrator)
    response = admin.get(reverse("imports:import-error-list", args=[batch.pk]))
    sheet = read_spreadsheet(io.BytesIO(b"".join(response.streaming_content))).sheets[0]
    assert [cells[:2] for _number, cells in sheet.rows[1:]] == [
        ["14", "Navn: Uden navn kan rækken ikke oprettes."],
        ["24", "E-mail: Skriv adressen som navn@sted.dk. Rækken holdes tilbage."],
        ["44", "Navn: Uden navn kan rækken ikke oprettes."],
        ["51", "E-mail: Skriv adressen som navn@sted.dk. Rækken holdes tilbage."],
        ["38", "Ligner række 5: samme e-mail og telefon. Oprettes ikke igen."],
        ["63", "Ligner række 31: samme e-mail og telefon. Oprettes ikke igen."],
        ["64", "Ligner række 48: samme e-mail og telefon. Oprettes ikke igen."],
    ]
    record = AccessRecord.objects.filter(kind="export").get()
    assert (record.user, record.count, record.detail) == (administrator, 7, "kontaktpersoner.ods")


def test_rejected_rows_can_be_corrected_and_imported_again(admin, programme, administrator):
    rows = [ROW, AGAIN, WRONG, "Bo|Dam|||b@d.dk|It"]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    assert "1 med fejl og 1 dublet holdes tilbage." in words(admin.get(at("review", batch)))
    services.apply_import(batch, by=administrator)
    response = admin.get(at("error-list", batch))
    assert "Holdt tilbage fra liste.xlsx" in response.headers["Content-Disposition"]
    spreadsheet = read_spreadsheet(io.BytesIO(b"".join(response.streaming_content)))
    table = [cells for _number, cells in spreadsheet.sheets[0].rows]
    assert [cells[:2] for cells in table] == [
        ["Række i filen", "Hvorfor den holdes tilbage"],
        ["4", "Født: Datoen findes ikke. Rækken holdes tilbage, til den er rettet."],
        ["3", "Ligner række 2: samme e-mail, telefon og fødselsdag. Oprettes ikke igen."],
    ]
    assert AccessRecord.objects.filter(kind="export").get().count == 2
    corrected = ["Rikke", "Ågård", "1/3-1960", "40404040", "ra@example.dk", "It"]
    lines = [table[0], [*table[1][:2], *corrected], table[2]]
    again = stage_and_check(
        upload_of("\n".join(";".join(str(cell or "") for cell in line) for line in lines).encode()),
        programme=programme,
        by=administrator,
    )
    assert {number: found[0] for number, found in codes(again).items()} == {2: "clean", 3: "duplicate_existing"}


def test_merged_row_is_not_rejected(admin, programme, administrator):
    known = MentorFactory(programme=programme, person__first_name="Åse", person__last_name="Ågård",
                          person__phones=["+4550505050"], person__birth_date=None).person  # fmt: skip
    batch = stage_list(MENTOR, ROW, programme=programme, by=administrator)
    review = at("review", batch)
    assert "Hent de tilbageholdte rækker" in admin.get(review).text
    services.decide_row(batch, by=administrator, number=2, decision="same", person_id=known.pk)
    assert "Hent de tilbageholdte rækker" not in admin.get(review).text


def test_changes_since_the_check_are_shown_before_the_import(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme, by=administrator)
    services.apply_import(stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme), by=None)
    response = admin.post(reverse("imports:import-apply", args=[batch.pk]), follow=True)
    assert "Der er kommet personer til, siden filen blev læst" in response.text
    assert response.context["batch"].counts["duplicates_existing"] == 1


def test_double_click_imports_once(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme, by=administrator)
    url = reverse("imports:import-apply", args=[batch.pk])
    assert [admin.post(url).status_code for _time in range(2)] == [302, 302]
    assert Person.objects.count() == 1


def test_user_who_imported_first_is_named(admin, programme):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme)
    services.apply_import(batch, by=None)
    response = admin.post(reverse("imports:import-apply", args=[batch.pk]), follow=True)
    assert "En kommando importerede filen" in response.text


def test_import_can_be_discarded(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||||It", programme=programme, by=administrator)
    response = admin.post(reverse("imports:import-discard", args=[batch.pk]), follow=True)
    assert "Filen er lagt til side." in response.text
    assert response.context["rows"] == []
    assert admin.get(reverse("imports:import-review", args=[batch.pk])).status_code == 404
    assert admin.post(reverse("imports:import-discard", args=[batch.pk])).status_code == 302


def test_import_is_undone(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Ågård||50505050||It", "Bo|Dam|||b@d.dk|It", programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    page = admin.get(at("review", batch))
    assert "Kan fortrydes til og med 15. oktober." in page.text.replace("\xa0", " ")
    bo = Person.objects.get(first_name="Bo")
    bo.town = "Ærø"
    bo.save()
    preview = admin.get(at("undo", batch))
    assert "<b>1</b> person" in preview.text
    assert "er ændret siden" in preview.text
    assert Person.objects.count() == 2
    assert admin.post(at("undo", batch)).url == at("review", batch)
    assert list(Person.objects.all()) == [bo]
    result = admin.get(at("review", batch)).text
    assert "Fortrudt: det blev fjernet" in result
    assert bo.case_number in result
    assert admin.post(at("undo", batch)).url == at("review", batch)  # a double click
    assert "Fortryd importen" not in result


def test_undo_is_refused_after_the_last_day(admin, programme, administrator, settings):
    batch = stage_list(MENTOR, "Åse|Ågård||50505050||It", programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    settings.IMPORT_UNDO_DAYS = -1
    assert "Fortryd importen" not in admin.get(at("review", batch)).text
    for send in (admin.get, admin.post):
        assert send(at("undo", batch)).url == at("review", batch)
    assert Person.objects.count() == 1


def test_undone_import_is_described_in_the_past_tense(admin, programme, administrator):
    known = MentorFactory(programme=programme, person__first_name="Åse", person__last_name="Ågård",
                          person__phones=["+4550505050"]).person  # fmt: skip
    rows = [ROW, "Bo|Dam|||b@d.dk|It", "Eva|Lund|31/2-1959||e@d.dk|It"]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    batch = services.decide_row(batch, by=administrator, number=2, decision="same", person_id=known.pk)
    services.undo_import(services.apply_import(batch, by=administrator), by=administrator)
    text = words(admin.get(at("review", batch)))
    assert "<b>1 af 3 rækker</b> var importeret, og importen er fortrudt." in text
    assert "er importeret" not in text
    assert "Afgjort: samme person. Fortrudt sammen med importen." in text
    assert "når filen importeres" not in text
    assert "Se dem på listen" not in text


@pytest.mark.parametrize("is_kept", [True, False])
def test_rejected_rows_are_offered_after_undoing_if_their_cells_are_kept(admin, programme, administrator, is_kept):
    batch = import_list(MENTOR, ROW, WRONG, programme=programme, by=administrator)
    services.undo_import(batch, by=administrator)
    batch.rows.filter(number=3).update(cells=WRONG.split("|") if is_kept else [])
    page = admin.get(at("review", batch))
    assert ("Hent de tilbageholdte rækker" in page.text) is is_kept
    assert page.context["has_rejected"] is is_kept


def test_removed_decisions_are_counted_in_words(programme):
    label = DistinctPeople._meta.label_lower
    assert removed_in_words({"removed": {label: 1}}) == [(1, "afgørelse om to forskellige")]
    assert removed_in_words({"removed": {label: 2}}) == [(2, "afgørelser om to forskellige")]


def test_foreign_import_is_not_found_and_coordinators_are_refused(
    client_of, programme, other_programme, administrator, coordinator
):
    own = stage_list(MENTOR, "Åse|Møller||||It", programme=programme)
    foreign = stage_list(MENTOR, "Bo|Dam||||It", programme=other_programme)
    for name in ("columns", "review", "error-list"):
        assert client_of(administrator).get(reverse(f"imports:import-{name}", args=[foreign.pk])).status_code == 404
        assert client_of(coordinator).get(reverse(f"imports:import-{name}", args=[own.pk])).status_code == 403
    for name in ("apply", "discard"):
        assert client_of(administrator).post(reverse(f"imports:import-{name}", args=[foreign.pk])).status_code == 404
        assert client_of(coordinator).post(reverse(f"imports:import-{name}", args=[own.pk])).status_code == 403
    assert client_of(coordinator).get(CREATE).status_code == 403


@pytest.mark.parametrize("count", [1, 50])
def test_review_takes_the_same_queries_at_any_size(admin, programme, administrator, django_assert_num_queries, count):
    rows = [f"Åse{i}|Møller|31/6-1970|||It" for i in range(count)]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    with django_assert_num_queries(REVIEW_QUERIES):
        admin.get(reverse("imports:import-review", args=[batch.pk]))
