"""The import in the browser: four steps, each telling what happens; nothing for those who may not."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AccessRecord
from common.spreadsheets import read_spreadsheet
from common.spreadsheets.progress import CachedProgress, ReadingStep
from imports import services
from imports.models import ImportBatch
from imports.views.files import reading_key
from people.models import Person
from tests.common.spreadsheet_bombs import HOSTILE
from tests.imports.samples import SAMPLES, stage_list, stage_sample

pytestmark = pytest.mark.django_db
CREATE = "/personer/import/ny/"
LIST = "/personer/import/"
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
REVIEW_QUERIES = 10


def upload(admin, programme, content: bytes, name="liste.csv", **fields):
    data = {"programme": programme.pk, "kind": "", "file": SimpleUploadedFile(name, content), "once": uuid.uuid4()}
    return admin.post(CREATE, data | fields)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_from_file_to_people(admin, programme, administrator):
    response = upload(admin, programme, sample("mentorbank_pilot_2009.xlsx"), "mentorbank_pilot_2009.xlsx")
    batch = ImportBatch.objects.get()
    columns, review = (reverse(f"imports:import-{page}", args=[batch.pk]) for page in ("columns", "review"))
    assert response.url == columns
    page = admin.get(columns)
    chosen = {column["field"].html_name: column["field"].value() for column in page.context["form"].columns}
    assert (len(chosen), chosen["column_0"], chosen["column_18"]) == (18, "first_name", "notes")
    assert "7 tomme rækker sprunget over" in page.text
    layout = {"type": "mentor", "ark": "Mentorer", "vist_ark": "Mentorer", "overskrift": 4}
    words = {"shown_words": [group["key"] for group in page.context["form"].words]}
    assert words == {"shown_words": ["gender"]}
    assert admin.post(columns, layout | chosen | words).url == review
    page = admin.get(review)
    counts = [(tab["key"], tab["count"]) for tab in page.context["tabs"]]
    assert counts == [("", 184), ("new", 138), ("warned", 30), ("duplicates", 6), ("errors", 10)]
    assert "Række 5–7: 3 nye uden bemærkninger" in page.text
    assert '<code class="cell-ref">D29: 31/2-1970</code>' in page.text
    assert Person.objects.count() == 0
    response = admin.post(reverse("imports:import-apply", args=[batch.pk]), follow=True)
    assert "168 rækker er importeret." in response.text
    assert response.context["batch"].applied_by == administrator
    assert Person.objects.count() == 168
    person = Person.objects.order_by("pk").first()
    page = admin.get(review, {"aabn": "5-7"})
    assert reverse("people:person-detail", args=[person.pk]) in page.text


def test_pressed_twice_it_imports_once(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme, by=administrator)
    url = reverse("imports:import-apply", args=[batch.pk])
    assert [admin.post(url).status_code for _time in range(2)] == [302, 302]
    assert Person.objects.count() == 1


def test_somebody_else_who_was_faster_is_named(admin, programme):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme)
    services.apply_import(batch, by=None)
    response = admin.post(reverse("imports:import-apply", args=[batch.pk]), follow=True)
    assert "En kommando importerede filen" in response.text


def test_uploaded_twice_it_is_one_import(admin, programme):
    key = uuid.uuid4()
    urls = {upload(admin, programme, "Navn;Branche\r\nÅse;It\r\n".encode(), once=key).url for _time in range(2)}
    assert urls == {reverse("imports:import-columns", args=[ImportBatch.objects.get().pk])}


def test_another_file_from_a_form_that_was_sent_before_is_another_import(admin, programme):
    """The browser goes back to the form it remembers, one-time key and all."""
    key = uuid.uuid4()
    texts = ("Navn;Branche\r\nÅse;It\r\n", "Navn;Branche\r\nBo;It\r\n")
    urls = [upload(admin, programme, text.encode(), once=key).url for text in texts]
    again = upload(admin, programme, texts[0].encode(), once=key, kind="mentee").url
    assert len({*urls, again}) == ImportBatch.objects.count() == 3


def reading_page(client, key) -> str:
    return " ".join(client.get(reverse("imports:import-reading", args=[key])).text.split())


def test_the_waiting_page_is_told_how_far_the_reading_is(admin, administrator, programme, monkeypatch):
    """Asked by the same user while the file is read."""
    key, heard = uuid.uuid4(), []
    page = admin.get(CREATE)
    assert reverse("imports:import-reading", args=[page.context["once"]]) in page.text

    def read_upload(file, name, report):
        for far in ((ReadingStep.SCANNED, 7), (ReadingStep.READ, 1_200, 2_001), (ReadingStep.SEARCHED, 1_000, 2_000)):
            report(*far)
            heard.append(reading_page(admin, key))
        return read(file, name, report)

    def stage_import(*args, **options):
        heard.append(reading_page(admin, key))
        return stage(*args, **options)

    read, stage = services.read_upload, services.stage_import
    monkeypatch.setattr(services, "read_upload", read_upload)
    monkeypatch.setattr(services, "stage_import", stage_import)
    before = reading_page(admin, key)
    assert upload(admin, programme, "Navn;Branche\r\nÅse;It\r\n".encode(), once=key).status_code == 302
    sentences = (
        ("Filen gennemses, før den åbnes: <b>7</b> rækker indtil nu.", '<progress max="100" aria-label'),
        ("<b>1.200</b> af 2.001 rækker er læst.", '<progress max="100" value="41"'),
        ("2.000 rækker er læst, <b>1.000</b> af dem er gennemsøgt for CPR-numre.", '<progress max="100" value="82"'),
        ("<b>2</b> rækker er læst. Nu genkendes kolonnerne.", '<progress max="100" value="95"'),
    )
    assert [[part in page for part in parts] for parts, page in zip(sentences, heard, strict=True)] == [[True] * 2] * 4
    assert "Filen er på vej." in before
    assert reading_page(admin, key) == heard[-1]  # until the next page has come


def test_nobody_else_is_told(client_of, administrator, other_branch_administrator):
    key = uuid.uuid4()
    with CachedProgress(reading_key(administrator, key)) as report:
        report(ReadingStep.READ, 5, 10)
        assert "Filen er på vej." in reading_page(client_of(other_branch_administrator), key)
        assert "<b>5</b> af 10 rækker er læst." in reading_page(client_of(administrator), key)


def test_a_form_with_a_broken_key_is_shown_again(admin, programme):
    page = upload(admin, programme, b"Navn", once="x' onload='")
    assert page.status_code == 200
    assert "hx-trigger" not in page.text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("only the last cell", "Der står noget i celle XFD1048576, langt uden for listen."),
        ("a web page", "Filen er en webside, ikke et regneark."),
        ("a web page after a mark and a comment", "Filen er en webside, ikke et regneark."),
        ("a web page in UTF-16", "Filen er en webside, ikke et regneark."),
        ("xlsx cut short", "Filen er beskadiget eller ikke hel."),
        ("ods: encrypted", "Filen er beskyttet med adgangskode."),
        ("blank cells only", "Filen er tom. Vælg en fil med overskrifter og rækker."),
        ("nothing at all", "Filen er tom. Vælg en fil med overskrifter og rækker."),
    ],
)
def test_a_bad_file_is_refused_at_its_field(admin, programme, name, sentence):
    response = upload(admin, programme, HOSTILE[name][0](), "fil.xlsx")
    (error,) = response.context["form"].errors["file"]
    assert error.startswith(sentence)
    assert ImportBatch.objects.count() == 0


def test_a_file_and_a_programme_of_the_branch_must_be_chosen(admin, programme, other_programme):
    response = admin.post(CREATE, {"programme": other_programme.pk})
    assert response.context["form"].errors["file"] == ["Vælg en fil."]
    assert "programme" in response.context["form"].errors


def test_columns_can_be_corrected(admin, programme, administrator):
    batch = stage_list("Kaldenavn|Tlf nummeret|Kontakt", "Åse|50505050|a@b.dk", programme=programme, by=administrator)
    url = reverse("imports:import-columns", args=[batch.pk])
    page = admin.get(url)
    assert "Overskrifterne siger ikke, hvad listen indeholder." in page.text
    layout = {"type": "mentee", "ark": "", "vist_ark": "", "overskrift": 1}
    page = admin.get(url, layout)
    assert [column["samples"] for column in page.context["form"].columns] == [["Åse"], ["50505050"], ["a@b.dk"]]
    assert admin.post(url, layout | {"column_1": "phone"}).context["form"].non_field_errors() == [
        "Vælg en kolonne til: Fornavn eller Efternavn eller Hele navnet."
    ]
    twice = admin.post(url, layout | {"column_0": "full_name", "column_1": "phone", "column_2": "phone"})
    assert twice.context["form"].errors == {"column_2": ["»Telefon« er valgt til to kolonner. Behold den ene."]}
    right = admin.post(url, layout | {"column_0": "full_name", "column_1": "phone", "column_2": "email"})
    assert right.status_code == 302
    row = ImportBatch.objects.get().rows.get()
    assert (row.state, [issue["code"] for issue in row.issues]) == ("warned", ["one_name"])


def test_another_sheet_and_header_can_be_chosen(admin, programme, administrator):
    batch = stage_sample("mentorbank_pilot_2009.xlsx", programme, administrator)
    url = reverse("imports:import-columns", args=[batch.pk])
    layout = {"type": "mentor", "ark": "Noter", "vist_ark": "Mentorer", "overskrift": 4}
    page = admin.get(url, layout)
    assert (page.context["batch"].sheet, page.context["batch"].header_row) == ("Noter", 1)
    page = admin.get(url, {"type": "mentor", "ark": "Mentorer", "vist_ark": "Mentorer", "overskrift": 5})
    assert page.context["batch"].headers[0] == "Stephan"
    page = admin.get(url, {"type": "mentor", "ark": "Mentorer", "vist_ark": "Mentorer", "overskrift": 196})
    assert page.context["batch"].header_row == 4
    batch.refresh_from_db()
    assert (batch.sheet, batch.header_row) == ("Mentorer", 4)


def test_a_header_without_rows_below_is_told(admin, programme, administrator):
    batch = stage_list("Navn|Branche", "Åse|It", programme=programme, by=administrator)
    url = reverse("imports:import-columns", args=[batch.pk])
    layout = {"type": "mentor", "ark": "", "vist_ark": "", "overskrift": 2}
    assert "Listen har overskrifter, men ingen rækker." in admin.get(url, layout).text


def test_rows_are_found_by_tab_and_by_word(admin, programme, administrator):
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


def test_a_run_opens_in_place_and_without_scripts(admin, programme, administrator, monkeypatch):
    rows = [f"Åse{i}|Møller||{50505050 + i}||It" for i in range(5)]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    url = reverse("imports:import-run", args=[batch.pk, 2, 6])
    assert admin.get(url).url == f"/personer/import/{batch.pk}/?aabn=2-6#r2"
    monkeypatch.setattr("imports.review.lines.SHOWN_OF_RUN", 2)
    page = admin.get(url, headers={"HX-Request": "true"})
    assert page.text.count('<tr id="r') == 2
    assert "Række 4–6: 3 nye uden bemærkninger" in page.text


def test_whom_a_row_resembles_is_linked_and_escaped(admin, programme, administrator):
    services.apply_import(
        stage_list(MENTOR, "<b>Åse|Møller||50505050||It", programme=programme, by=administrator), by=administrator
    )
    person = Person.objects.get()
    batch = stage_list(MENTOR, "<b>Åse|Møller||50505050||It", programme=programme, by=administrator)
    text = admin.get(reverse("imports:import-review", args=[batch.pk])).text
    assert f'Ligner <a href="/personer/{person.pk}/">&lt;b&gt;Åse Møller</a> (T-2011-001): samme telefon.' in text
    assert "<b>Åse" not in text


def test_the_list_of_errors_is_a_spreadsheet_and_logged(admin, programme, administrator):
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


def test_what_changed_meanwhile_is_shown_before_it_is_imported(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme, by=administrator)
    services.apply_import(stage_list(MENTOR, "Åse|Møller||50505050||It", programme=programme), by=None)
    response = admin.post(reverse("imports:import-apply", args=[batch.pk]), follow=True)
    assert "Der er kommet personer til, siden filen blev læst" in response.text
    assert response.context["batch"].counts["duplicates_existing"] == 1


def test_the_same_file_again_is_said(admin, programme, administrator):
    services.apply_import(stage_sample("kontaktpersoner.ods", programme, administrator), by=administrator)
    batch = stage_sample("kontaktpersoner.ods", programme, administrator)
    assert "Præcis denne fil blev importeret" in admin.get(reverse("imports:import-columns", args=[batch.pk])).text
    page = admin.get(reverse("imports:import-review", args=[batch.pk]))
    assert "Ingen rækker kan oprettes." in page.text
    assert reverse("imports:import-apply", args=[batch.pk]) in page.text


def test_a_file_can_be_put_aside(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||||It", programme=programme, by=administrator)
    response = admin.post(reverse("imports:import-discard", args=[batch.pk]), follow=True)
    assert "Filen er lagt til side." in response.text
    assert response.context["rows"] == []
    assert admin.get(reverse("imports:import-review", args=[batch.pk])).status_code == 404
    assert admin.post(reverse("imports:import-discard", args=[batch.pk])).status_code == 302


def test_the_list_of_imports(admin, programme, other_programme, administrator):
    assert "Intet er importeret endnu" in admin.get(LIST).text
    services.apply_import(stage_sample("kontaktpersoner.ods", programme, administrator), by=administrator)
    stage_list(MENTOR, "Åse|Møller||||It", programme=other_programme)
    waiting = stage_list("Kaldenavn|Hvor", "Åse|Ærø", programme=programme, by=administrator)
    rows = admin.get(LIST).context["rows"]
    assert [(row["batch"].file_name, row["batch"].status) for row in rows] == [
        ("liste.csv", "read"),
        ("kontaktpersoner.ods", "applied"),
    ]
    assert admin.get(reverse("imports:import-review", args=[waiting.pk])).url.endswith("/kolonner/")
    for page in ("error-list", "run"):
        args = [waiting.pk] if page == "error-list" else [waiting.pk, 1, 2]
        assert admin.get(reverse(f"imports:import-{page}", args=args)).status_code == 302


def test_a_decided_import_has_no_columns_to_choose(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||||It", programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    url = reverse("imports:import-columns", args=[batch.pk])
    assert [admin.get(url).status_code, admin.post(url).status_code] == [302, 302]


def test_a_foreign_import_is_not_there_and_others_may_not(
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
def test_the_review_takes_the_same_queries_at_any_size(
    admin, programme, administrator, django_assert_num_queries, count
):
    rows = [f"Åse{i}|Møller|31/6-1970|||It" for i in range(count)]
    batch = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    with django_assert_num_queries(REVIEW_QUERIES):
        admin.get(reverse("imports:import-review", args=[batch.pk]))


def test_an_address_with_endless_row_numbers_opens_nothing(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||50505050||It", "Bo|Dam||50505051||It", programme=programme)
    review = reverse("imports:import-review", args=[batch.pk])
    assert "Række 2–3: 2 nye uden bemærkninger" in admin.get(f"{review}?aabn={'9' * 4_400}-2").text
