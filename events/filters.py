"""What lists of events, and of people to invite, can be narrowed by. All of it stays in the address."""

import django_filters
from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Verb
from common import clock
from events.enums import EventKind
from events.models import Event
from people.enums import EnrolmentStatus, Gender, TermKind
from people.models import Enrolment, Term
from programmes.enums import ParticipantRole
from programmes.models import Programme


class When(TextChoices):
    COMING = "kommende", pgettext_lazy("events", "Coming")
    PAST = "afholdt", pgettext_lazy("events", "Held")


class EventFilter(django_filters.FilterSet):
    """Coming or held; kind; programme."""

    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("events", "Kind"), choices=EventKind.choices, empty_label=_("All kinds")
    )
    programme = django_filters.ModelChoiceFilter(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=_("All programmes")
    )

    class Meta:
        model = Event
        fields = ["kind", "programme"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["programme"].queryset = Programme.objects.visible_to(user, Verb.READ_EVENTS)
        for field in self.form.fields.values():
            field.widget.attrs["data-autosubmit"] = ""

    @property
    def when(self) -> str:
        """Which segment is chosen; coming unless the address says otherwise."""
        wanted = self.data.get("tid") if self.data else None
        return wanted if wanted in When.values else When.COMING

    def in_time(self, events):
        """Coming ones, soonest first (also cancelled: people ask about them), or those that are over, newest first."""
        now = clock.now()
        if self.when == When.COMING:
            return events.filter(ends_at__gte=now).order_by("starts_at", "pk")
        return events.filter(ends_at__lt=now).order_by("-starts_at", "-pk")


class MatchState(TextChoices):
    WAITING = EnrolmentStatus.WAITING.value, _("Waits")
    MATCHED = EnrolmentStatus.MATCHED.value, _("Has a match")


class InviteFilter(django_filters.FilterSet):
    """Whom to invite: people by what they are in a programme, by what they speak and by what they offer or seek."""

    role = django_filters.ChoiceFilter(label=_("Role"), choices=ParticipantRole.choices, empty_label=_("All roles"))
    programme = django_filters.ModelChoiceFilter(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=_("All programmes")
    )
    status = django_filters.ChoiceFilter(
        label=_("Match"), choices=MatchState.choices, empty_label=_("With and without a match")
    )
    gender = django_filters.ChoiceFilter(
        label=_("Gender"),
        field_name="person__gender",
        choices=[(Gender.WOMAN, _("Women")), (Gender.MAN, _("Men"))],
        empty_label=_("All genders"),
    )
    language = django_filters.ModelChoiceFilter(
        label=_("Language"),
        field_name="person__languages__language",
        queryset=Term.objects.filter(kind=TermKind.LANGUAGE),
        empty_label=_("All languages"),
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"),
        field_name="terms",
        queryset=Term.objects.filter(kind=TermKind.TOPIC),
        empty_label=_("All topics"),
    )
    area = django_filters.ModelChoiceFilter(
        label=_("Area"),
        field_name="terms",
        queryset=Term.objects.filter(kind=TermKind.AREA),
        empty_label=_("All areas"),
    )

    class Meta:
        model = Enrolment
        fields = ["role", "programme", "status"]

    def __init__(self, *args, user, **kwargs):
        running = Enrolment.objects.visible_to(user).exclude(
            status__in=[EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]
        )
        super().__init__(*args, queryset=running, **kwargs)
        self.filters["programme"].queryset = Programme.objects.visible_to(user, Verb.READ_CASES)

    @property
    def is_chosen(self) -> bool:
        """Whether anything was asked for; before that the page shows nobody."""
        return any(self.data.get(name) for name in self.filters) or "vis" in self.data

    def people_in(self, people):
        """Those of ``people`` who fit; each once, however many roles they have."""
        return people.filter(pk__in=self.qs.values("person"))


class NameSearch(forms.Form):
    """A search field for a name."""

    soeg = forms.CharField(label=_("Find name"), required=False, max_length=100, strip=True)
