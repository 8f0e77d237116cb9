"""Filters of the lists, under the Danish keys of the address."""

from collections.abc import Iterable

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import Verb
from common import clock
from common.filters import SlugFilter
from matching.models import FollowUp, Match
from matching.rules.coordinators import coordinators_of
from people.enums import Gender, LanguageLevel, TermKind
from people.models import Enrolment, LanguageSkill, Term
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


class _TermFilter(django_filters.ChoiceFilter):
    """The enrolments with a term of a kind. The address names the term in Danish."""

    def __init__(self, kind: str, **kwargs):
        super().__init__(empty_label=_("All"), **kwargs)
        self.kind = kind

    def filter(self, queryset, value):
        return queryset.filter(self.has_term(value)) if value else queryset

    def has_term(self, name: str) -> Exists:
        links = Enrolment.terms.through.objects.filter(enrolment=OuterRef("pk"))
        return Exists(links.filter(term__kind=self.kind, term__name=name))


class _LanguageFilter(_TermFilter):
    """The enrolments of people who speak a language well enough for a conversation, or offer it."""

    def filter(self, queryset, value):
        if not value:
            return queryset
        skills = LanguageSkill.objects.filter(person=OuterRef("person"), language__name=value)
        return queryset.filter(Exists(skills.exclude(level=LanguageLevel.SOME)) | self.has_term(value))


class DeskFilter(django_filters.FilterSet):
    """Filters of the waiting list of *Find mentor*: language, area, time. The gender is the segment.

    ``terms`` are those of the vocabulary, which this filter and ``MentorFilter`` read once for both.
    """

    sprog = _LanguageFilter(TermKind.LANGUAGE, label=_("Language"))
    omraade = _TermFilter(TermKind.AREA, label=_("Area"))
    tid = _TermFilter(TermKind.TIME, label=_("Time"))

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, data, queryset, terms: Iterable[Term], **kwargs):
        super().__init__(data, queryset, **kwargs)
        for one in self.filters.values():
            if isinstance(one, _TermFilter):
                one.extra["choices"] = [(term.name, term.name) for term in terms if term.kind == one.kind]

    @cached_property
    def used(self) -> int:
        """The number of filters that are set. A value that does not exist sets none."""
        self.form.is_valid()
        return sum(1 for value in self.form.cleaned_data.values() if value)


class MentorFilter(DeskFilter):
    """Filters of the ranked mentors: those of the waiting list and gender. Their query keys begin with ``mentor-``."""

    koen = SlugFilter(field_name="person__gender", label=_("Gender"), choices=Gender, empty_label=_("All"))
    PREFIX = "mentor"

    def __init__(self, data, queryset, terms: Iterable[Term]):
        super().__init__(data, queryset, terms, prefix=self.PREFIX)

    class Meta(DeskFilter.Meta):
        fields = ["koen", "sprog", "omraade", "tid"]
