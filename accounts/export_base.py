"""Base of the views that export a list: choice of columns and file format, download, access log."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.enums import AccessKind, FileKind
from accounts.forms import ListExportForm
from accounts.log_words import LISTS
from accounts.models import ExportChoice
from accounts.roles import Verb
from accounts.services import record_access, remember_export_choice
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.exports import Column, ListExport, chosen_columns
from common.lists import PAGE_KEY
from common.spreadsheets import spreadsheet_response
from common.spreadsheets.values import TooManyRows

CHUNK = 1_000  # rows fetched at a time
NOT_IN_A_FILE_NAME = re.compile(r'[\\/:*?"<>|\s]+')


class ListExportMixin(VerbRequiredMixin):
    """Exports a list (*Hent listen*), filtered by the query as on the list's own page.

    GET shows the choice, preselected as the user left it; POST stores it and returns the file. A GET that names the
    file format, by ``format`` (or ``type``) in the query or in the path, returns the file at once. Each file adds one
    row to the access log.

    A view sets ``export``, ``list_url_name`` and ``subject`` and overrides ``get_rows``. The app's ``hooks.py`` adds
    the list to ``LISTS``, with the words of its filters.
    """

    verb = Verb.EXPORT_LISTS
    export: ListExport
    list_url_name: str
    subject: Model | str  # for the access log: the label of the model, or the record that the list belongs to

    def get_rows(self) -> QuerySet | list:
        """Return all rows that the list's page shows for the same query, in its order."""
        raise NotImplementedError

    def get_lines(self, rows: Iterable) -> Iterable:
        """Yield for each row the object that the columns read. Never hold all rows in memory."""
        return rows

    def get_filters(self) -> dict[str, Any]:
        """Return the plain value of each filter that is set, by its query key."""
        return {}

    def get_title_part(self) -> str:
        """Return what the title has besides the name of the list, such as the number of a match."""
        return ""

    def get_title(self) -> str:
        """Return the title of the list, which is also the start of the file name."""
        return LISTS[self.export.key].title_of(self.get_title_part())

    def get_file_name(self) -> str:
        return f"{self.get_title()} {clock.today():%Y-%m-%d}"

    def get_list_url(self) -> str:
        return reverse(self.list_url_name)

    def get_subject(self) -> Model | str:
        return self.subject

    def get_branch_id(self) -> int:
        """Return the branch of the list, for the access log and for the rights that columns require."""
        return self.request.membership.branch_id

    # --- the answer ------------------------------------------------------------------------------

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.requested_kind = kwargs.get("kind") or _pop_format(request, "format") or _pop_format(request, "type")
        self.requested_columns = _pop_list(request, "kolonner")
        self.requested_ticks = _pop_list(request, "kryds")  # "alle" or "ingen", for browsers without JavaScript

    def get(self, request, *args, **kwargs):
        if self.requested_kind:
            self.refuse_withheld_columns(self.requested_columns)
            columns = self.usual_columns
            if self.requested_columns:
                columns = chosen_columns(self.permitted, self.requested_columns)
            return self.send(self.requested_kind, columns)
        return self.page(ListExportForm(initial=self.get_initial(), columns=self.permitted))

    def post(self, request, *args, **kwargs):
        self.refuse_withheld_columns(request.POST.getlist("columns"))
        form = ListExportForm(request.POST, columns=self.permitted)
        if not form.is_valid():
            return self.page(form, status=422)
        columns, kind = form.cleaned_data["columns"], form.cleaned_data["kind"]
        remember_export_choice(by=request.user, list_key=self.export.key, columns=columns, kind=kind)
        return self.send(kind, chosen_columns(self.permitted, columns))

    @cached_property
    def permitted(self) -> list[Column]:
        branch = self.get_branch_id()
        return self.export.permitted(lambda verb: self.request.user.may(verb, branch))

    @cached_property
    def remembered(self) -> ExportChoice | None:
        return ExportChoice.objects.filter(user=self.request.user, list_key=self.export.key).first()

    @property
    def usual_columns(self) -> list[Column]:
        """The columns that the user chose last, or the default ones."""
        return chosen_columns(self.permitted, self.remembered.columns if self.remembered else None)

    def get_initial(self) -> dict:
        columns = [column.key for column in self.usual_columns]
        if self.requested_ticks:
            columns = [column.key for column in self.permitted] if self.requested_ticks == ["alle"] else []
        return {"columns": columns, "kind": self.remembered.kind if self.remembered else FileKind.XLSX}

    def refuse_withheld_columns(self, keys: Iterable[str]) -> None:
        """Raise PermissionDenied for a column that exists but that the user may not see."""
        withheld = {column.key for column in self.export.columns} - {column.key for column in self.permitted}
        if withheld & set(keys):
            raise PermissionDenied

    def page(self, form: ListExportForm, status: int = 200):
        rows = self.get_rows()
        context = {
            "form": form,
            "title": self.get_title(),
            "count": rows.count() if isinstance(rows, QuerySet) else len(rows),
            "filters": LISTS[self.export.key].filter_words(self.get_filters()),
            "list_url": _with_query(self.get_list_url(), self.request.GET),
            "form_url": _with_query(self.request.path, self.request.GET),
        }
        return render(self.request, "accounts/list_export.html", context, status=status)

    def send(self, kind: str, columns: list[Column]):
        """Return the file. It is written before the access record, which holds the number of its rows."""
        count = 0

        def cells() -> Iterator[list]:
            nonlocal count
            for line in self.get_lines(_iterate(self.get_rows())):
                count += 1
                yield [column.value(line) for column in columns]

        name = NOT_IN_A_FILE_NAME.sub(" ", self.get_file_name()).strip()
        try:
            response = spreadsheet_response(name, [column.label for column in columns], cells(), kind=kind)
        except TooManyRows:
            return self.too_many_rows(kind, columns)
        record_access(
            by=self.request.user,
            kind=AccessKind.EXPORT,
            subject=self.get_subject(),
            branch=self.get_branch_id(),
            code="list_exported",
            values=self.get_logged_values(kind),
            count=count,
        )
        return response

    def too_many_rows(self, kind: str, columns: list[Column]):
        sent = {"columns": [column.key for column in columns], "kind": kind}
        form = ListExportForm(sent, columns=self.permitted)
        form.add_error("kind", _("A sheet cannot hold so many rows. Choose CSV, or filter the list first."))
        return self.page(form, status=422)

    def get_logged_values(self, kind: str) -> dict[str, Any]:
        """Return what the access log keeps of the export: list, part, file format and filters."""
        values = {"list": self.export.key, "part": self.get_title_part(), "filters": self.get_filters()}
        return {"file": kind} | {name: value for name, value in values.items() if value}


class Chain:
    """Several querysets as one sequence that is never fully in memory."""

    def __init__(self, *queries: QuerySet):
        self.queries = queries

    def __len__(self) -> int:
        return sum(query.count() for query in self.queries)

    def __iter__(self) -> Iterator:
        for query in self.queries:
            yield from _iterate(query)


def _iterate(rows: QuerySet | list) -> Iterable:
    return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows


def _pop_format(request, name: str) -> str:
    """Remove the file format from the query, where a filter may have the same key, and return it, or an empty text."""
    if request.GET.get(name) not in FileKind.values:
        return ""
    return _pop_list(request, name)[-1]


def _pop_list(request, name: str) -> list[str]:
    """Remove a key from the query and return its values."""
    query = request.GET.copy()
    values = query.pop(name, [])
    request.GET = query
    return values


def _with_query(path: str, query: QueryDict) -> str:
    query = query.copy()
    query.pop(PAGE_KEY, None)
    return f"{path}?{query.urlencode()}" if query else path
