"""The access log: who read, searched, exported or changed what, and when."""

from django.utils.functional import cached_property
from django.views.generic import ListView, View

from accounts.enums import FileKind
from accounts.export_base import ListExportMixin
from accounts.exports import LOG
from accounts.filters import AccessFilterSet
from accounts.models import AccessRecord
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common.exports import filter_values
from common.lists import page_of

ROWS = 50


class AccessRowsMixin(VerbRequiredMixin):
    """The filtered rows of the access log; none when a filter is invalid."""

    verb = Verb.READ_LOG

    @cached_property
    def filter(self) -> AccessFilterSet:
        rows = AccessRecord.objects.visible_to(self.request.user, self.verb).select_related("user", "branch")
        return AccessFilterSet(self.request.GET or None, queryset=rows, request=self.request)

    def get_queryset(self):
        return self.filter.queryset.none() if self.filter.errors else self.filter.qs


class AccessLogView(AccessRowsMixin, ListView):
    """A page of the access log; with ``format=xlsx|ods|csv`` the filtered log as a file."""

    model = AccessRecord
    template_name = "accounts/access_log.html"
    context_object_name = "records"
    paginate_by = ROWS

    def get(self, request, *args, **kwargs):
        if request.GET.get("format") in FileKind.values:
            return AccessLogExportView.as_view()(request)
        return super().get(request, *args, **kwargs)

    def paginate_queryset(self, queryset, page_size):
        page = page_of(self.request, queryset, page_size)
        return page.paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, filter=self.filter)


class AccessLogExportView(ListExportMixin, AccessRowsMixin, View):
    verb = Verb.READ_LOG
    export = LOG
    list_url_name = "accounts:access-log"
    subject = AccessRecord._meta.label_lower

    def get_rows(self):
        return self.get_queryset()

    def get_filters(self):
        return filter_values(self.filter.form)
