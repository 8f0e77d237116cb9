"""The log of access: who looked up, searched, exported or changed what, and when."""

from django.core.paginator import Paginator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import ListView

from accounts.enums import AccessKind
from accounts.filters import AccessFilter
from accounts.models import AccessRecord
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedListMixin
from common.spreadsheets import spreadsheet_response

ROWS = 50
MOST_EXPORTED = 50_000


class AccessLog(ScopedListMixin, ListView):
    """A page of the log, or with ``format=xlsx|csv`` what the filters leave of it as a file."""

    verb = Verb.READ_LOG
    model = AccessRecord
    template_name = "accounts/access_log.html"
    context_object_name = "records"
    paginate_by = ROWS

    def get_queryset(self):
        rows = super().get_queryset().select_related("user", "branch")
        self.filter = AccessFilter(self.request.GET or None, queryset=rows, request=self.request)
        return rows.none() if self.filter.errors else self.filter.qs

    def get(self, request, *args, **kwargs):
        kind = request.GET.get("format")
        if kind in {"xlsx", "csv"}:
            return self.export(kind)
        return super().get(request, *args, **kwargs)

    def paginate_queryset(self, queryset, page_size):
        page = Paginator(queryset, page_size).get_page(self.request.GET.get("page"))
        return page.paginator, page, page.object_list, page.has_other_pages()

    def export(self, kind: str):
        rows = self.get_queryset()[:MOST_EXPORTED]
        record_access(
            by=self.request.user,
            kind=AccessKind.EXPORT,
            subject="accounts.accessrecord",
            branch=self.request.membership.branch_id,
            count=len(rows),
        )
        columns = [
            pgettext("access log", "Time"),
            _("User"),
            _("Branch"),
            _("What was done"),
            _("Record"),
            _("Case number"),
            _("Detail"),
            _("Number"),
        ]
        lines = (
            [
                localtime(row.at).replace(tzinfo=None, microsecond=0),
                str(row.user or ""),
                str(row.branch or ""),
                row.get_kind_display(),
                row.subject_words,
                row.case_number,
                row.detail,
                row.count,
            ]
            for row in rows
        )
        return spreadsheet_response(_("Log of access"), columns, lines, kind=kind)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, filter=self.filter)
