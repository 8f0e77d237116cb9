"""Where those came from who were merged into somebody: the row of the import is in the journal."""

from people.merging.journal import unpack
from people.models import ImportRow, Person, PersonMerge


def origins_of(person: Person) -> dict[str, ImportRow]:
    """Case number of each merged person who came from an import → their row. Two queries, none without a merge."""
    if not person.former_numbers:
        return {}
    merges = PersonMerge.objects.filter(kept=person, undone_at=None, journal__isnull=False)
    found = {merge.merged_case_number: _row_of(merge) for merge in merges}
    rows = ImportRow.objects.select_related("batch").in_bulk([row for row in found.values() if row])
    return {number: rows[row] for number, row in found.items() if row in rows}


def _row_of(merge: PersonMerge) -> int | None:
    """The import row of the person whom the merge took away: the last step of its journal."""
    return unpack(merge.journal)[-1]["row"]["import_row_id"]
