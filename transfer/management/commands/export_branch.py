"""``manage.py export_branch SLUG``: export a branch to a branch file."""

import os
import shutil
import tempfile
from pathlib import Path

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from accounts.commands import ActingCommand, acting_user
from accounts.models import Branch, User
from accounts.roles import Verb
from common import clock
from common.spreadsheets import FileRefused
from transfer.services import ExportedBranch, export_branch


class Command(ActingCommand):
    help = "Export everything a branch has to one zip file, which import_branch reads into an empty branch."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("branch", help="short name, such as tingbjerg")
        parser.add_argument("--to", default="", metavar="FILE", help="default: <branch>-<day>.zip")

    def print_result(self, figures: dict, options: dict) -> None:
        self.stdout.write(
            _("%(rows)s rows in %(file)s. The file holds personal data: protect it like the system itself.") % figures
        )

    def act(self, options: dict) -> dict:
        branch = Branch.objects.filter(slug=options["branch"]).first()
        if branch is None:
            known = ", ".join(Branch.objects.order_by("slug").values_list("slug", flat=True)) or "–"
            raise FileRefused(
                "no_branch", _("There is no branch %(slug)s. Known: %(known)s."), slug=options["branch"], known=known
            )
        path = Path(options["to"] or f"{branch.slug}-{clock.today():%Y-%m-%d}.zip")
        if path.exists():
            raise FileRefused("exists", _("%(path)s already exists. Name another file with --to."), path=path)
        exported = self._write(branch, acting_user(options["by"], Verb.EXPORT_BRANCH, branch), path)
        tables = {table["name"]: table["rows"] for table in exported.manifest["tables"]}
        return {
            "branch": branch.slug,
            "file": str(path),
            "bytes": path.stat().st_size,
            "rows": exported.rows,
            "tables": tables,
            "held_by_others": exported.manifest["held_by_others"],
        }

    def _write(self, branch: Branch, by: User | None, path: Path) -> ExportedBranch:
        """Write the file completely or not at all, readable by its owner only."""
        exported = None
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            try:
                with os.fdopen(handle, "wb") as target:
                    exported = export_branch(branch, by=by)
                    with exported.file:
                        shutil.copyfileobj(exported.file, target)
                Path(name).rename(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise FileRefused(
                "not_written", _("%(path)s cannot be written: %(why)s"), path=path, why=error.strerror
            ) from error
        return exported
