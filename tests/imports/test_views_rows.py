"""Views: one row, its correction, its comparison, and the question about its person."""

import pytest

from accounts.models import AccessRecord
from demo.factories import MentorFactory, PersonFactory
from imports import services
from imports.models import ImportBatch
from imports.services import ask_about_row
from people.models import BranchQuestion, DistinctPeople, Person
from people.services.people import update_person
from tests.imports.samples import at, import_list, stage_list, words

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|It"
WRONG = "Åse|Ågård|31/2-1959|50505050|aa@example.dk|It"
AGAIN = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|Handel"
ALIKE = "Anne|Kjærgaards|14/3-1966||anne.kj@example.dk|It"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def known(programme):
    """A stored mentor, Anne Kjærgård."""
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


@pytest.fixture
def long_note(programme, administrator):
    """A row with an error and a note of 1,590 characters with a carriage return."""
    note = f"{'Ordet ' * 265}\rslut "
    batch = stage_list(f"{MENTOR}|Bemærkninger", f"{WRONG}|{note}", programme=programme, by=administrator)
    assert len(batch.rows.get().cells[6]) > 1_590
    return batch


@pytest.fixture
def person_elsewhere(koebenhavn):
    """A person of another branch with the same name and phone as ``ROW``."""
    return PersonFactory(
        home_branch=koebenhavn, first_name="Åse", last_name="Ågård", phones=["+4550505050"], emails=[], birth_date=None
    )


def cells_of(batch, **changed) -> dict:
    """The cells of the row as a browser sends them, with its own line breaks."""
    cells = {f"cell_{index}": text.replace("\r", "\r\n") for index, text in enumerate(batch.rows.get().cells)}
    return cells | changed


def test_cell_is_corrected_in_place(admin, programme, administrator):
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


def test_row_has_a_page_without_htmx(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    page = admin.get(at("row", batch, 2))
    assert "<h1>Række 2: Åse Ågård</h1>" in page.text
    answer = admin.post(at("row", batch, 2) + "?fane=errors", {"cell_0": "Åse", "cell_2": ""})
    assert answer.url == f"{at('review', batch)}?fane=errors#r2"
    assert batch.rows.get().corrections == {"1": "", "2": "", "3": "", "4": "", "5": ""}


def test_cpr_number_is_refused_at_its_cell(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    answer = admin.post(at("row", batch, 2), {"cell_5": "280259-1234"}, headers=HTMX)
    assert "CPR" in answer.context["form"].errors["cell_5"][0]
    assert batch.rows.get().corrections == {}


def test_row_is_closed(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    closed = admin.get(at("row", batch, 2) + "?luk", headers=HTMX)
    assert closed.text.strip() == '<tr id="open-2" hidden></tr>'


def test_row_with_a_long_cell_can_be_corrected(admin, long_note):
    before = long_note.rows.get().cells
    answer = admin.post(at("row", long_note, 2), cells_of(long_note, cell_2="28/2-1959"), headers=HTMX)
    assert 'id="import-review"' in answer.text
    row = long_note.rows.get()
    assert (row.state, row.corrections) == ("clean", {"2": "28/2-1959"})
    assert (row.cells[2], row.cells[6]) == ("28/2-1959", before[6])


def test_error_in_another_cell_opens_the_other_cells(admin, long_note):
    opened = admin.get(at("row", long_note, 2), headers=HTMX)
    assert '<details class="import-other-cells">' in opened.text
    too_long = "x" * 100_001
    answer = admin.post(at("row", long_note, 2), cells_of(long_note, cell_6=too_long), headers=HTMX)
    assert list(answer.context["form"].errors) == ["cell_6"]
    assert '<details class="import-other-cells" open>' in answer.text
    assert long_note.rows.get().corrections == {}


def test_missing_row_is_not_found_and_decided_import_redirects_to_review(admin, programme, administrator):
    batch = stage_list(MENTOR, "Åse|Ågård|||a@example.dk|It", programme=programme, by=administrator)
    assert admin.get(at("row", batch, 99)).status_code == 404
    services.apply_import(batch, by=administrator)
    for page in ("row", "decide"):
        assert admin.post(at(page, batch, 2), {"decision": "skip"}).url == at("review", batch)
    services.undo_import(batch, by=administrator)
    assert admin.get(at("undo", batch)).url == at("review", batch)


def test_row_page_works_without_the_review(admin, programme, administrator, koebenhavn):
    PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Ågård", phones=["+4550505050"])
    MentorFactory(programme=programme, person__first_name="Åse", person__last_name="Ågaard")
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    assert "#import-review" not in admin.get(at("row", batch, 2)).text
    assert admin.get(at("row", batch, 2), headers=HTMX).text.count('hx-target="#import-review"') >= 2


@pytest.mark.parametrize(
    ("page", "method"), [("row", "get"), ("row", "post"), ("decide", "post"), ("ask", "post"), ("run", "get")]
)
def test_outdated_page_is_left_completely(client_of, administrator, programme, page, method):
    batch = stage_list(MENTOR, WRONG, ROW, programme=programme, by=administrator)
    client, args = client_of(administrator), [2, 3] if page == "run" else [2]
    services.apply_import(batch, by=administrator)
    services.undo_import(batch, by=administrator)
    if page == "run":  # rows are looked at in any state but before they are checked
        ImportBatch.objects.filter(pk=batch.pk).update(status="read", applied_at=None, undone_at=None)
    answer = getattr(client, method)(at(page, batch, *args), {"decision": "skip"}, headers=HTMX)
    target = "columns" if page == "run" else "review"
    assert (answer.status_code, answer.content, answer.headers["HX-Redirect"]) == (200, b"", at(target, batch))


def test_next_page_shows_who_applied_or_undid_the_import(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, ROW, programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    admin.post(at("decide", batch, 2), {"decision": "skip"}, headers=HTMX)
    text = words(admin.get(at("review", batch)))
    assert "Hanne Lund importerede filen 15. september kl. " in text
    assert "Rækkerne kan ikke længere ændres." in text
    services.undo_import(batch, by=None)
    admin.get(at("row", batch, 2), headers=HTMX)
    assert "En kommando fortrød importen 15. september kl. " in words(admin.get(at("review", batch)))


@pytest.mark.parametrize(("page", "data"), [("row", {"cell_0": "Bo"}), ("decide", {"decision": "skip"}), ("ask", {})])
def test_act_on_an_import_applied_meanwhile_redirects_to_review(
    admin, programme, administrator, monkeypatch, page, data
):
    """Another request applies the import between the check of its status and the act."""
    batch = stage_list(MENTOR, WRONG, ROW, programme=programme, by=administrator)
    act = {"row": "correct_cells", "decide": "decide_row", "ask": "ask_about_row"}[page]

    def refuse(*args, **kwargs):
        services.apply_import(batch, by=administrator)
        raise services.ImportRefused("for sent")

    monkeypatch.setattr(f"imports.views.review.services.{act}", refuse)
    answer = admin.post(at(page, batch, 2), data, headers=HTMX)
    assert answer.headers["HX-Redirect"] == at("review", batch)


def test_row_is_compared_and_merged(admin, programme, administrator, known):
    batch = stage_list(MENTOR, ALIKE, programme=programme, by=administrator)
    page = admin.get(at("row", batch, 2), headers=HTMX)
    lines = {line.key: (line.other, line.kept, line.outcome) for line in page.context["detail"].comparison.lines}
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


def test_decision_for_two_people_is_stored(admin, programme, administrator, known):
    batch = stage_list(MENTOR, ALIKE, programme=programme, by=administrator)
    assert "1 række ligner en, vi kender." in admin.get(at("review", batch)).text
    assert len(admin.get(at("review", batch) + "?fane=questions").context["lines"]) == 1
    review = admin.post(at("decide", batch, 2), {"decision": "different", "person_id": known.pk})
    assert review.url == f"{at('review', batch)}?#r2"
    admin.post(at("apply", batch))
    pair = DistinctPeople.objects.get()
    assert {pair.first, pair.second} == set(Person.objects.all())


def test_row_is_skipped_and_restored(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, "Bo|Dam|||b@d.dk|It", programme=programme, by=administrator)
    review = admin.post(at("decide", batch, 3), {"decision": "skip"}, headers=HTMX)
    assert "1 springes over." in review.text
    assert review.context["rejected"] == {"errors": 1, "duplicates": 0, "skipped": 1, "merged": 0, "questions": 0}
    admin.post(at("decide", batch, 3), {"decision": ""}, headers=HTMX)
    assert batch.rows.get(number=3).state == "clean"


def test_person_who_was_not_compared_cannot_be_chosen(admin, programme, administrator, known):
    stranger = MentorFactory().person
    batch = stage_list(MENTOR, ALIKE, programme=programme, by=administrator)
    admin.post(at("decide", batch, 2), {"decision": "same", "person_id": stranger.pk})
    assert batch.rows.get().decision == ""
    assert "Rækken ser anderledes ud nu." in admin.get(at("review", batch)).text
    admin.post(at("decide", batch, 2), {"decision": "nonsense"})
    assert batch.rows.get().decision == ""


def test_rows_of_one_file_are_compared(admin, programme, administrator):
    batch = stage_list(MENTOR, "Anne|Kjærgård|14/3-1966|||It", ALIKE, programme=programme, by=administrator)
    comparison = admin.get(at("row", batch, 3)).context["detail"].comparison
    assert (comparison.person_id, comparison.other_row, comparison.theirs.title) == (None, 2, "række 2")


def test_row_can_be_read_after_the_import(admin, programme, administrator):
    headings = f"{MENTOR}|Skostørrelse"
    batch = import_list(headings, f"{ROW}|43", f"{AGAIN}|44", WRONG, programme=programme, by=administrator)
    person = Person.objects.get()
    review = admin.get(at("review", batch)).text
    for number in (2, 3, 4):
        assert f'<a href="{at("row", batch, number)}?">Åbn' in review
    before = AccessRecord.objects.filter(kind="read").count()
    page = admin.get(at("row", batch, 2))
    assert "<h1>Række 2: Åse Ågård</h1>" in page.text
    assert f'Oprettet som mentor. <a href="/personer/{person.pk}/">Åse Ågård</a>' in words(page)
    read = [(cell.reference, cell.title, cell.text) for cell in page.context["detail"].cells]
    assert read[-2:] == [("F2", "Branche", "It"), ("G2", "Skostørrelse", "43")]
    record = AccessRecord.objects.filter(kind="read").order_by("pk").last()
    assert (record.user, record.count, record.detail) == (administrator, 1, "liste.csv")
    assert AccessRecord.objects.filter(kind="read").count() == before + 1
    assert "Oprettes ikke igen." in words(admin.get(at("row", batch, 3)))
    wrong = words(admin.get(at("row", batch, 4)))
    assert "Blev ikke oprettet." in wrong
    assert "Datoen findes ikke." in wrong
    assert "<form" not in wrong.split("<main", 1)[1].split("</main>", 1)[0]


def test_row_of_an_undone_import_has_no_cells(admin, programme, administrator):
    batch = import_list(MENTOR, ROW, "Bo|Dam|||b@d.dk|It", programme=programme, by=administrator)
    bo = Person.objects.get(first_name="Bo")
    update_person(bo, by=administrator, town="Valby")
    services.undo_import(batch, by=administrator)
    page = words(admin.get(at("row", batch, 2)))
    assert "Importen er fortrudt, og det, der stod i rækken, er slettet med den." in page
    stays = words(admin.get(at("row", batch, 3)))
    assert f'Bliver stående, fordi nogen har arbejdet med det. <a href="/personer/{bo.pk}/">Bo Dam</a>' in stays
    review = admin.get(at("review", batch) + "?aabn=2-3").text
    assert at("row", batch, 2) not in review
    assert at("row", batch, 3) in review


def test_open_question_is_kept_after_undoing_the_import(admin, programme, administrator, person_elsewhere, koebenhavn):
    namesake = PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Ågård", phones=["+4540404040"])
    rows = [ROW, "Åse|Ågård||40404040||It"]
    first = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    assert ask_about_row(first, 2, by=administrator).person == person_elsewhere
    services.undo_import(services.apply_import(first, by=administrator), by=administrator)
    second = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    text = words(admin.get(at("review", second)))
    assert text.count("venter på svar") == 1
    assert text.count("Spørg København") == 1  # the namesake may be asked about
    assert ask_about_row(second, 3, by=administrator).person == namesake


def test_question_links_to_its_row_while_the_row_exists(admin, programme, administrator, person_elsewhere):
    batch = stage_list(MENTOR, ROW, programme=programme, by=administrator)
    ask_about_row(batch, 2, by=administrator)
    services.apply_import(batch, by=administrator)
    assert "Se række 2 i importen" in admin.get("/personer/spoergsmaal/").text
    services.undo_import(batch, by=administrator)
    assert "Se række 2 i importen" not in admin.get("/personer/spoergsmaal/").text
    assert BranchQuestion.objects.get().answer == ""
