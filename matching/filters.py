"""Filters of the lists, under the Danish keys of the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.roles import Verb
from common import clock
from matching.models import FollowUp, Match
from matching.rules.coordinators import coordinators_of
from programmes.models import Programme


def _programmes(request):
    return Programme.objects.visible_to(request.user)


def _coordinators(request):
    """Return the users who take or took care of cases in the branches of the request's user, also former ones."""
    return coordinators_of(request.user.branch_ids_for(Verb.READ_CASES))


class _CoordinatorField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, user) -> str:
        return str(user) if user.works else _("%(name)s (former)") % {"name": user}


class CoordinatorFilter(django_filters.ModelChoiceFilter):
    """The matches that a user takes care of today, or (``ingen``) the open ones without an active coordinator.

    ``field_name`` leads to the match; ``pk`` for the matches themselves.
    """

    field_class = _CoordinatorField

    def __init__(self, **kwargs):
        words = {"label": _("Coordinator"), "empty_label": _("All"), "null_label": _("Without an active coordinator")}
        super().__init__(queryset=_coordinators, null_value="ingen", **words, **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        matches, today = Match.objects.visible_to(self.parent.request.user), clock.today()
        found = matches.open().without_active(today) if value == self.null_value else matches.cared_for_by(value, today)
        return queryset.filter(**{f"{self.field_name}__in": found.values("pk")})


class FollowUpFilter(django_filters.FilterSet):
    """Filters of *Hele planen*: coordinator and programme."""

    koordinator = CoordinatorFilter(field_name="match")
    indsats = django_filters.ModelChoiceFilter(
        field_name="match__programme", queryset=_programmes, label=_("Programme"), empty_label=_("All")
    )

    class Meta:
        model = FollowUp
        fields = ["koordinator", "indsats"]


class MatchFilter(django_filters.FilterSet):
    """Filters of the list of matches: search words, programme, coordinator. The status is the segment."""

    soeg = django_filters.CharFilter(method="filter_words", label=_("Name or number"))
    indsats = django_filters.ModelChoiceFilter(
        field_name="programme", queryset=_programmes, label=_("Programme"), empty_label=_("All")
    )
    koordinator = CoordinatorFilter(field_name="pk")

    class Meta:
        model = Match
        fields = ["soeg", "indsats", "koordinator"]

    def filter_words(self, queryset, name, value):
        return queryset.search(value)


class AttentionFilter(django_filters.FilterSet):
    """The filter of *Kræver opmærksomhed*: coordinator."""

    koordinator = CoordinatorFilter(field_name="pk")

    class Meta:
        model = Match
        fields = ["koordinator"]
