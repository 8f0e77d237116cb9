"""Keeping what somebody chose for a list, to be offered when its like returns."""

from accounts.models import User
from common import clock
from common.cpr import refuse_cpr
from imports.engine.kind import Words
from imports.models import ImportBatch, KnownWord, SavedMapping
from imports.services.remembered import heading_places, headings_digest


def remember_columns(batch: ImportBatch, *, by: User | None) -> None:
    """Keep the columns of a batch for the next list with the same headings, in the caller's transaction."""
    digest = headings_digest(batch.headers)
    if not digest:
        return
    places = {index: place for place, index in heading_places(batch.headers).items()}
    columns = {key: list(places[index]) for key, index in batch.mapping["columns"].items()}
    branch = batch.programme.branch
    saved = SavedMapping.objects.filter(branch=branch, headings_digest=digest).first()
    saved = saved or SavedMapping(branch=branch, headings_digest=digest)
    saved.kind, saved.columns, saved.saved_by, saved.saved_at = batch.kind, columns, by, clock.now()
    saved.full_clean()
    saved.save()


def remember_words(batch: ImportBatch, words: Words, *, by: User | None) -> None:
    """Keep what a branch's words mean in lists of this kind, and forget those that mean nothing any more.

    In the caller's transaction.
    """
    branch = batch.programme.branch
    known = {(known.field, known.word): known for known in KnownWord.objects.filter(branch=branch, kind=batch.kind)}
    for field, meanings in words.items():
        for word, meaning in meanings.items():
            record = known.get((field, word))
            if meaning:
                _keep_word(record or KnownWord(branch=branch, kind=batch.kind, field=field, word=word), meaning, by)
            elif record:
                record.delete()


def _keep_word(record: KnownWord, meaning: str, by: User | None) -> None:
    refuse_cpr(record.word)
    refuse_cpr(meaning)
    record.meaning, record.saved_by, record.saved_at = meaning, by, clock.now()
    record.full_clean()
    record.save()
