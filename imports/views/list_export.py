from django.views.generic import View

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from imports import exports
from imports.enums import ImportStatus
from imports.kinds import registry
from imports.models import ImportBatch


class ImportExportView(ListExportMixin, View):
    """The imports of the branch worked in, newest first: what came from where, and who did it."""

    verb = Verb.IMPORT
    export = exports.IMPORTS
    list_url_name = "imports:import-list"
    subject = "imports.importbatch"

    def get_rows(self):
        rows = ImportBatch.objects.visible_to(self.request.user, self.verb).in_branches([self.get_branch_id()])
        shown = rows.exclude(status=ImportStatus.DISCARDED).select_related("programme", "created_by", "applied_by")
        return shown.only(*exports.IMPORT_FIELDS)

    def get_lines(self, rows):
        labels = {kind.code: str(kind.label) for kind in registry.kinds()}
        for batch in rows:
            batch.kind_words = labels.get(batch.kind, "")
            yield batch
