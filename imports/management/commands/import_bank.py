"""``manage.py import_bank FILE --programme SLUG``: the import of a list, without a browser."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import ActingCommand, acting_user
from accounts.roles import Verb
from common.spreadsheets import FileRefused
from common.templatetags.danish import quoted
from imports.kinds import registry
from imports.models import ImportBatch
from imports.review.warnings import errors_of, remarks_on
from imports.services import (
    ImportChanged,
    apply_import,
    check_rest,
    missing_columns,
    read_upload,
    row_list,
    stage_import,
    staged_rows,
    table_of,
)
from programmes.models import Programme


class Command(ActingCommand):
    help = "Import a list of mentors, mentees, contact persons, sign-ups or matches into a programme."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="xlsx, xls, ods, csv or txt")
        parser.add_argument("--programme", required=True, help="short name, such as tingbjerg-2010")
        parser.add_argument("--role", choices=sorted(kind.code for kind in registry.kinds()), default="")
        parser.add_argument("--sheet", default="", help="name of the sheet; default: the first with headings we know")
        parser.add_argument(
            "--with-hidden-rows", action="store_true", help="read rows that are hidden in the sheet too"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def act(self, options: dict) -> dict:
        try:
            return self._import(options)
        except ImportChanged as error:
            raise ValidationError(_("The network changed during the import. Import the file again.")) from error

    def _import(self, options: dict) -> dict:
        programme = _programme(options["programme"])
        path = Path(options["file"])
        try:
            file = path.open("rb")
        except OSError as error:
            raise FileRefused("no_file", _("The file %(path)s cannot be opened."), path=path) from error
        with file:
            by = acting_user(options["by"], Verb.IMPORT, programme.branch)
            upload = read_upload(file, path.name)
        with transaction.atomic():
            batch = stage_import(
                upload,
                programme=programme,
                by=by,
                kind=options["role"],
                sheet=options["sheet"],
                with_hidden_rows=options["with_hidden_rows"],
            )
            _refuse_missing(batch, options["role"])
            remarks = remarks_on(batch, table_of(batch, upload.spreadsheet))
            batch = check_rest(batch, by=by)
            rows, errors = row_list(staged_rows(batch)), list(errors_of(batch))
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                batch = apply_import(batch, by=by)
        told = {name: said for name, said in (("remarks", remarks), ("error_list", errors)) if said}
        return batch.counts | {"row_list": rows} | told | ({} if options["dry_run"] else {"import": batch.pk})

    def print_result(self, figures: dict, options: dict) -> None:
        for remark in figures.get("remarks", ()):
            self.stdout.write(remark)
        done = _("would be imported") if options["dry_run"] else _("imported")
        self.stdout.write(
            _("%(accepted)s of %(rows)s rows %(done)s, %(warned)s of them with a warning.") % (figures | {"done": done})
        )
        self.stdout.write(
            _("Held back: %(error_rows)s with errors, %(in_file)s twice in the file, %(existing)s known already.")
            % {
                "error_rows": figures["error_rows"],
                "in_file": figures["duplicates_in_file"],
                "existing": figures["duplicates_existing"],
            }
        )
        for error in figures.get("error_list", ()):
            self.stdout.write(_in_words(error))
        if "import" in figures:
            self.stdout.write(_("To take it back: manage.py undo_import %(import)s") % figures)


def _programme(slug: str) -> Programme:
    programme = Programme.objects.select_related("branch").filter(slug=slug).first()
    if programme is None:
        known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "–"
        raise FileRefused(
            "no_programme", _("There is no programme %(slug)s. Known: %(known)s."), slug=slug, known=known
        )
    return programme


def _in_words(error: dict) -> str:
    place = error["cell"] or _("row %(row)s") % error
    where = " ".join(filter(None, [place, error["heading"], quoted(error["value"])]))
    return f"{where}: {error['reason']}"


def _refuse_missing(batch: ImportBatch, kind: str) -> None:
    if missing := missing_columns(batch):
        sentence = _("The headings do not say: %(missing)s. Name the list with --role, or import it in the browser.")
        if kind:
            sentence = _("No heading says: %(missing)s. Choose the columns in the browser.")
        raise FileRefused("no_columns", sentence, missing=", ".join(missing))
