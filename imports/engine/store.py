"""The writes of one import: bulk storing, the change journal and the origin of each record."""

from collections.abc import Iterable, Sequence

from django.db import models

from accounts.models import User
from common.bulk import store_new
from common.journal import Journal
from imports.models import RowOrigin


class Store:
    """Stores records in bulk in the caller's transaction, and collects the change journal and the origins.

    ``by`` is the user who applies the import, or None for a command.
    """

    def __init__(self, by: User | None):
        self.by, self.journal = by, Journal()
        self._origins: list[tuple[type[models.Model], int, models.Model]] = []

    def create(
        self, model: type[models.Model], records: Sequence[models.Model], row_ids: Iterable[int] = (), **options
    ) -> list[models.Model]:
        """Validate, store and return new records; ``row_ids`` are the ids of their rows. Raises ValidationError."""
        stored = self.journal.create(model, records, **options)
        for row_id, record in zip(row_ids, stored, strict=False):
            self.came_from(row_id, record)
        return stored

    def change(self, model: type[models.Model], records: Iterable[models.Model], names: Sequence[str]) -> None:
        """Store fields of locked records whose changes are in the journal. Raises ValidationError."""
        self.journal.save(model, records, names)

    def came_from(self, row_id: int, record: models.Model) -> None:
        """Add the row that a record came from. The first row of a record counts."""
        self._origins.append((type(record), row_id, record))

    def store_origins(self) -> None:
        """Store the origins. The journal leaves them out, because undoing removes them with their records."""
        origins = {
            (model._meta.label_lower, record.pk): RowOrigin(
                row_id=row_id, model=model._meta.label_lower, object_id=record.pk
            )
            for model, row_id, record in reversed(self._origins)
        }
        store_new(RowOrigin, list(origins.values()), ignore_conflicts=True)
