"""``manage.py undo_import ID``: undo an import."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from accounts.commands import ActingCommand, acting_user
from accounts.roles import Verb
from imports.models import ImportBatch
from imports.services import preview_undo, undo_import
from imports.services.undoing import field_in_words, kind_in_words, removed_in_words, why_kept


class Command(ActingCommand):
    help = "Undo an import: delete the unchanged records that it made, and restore the values that it changed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", type=int, help="number of the import, from its address or import_bank --json")
        parser.add_argument("--dry-run", action="store_true", help="list what would be deleted and what would stay")

    def act(self, options: dict) -> dict:
        batch = ImportBatch.objects.select_related("programme__branch").filter(pk=options["batch"]).first()
        if batch is None:
            raise ValidationError(_("There is no import %(number)s.") % {"number": options["batch"]})
        by = acting_user(options["by"], Verb.IMPORT, batch.programme.branch)
        if options["dry_run"]:
            return preview_undo(batch, by=by)
        return undo_import(batch, by=by).undo_summary

    def print_result(self, summary: dict, options: dict) -> None:
        for count, what in removed_in_words(summary):
            self.stdout.write(_("%(count)s %(what)s removed.") % {"count": count, "what": what})
        self.stdout.write(_("%(count)s values restored.") % {"count": summary["set_back"]})
        for line in summary["left"]:
            self.stdout.write(
                _("Changed since and left as it is: %(field)s of %(what)s.")
                % {"what": _named(line), "field": field_in_words(line)}
            )
        for line in summary["kept"]:
            self.stdout.write(_("Kept: %(what)s (%(why)s).") % {"what": _named(line), "why": why_kept(line)})


def _named(line: dict) -> str:
    """Return the kind of a record with its case number or id."""
    return f"{kind_in_words(line)} {line['number'] or line['pk']}"
