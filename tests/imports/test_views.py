"""What the pages of an import say: of a long cell, in two browsers, of a row read later, of days, after undoing."""

import datetime as dt
import io

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AccessRecord
from common.spreadsheets import read_spreadsheet
from demo.factories import MatchFactory, MentorFactory, OrganisationFactory, PersonFactory, VolunteerGroupFactory
from imports import services
from imports.models import ImportBatch, RowOrigin
from imports.services import ask_about_row
from imports.services.undoing import removed_in_words
from people.models import BranchQuestion, DistinctPeople, Person
from people.services.people import update_person
from tests.imports.samples import at, came_from, codes, import_list, stage_list, upload_of

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|It"
WRONG = "Åse|Ågård|31/2-1959|50505050|aa@example.dk|It"
AGAIN = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|Handel"
HTMX = {"HX-Request": "true"}


def words(response) -> str:
    return " ".join(response.text.replace("\xa0", " ").split())


# ---------------------------------------------------------------- a long cell


@pytest.fixture
def long_note(programme, administrator):
    """A row with an error, and a note longer than what is typed into a page may be."""
    note = f"{'Ordet ' * 265}\rslut "
    batch = stage_list(f"{MENTOR}|Bemærkninger", f"{WRONG}|{note}", programme=programme, by=administrator)
    assert len(batch.rows.get().cells[6]) > 1_590
    return batch


def cells_of(batch, **changed) -> dict:
    """A row as a browser sends it: every line break the same, however it was."""
    cells = {f"cell_{index}": text.replace("\r", "\r\n") for index, text in enumerate(batch.rows.get().cells)}
    return cells | changed


def test_a_row_with_a_long_cell_can_be_corrected(admin, long_note):
    before = long_note.rows.get().cells
    answer = admin.post(at("row", long_note, 2), cells_of(long_note, cell_2="28/2-1959"), headers=HTMX)
    assert 'id="import-review"' in answer.text
    row = long_note.rows.get()
    assert (row.state, row.corrections) == ("clean", {"2": "28/2-1959"})
    assert (row.cells[2], row.cells[6]) == ("28/2-1959", before[6])


def test_an_error_in_another_cell_is_seen(admin, long_note):
    opened = admin.get(at("row", long_note, 2), headers=HTMX)
    assert '<details class="import-other-cells">' in opened.text
    too_long = "x" * 100_001
    answer = admin.post(at("row", long_note, 2), cells_of(long_note, cell_6=too_long), headers=HTMX)
    assert list(answer.context["form"].errors) == ["cell_6"]
    assert '<details class="import-other-cells" open>' in answer.text
    assert long_note.rows.get().corrections == {}


# ---------------------------------------------------------------- the row's own page, and other browsers


def test_the_page_of_a_row_needs_no_review_around_it(admin, programme, administrator, koebenhavn):
    PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Ågård", phones=["+4550505050"])
    MentorFactory(programme=programme, person__first_name="Åse", person__last_name="Ågaard")
    batch = stage_list(MENTOR, WRONG, programme=programme, by=administrator)
    assert "#import-review" not in admin.get(at("row", batch, 2)).text
    assert admin.get(at("row", batch, 2), headers=HTMX).text.count('hx-target="#import-review"') >= 2


@pytest.mark.parametrize(
    ("page", "method"), [("row", "get"), ("row", "post"), ("decide", "post"), ("ask", "post"), ("run", "get")]
)
def test_a_page_that_is_out_of_date_is_left_as_a_whole(client_of, administrator, programme, page, method):
    batch = stage_list(MENTOR, WRONG, ROW, programme=programme, by=administrator)
    client, args = client_of(administrator), [2, 3] if page == "run" else [2]
    services.apply_import(batch, by=administrator)
    services.undo_import(batch, by=administrator)
    if page == "run":  # rows are looked at in any state but while they are checked
        ImportBatch.objects.filter(pk=batch.pk).update(status="checking", applied_at=None, undone_at=None)
    answer = getattr(client, method)(at(page, batch, *args), {"decision": "skip"}, headers=HTMX)
    target = "check" if page == "run" else "review"
    assert (answer.status_code, answer.content, answer.headers["HX-Redirect"]) == (200, b"", at(target, batch))


def test_who_was_faster_is_told_on_the_page_that_follows(admin, programme, administrator):
    batch = stage_list(MENTOR, WRONG, ROW, programme=programme, by=administrator)
    services.apply_import(batch, by=administrator)
    admin.post(at("decide", batch, 2), {"decision": "skip"}, headers=HTMX)
    told = words(admin.get(at("review", batch)))
    assert "Hanne Lund importerede filen 15. september kl. " in told
    assert "Rækkerne kan ikke længere ændres." in told
    services.undo_import(batch, by=None)
    admin.get(at("row", batch, 2), headers=HTMX)
    assert "En kommando fortrød importen 15. september kl. " in words(admin.get(at("review", batch)))


@pytest.mark.parametrize(("page", "data"), [("row", {"cell_0": "Bo"}), ("decide", {"decision": "skip"}), ("ask", {})])
def test_somebody_is_faster_by_a_moment(admin, programme, administrator, monkeypatch, page, data):
    """Imported between the look at the state and the act."""
    batch = stage_list(MENTOR, WRONG, ROW, programme=programme, by=administrator)
    act = {"row": "correct_cells", "decide": "decide_row", "ask": "ask_about_row"}[page]

    def refuse(*args, **kwargs):
        services.apply_import(batch, by=administrator)
        raise services.ImportRefused("for sent")

    monkeypatch.setattr(f"imports.views.rows.services.{act}", refuse)
    answer = admin.post(at(page, batch, 2), data, headers=HTMX)
    assert answer.headers["HX-Redirect"] == at("review", batch)


# ---------------------------------------------------------------- a row read later


def test_a_row_is_read_after_it_was_imported(admin, programme, administrator):
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
    read = [(cell.reference, cell.title, cell.text) for cell in page.context["row"].cells]
    assert read[-2:] == [("F2", "Branche", "It"), ("G2", "Skostørrelse", "43")]
    record = AccessRecord.objects.filter(kind="read").order_by("pk").last()
    assert (record.user, record.count, record.detail) == (administrator, 1, "liste.csv")
    assert AccessRecord.objects.filter(kind="read").count() == before + 1
    assert "Oprettes ikke igen." in words(admin.get(at("row", batch, 3)))
    wrong = words(admin.get(at("row", batch, 4)))
    assert "Blev ikke oprettet." in wrong
    assert "Datoen findes ikke." in wrong
    assert "<form" not in wrong.split("<main", 1)[1].split("</main>", 1)[0]


def test_a_row_of_an_undone_import_says_that_it_is_gone(admin, programme, administrator):
    batch = import_list(MENTOR, ROW, "Bo|Dam|||b@d.dk|It", programme=programme, by=administrator)
    bo = Person.objects.get(first_name="Bo")
    update_person(bo, by=administrator, town="Valby")
    services.undo_import(batch, by=administrator)
    gone = words(admin.get(at("row", batch, 2)))
    assert "Importen er fortrudt, og det, der stod i rækken, er slettet med den." in gone
    stays = words(admin.get(at("row", batch, 3)))
    assert f'Bliver stående, fordi nogen har arbejdet med det. <a href="/personer/{bo.pk}/">Bo Dam</a>' in stays
    review = admin.get(at("review", batch) + "?aabn=2-3").text
    assert at("row", batch, 2) not in review
    assert at("row", batch, 3) in review


def test_where_something_came_from_leads_to_its_row(client_of, programme, administrator, coordinator):
    batch = import_list(MENTOR, ROW, programme=programme, by=administrator)
    row, person = batch.rows.get(), Person.objects.get()
    match, group = MatchFactory(programme=programme), VolunteerGroupFactory(programme=programme)
    organisation = OrganisationFactory(branch=programme.branch)
    for record in (match, organisation, group):
        came_from(record, row)
    pages = [
        f"/personer/{person.pk}/",
        f"/match/{match.pk}/",
        f"/personer/organisationer/{organisation.pk}/",
        f"/personer/grupper/{group.pk}/",
    ]
    link = f'<a href="{at("row", batch, 2)}">Se rækken</a>'
    for page in pages:
        text = client_of(administrator).get(page).text
        assert link in text, page
        text = client_of(coordinator).get(page).text
        assert "»liste.csv«, række 2" in text, page
        assert "Se rækken" not in text, page
    RowOrigin.objects.filter(model="people.enrolment").delete()
    came_from(person.enrolments.get(), stage_list(MENTOR, ROW, programme=programme).rows.get())
    assert client_of(administrator).get(pages[0]).text.count("Se rækken") == 2


# ---------------------------------------------------------------- days


def test_every_page_says_the_same_day(client_of, programme, administrator, settings):
    """Half past midnight in Denmark is the day before in UTC."""
    settings.DEMO_TODAY = ""
    with time_machine.travel("2026-11-22T23:30:00+00:00"):
        import_list(MENTOR, ROW, programme=programme, by=administrator)
        person = Person.objects.get()
        person.enrolments.update(applied_on=None)
        by_hand = PersonFactory(home_branch=programme.branch, created_by=administrator)
        client = client_of(administrator)
        for pk, origin in (
            (person.pk, "importeret 23. november."),
            (by_hand.pk, "Oprettet af Hanne Lund 23. november."),
        ):
            page = client.get(f"/personer/{pk}/")
            [entry] = [entry for block in page.context["blocks"] for entry in block.entries]
            assert (entry.title, entry.on) == ("Person oprettet", dt.date(2026, 11, 23))
            assert origin in words(page)


def test_the_timeline_of_somebody_imported_tells_the_day_of_the_import(admin, programme, administrator):
    import_list(MENTOR, ROW, programme=programme, by=administrator)
    person = Person.objects.get()
    assert timezone.localdate(person.created_at) != dt.date(2011, 9, 15)  # the machine's clock is ahead of the demo's
    person.enrolments.update(applied_on=None)
    page = admin.get(f"/personer/{person.pk}/")
    [entry] = [entry for block in page.context["blocks"] for entry in block.entries]
    assert entry.on == dt.date(2011, 9, 15)
    assert "Fra »liste.csv«, række 2, importeret 15. september." in words(page)


def test_the_list_tells_who_read_a_file_and_when(admin, programme, administrator):
    batches = [stage_list(MENTOR, ROW, programme=programme, by=administrator) for _time in range(3)]
    for batch, (day, time) in zip(batches, [(15, "14:03"), (14, "9:00"), (1, "16:30")], strict=True):
        moment = dt.datetime.fromisoformat(f"2011-09-{day:02}T{time.zfill(5)}:00")
        ImportBatch.objects.filter(pk=batch.pk).update(created_at=timezone.make_aware(moment))
    listed = words(admin.get("/personer/import/"))
    assert "læst af Hanne Lund, i dag kl. 14.03" in listed
    assert "læst af Hanne Lund, i går kl. 9" in listed
    assert "læst af Hanne Lund, 1. september kl. 16.30" in listed
    services.apply_import(batches[0], by=administrator)
    services.undo_import(batches[0], by=None)
    assert "En kommando, i dag kl. " in words(admin.get("/personer/import/"))


# ---------------------------------------------------------------- what is held back


def test_all_that_is_rejected_can_be_had_and_comes_in_corrected(admin, programme, administrator):
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
    again = services.stage_import(
        upload_of("\n".join(";".join(str(cell or "") for cell in line) for line in lines).encode()),
        programme=programme,
        by=administrator,
    )
    assert {number: found[0] for number, found in codes(again).items()} == {2: "clean", 3: "duplicate_existing"}


def test_a_row_that_was_laid_together_is_not_rejected(admin, programme, administrator):
    known = MentorFactory(programme=programme, person__first_name="Åse", person__last_name="Ågård",
                          person__phones=["+4550505050"]).person  # fmt: skip
    batch = stage_list(MENTOR, ROW, programme=programme, by=administrator)
    review = at("review", batch)
    assert "Hent de tilbageholdte rækker" in admin.get(review).text
    services.decide_row(batch, by=administrator, number=2, decision="same", person_id=known.pk)
    assert "Hent de tilbageholdte rækker" not in admin.get(review).text


# ---------------------------------------------------------------- after undoing


def test_an_undone_import_is_told_of_as_past(admin, programme, administrator):
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
def test_rejected_rows_are_offered_after_undoing_as_long_as_they_are_there(admin, programme, administrator, is_kept):
    batch = import_list(MENTOR, ROW, WRONG, programme=programme, by=administrator)
    services.undo_import(batch, by=administrator)
    batch.rows.filter(number=3).update(cells=WRONG.split("|") if is_kept else [])
    page = admin.get(at("review", batch))
    assert ("Hent de tilbageholdte rækker" in page.text) is is_kept
    assert page.context["has_rejected"] is is_kept


def test_what_was_told_apart_is_counted_in_words(programme):
    label = DistinctPeople._meta.label_lower
    assert removed_in_words({"removed": {label: 1}}) == [(1, "afgørelse om to forskellige")]
    assert removed_in_words({"removed": {label: 2}}) == [(2, "afgørelser om to forskellige")]


def test_the_sentences_above_possible_duplicates_stand_apart(admin, tingbjerg, monkeypatch):
    monkeypatch.setattr("people.views.merging.MOST_COMPARED", 2)
    for _person in range(3):
        PersonFactory(home_branch=tingbjerg, birth_date=dt.date(1977, 5, 3))
    text = words(admin.get("/personer/mulige-dubletter/"))
    assert "Blandt de 2 nyeste af 3 personer. 3 par ligner" in text


# ---------------------------------------------------------------- a question to another branch


@pytest.fixture
def elsewhere(koebenhavn):
    """Åse, whom København knows."""
    return PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Ågård", phones=["+4550505050"], emails=[])


def test_an_open_question_outlives_the_import_it_came_from(admin, programme, administrator, elsewhere, koebenhavn):
    namesake = PersonFactory(home_branch=koebenhavn, first_name="Åse", last_name="Ågård", phones=["+4540404040"])
    rows = [ROW, "Åse|Ågård||40404040||It"]
    first = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    assert ask_about_row(first, 2, by=administrator).person == elsewhere
    services.undo_import(services.apply_import(first, by=administrator), by=administrator)
    second = stage_list(MENTOR, *rows, programme=programme, by=administrator)
    text = words(admin.get(at("review", second)))
    assert text.count("venter på svar") == 1
    assert text.count("Spørg København") == 1  # the namesake may be asked about
    assert ask_about_row(second, 3, by=administrator).person == namesake


def test_a_question_leads_to_an_import_only_while_its_rows_are_there(admin, programme, administrator, elsewhere):
    batch = stage_list(MENTOR, ROW, programme=programme, by=administrator)
    ask_about_row(batch, 2, by=administrator)
    services.apply_import(batch, by=administrator)
    assert "Se række 2 i importen" in admin.get("/personer/spoergsmaal/").text
    services.undo_import(batch, by=administrator)
    assert "Se række 2 i importen" not in admin.get("/personer/spoergsmaal/").text
    assert BranchQuestion.objects.get().answer == ""
