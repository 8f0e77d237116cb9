"""Filters of the lists; they stay in the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import Verb, roles_that_may
from matching.models import FollowUp, Match
from programmes.models import Programme


def _programmes(request):
    return Programme.objects.visible_to(request.user)


def _coordinators(request):
    """Those who work with the cases of the user's branches."""
    branches = request.user.branch_ids_for(Verb.READ_CASES)
    workers = Membership.objects.filter(branch__in=branches, role__in=roles_that_may(Verb.WORK_CASES)).values("user")
    return User.objects.filter(pk__in=workers).order_by("name")


class FollowUpFilter(django_filters.FilterSet):
    """*Hele planen*: whose and in which programme."""

    coordinator = django_filters.ModelChoiceFilter(
        field_name="match__coordinator", queryset=_coordinators, label=_("Coordinator"), empty_label=_("All")
    )
    programme = django_filters.ModelChoiceFilter(
        field_name="match__programme", queryset=_programmes, label=_("Programme"), empty_label=_("All")
    )

    class Meta:
        model = FollowUp
        fields = ["coordinator", "programme"]


class MatchFilter(django_filters.FilterSet):
    """The list of matches: words, programme, coordinator. The status is chosen by the segments."""

    soeg = django_filters.CharFilter(method="filter_words", label=_("Name or number"))
    programme = django_filters.ModelChoiceFilter(queryset=_programmes, label=_("Programme"), empty_label=_("All"))
    coordinator = django_filters.ModelChoiceFilter(queryset=_coordinators, label=_("Coordinator"), empty_label=_("All"))

    class Meta:
        model = Match
        fields = ["soeg", "programme", "coordinator"]

    def filter_words(self, queryset, name, value):
        return queryset.search(value)
