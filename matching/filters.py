"""Filters of the lists, under the Danish keys of the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import Verb, roles_that_may
from matching.models import FollowUp, Match
from programmes.models import Programme


def _programmes(request):
    return Programme.objects.visible_to(request.user)


def _coordinators(request):
    """Return the users who work with cases in the branches of the request's user."""
    branches = request.user.branch_ids_for(Verb.READ_CASES)
    workers = (
        Membership.objects.accepted()
        .filter(branch__in=branches, role__in=roles_that_may(Verb.WORK_CASES))
        .values("user")
    )
    return User.objects.filter(pk__in=workers)


class FollowUpFilter(django_filters.FilterSet):
    """Filters of *Hele planen*: coordinator and programme."""

    koordinator = django_filters.ModelChoiceFilter(
        field_name="match__coordinator", queryset=_coordinators, label=_("Coordinator"), empty_label=_("All")
    )
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
    koordinator = django_filters.ModelChoiceFilter(
        field_name="coordinator", queryset=_coordinators, label=_("Coordinator"), empty_label=_("All")
    )

    class Meta:
        model = Match
        fields = ["soeg", "indsats", "koordinator"]

    def filter_words(self, queryset, name, value):
        return queryset.search(value)
