"""The list of imports as it is exported: every column, declared once."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.exports import Column, ListExport
from people.exports import staff_name

IMPORTS = ListExport(
    "imports",
    pgettext_lazy("noun", "Import"),
    (
        Column("file", _("File"), lambda batch: batch.file_name),
        Column("kind", _("Holds"), lambda batch: batch.kind_words),
        Column("programme", _("Programme"), lambda batch: batch.programme.name),
        Column("status", _("State"), lambda batch: batch.get_status_display()),
        Column("rows", _("Rows"), lambda batch: batch.counts.get("rows")),
        Column("accepted", pgettext_lazy("number of rows", "Imported"), lambda batch: batch.counts.get("accepted")),
        Column("created_by", _("Read by"), lambda batch: staff_name(batch.created_by)),
        Column("created_at", _("Read at")),
        Column("applied_by", _("Imported by"), lambda batch: staff_name(batch.applied_by) if batch.applied_at else ""),
        Column("applied_at", _("Imported at")),
    ),
)


# Leaves out the content of the file, which is large.
IMPORT_FIELDS = (
    *("file_name", "kind", "status", "counts", "created_at", "applied_at"),
    *("programme__name", "created_by__name", "applied_by__name"),
)
