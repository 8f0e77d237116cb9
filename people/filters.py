import datetime as dt

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Verb
from common import clock
from common.filters import SlugFilter
from people.enums import EnrolmentStatus, Gender, PersonStateKind, TermKind
from people.models import Enrolment, LanguageSkill, Person, Term
from programmes.enums import ParticipantRole
from programmes.models import Programme

WAITS = [
    ("30", _("30 days or more")),
    ("60", _("60 days or more")),
    ("90", _("90 days or more")),
    ("180", _("180 days or more")),
]
NO_STATE = "ingen"
STATES = [(NO_STATE, pgettext_lazy("state of a person", "None")), *((kind, kind.label) for kind in PersonStateKind)]
ENROLMENT_FIELDS = {"rolle": "role", "status": "status", "indsats": "programme"}  # query key → field


def _programmes(request):
    return Programme.objects.visible_to(request.user, Verb.READ_CASES)


def _terms(kind):
    return Term.objects.filter(kind=kind)


class PersonFilter(django_filters.FilterSet):
    """The filters above the list of people. Role, programme, status and terms must hold for the same enrolment."""

    soeg = django_filters.CharFilter(
        label=_("Search"), widget=forms.TextInput({"type": "search", "autocomplete": "off", "maxlength": "100"})
    )
    rolle = SlugFilter(label=_("Role"), choices=ParticipantRole, widget=forms.HiddenInput)
    status = SlugFilter(label=_("Status"), choices=EnrolmentStatus, empty_label=_("All"))
    ventet = django_filters.ChoiceFilter(label=_("Has waited"), choices=WAITS, empty_label=_("All"))
    indsats = django_filters.ModelChoiceFilter(label=_("Programme"), queryset=_programmes, empty_label=_("All"))
    koen = SlugFilter(label=_("Gender"), choices=Gender, empty_label=_("All"))
    sprog = django_filters.ModelChoiceFilter(
        label=_("Language"), queryset=_terms(TermKind.LANGUAGE), empty_label=_("All")
    )
    emne = django_filters.ModelChoiceFilter(label=_("Topic"), queryset=_terms(TermKind.TOPIC), empty_label=_("All"))
    omraade = django_filters.ModelChoiceFilter(label=_("Area"), queryset=_terms(TermKind.AREA), empty_label=_("All"))

    tilstand = SlugFilter(label=pgettext_lazy("of a person", "State"), choices=STATES, empty_label=_("All"))

    MORE = ("indsats", "koen", "sprog", "emne", "omraade", "tilstand")

    class Meta:
        model = Person
        fields: list[str] = []

    def __init__(self, *args, enrolments, **kwargs):
        super().__init__(*args, **kwargs)
        self.enrolments = enrolments

    @property
    def is_used(self) -> bool:
        """Whether any filter but the role is set."""
        return any(value for name, value in self._values().items() if name != "rolle")

    @property
    def more_used(self) -> int:
        """The number of filters set under *More filters*."""
        return sum(1 for name in self.MORE if self._values().get(name))

    @property
    def role_chosen(self) -> str:
        return self._values().get("rolle") or ""

    @property
    def role_slug(self) -> str:
        return ParticipantRole(self.role_chosen).slug if self.role_chosen else ""

    def _values(self) -> dict:
        return getattr(self.form, "cleaned_data", {}) if self.form.is_valid() or self.form.is_bound else {}

    def filter_queryset(self, queryset):
        values = self._values()
        if words := values.get("soeg"):
            queryset = queryset.search(words)
        if state := values.get("tilstand"):
            queryset = queryset.filter(state="" if state == NO_STATE else state)
        if gender := values.get("koen"):
            queryset = queryset.filter(gender=gender)
        if language := values.get("sprog"):
            skills = LanguageSkill.objects.filter(person=OuterRef("pk"), language=language)
            queryset = queryset.filter(Exists(skills))
        enrolments = self._enrolments(values)
        return queryset if enrolments is None else queryset.filter(pk__in=enrolments.order_by().values("person"))

    def _enrolments(self, values):
        """Return the enrolments that match the filters on enrolments, or None when none of these is set."""
        condition = Q()
        for key, field in ENROLMENT_FIELDS.items():
            if values.get(key):
                condition &= Q(**{field: values[key]})
        if waited := values.get("ventet"):
            since = clock.today() - dt.timedelta(days=int(waited))
            condition &= Q(status=EnrolmentStatus.WAITING, wait_counted_from__lte=since)
        terms = [values[key] for key in ("emne", "omraade") if values.get(key)]
        if not condition and not terms:
            return None
        rows = self.enrolments.filter(condition)
        for term in terms:
            rows = rows.filter(pk__in=Enrolment.terms.through.objects.filter(term=term).values("enrolment"))
        return rows
