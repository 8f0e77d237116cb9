from django.views.generic import TemplateView, View

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from matching.exports import ATTENTION
from matching.quality.attention import attention_items


class AttentionListView(VerbRequiredMixin, TemplateView):
    """*Kræver opmærksomhed*: every match that a rule brings up."""

    verb = Verb.READ_CASES
    template_name = "matching/attention_list.html"

    def get_context_data(self, **kwargs):
        may_export = self.request.user.may(Verb.EXPORT_LISTS)
        items = attention_items(self.request.user, clock.today())
        return super().get_context_data(**kwargs, items=items, may_export=may_export)


class AttentionExportView(ListExportMixin, View):
    export = ATTENTION
    list_url_name = "matching:attention-list"
    subject = "matching.match"

    def get_rows(self):
        return attention_items(self.request.user, clock.today())
