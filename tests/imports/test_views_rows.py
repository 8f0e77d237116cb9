"""The review in the browser: cells corrected in place, two laid side by side, progress, words, and undo."""

import pytest

from demo.factories import MentorFactory
from imports import services
from imports.models import ImportBatch, KnownWord, SavedMapping
from imports.services import checking
from people.models import DistinctPeople, Person
from tests.imports.samples import at, stage_list, upload_of

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
WRONG = "Åse|Ågård|31/2-1959|50505050|aa@example.dk|It"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def known(programme):
    """Anne Kjærgård, stored."""
    return MentorFactory(
        programme=programme,
        person__case_number="T-2009-001",
        person__first_name="Anne",
        person__last_name="Kjærgård",
        person__birth_date="1966-03-14",
        person__phones=["+4550252858"],
        person__emails=[],
        person__town="Husum",
    ).person


ALIKE = "Anne|Kjærgaards|14/3-1966||anne.kj@example.dk|It"


# ---------------------------------------------------------------- cells


def test_a_cell_is_corrected_in_place(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    opened = admin.get(at("row", batch, 2), headers=HTMX)
    assert opened.headers["HX-Retarget"] == "#open-2"
    assert "Datoen findes ikke." in opened.text
    assert 'name="cell_2" value="31/2-1959"' in opened.text
    cells = {f"cell_{index}": text for index, text in enumerate(WRONG.split("|"))}
    review = admin.post(at("row", batch, 2), cells | {"cell_2": "28/2-1959"}, headers=HTMX)
    assert 'id="import-review"' in review.text
    assert "<b>1 række oprettes</b>" in review.text
    row = batch.rows.get()
    assert (row.state, row.cells[2], row.corrections) == ("clean", "28/2-1959", {"2": "28/2-1959"})


def test_without_scripts_the_row_has_a_page(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    page = admin.get(at("row", batch, 2))
    assert "<h1>Række 2: Åse Ågård</h1>" in page.text
    answer = admin.post(at("row", batch, 2) + "?fane=errors", {"cell_0": "Åse", "cell_2": ""})
    assert answer.url == f"{at('review', batch)}?fane=errors#r2"
    assert batch.rows.get().corrections == {"1": "", "2": "", "3": "", "4": "", "5": ""}


def test_a_cpr_number_is_refused_at_its_cell(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    answer = admin.post(at("row", batch, 2), {"cell_5": "280259-1234"}, headers=HTMX)
    assert "CPR" in answer.context["form"].errors["cell_5"][0]
    assert batch.rows.get().corrections == {}


def test_a_row_is_closed_again(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    closed = admin.get(at("row", batch, 2) + "?luk", headers=HTMX)
    assert closed.text.strip() == '<tr id="open-2" hidden></tr>'


def test_a_row_that_is_not_there_and_an_import_that_is_decided(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Ågård|||a@example.dk|It", programme=programme, by=administrator)
    assert admin.get(at("row", batch, 99)).status_code == 404
    services.apply_import(batch, by=administrator)
    for page in ("row", "decide"):
        assert admin.post(at(page, batch, 2), {"decision": "skip"}).url == at("review", batch)
    assert admin.get(at("check", batch)).url == at("review", batch)
    services.undo_import(batch, by=administrator)
    assert admin.get(at("undo", batch)).url == at("review", batch)


def test_kinds_of_remarks_filter_the_rows(admin, programme, administrator):
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


# ---------------------------------------------------------------- the same person?


def test_two_are_laid_side_by_side_and_together(admin, programme, administrator, known):
    batch = stage_list(MENTOR, ALIKE, programme=programme, by=administrator)
    page = admin.get(at("row", batch, 2), headers=HTMX)
    lines = {line.key: (line.other, line.kept, line.outcome) for line in page.context["row"].comparison.lines}
    assert lines["name"] == ("Anne Kjærgaards", "Anne Kjærgård", "choose")
    assert lines["birth"] == ("14.\xa0marts 1966", "14.\xa0marts 1966", "same")
    assert lines["phones"] == ("", "50\xa025\xa028\xa058", "kept")
    assert lines["emails"] == ("anne.kj@example.dk", "", "added")
    decision = {"decision": "same", "person_id": known.pk, "take_name": "other"}
    review = admin.post(at("decide", batch, 2), decision, headers=HTMX)
    assert "Afgjort: samme person." in review.text
    assert admin.post(at("apply", batch)).url == at("review", batch)
    known.refresh_from_db()
    assert (known.name, known.emails, known.phones) == (
        "Anne Kjærgaards",
        ["anne.kj@example.dk"],
        ["+4550252858"],
    )
    assert Person.objects.count() == 1
    assert "Afgjort: samme person. Lagt sammen." in admin.get(at("review", batch)).text


def test_two_people_are_never_asked_about_again(admin, programme, administrator, known):
    batch = stage_list(MENTOR, ALIKE, programme=programme, by=administrator)
    assert "1 række ligner en, vi kender." in admin.get(at("review", batch)).text
    assert len(admin.get(at("review", batch) + "?fane=questions").context["lines"]) == 1
    review = admin.post(at("decide", batch, 2), {"decision": "different", "person_id": known.pk})
    assert review.url == f"{at('review', batch)}?#r2"
    admin.post(at("apply", batch))
    pair = DistinctPeople.objects.get()
    assert {pair.first, pair.second} == set(Person.objects.all())


def test_a_row_is_skipped_and_taken_in_again(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, "Bo|Dam|||b@d.dk|It", programme=programme, by=administrator)
    review = admin.post(at("decide", batch, 3), {"decision": "skip"}, headers=HTMX)
    assert "1 springes over." in review.text
    assert review.context["rejected"] == {"errors": 1, "duplicates": 0, "skipped": 1, "merged": 0, "questions": 0}
    admin.post(at("decide", batch, 3), {"decision": ""}, headers=HTMX)
    assert batch.rows.get(number=3).state == "clean"


def test_whom_the_row_was_not_compared_with_cannot_be_chosen(admin, programme, administrator, known):
    stranger = MentorFactory().person
    batch = stage_list(MENTOR, ALIKE, programme=programme, by=administrator)
    admin.post(at("decide", batch, 2), {"decision": "same", "person_id": stranger.pk})
    assert batch.rows.get().decision == ""
    assert "Rækken ser anderledes ud nu." in admin.get(at("review", batch)).text
    admin.post(at("decide", batch, 2), {"decision": "nonsense"})
    assert batch.rows.get().decision == ""


def test_rows_of_one_file_are_compared_as_well(admin, programme, administrator):
    batch = stage_list(MENTOR, "Anne|Kjærgård|14/3-1966|||It", ALIKE, programme=programme, by=administrator)
    comparison = admin.get(at("row", batch, 3)).context["row"].comparison
    assert (comparison.person_id, comparison.other_row, comparison.theirs.title) == (None, 2, "række 2")


# ---------------------------------------------------------------- progress


@pytest.fixture
def long_list(programme, administrator, monkeypatch):
    """Five rows that are checked two at a time."""
    for module in (checking, services.reading):
        monkeypatch.setattr(module, "CHUNK", 2)
    monkeypatch.setattr("imports.views.review.SECONDS_PER_REQUEST", 0)
    rows = [f"Åse{i}|Møller||{50505050 + i}||It" for i in range(5)]
    return stage_list(MENTOR, *rows, programme=programme, by=administrator)


def test_the_check_shows_how_far_it_is(admin, long_list):
    assert long_list.status == "checking"
    assert admin.get(at("review", long_list)).url == at("check", long_list)
    assert "5 rækker er læst, <b>0</b> af dem er kontrolleret." in admin.get(at("check", long_list)).text
    part = admin.post(at("check", long_list), headers=HTMX)
    assert "5 rækker er læst, <b>2</b> af dem er kontrolleret." in part.text
    assert '<progress max="100" value="40">' in part.text
    assert admin.post(at("check", long_list)).url == at("check", long_list)
    done = admin.post(at("check", long_list), headers=HTMX)
    assert done.headers["HX-Redirect"] == at("review", long_list)
    assert "5 rækker oprettes" in admin.get(at("review", long_list)).text


def test_a_check_that_somebody_else_ended_leads_to_the_review(admin, long_list, administrator):
    services.check_rest(long_list, by=administrator)
    services.apply_import(long_list, by=administrator)
    assert admin.post(at("check", long_list)).url == at("review", long_list)


def test_a_correction_of_a_long_list_checks_the_rest_anew(admin, long_list, administrator, monkeypatch):
    services.check_rest(long_list, by=administrator)
    monkeypatch.setattr("imports.services.deciding.RECHECK_SECONDS", 0)
    answer = admin.post(at("row", long_list, 2), {"cell_0": "Else", "cell_3": "40404040"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == at("check", long_list)
    assert ImportBatch.objects.get().checked_rows == 2


# ---------------------------------------------------------------- columns and words


def test_strange_words_get_a_meaning_that_is_remembered(admin, programme, administrator):
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


def test_hidden_rows_and_cpr_numbers_are_said(admin, programme, administrator):
    sample = b"Fornavn;Efternavn;Mobil;Branche;Nummer\nBo;Dam;50505050;It;280259-1234\n"
    batch = services.stage_import(upload_of(sample), programme=programme, by=administrator)
    page = admin.get(at("columns", batch))
    assert "Der stod CPR-numre i: Nummer." in page.text
    assert "1234" not in page.text


# ---------------------------------------------------------------- undo


def test_an_import_is_undone_in_the_browser(admin, programme, administrator):
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
    assert admin.post(at("undo", batch)).url == at("review", batch)  # pressed twice
    assert "Fortryd importen" not in result


def test_what_can_no_longer_be_undone_is_said(admin, programme, administrator, settings):
    batch = stage_list(MENTOR, "Åse|Ågård||50505050||It", programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    settings.IMPORT_UNDO_DAYS = -1
    assert "Fortryd importen" not in admin.get(at("review", batch)).text
    for send in (admin.get, admin.post):
        assert send(at("undo", batch)).url == at("review", batch)
    assert Person.objects.count() == 1
