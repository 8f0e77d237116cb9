"""The history of a record: a card of its page, and a page of its own without JavaScript."""

from django.apps import apps
from django.db.models import Model
from django.http import Http404
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.generic import View

from accounts.enums import AccessKind
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin
from common.history import RECORD_WORDS, history_of
from common.lists import page_of

PER_PAGE = 20


class HistoryView(ScopedObjectMixin, View):
    """What happened to a record, for users who may read it. Models without an address in ``RECORD_WORDS`` are 404."""

    logs_access = True

    @cached_property
    def model(self) -> type[Model]:
        try:
            model = apps.get_model(self.kwargs["app"], self.kwargs["model"])
        except LookupError:
            raise Http404 from None
        words = RECORD_WORDS.get(model)
        if words is None or words.url is None:
            raise Http404
        return model

    @property
    def verb(self) -> str:
        return self.model.read_verb

    def get_queryset(self):
        return self.model.objects.all()

    def log_read(self, row: Model) -> None:
        branch = self.branch_id_for_log(row)
        record_access(by=self.request.user, kind=AccessKind.READ, subject=row, branch=branch, code="history_opened")

    def get(self, request, **kwargs):
        request.nav_section = self.kwargs["app"]
        record = self.get_object()
        page = page_of(request, history_of(record, request.user), PER_PAGE)
        is_part = request.htmx and not request.htmx.boosted
        template = "accounts/_history.html" if is_part else "accounts/history.html"
        context = {"record": record, "page": page, "record_url": RECORD_WORDS[self.model].url(record)}
        return render(request, template, context)
