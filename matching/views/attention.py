from django.views.generic import TemplateView

from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from matching.attention import attention_items


class AttentionList(VerbRequiredMixin, TemplateView):
    """*Kræver opmærksomhed*: every match that a rule brings up."""

    verb = Verb.READ_CASES
    template_name = "matching/attention_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, items=attention_items(self.request.user, clock.today()))
