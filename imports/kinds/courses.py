"""What the lists of meetings, follow-ups and outcomes share: each row belongs to a match that has begun."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imports.engine.cells import as_text
from imports.engine.issues import WARNING, IssueKind, register_issues
from imports.engine.kind import RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.store import Store
from imports.kinds.matches import label_of
from imports.kinds.parties import MatchDirectory, MatchRef
from imports.origins import addresses_of
from programmes.models import Programme

register_issues(
    {
        "before_match": IssueKind(
            WARNING, _("The day lies before the match began, %(start)s. Stored as it stands; look at the date.")
        ),
        "after_match": IssueKind(
            WARNING, _("The match had ended by then, %(end)s. Stored as it stands; look at the date.")
        ),
    }
)


@dataclass
class KnownRecords:
    """The programme's matches, and the records of a kind that are stored or were accepted."""

    matches: MatchDirectory
    seen: dict[tuple, int | None] = field(default_factory=dict)


class CourseKind(RecordKind):
    """A list of records that hang on matches. The row's link leads to the match."""

    model: type

    def load_known(self, programme: Programme) -> KnownRecords:
        known = KnownRecords(MatchDirectory(programme))
        stored = self.model.objects.filter(match__programme=programme)
        known.seen = dict.fromkeys(self.stored_keys(stored))
        return known

    @abstractmethod
    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        """The keys of what is stored, in one query."""

    def label_of(self, reader: RowReader) -> str:
        return label_of(reader)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_records import store_records  # noqa: PLC0415 - becomes one file

        store_records(self.model, rows, by=by, store=store)

    def list_url(self) -> str:
        return reverse("matching:match-list") + "?status=all"

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(self.model, row_ids, "match_id", "matching:match-detail")


def warn_outside(row: RowReader, key: str, match: MatchRef | None, day: dt.date | None, *, after: bool = True) -> None:
    """Say that a day lies before its match or, where that is odd, after it."""
    if not (match and day):
        return
    if day < match.started_on:
        row.report("before_match", key, start=as_text(match.started_on))
    elif after and match.is_over(day):
        row.report("after_match", key, end=as_text(match.ended_on))
