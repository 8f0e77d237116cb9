"""Where in a file something stands, so that a refusal can say it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.spreadsheets import FileRefused
from transfer.tables import Table


@dataclass
class Place:
    """A table, a row counted from 1 without the headings, and a column; the latter may be blank."""

    table: Table
    row: int = 0
    column: str = ""

    def refused(self, code: str, reason: object, **facts) -> FileRefused:
        """A refusal that begins with the place."""
        where = _("%(table)s (%(file)s), row %(row)s, column %(column)s: %(reason)s")
        if not self.column:
            where = _("%(table)s (%(file)s), row %(row)s: %(reason)s")
        told = str(reason) % facts if facts else str(reason)
        return FileRefused(
            code, where, table=self.table.title, file=self.table.file, row=self.row, column=self.column, reason=told
        )
