"""Forms of events. They validate; services write."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Verb
from common import clock
from common.forms import CleanTextMixin, DanishDateField, DanishTimeField, KeysField, at_danish_time
from common.once import OnceFormMixin
from events.enums import EventKind
from events.models import Event
from programmes.models import Programme

MOST_PLACES = 10_000
FIRST_YEAR, LAST_YEAR = 1990, 2100


class EventForm(OnceFormMixin, CleanTextMixin, forms.Form):
    """The facts of an event. Day and times, in Danish time, are cleaned to ``starts_at`` and ``ends_at``."""

    kind = forms.ChoiceField(label=pgettext_lazy("events", "Kind"))
    title = forms.CharField(label=_("Title"), max_length=150, help_text=_("As written in the invitation."))
    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    day = DanishDateField(label=_("Date"))
    starts = DanishTimeField(label=_("Begins at"))
    ends = DanishTimeField(label=_("Ends at"))
    last_day = DanishDateField(
        label=pgettext_lazy("events", "Last day"),
        required=False,
        help_text=_("Only when it ends on another day. Day-month-year"),
    )
    place = forms.CharField(label=_("Place"), max_length=150, required=False)
    capacity = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        localize=False,
        help_text=_("Blank: no limit. When all are taken, people go on the waiting list."),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Also in the calendar file. Do not write names of participants."),
    )

    reason = forms.CharField(
        label=_("Why is the day corrected?"),
        max_length=500,
        required=False,
        help_text=_("Only for another day. Shown in the history, with your name."),
    )

    def __init__(self, *args, user, event: Event | None = None, **kwargs):
        self.event = event
        facts = self.facts_of(event) if event else {}
        initial = {**facts, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        if event is None or event.day >= clock.today():
            del self.fields["reason"]
        self.fields["kind"].choices = EventKind.choices
        self.fields["programme"].queryset = Programme.objects.visible_to(user, Verb.WORK_EVENTS)
        if self.fields["programme"].queryset.count() == 1:
            self.fields["programme"].initial = self.fields["programme"].queryset.first()

    @staticmethod
    def facts_of(event: Event) -> dict:
        """Return the initial values of the fields for an event that is edited."""
        starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
        return {
            "kind": event.kind,
            "title": event.title,
            "programme": event.programme_id,
            "day": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "last_day": ends.date() if ends.date() != starts.date() else None,
            "place": event.place,
            "capacity": event.capacity,
            "description": event.description,
        }

    def clean_day(self):
        return self._check_year(self.cleaned_data["day"])

    def clean_last_day(self):
        return self._check_year(self.cleaned_data["last_day"])

    @staticmethod
    def _check_year(day: dt.date | None) -> dt.date | None:
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Check the year."), code="year")
        return day

    def clean(self):
        cleaned = super().clean()
        first = self._instant("starts", cleaned.get("day"), cleaned.get("starts"))
        last = self._instant("ends", cleaned.get("last_day") or cleaned.get("day"), cleaned.get("ends"))
        if first and last and last <= first:
            field = "last_day" if cleaned.get("last_day") else "ends"
            self.add_error(field, _("The event ends before it starts. Check date and times."))
        cleaned.update(starts_at=first, ends_at=last)
        if self.corrects_day and not cleaned.get("reason"):
            self.add_error("reason", _("Say why, in a few words."))
        return cleaned

    @property
    def corrects_day(self) -> bool:
        """Whether an event that has taken place gets another day."""
        day = self.cleaned_data.get("day")
        return "reason" in self.fields and day is not None and day != self.event.day

    def _instant(self, field: str, day: dt.date | None, time: dt.time | None) -> dt.datetime | None:
        if day is None or time is None:
            return None
        try:
            return at_danish_time(day, time)
        except ValidationError as error:
            self.add_error(field, error)
            return None

    @property
    def facts(self) -> dict:
        """The cleaned facts as arguments of ``create_event`` and ``update_event``."""
        names = ("programme", "kind", "title", "starts_at", "ends_at", "place", "capacity", "description")
        return {name: self.cleaned_data[name] for name in names}


class SignUpForm(CleanTextMixin, forms.Form):
    """A short note about a person on the list, such as »kommer med Lise«."""

    note = forms.CharField(label=_("Note"), max_length=120, required=False)


class InvitePeopleForm(forms.Form):
    """The ticked people of the filtered list, and the day of the invitation: today, if none is written."""

    on = DanishDateField(label=_("Invited on"), not_future=True, required=False)
    person = KeysField(queryset=None, error_messages={"required": _("Tick at least one person.")}, label=_("People"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class InviteProgrammesForm(forms.Form):
    """Programmes of other branches that run on the day of the event and are not invited yet."""

    on = DanishDateField(label=_("Invited on"), not_future=True, initial=clock.today, required=False)
    programmes = KeysField(
        queryset=None,
        label=_("Programmes of other branches"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one programme.")},
        help_text=_("Their branch sees the event's facts and can sign up its own people. It sees none of yours."),
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["programmes", "on"])
        # Not scoped to the user: names of programmes are no case data, and any branch may be invited.
        others = Programme.objects.running(event.day).exclude(branch=event.programme.branch_id)
        self.fields["programmes"].queryset = others.exclude(pk__in=event.invited_programmes.all()).select_related(
            "branch"
        )
        self.fields["programmes"].label_from_instance = lambda programme: f"{programme.branch}: {programme}"


class ParticipantCountForm(CleanTextMixin, forms.Form):
    """The number of all who came to an event. Of a confirmed event it is corrected, with a reason."""

    participants = forms.IntegerField(
        label=_("How many took part?"),
        min_value=0,
        max_value=MOST_PLACES,
        localize=False,
        help_text=_("All of them, also those without a name on the list."),
    )
    reason = forms.CharField(
        label=_("Why is the number corrected?"),
        max_length=500,
        help_text=_("Shown in the history, with your name."),
        error_messages={"required": _("Say why, in a few words.")},
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        if event.confirmed_at is None:
            del self.fields["reason"]


class GuestCountForm(forms.Form):
    """The number of guests without names: a new number, or one more or fewer."""

    count = forms.IntegerField(
        label=_("Others, counted without names"), min_value=0, max_value=MOST_PLACES, required=False, localize=False
    )
    change = forms.TypedChoiceField(choices=[("-1", "-1"), ("1", "1")], coerce=int, required=False, empty_value=None)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("change") is None and cleaned.get("count") is None and not self.errors:
            self.add_error("count", _("Write a number."))
        return cleaned
