import datetime as dt

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Verb
from common import clock
from people.enums import EnrolmentStatus, Gender, TermKind
from people.models import Enrolment, LanguageSkill, Person, Term
from programmes.enums import ParticipantRole
from programmes.models import Programme

WAITS = [
    ("30", _("30 days or more")),
    ("60", _("60 days or more")),
    ("90", _("90 days or more")),
    ("180", _("180 days or more")),
]


def _programmes(request):
    return Programme.objects.visible_to(request.user, Verb.READ_CASES)


def _terms(kind):
    return Term.objects.filter(kind=kind)


class PersonFilter(django_filters.FilterSet):
    """The filters above the list of people. Role, programme, status, wishes hold for one and the same enrolment."""

    soeg = django_filters.CharFilter(
        label=_("Search"), widget=forms.TextInput({"type": "search", "autocomplete": "off", "maxlength": "100"})
    )
    role = django_filters.ChoiceFilter(label=_("Role"), choices=ParticipantRole.choices, widget=forms.HiddenInput)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=EnrolmentStatus.choices, empty_label=_("All"))
    waited = django_filters.ChoiceFilter(label=_("Has waited"), choices=WAITS, empty_label=_("All"))
    programme = django_filters.ModelChoiceFilter(label=_("Programme"), queryset=_programmes, empty_label=_("All"))
    gender = django_filters.ChoiceFilter(label=_("Gender"), choices=Gender.choices, empty_label=_("All"))
    language = django_filters.ModelChoiceFilter(
        label=_("Language"), queryset=_terms(TermKind.LANGUAGE), empty_label=_("All")
    )
    topic = django_filters.ModelChoiceFilter(label=_("Topic"), queryset=_terms(TermKind.TOPIC), empty_label=_("All"))
    area = django_filters.ModelChoiceFilter(label=_("Area"), queryset=_terms(TermKind.AREA), empty_label=_("All"))

    MORE = ("programme", "gender", "language", "topic", "area")

    class Meta:
        model = Person
        fields: list[str] = []

    def __init__(self, *args, enrolments, **kwargs):
        super().__init__(*args, **kwargs)
        self.enrolments = enrolments

    @property
    def is_used(self) -> bool:
        """Whether anything but the role narrows the list."""
        return any(value for name, value in self._values().items() if name != "role")

    @property
    def more_used(self) -> int:
        """How many of the filters under *More filters* are set."""
        return sum(1 for name in self.MORE if self._values().get(name))

    @property
    def role_chosen(self) -> str:
        return self._values().get("role") or ""

    def _values(self) -> dict:
        return getattr(self.form, "cleaned_data", {}) if self.form.is_valid() or self.form.is_bound else {}

    def filter_queryset(self, queryset):
        values = self._values()
        if words := values.get("soeg"):
            queryset = queryset.search(words)
        if gender := values.get("gender"):
            queryset = queryset.filter(gender=gender)
        if language := values.get("language"):
            spoken = LanguageSkill.objects.filter(person=OuterRef("pk"), language=language)
            queryset = queryset.filter(Exists(spoken))
        enrolments = self._enrolments(values)
        return queryset if enrolments is None else queryset.filter(pk__in=enrolments.order_by().values("person"))

    def _enrolments(self, values):
        """Enrolments that the filters ask for, or None when they ask for none."""
        condition = Q()
        for name in ("role", "status", "programme"):
            if values.get(name):
                condition &= Q(**{name: values[name]})
        if waited := values.get("waited"):
            since = clock.today() - dt.timedelta(days=int(waited))
            condition &= Q(status=EnrolmentStatus.WAITING, waiting_since__lte=since)
        terms = [values[name] for name in ("topic", "area") if values.get(name)]
        if not condition and not terms:
            return None
        rows = self.enrolments.filter(condition)
        for term in terms:
            rows = rows.filter(pk__in=Enrolment.terms.through.objects.filter(term=term).values("enrolment"))
        return rows
