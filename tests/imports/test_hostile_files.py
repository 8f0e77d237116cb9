"""Two thousand files mutated from the samples are each staged, or refused with a sentence."""

import io
import time
import zipfile

import pytest
from django.db import transaction

from common.spreadsheets import FileRefused, reading, write_ods
from imports.engine.kind import ACCEPTED, template_fields
from imports.kinds import all_kinds, kind_of
from imports.models import ImportBatch, ImportRow
from imports.services import apply_import, read_upload
from people.models import Person
from tests.common.reading_pool import Pool
from tests.imports.mutations import LONG_NAME, MANY_DIGITS, WITHOUT_WIDTH, mutated
from tests.imports.samples import EXPECTED, import_sample, stage_and_check

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CHUNK = 100
CHUNKS = 20
WHOLE = range(7, CHUNK * CHUNKS, 101)
# Of the whole ones those that are not refused: the status they come to, and how many of their rows are accepted.
GO_THROUGH = {
    7: ("applied", 75), 108: ("read", 0), 512: ("applied", 55), 815: ("applied", 75), 916: ("applied", 135),
    1118: ("applied", 168), 1421: ("applied", 13), 1623: ("applied", 7), 1724: ("applied", 124),
    1825: ("applied", 55), 1926: ("applied", 168),
}  # fmt: skip
HEADINGS = ("Fornavn", "Efternavn", "E-mail", "Branche")
STAGED_ROWS = 10  # of each sheet: checking rows is not what is tried here
SECONDS = 10


@pytest.fixture
def pool(monkeypatch):
    """Run the reader with its limits, forked instead of started again for each file."""
    pool = Pool(reading.reading_limits())
    monkeypatch.setattr(reading, "_run_worker", pool.run)
    yield pool
    pool.close()


def outcome(name: str, data: bytes, programme):
    """Return the sentence of the refusal, or None for a staged file."""
    try:
        upload = read_upload(io.BytesIO(data), name)
        for sheet in upload.spreadsheet.sheets:
            del sheet.rows[STAGED_ROWS:]
        stage_and_check(upload, programme=programme, by=None)
    except FileRefused as refusal:
        return str(refusal)
    return None


def stored() -> tuple[int, int, int]:
    return ImportBatch.objects.count(), ImportRow.objects.count(), Person.objects.count()


@pytest.mark.parametrize("number", WHOLE)
def test_mutated_files_are_read_and_applied(number, programme):
    """With the real reader and an applied import: every accepted row has a record, or no row has."""
    name, data = mutated(number)
    for sample in EXPECTED["import_order"][:2] if name.startswith("matches") else ():
        import_sample(sample, programme)
    before = stored()
    try:
        batch = stage_and_check(read_upload(io.BytesIO(data), name), programme=programme, by=None)
    except FileRefused:
        assert (None, stored()) == (GO_THROUGH.get(number), before)
        return
    if batch.status == "staged":
        batch = apply_import(batch, by=None)
    accepted = list(batch.rows.filter(state__in=ACCEPTED).values_list("pk", flat=True))
    assert (batch.status, len(accepted)) == GO_THROUGH.get(number)
    if batch.status == "applied":
        assert (batch.rows.count(), batch.counts["accepted"]) == (batch.row_count, len(accepted))
        assert sorted(kind_of(batch.kind).stored_urls(accepted)) == sorted(accepted)


def test_enough_mutated_files_are_staged():
    assert len(WHOLE) == 20
    assert sum(status == "applied" and accepted > 0 for status, accepted in GO_THROUGH.values()) >= 8


@pytest.mark.parametrize("code", [kind.code for kind in all_kinds()])
@pytest.mark.parametrize("strange", [MANY_DIGITS, f"{MANY_DIGITS} min", f"-{MANY_DIGITS},5", WITHOUT_WIDTH])
def test_unusual_cells_are_handled_by_every_kind(code, strange, programme):
    """Try each column."""
    fields = template_fields(kind_of(code))
    plain = [field.examples[0] for field in fields]
    rows = [[*plain[:index], strange, *plain[index + 1 :]] for index in range(len(fields))]
    file = write_ods("Liste", [str(field.label) for field in fields], [plain, *rows])
    batch = stage_and_check(read_upload(file, "liste.ods"), programme=programme, by=None)
    assert (batch.status, batch.kind, batch.row_count) == ("staged", code, len(fields) + 1)
    batch = apply_import(batch, by=None)
    assert (batch.status, batch.rows.count()) == ("applied", len(fields) + 1)


def test_a_very_long_sheet_name_is_handled(programme):
    content, target = write_ods("Liste", HEADINGS, [["Åse", "Møller", "a@m.dk", "It"]]), io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.infolist():
            new.writestr(member, old.read(member).replace(b'"Liste"', f'"{LONG_NAME}"'.encode()))
    target.seek(0)
    batch = stage_and_check(read_upload(target, "liste.ods"), programme=programme, by=None)
    batch = apply_import(batch, by=None)
    assert (batch.status, batch.counts["accepted"], batch.sheet) == ("applied", 1, LONG_NAME[:100])


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_mutated_files_are_staged_or_refused_with_a_sentence(chunk, programme, pool, caplog):
    staged = 0
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        name, data = mutated(number)
        began = time.process_time()
        point = transaction.savepoint()
        sentence = outcome(name, data, programme)
        if sentence is None:
            staged += 1
            transaction.savepoint_rollback(point)
        else:
            transaction.savepoint_commit(point)
            assert len(sentence) > 20, number
            assert sentence.endswith("."), number
        assert stored() == (0, 0, 0), number
        assert time.process_time() - began < SECONDS, number
    assert 10 < staged < CHUNK - 10  # the mutations are neither harmless nor hopeless
    assert [line.getMessage() for line in caplog.records if line.name == "mentornet.spreadsheets"] == []
