"""Views: the list of imports, the upload of a file and the progress of reading it."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common.spreadsheets.progress import CachedProgress, ReadingStep
from imports import services
from imports.models import ImportBatch
from imports.views.files import reading_key
from people.models import Person
from tests.common.spreadsheet_bombs import HOSTILE
from tests.imports.samples import SAMPLES, stage_list, stage_sample, words

pytestmark = pytest.mark.django_db
CREATE = "/personer/import/ny/"
LIST = "/personer/import/"
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Åse|Ågård|28/2-1959|50505050|aa@example.dk|It"


def upload(admin, programme, content: bytes, name="liste.csv", **fields):
    data = {"programme": programme.pk, "kind": "", "file": SimpleUploadedFile(name, content), "once": uuid.uuid4()}
    return admin.post(CREATE, data | fields)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def reading_page(client, key) -> str:
    return " ".join(client.get(reverse("imports:import-reading", args=[key])).text.split())


def test_import_from_upload_to_people(admin, programme, administrator):
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


def test_form_sent_twice_makes_one_import(admin, programme):
    key = uuid.uuid4()
    urls = {upload(admin, programme, "Navn;Branche\r\nÅse;It\r\n".encode(), once=key).url for _time in range(2)}
    assert urls == {reverse("imports:import-columns", args=[ImportBatch.objects.get().pk])}


def test_form_sent_again_with_another_file_makes_another_import(admin, programme):
    """The browser restores a form from its history with the same one-time key."""
    key = uuid.uuid4()
    texts = ("Navn;Branche\r\nÅse;It\r\n", "Navn;Branche\r\nBo;It\r\n")
    urls = [upload(admin, programme, text.encode(), once=key).url for text in texts]
    again = upload(admin, programme, texts[0].encode(), once=key, kind="mentee").url
    assert len({*urls, again}) == ImportBatch.objects.count() == 3


def test_waiting_page_shows_reading_progress(admin, administrator, programme, monkeypatch):
    """The same user loads the progress while the file is read."""
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


def test_reading_progress_is_hidden_from_other_users(client_of, administrator, other_branch_administrator):
    key = uuid.uuid4()
    with CachedProgress(reading_key(administrator, key)) as report:
        report(ReadingStep.READ, 5, 10)
        assert "Filen er på vej." in reading_page(client_of(other_branch_administrator), key)
        assert "<b>5</b> af 10 rækker er læst." in reading_page(client_of(administrator), key)


def test_form_with_invalid_key_is_shown_again(admin, programme):
    page = upload(admin, programme, b"Navn", once="x' onload='")
    assert page.status_code == 200
    assert 'hx-trigger="load' not in page.text.partition("<main")[2]


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
def test_bad_file_is_refused_at_its_field(admin, programme, name, sentence):
    response = upload(admin, programme, HOSTILE[name][0](), "fil.xlsx")
    (error,) = response.context["form"].errors["file"]
    assert error.startswith(sentence)
    assert ImportBatch.objects.count() == 0


def test_file_and_programme_of_the_branch_are_required(admin, programme, other_programme):
    response = admin.post(CREATE, {"programme": other_programme.pk})
    assert response.context["form"].errors["file"] == ["Vælg en fil."]
    assert "programme" in response.context["form"].errors


def test_import_list(admin, programme, other_programme, administrator):
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


def test_import_list_shows_who_read_a_file_and_when(admin, programme, administrator):
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
