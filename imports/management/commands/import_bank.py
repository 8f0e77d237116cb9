"""``manage.py import_bank FILE --programme SLUG``: import a list on the command line."""

from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import ActingCommand, RealNetworkMixin, acting_user
from accounts.roles import Verb
from common.spreadsheets import FileRefused, remark_sentence
from common.templatetags.danish import quoted
from imports.engine.issues import Issue
from imports.engine.table import Table
from imports.enums import RowState
from imports.kinds import all_kinds, kind_of
from imports.models import ImportBatch
from imports.services import (
    ImportChanged,
    apply_import,
    check_import,
    missing_columns,
    read_upload,
    row_list,
    stage_import,
    staged_rows,
    table_of,
)
from programmes.models import Programme


class Command(RealNetworkMixin, ActingCommand):
    help = "Import a list of mentors, mentees, contact persons, sign-ups or matches into a programme."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="xlsx, xls, ods, csv or txt")
        parser.add_argument("--programme", required=True, help="short name, such as tingbjerg-2010")
        parser.add_argument("--role", choices=sorted(kind.code for kind in all_kinds()), default="")
        parser.add_argument("--sheet", default="", help="name of the sheet; default: the first with known headings")
        parser.add_argument("--with-hidden-rows", action="store_true", help="also read rows hidden in the sheet")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def act(self, options: dict) -> dict:
        try:
            return self._import(options)
        except ImportChanged as error:
            raise ValidationError(_("The network changed during the import. Import the file again.")) from error

    def _import(self, options: dict) -> dict:
        programme, path = _programme(options["programme"]), Path(options["file"])
        try:
            file = path.open("rb")
        except OSError as error:
            raise FileRefused("no_file", _("The file %(path)s cannot be opened."), path=path) from error
        with file:
            by = acting_user(options["by"], Verb.IMPORT, programme.branch)
            upload = read_upload(file, path.name)
        chosen = {name: options[name] for name in ("sheet", "with_hidden_rows")}
        with transaction.atomic():
            batch = stage_import(upload, programme=programme, by=by, kind=options["role"], **chosen)
            _refuse_missing(batch, options["role"])
            figures = {"remarks": warnings_of(batch, table_of(batch, upload.spreadsheet))}
            batch = check_import(batch, by=by)
            rows, figures["error_list"] = row_list(staged_rows(batch)), list(errors_of(batch))
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                batch = apply_import(batch, by=by)
                figures["import"] = batch.pk
        return batch.counts | {"row_list": rows} | {name: value for name, value in figures.items() if value}

    def print_result(self, figures: dict, options: dict) -> None:
        for warning in figures.get("remarks", ()):
            self.stdout.write(warning)
        done = _("would be imported") if options["dry_run"] else _("imported")
        self.stdout.write(
            _("%(accepted)s of %(rows)s rows %(done)s, %(warned)s of them with a warning.") % (figures | {"done": done})
        )
        self.stdout.write(
            _("Rejected: %(error_rows)s with errors, %(in_file)s twice in the file, %(existing)s known already.")
            % {
                "error_rows": figures["error_rows"],
                "in_file": figures["duplicates_in_file"],
                "existing": figures["duplicates_existing"],
            }
        )
        for error in figures.get("error_list", ()):
            self.stdout.write(_error_line(error))
        if "import" in figures:
            self.stdout.write(_("To undo it: manage.py undo_import %(import)s") % figures)


def _programme(slug: str) -> Programme:
    programme = Programme.objects.select_related("branch").filter(slug=slug).first()
    if programme is None:
        known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "–"
        raise FileRefused(
            "no_programme", _("There is no programme %(slug)s. Known: %(known)s."), slug=slug, known=known
        )
    return programme


def _refuse_missing(batch: ImportBatch, kind: str) -> None:
    if missing := missing_columns(batch):
        sentence = _("The headings do not say: %(missing)s. Name the list with --role, or import it in the browser.")
        if kind:
            sentence = _("No heading says: %(missing)s. Choose the columns in the browser.")
        raise FileRefused("no_columns", sentence, missing=", ".join(missing))


def warnings_of(batch: ImportBatch, table: Table) -> list[str]:
    """Return sentences about what was hidden in the file, filled in, guessed or not imported."""
    labels = {field.key: field.label for field in kind_of(batch.kind).fields}
    columns = batch.mapping["columns"]
    guesses = [
        _("A guess: column %(heading)s holds %(what)s.")
        % {"heading": _column_name(table, columns[key]), "what": quoted(str(labels[key]))}
        for key in batch.mapping["guesses"]
    ]
    unread = [_column_name(table, index) for index in _filled_columns(table) if index not in columns.values()]
    not_imported = [_("Not imported: %(headings)s.") % {"headings": ", ".join(unread)}] if unread else []
    return [*map(remark_sentence, table.remarks), *guesses, *not_imported]


def _column_name(table: Table, index: int) -> str:
    return quoted(table.headers[index]) if table.headers[index] else table.column_name(index)


def _filled_columns(table: Table) -> list[int]:
    return [
        index
        for index in range(len(table.headers))
        if any(index < len(row.cells) and row.cells[index] is not None for row in table.rows)
    ]


def errors_of(batch: ImportBatch) -> Iterator[dict]:
    """Yield each error of a checked import: row, cell, heading, content of the cell, and the reason in words."""
    for row in batch.rows.filter(state=RowState.ERROR).order_by("number").iterator():
        for values in row.issues:
            issue = Issue(**values)
            yield {
                "row": row.number,
                "cell": issue.cell,
                "heading": issue.title,
                "value": issue.value,
                "reason": issue.sentence,
            }


def _error_line(error: dict) -> str:
    place = error["cell"] or _("row %(row)s") % error
    where = " ".join(filter(None, [place, error["heading"], quoted(error["value"])]))
    return f"{where}: {error['reason']}"
