"""``manage.py import_branch FILE``: restore a branch from a branch file into an empty branch."""

from pathlib import Path
from typing import IO

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import ActingCommand, RealNetworkMixin, acting_user
from accounts.models import Branch
from accounts.roles import Verb
from common.spreadsheets import FileRefused
from transfer.services import RestoredBranch, restore_branch
from transfer.unpacking import open_archive


class Command(RealNetworkMixin, ActingCommand):
    help = "Read a branch file (see export_branch) into an empty branch, by default the one it was exported from."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the zip file from export_branch or the browser")
        parser.add_argument("--branch", default="", metavar="SLUG", help="default: the branch the file comes from")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def act(self, options: dict) -> RestoredBranch:
        path = Path(options["file"])
        try:
            file = path.open("rb")
        except OSError as error:
            raise FileRefused("no_file", _("The file %(path)s cannot be opened."), path=path) from error
        with file, transaction.atomic():
            branch = Branch.objects.filter(slug=options["branch"] or _own_slug(file)).first()
            by = acting_user(options["by"], Verb.IMPORT, branch)
            restored = restore_branch(file, by=by, slug=options["branch"])
            if options["dry_run"]:
                transaction.set_rollback(True)
        return restored

    def figures(self, result: RestoredBranch) -> dict:
        return result.figures()

    def print_result(self, result: RestoredBranch, options: dict) -> None:
        sentence = (
            _("%(rows)s rows would be read into %(branch)s.")
            if options["dry_run"]
            else _("%(rows)s rows are read into %(branch)s.")
        )
        self.stdout.write(sentence % {"rows": sum(result.rows.values()), "branch": result.branch.name})
        for sentence, counts in (
            (_("Unknown users, left blank: %(list)s."), result.unknown_users),
            (_("Left out, because they refer to a person of a branch that is not here: %(list)s."), result.left_out),
            (_("Left blank for the same reason: %(list)s."), result.emptied),
            (_("Already here: %(list)s."), result.known),
        ):
            if counts:
                listed = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
                self.stdout.write(sentence % {"list": listed})
        if result.moved_home:
            self.stdout.write(
                _("People of a branch that is not here, who now belong to this one: %(count)s.")
                % {"count": result.moved_home}
            )
        if result.not_in_file:
            self.stdout.write(
                _("The file is older and does not hold: %(list)s.") % {"list": ", ".join(result.not_in_file)}
            )


def _own_slug(file: IO[bytes]) -> str:
    """Return the short name of the branch from which a file was exported. Raises FileRefused."""
    with open_archive(file) as archive:
        slug = archive.manifest["branch"]["slug"]
    file.seek(0)
    return slug
