"""Filters of the access log and of the background tasks."""

import json
from typing import Self

import django_filters
from django import forms
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.enums import AccessKind
from accounts.models import AccessRecord, User
from common.choices import danish_slug
from common.danish_order import danish_key
from common.filters import SlugFilter
from common.forms import DanishDateField
from tasks.enums import TaskState
from tasks.models import Task
from tasks.registry import TASKS


class DayFilter(django_filters.Filter):
    """A filter by a day in Danish notation."""

    field_class = DanishDateField


def _users_in_log(request):
    """Return the users with rows in the access log that the user may read, former colleagues included."""
    log = AccessRecord.objects.visible_to(request.user)
    return User.objects.filter(pk__in=log.order_by().values("user"))


class AccessFilterSet(django_filters.FilterSet):
    """Filters the access log by case number, user, kind and day. Their names are query keys, hence Danish."""

    sag = django_filters.CharFilter(label=_("Case number"), method="filter_case", max_length=30)
    bruger = django_filters.ModelChoiceFilter(
        label=_("User"), field_name="user", queryset=_users_in_log, empty_label=_("All")
    )
    type = SlugFilter(label=_("What was done"), field_name="kind", choices=AccessKind, empty_label=_("All"))
    fra = DayFilter(label=_("From"), field_name="at", lookup_expr="date__gte", help_text="")
    til = DayFilter(label=_("To"), field_name="at", lookup_expr="date__lte", help_text="")

    class Meta:
        model = AccessRecord
        fields: list[str] = []
        form = forms.Form

    def filter_case(self, rows, name, value):
        """Find rows of the case itself, and rows of lists that name its number."""
        typed = json.dumps(value, ensure_ascii=False)[1:-1]
        rows = rows.alias(values_text=Cast("values", TextField()))
        return rows.filter(Q(case_number__iexact=value) | Q(values_text__icontains=typed))

    @property
    def is_used(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.filters)


class _TaskName(str):
    """The name of a kind of task, with a slug."""

    __slots__ = ("slug",)

    def __new__(cls, name: str, title: str) -> Self:
        task_name = super().__new__(cls, name)
        task_name.slug = danish_slug(title)
        return task_name


def _task_kinds() -> list[tuple[str, str]]:
    return sorted(
        ((_TaskName(kind.name, kind.title), str(kind.title)) for kind in TASKS if not kind.is_internal),
        key=lambda choice: danish_key(choice[1]),
    )


class TaskFilterSet(django_filters.FilterSet):
    """Filters background tasks by status and kind. Their names are query keys, hence Danish."""

    status = SlugFilter(label=_("Status"), field_name="state", choices=TaskState, empty_label=_("All"))
    type = SlugFilter(label=_("Task"), field_name="name", choices=_task_kinds, empty_label=_("All"))

    class Meta:
        model = Task
        fields: list[str] = []
        form = forms.Form

    @property
    def is_used(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.filters)
