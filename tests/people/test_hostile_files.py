"""Two thousand files mutated from the samples: each is read and staged, or refused with words. Nothing else happens."""

import io
import time

import pytest
from django.db import transaction

from common.spreadsheets import FileRefused, reading
from people.models import ImportBatch, ImportRow, Person
from people.services.importing import apply_import, read_upload, stage_import
from tests.common.reading_pool import Pool
from tests.people.mutations import mutated

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CHUNK = 100
CHUNKS = 20
STAGED_ROWS = 10  # of each sheet: checking rows is not what is tried here
SECONDS = 10


@pytest.fixture
def pool(monkeypatch):
    """The very reader with the very limits, forked instead of started anew for each file."""
    pool = Pool(reading.reading_limits() | {"seconds": 7})
    monkeypatch.setattr(reading, "_run_worker", pool.run)
    yield pool
    pool.close()


def outcome(name: str, data: bytes, programme, *, is_whole: bool = False):
    """The sentence of the refusal, or None for a file that was staged."""
    try:
        upload = read_upload(io.BytesIO(data), name)
        for sheet in upload.spreadsheet.sheets if not is_whole else ():
            del sheet.rows[STAGED_ROWS:]
        batch = stage_import(upload, programme=programme, by=None)
        if is_whole and batch.status == "staged":
            apply_import(batch, by=None)
    except FileRefused as refusal:
        return str(refusal)
    return None


def stored() -> tuple[int, int, int]:
    return ImportBatch.objects.count(), ImportRow.objects.count(), Person.objects.count()


@pytest.mark.parametrize("number", range(7, CHUNK * CHUNKS, 100))
def test_some_of_them_go_all_the_way(number, programme):
    """The whole file, the real reader, and the import applied: whole or not at all."""
    sentence = outcome(*mutated(number), programme, is_whole=True)
    batches, rows, people = stored()
    if sentence is None:
        assert (batches, people <= rows) == (1, True)
    else:
        assert (batches, rows, people) == (0, 0, 0)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_mutated_files_are_staged_or_refused_with_words(chunk, programme, pool):
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
