"""``manage.py import_branch FILE``: the counterpart of export_branch, into an empty branch."""

from pathlib import Path
from typing import IO

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import ActingCommand, acting_user
from accounts.models import Branch
from accounts.roles import Verb
from common.spreadsheets import FileRefused
from transfer.opening import open_archive
from transfer.services import ReadBranch, import_branch


class Command(ActingCommand):
    help = "Read the file of a branch (export_branch) into an empty branch; its own is made when it is not there."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the zip file that export_branch or the browser made")
        parser.add_argument("--branch", default="", metavar="SLUG", help="default: the branch the file comes from")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def act(self, options: dict) -> ReadBranch:
        path = Path(options["file"])
        try:
            file = path.open("rb")
        except OSError as error:
            raise FileRefused("no_file", _("The file %(path)s cannot be opened."), path=path) from error
        with file, transaction.atomic():
            branch = Branch.objects.filter(slug=options["branch"] or _own_slug(file)).first()
            by = acting_user(options["by"], Verb.IMPORT, branch)
            read = import_branch(file, by=by, slug=options["branch"])
            if options["dry_run"]:
                transaction.set_rollback(True)
        return read

    def figures(self, read: ReadBranch) -> dict:
        return read.figures()

    def print_result(self, read: ReadBranch, options: dict) -> None:
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


def _own_slug(file: IO[bytes]) -> str:
    """The short name of the branch that the file comes from. Raises FileRefused."""
    with open_archive(file) as archive:
        slug = archive.manifest["branch"]["slug"]
    file.seek(0)
    return slug
