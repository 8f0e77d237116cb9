"""Views: the choice of sheet, header row, columns and meanings."""

import pytest
from django.urls import reverse

from imports import services
from imports.models import ImportBatch, KnownWord, SavedMapping
from tests.imports.samples import at, stage_and_check, stage_list, stage_sample, upload_of

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"


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


def test_another_sheet_and_header_row_can_be_chosen(admin, programme, administrator):
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


def test_header_without_rows_is_refused(admin, programme, administrator):
    batch = stage_list("Navn|Branche", "Åse|It", programme=programme, by=administrator)
    url = reverse("imports:import-columns", args=[batch.pk])
    layout = {"type": "mentor", "ark": "", "vist_ark": "", "overskrift": 2}
    assert "Listen har overskrifter, men ingen rækker." in admin.get(url, layout).text


def test_earlier_import_of_the_same_file_is_shown(admin, programme, administrator):
    services.apply_import(stage_sample("kontaktpersoner.ods", programme, administrator), by=administrator)
    batch = stage_sample("kontaktpersoner.ods", programme, administrator)
    assert "Præcis denne fil blev importeret" in admin.get(reverse("imports:import-columns", args=[batch.pk])).text
    page = admin.get(reverse("imports:import-review", args=[batch.pk]))
    assert "Ingen rækker kan oprettes." in page.text
    assert reverse("imports:import-apply", args=[batch.pk]) in page.text


def test_decided_import_redirects_to_review(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Møller||||It", programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    url = reverse("imports:import-columns", args=[batch.pk])
    assert [admin.get(url).status_code, admin.post(url).status_code] == [302, 302]


def test_meaning_of_unknown_word_is_remembered(admin, programme, administrator):
    headings = "Fornavn|Efternavn|Køn|Mobil|Branche"
    batch = stage_list(headings, "Åse|Ågård|dame|50505050|It", programme=programme, by=administrator)
    columns = at("columns", batch)
    page = admin.get(columns)
    assert "Ord i »Køn«, som vi ikke kender" in page.text
    chosen = {column["field"].html_name: column["field"].value() for column in page.context["form"].columns}
    layout = {"type": "mentor", "ark": "", "vist_ark": "", "overskrift": 1, "is_remembered": "on"}
    asked_first = admin.post(columns, layout | chosen)
    assert "Ord i »Køn«, som vi ikke kender" in asked_first.text
    meaning = next(choice for choice, label in page.context["form"]["word_gender_0"].field.choices if label == "Kvinde")
    words = {"shown_words": "gender", "word_gender_0": meaning}
    assert admin.post(columns, layout | chosen | words).url == at("review", batch)
    assert batch.rows.get().state == "clean"
    assert KnownWord.objects.get().word == "dame"
    assert SavedMapping.objects.get().kind == "mentor"
    again = stage_list(headings, "Bo|Dam|dame|50505051|It", programme=programme, by=administrator)
    assert again.rows.get().state == "clean"
    assert "En liste med de samme overskrifter er kommet før." in admin.get(at("columns", again)).text


def test_removed_cpr_numbers_are_shown(admin, programme, administrator):
    sample = b"Fornavn;Efternavn;Mobil;Branche;Nummer\nBo;Dam;50505050;It;280259-1234\n"
    batch = stage_and_check(upload_of(sample), programme=programme, by=administrator)
    page = admin.get(at("columns", batch))
    assert "Der stod CPR-numre i: Nummer." in page.text
    assert "1234" not in page.text
