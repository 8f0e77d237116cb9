"""What narrows the log of access."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import AccessKind
from accounts.models import AccessRecord, User
from common.forms import DanishDateField


class DayFilter(django_filters.Filter):
    """A day as Danes write it."""

    field_class = DanishDateField


def _colleagues(request):
    """Those who have a role in the branches whose log the user reads, and those who had and left rows in it."""
    log = AccessRecord.objects.visible_to(request.user)
    return User.objects.filter(pk__in=log.order_by().values("user"))


class AccessFilter(django_filters.FilterSet):
    """By case number, user, kind and day. Several hold at once."""

    sag = django_filters.CharFilter(label=_("Case number"), method="filter_case", max_length=30)
    bruger = django_filters.ModelChoiceFilter(
        label=_("User"), field_name="user", queryset=_colleagues, empty_label=_("All")
    )
    type = django_filters.ChoiceFilter(
        label=_("What was done"), field_name="kind", choices=AccessKind.choices, empty_label=_("All")
    )
    fra = DayFilter(label=_("From"), field_name="at", lookup_expr="date__gte", help_text="")
    til = DayFilter(label=_("To"), field_name="at", lookup_expr="date__lte", help_text="")

    class Meta:
        model = AccessRecord
        fields: list[str] = []
        form = forms.Form

    def filter_case(self, rows, name, value):
        """Look-ups of the case itself, and lists that name it."""
        return rows.filter(Q(case_number__iexact=value) | Q(detail__icontains=value))

    @property
    def is_used(self) -> bool:
        """Whether anything narrows the log."""
        return any(self.data.get(name) for name in self.filters)
