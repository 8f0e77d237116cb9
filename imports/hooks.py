"""What imports add to the apps below: origins of records, merges, words of histories, sentences of the access log."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.log_words import LISTS, LOG_SENTENCES, LoggedList, LogSentence
from accounts.models import User
from accounts.roles import Verb
from common.history import ACT_NOTES, ACT_WORDS, ActNote
from common.journal import current_journal
from imports.enums import ImportStatus
from imports.exports import IMPORTS
from imports.kinds import KINDS
from imports.models import ImportBatch, ImportRow, RowOrigin
from imports.services import tasks  # noqa: F401 - the worker must know them
from people.duplicates import CHANGE_SOURCES
from people.merging.rules import MERGE_FOLLOWERS
from people.models import Person
from people.origins import ORIGIN_SOURCES, Key, Origin


def kind_words(code: str) -> str:
    """Return the label of a kind; a code that is no longer a kind stays as it is."""
    return str(KINDS[code].label) if code in KINDS else code


LISTS.add(LoggedList(IMPORTS.label), key=IMPORTS.key)
LOG_SENTENCES.add_all(
    {
        "import_opened": LogSentence("%(file)s"),
        "import_applied": LogSentence("%(file)s: %(kind)s", kind=kind_words),
        "import_undone": LogSentence(_("Import undone: %(file)s")),
    }
)


ACT_WORDS.add_all({"apply_import": _("Imported from a spreadsheet"), "undo_import": _("Import undone")})


@ACT_NOTES.add
def notes_of_acts(acts: Collection[int], user: User) -> dict[int, ActNote]:
    """Return the files of acts, with the address of the import for users who may import in its branch."""
    batches = ImportBatch.objects.filter(act__in=acts).values_list("act", "pk", "file_name", "programme__branch")
    return {
        act: ActNote(
            _("From the file »%(file)s«") % {"file": name},
            reverse("imports:import-review", args=[pk]) if user.may(Verb.IMPORT, branch) else "",
        )
        for act, pk, name, branch in batches
    }


@MERGE_FOLLOWERS.add
def carry_compared_rows(kept: Person, other: Person) -> None:
    """Compare rows with the kept person that were compared with the merged one."""
    for row in ImportRow.objects.filter(other_person_id=other.pk):
        current_journal().change(row, {"other_person_id": kept.pk})


@CHANGE_SOURCES.add
def last_undone(branch_id: int) -> object:
    """Return when an import of the branch was last undone, which restores the time of people's last change."""
    undone = ImportBatch.objects.filter(programme__branch=branch_id, undone_at__isnull=False)
    return undone.aggregate(last=Max("undone_at"))["last"]


@ORIGIN_SOURCES.add
def origins_of_records(keys: Collection[Key], user: User) -> dict[Key, Origin]:
    """Return the origins of records for the pages of lower apps. One query."""
    by_model: dict[str, list[int]] = {}
    for model, pk in keys:
        by_model.setdefault(model, []).append(pk)
    wanted = Q()
    for model, pks in by_model.items():
        wanted |= Q(model=model, object_id__in=pks)
    rows = RowOrigin.objects.filter(wanted).values_list(
        "model",
        "object_id",
        "row__number",
        "row__batch_id",
        "row__batch__file_name",
        "row__batch__applied_at",
        "row__batch__status",
        "row__batch__programme__branch_id",
    )
    return {(model, pk): _origin(user, *values) for model, pk, *values in rows}


def _origin(
    user: User, number: int, batch_id: int, file_name: str, applied_at: dt.datetime, status: str, branch_id: int
) -> Origin:
    url = reverse("imports:import-row", args=[batch_id, number]) if user.may(Verb.IMPORT, branch_id) else ""
    return Origin(
        file_name=file_name, row=number, imported_at=applied_at, is_undone=status == ImportStatus.UNDONE, url=url
    )
