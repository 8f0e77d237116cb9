"""``manage.py import_branch FILE``: the counterpart of export_branch, into an empty branch."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Branch
from accounts.roles import Verb
from common.spreadsheets import FileRefused
from transfer.people import acting_user
from transfer.services import ReadBranch, import_branch

REFUSED = 2  # exit status: nothing was stored


class Command(BaseCommand):
    help = "Read the file of a branch (export_branch) into an empty branch; its own is made when it is not there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the zip file that export_branch or the browser made")
        parser.add_argument("--branch", default="", metavar="SLUG", help="default: the branch the file comes from")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who imports; default: the first administrator")

    def handle(self, *args, **options) -> None:
        try:
            read = self._import(options)
        except FileRefused as refusal:
            self._refuse(str(refusal), options)
        if options["json"]:
            self.stdout.write(json.dumps(read.figures(), ensure_ascii=False, indent=1))
        else:
            self._tell(read, options)

    def _import(self, options: dict) -> ReadBranch:
        branch = Branch.objects.filter(slug=options["branch"]).first()
        by = acting_user(options["by"], Verb.IMPORT, branch)
        path = Path(options["file"])
        try:
            file = path.open("rb")
        except OSError as error:
            raise FileRefused("no_file", _("The file %(path)s cannot be opened."), path=path) from error
        with file, transaction.atomic():
            read = import_branch(file, by=by, slug=options["branch"])
            if options["dry_run"]:
                transaction.set_rollback(True)
        return read

    def _refuse(self, message: str, options: dict) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"refused": message, "rows": 0}, ensure_ascii=False))
            sys.exit(REFUSED)
        raise CommandError(message, returncode=REFUSED)

    def _tell(self, read: ReadBranch, options: dict) -> None:
        told = (
            _("%(rows)s rows would be read into %(branch)s.")
            if options["dry_run"]
            else _("%(rows)s rows are read into %(branch)s.")
        )
        self.stdout.write(told % {"rows": sum(read.rows.values()), "branch": read.branch.name})
        for sentence, counts in (
            (_("Unknown users, left blank: %(list)s."), read.unknown_users),
            (_("Left out, because they need somebody of a branch that is not here: %(list)s."), read.left_out),
            (_("Left blank for the same reason: %(list)s."), read.emptied),
            (_("Known here already: %(list)s."), read.known),
        ):
            if counts:
                listed = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
                self.stdout.write(sentence % {"list": listed})
        if read.moved_home:
            self.stdout.write(
                _("People whose branch is not here, and who now belong to this one: %(count)s.")
                % {"count": read.moved_home}
            )
        if read.not_in_file:
            self.stdout.write(
                _("The file is older and does not hold: %(list)s.") % {"list": ", ".join(read.not_in_file)}
            )
