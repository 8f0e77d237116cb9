"""The query keys, the pages and the tables that all lists share. Addresses are Danish, so the keys are too."""

from collections.abc import Sequence

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from common.danish_order import danish_key

PAGE_KEY = "side"
SORT_KEY = "sorter"
SEARCH_KEY = "soeg"


def page_of(request: HttpRequest, rows: QuerySet | Sequence, per_page: int, key: str = PAGE_KEY) -> Page:
    """Return the page that the address asks for: the first for a wrong number, the last for one too high.

    A page with two lists gives each a ``key`` of its own.
    """
    return Paginator(rows, per_page).get_page(request.GET.get(key))


def next_url(request: HttpRequest, default: str) -> str:
    """Return the ``next`` of the request if it is an address of this site, otherwise ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return default


class KindColumn(tables.Column):
    """A column of a field with choices that sorts by their labels in the language of the reader, not by their codes."""

    def __init__(self, field: str, **kwargs):
        super().__init__(accessor=field, order_by=(field, "pk"), **kwargs)
        self.field = field

    def order(self, queryset: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        choices = queryset.model._meta.get_field(self.field).choices
        ordered = sorted(choices, key=lambda choice: danish_key(str(choice[1])))
        place = Case(*[When(**{self.field: code}, then=place) for place, (code, _label) in enumerate(ordered)])
        return queryset.order_by(place.desc() if is_descending else place.asc(), "-pk" if is_descending else "pk"), True


def _renamed(order: str, names: dict[str, str]) -> str:
    """Return an order such as ``-name`` with another name for its column; without one it stays as it is."""
    sign, name = ("-", order[1:]) if order.startswith("-") else ("", order)
    return sign + names.get(name, name)


class ListTable(tables.Table):
    """A table whose headings sort it and whose pages are turned by the shared query keys.

    ``further_orders`` names, per column, columns that are not shown and whose order the heading offers as well.
    ``slugs`` are the Danish names by which addresses sort; a column's own name, as in earlier addresses, sorts as well.
    """

    further_orders: dict[str, tuple[str, ...]] = {}
    slugs: dict[str, str] = {}

    def __init__(self, *args, order_by_field: str = SORT_KEY, page_field: str = PAGE_KEY, **kwargs):
        super().__init__(*args, order_by_field=order_by_field, page_field=page_field, **kwargs)

    @property
    def order_by(self):
        return super().order_by

    @order_by.setter
    def order_by(self, value):
        names = {slug: name for name, slug in self.slugs.items()}
        asked = value.split(",") if isinstance(value, str) else value or ()
        wanted = [_renamed(text, names) for text in asked]
        tables.Table.order_by.fset(self, wanted if value else value)

    def sort_value(self, column: tables.columns.BoundColumn) -> str:
        """Return the value in the address that a click on the heading of a column asks for."""
        return _renamed(column.order_by_alias.next, self.slugs)

    @property
    def headings(self) -> list[list[tables.columns.BoundColumn]]:
        """For each heading, the columns by which it sorts: that of its cells first."""
        return [
            [column, *(self.columns[name] for name in self.further_orders.get(column.name, ()))]
            for column in self.columns
        ]
