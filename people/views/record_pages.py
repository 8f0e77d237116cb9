"""The pages that organisations and volunteer groups share: list, download, page, creating and editing."""

import copy
import uuid
from typing import TypedDict

from django.db.models import Model, QuerySet
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View
from django.views.generic.detail import SingleObjectMixin
from django_tables2 import RequestConfig, Table

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common.editing import EditFormMixin
from common.exports import search_value
from common.lists import SEARCH_KEY
from common.once import run_once, submitted_before
from common.searching import searched_text, words_to_find
from common.toasts import show_toast
from people.origins import origin_of
from people.views.base import search_words, try_act

PER_PAGE = 25


class RecordTexts(TypedDict):
    """The texts of the pages, and the icon of an empty list."""

    title: str
    intro: str
    create: str
    find: str
    empty_title: str
    empty_text: str
    icon: str


class RecordPageMixin:
    """A page about one kind of record. ``url_name`` is the first part of its path names, such as ``group``."""

    url_name = ""
    texts: RecordTexts

    def page(self, template: str, **context):
        addresses = {f"{act}_url": reverse(f"people:{self.url_name}-{act}") for act in ("list", "create", "export")}
        return render(self.request, template, {"texts": self.texts, **addresses, **context})

    def detail_url(self, record: Model) -> str:
        return reverse(f"people:{self.url_name}-detail", args=[record.pk])


class RecordTableMixin(RecordPageMixin, VerbRequiredMixin):
    """The records of the branch of the current membership whose ``searched`` fields contain every word searched for.

    The fields in ``searched_phones`` hold a phone number each.
    """

    verb = Verb.READ_CASES
    table_class: type[Table]
    searched: tuple[str, ...] = ("name",)
    searched_phones: tuple[str, ...] = ()

    def get_queryset(self) -> QuerySet:
        """Return the records of the branch with what the table shows."""
        raise NotImplementedError

    def get_table(self, **paginate) -> Table:
        rows = self.get_queryset()
        if words := search_words(self.request):
            rows = rows.filter(pk__in=self.find(rows, words_to_find(words)))
        table = self.table_class(rows, order_by=("name",))
        RequestConfig(self.request, paginate=paginate or False).configure(table)
        return table

    def find(self, rows: QuerySet, words: list[str]) -> list[int]:
        """Return the ids of the rows with every word; in Python, because the database does not fold Danish letters."""
        found, columns = [], len(self.searched)
        for pk, *values in rows.order_by().values_list("pk", *self.searched, *self.searched_phones):
            texts = [value or "" for value in values]
            text = searched_text(texts[:columns], texts[columns:])
            if all(word in text for word in words):
                found.append(pk)
        return found


class RecordListView(RecordTableMixin, View):
    def get(self, request):
        return self.page(
            "people/record_list.html",
            table=self.get_table(per_page=PER_PAGE, silent=True),
            words=search_words(request),
            may_work=request.user.may(Verb.WORK_CASES, request.membership.branch_id),
            may_export=request.user.may(Verb.EXPORT_LISTS, request.membership.branch_id),
        )


class RecordExportView(ListExportMixin, RecordTableMixin, View):
    verb = Verb.EXPORT_LISTS

    def get_rows(self):
        return self.get_table().data.data

    def get_filters(self):
        words = search_words(self.request)
        return {SEARCH_KEY: search_value(words)} if words else {}


class RecordDetailView(RecordPageMixin, ScopedObjectMixin, DetailView):
    verb = Verb.READ_CASES
    context_object_name = "record"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            texts=self.texts,
            list_url=reverse(f"people:{self.url_name}-list"),
            edit_url=reverse(f"people:{self.url_name}-edit", args=[self.object.pk]),
            origin=origin_of(self.object, self.request.user),
            may_work=self.request.user.may(Verb.WORK_CASES, self.branch_id_of(self.object)),
            **kwargs,
        )

    def branch_id_of(self, record) -> int:
        raise NotImplementedError


class RecordCreateView(RecordPageMixin, VerbRequiredMixin, View):
    """Create a record. The one-time key of the form prevents a second one when the form is sent twice."""

    verb = Verb.WORK_CASES

    def get(self, request):
        return self.form_page(self.make_form())

    def post(self, request):
        form = self.make_form(request.POST)
        self.address = ""
        if not form.is_valid() and (earlier := submitted_before(form)):
            return redirect(earlier)
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            return redirect(self.address)
        return self.form_page(form)

    def act(self, form) -> None:
        self.address = run_once(form.cleaned_data.get("once") or uuid.uuid4(), lambda: self.create_and_show(form))

    def create_and_show(self, form) -> str:
        record = self.create(form.details())
        show_toast(self.request, _("%(name)s is created.") % {"name": record.name})
        return self.detail_url(record)

    def form_page(self, form):
        back = reverse(f"people:{self.url_name}-list")
        context = {"heading": self.texts["create"], "label": self.texts["create"], "back": back}
        return self.page("people/form_page.html", form=form, **context)


class RecordFormView(RecordPageMixin, ScopedObjectMixin, SingleObjectMixin, View):
    """A form of a stored record. Subclasses define ``make_form(data, instance)`` and ``update(record, details)``."""

    verb = Verb.WORK_CASES

    def get(self, request, pk):
        record = self.get_object()
        return self.form_page(record, self.make_form(None, instance=copy.copy(record)))

    def post(self, request, pk):
        record = self.get_object()
        form = self.make_form(request.POST, instance=copy.copy(record))
        if form.is_valid() and try_act(form, lambda: self.update(record, form.details())):
            show_toast(request, _("The details of %(name)s are saved.") % {"name": record.name})
            return redirect(self.detail_url(record))
        return self.form_page(record, form)

    def form_page(self, record: Model, form):
        context = {"heading": record.name, "label": _("Save"), "back": self.detail_url(record)}
        return self.page("people/form_page.html", form=form, **context)


class RecordEditView(EditFormMixin, RecordFormView):
    def edit_forms(self, data):
        return [self.make_form(data, instance=self.get_object())]

    def edited_record(self) -> Model:
        return self.get_object()
