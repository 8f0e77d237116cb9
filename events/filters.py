"""Filters of the list of events and of the people to invite. The address keeps them."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Verb
from common import clock
from common.choices import SluggedChoices
from common.filters import SlugFilter
from events.enums import AttendanceStatus, EventKind
from events.models import Attendance
from people.enums import EnrolmentStatus, Gender, TermKind
from people.models import Enrolment, Term
from programmes.enums import ParticipantRole
from programmes.models import Programme


class EventTime(TextChoices):
    """Segments of the list of events, as named in the address."""

    COMING = "kommende", pgettext_lazy("events", "Coming")
    PAST = "afholdt", pgettext_lazy("events", "Past")
    TO_CONFIRM = "mangler", pgettext_lazy("events", "To be confirmed")


class EventFilter(django_filters.FilterSet):
    """Filter events by kind and programme, and by whether they are coming, past or to be confirmed."""

    type = SlugFilter(
        label=pgettext_lazy("events", "Kind"), field_name="kind", choices=EventKind, empty_label=_("All kinds")
    )
    indsats = django_filters.ModelChoiceFilter(
        label=_("Programme"),
        field_name="programme",
        queryset=Programme.objects.none(),
        empty_label=_("All programmes"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["indsats"].queryset = Programme.objects.visible_to(user, Verb.READ_EVENTS)
        for field in self.form.fields.values():
            field.widget.attrs["data-autosubmit"] = ""

    @property
    def time(self) -> str:
        """The chosen segment; coming events by default."""
        wanted = self.data.get("tid") if self.data else None
        return wanted if wanted in EventTime.values else EventTime.COMING

    def in_time(self, events):
        """Return coming events, soonest first, or those that are over or to be confirmed, newest first.

        Coming events include the cancelled ones, because people ask about them.
        """
        now = clock.now()
        if self.time == EventTime.TO_CONFIRM:
            return events.to_confirm(now)
        if self.time == EventTime.COMING:
            return events.filter(ends_at__gte=now).order_by("starts_at", "pk")
        return events.filter(ends_at__lt=now).order_by("-starts_at", "-pk")


class MatchState(SluggedChoices):
    """Enrolment statuses that the invitation filter offers."""

    WAITING = EnrolmentStatus.WAITING.value, EnrolmentStatus.WAITING.slug, _("Waits")
    MATCHED = EnrolmentStatus.MATCHED.value, EnrolmentStatus.MATCHED.slug, _("Has a match")


class TookPart(TextChoices):
    """Whether a person has come to an event before, as named in the address."""

    NEVER = "aldrig", pgettext_lazy("events", "Has never taken part")
    BEFORE = "foer", pgettext_lazy("events", "Has taken part before")


class InviteFilter(django_filters.FilterSet):
    """Filter the people to invite by role, programme, match, gender, language, topic, area and earlier attendance."""

    rolle = SlugFilter(label=_("Role"), field_name="role", choices=ParticipantRole, empty_label=_("All roles"))
    indsats = django_filters.ModelChoiceFilter(
        label=_("Programme"),
        field_name="programme",
        queryset=Programme.objects.none(),
        empty_label=_("All programmes"),
    )
    status = SlugFilter(label=_("Match"), choices=MatchState, empty_label=_("With and without a match"))
    koen = SlugFilter(
        label=_("Gender"),
        field_name="person__gender",
        choices=[(Gender.WOMAN, _("Women")), (Gender.MAN, _("Men"))],
        empty_label=_("All genders"),
    )
    sprog = django_filters.ModelChoiceFilter(
        label=_("Language"),
        field_name="person__languages__language",
        queryset=Term.objects.filter(kind=TermKind.LANGUAGE),
        empty_label=_("All languages"),
    )
    emne = django_filters.ModelChoiceFilter(
        label=_("Topic"),
        field_name="terms",
        queryset=Term.objects.filter(kind=TermKind.TOPIC),
        empty_label=_("All topics"),
    )
    omraade = django_filters.ModelChoiceFilter(
        label=_("Area"),
        field_name="terms",
        queryset=Term.objects.filter(kind=TermKind.AREA),
        empty_label=_("All areas"),
    )
    deltaget = django_filters.ChoiceFilter(
        label=_("Earlier events"),
        choices=TookPart.choices,
        method="by_earlier_events",
        empty_label=_("New and known"),
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        running = Enrolment.objects.visible_to(user).exclude(
            status__in=[EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]
        )
        super().__init__(*args, queryset=running, **kwargs)
        self.filters["indsats"].queryset = Programme.objects.visible_to(user, Verb.READ_CASES)
        for field in self.form.fields.values():
            field.widget.attrs["data-autosubmit"] = ""

    def by_earlier_events(self, enrolments, _name: str, value: str):
        came = Attendance.objects.visible_to(self.user).filter(status=AttendanceStatus.ATTENDED)
        took_part = Exists(came.filter(person=OuterRef("person")))
        return enrolments.filter(~took_part if value == TookPart.NEVER else took_part)

    @property
    def is_chosen(self) -> bool:
        """Whether a filter is set or the form was sent; until then the page shows no people."""
        return any(self.data.get(name) for name in self.filters) or "vis" in self.data

    def people_in(self, people):
        """Return those of ``people`` who match the filter, each once."""
        return people.filter(pk__in=self.qs.values("person"))


class NameSearchForm(forms.Form):
    """A search field for names."""

    soeg = forms.CharField(label=_("Find name"), required=False, max_length=100, strip=True)
