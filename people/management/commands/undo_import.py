"""``manage.py undo_import ID``: an import taken back, without a browser."""

import json
import sys

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from people.models import ImportBatch
from people.services.importing import preview_undo, undo_import
from people.services.importing.undoing import removed_in_words, why_kept

REFUSED = 2  # exit status: nothing was undone


class Command(BaseCommand):
    help = "Undo an import: what it made and nobody has touched since goes, what it changed is set back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "batch", type=int, help="number of the import, as its address and import_bank --json say it"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would go and what would stay")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who undoes it; default: a command")

    def handle(self, *args, **options) -> None:
        try:
            summary = self._undo(options)
        except ValidationError as error:
            self._refuse(" ".join(error.messages), options)
        except PermissionDenied:
            self._refuse(_("%(email)s may not import into that branch.") % {"email": options["by"]}, options)
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1))
        else:
            self._tell(summary)

    def _undo(self, options: dict) -> dict:
        batch = ImportBatch.objects.select_related("programme__branch").filter(pk=options["batch"]).first()
        if batch is None:
            raise ValidationError(_("There is no import %(number)s.") % {"number": options["batch"]})
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first() if options["by"] else None
        if options["by"] and by is None:
            raise ValidationError(_("There is no active user %(email)s.") % {"email": options["by"]})
        if options["dry_run"]:
            return preview_undo(batch, by=by)
        return undo_import(batch, by=by).undo_summary

    def _refuse(self, message: str, options: dict) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"refused": message}, ensure_ascii=False))
            sys.exit(REFUSED)
        raise CommandError(message, returncode=REFUSED)

    def _tell(self, summary: dict) -> None:
        for count, what in removed_in_words(summary):
            self.stdout.write(_("%(count)s %(what)s removed.") % {"count": count, "what": what})
        self.stdout.write(_("%(count)s values set back.") % {"count": summary["set_back"]})
        for line in summary["left"]:
            self.stdout.write(_("Left as it is by now: %(field)s of %(what)s.") % (line | {"what": _named(line)}))
        for line in summary["kept"]:
            self.stdout.write(_("Kept: %(what)s (%(why)s).") % {"what": _named(line), "why": why_kept(line)})


def _named(line: dict) -> str:
    """What it is, and its case number or else its id."""
    name = apps.get_model(line["model"])._meta.verbose_name
    return f"{name} {line['number'] or line['pk']}"
