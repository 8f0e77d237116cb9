"""What imports add to the apps below."""

from typing import Any

from django.db.models import Max

from imports.models import ImportBatch, ImportRow
from imports.origins import origins_of_records
from people.duplicates import CHANGE_SOURCES
from people.merging.rules import MERGE_FOLLOWERS
from people.models import Person
from people.origins import ORIGIN_SOURCES

ORIGIN_SOURCES.add(origins_of_records)


@MERGE_FOLLOWERS.add
def carry_compared_rows(kept: Person, other: Person, journal: Any) -> None:
    """Compare rows with the kept person that were compared with the merged one."""
    for row in ImportRow.objects.filter(other_person_id=other.pk):
        journal.change(row, {"other_person_id": kept.pk})


@CHANGE_SOURCES.add
def last_undone(branch_id: int) -> object:
    """Return when an import of the branch was last undone, which restores the time of people's last change."""
    undone = ImportBatch.objects.filter(programme__branch=branch_id, undone_at__isnull=False)
    return undone.aggregate(last=Max("undone_at"))["last"]
