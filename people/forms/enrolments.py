from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import CleanTextMixin, DanishDateField, KeysField
from people.enums import Gender, TermKind
from people.models import Enrolment, Term, VolunteerGroup
from programmes.enums import ParticipantRole

TERM_FIELDS = {
    "topics": TermKind.TOPIC,
    "industries": TermKind.INDUSTRY,
    "areas": TermKind.AREA,
    "times": TermKind.TIME,
}
# Wishes about the other side of a match; volunteers have groups instead.
MATCHING_FIELDS = ("preferred_gender", "gender_is_required", "min_age", "max_age")


class WishesForm(CleanTextMixin, forms.ModelForm):
    """What a person seeks or offers. Views pass ``details()`` to a service; the form itself is never saved."""

    topics = KeysField(Term.objects.none(), required=False)
    industries = KeysField(Term.objects.none(), required=False, label=_("Industries"))
    areas = KeysField(Term.objects.none(), required=False, label=_("Where can you meet?"))
    times = KeysField(Term.objects.none(), required=False, label=_("When can you meet?"))
    preferred_gender = forms.ChoiceField(
        choices=[("", _("No preference")), (Gender.WOMAN, _("A woman")), (Gender.MAN, _("A man"))],
        widget=forms.RadioSelect,
        required=False,
    )
    available_from = DanishDateField(label=_("Available from"), required=False, is_planned=True)
    groups = KeysField(
        VolunteerGroup.objects.none(),
        required=False,
        label=_("Volunteer groups"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Enrolment
        fields = [
            "wish",
            "preferred_gender",
            "gender_is_required",
            "min_age",
            "max_age",
            "capacity",
            "available_from",
            "availability_note",
        ]
        widgets = {"wish": forms.Textarea({"rows": 3})}
        labels = {
            "wish": _("In their own words"),
            "gender_is_required": _("This is a condition, not only a wish"),
            "min_age": _("At least … years"),
            "max_age": _("At most … years"),
            "capacity": _("Room for … mentees"),
            "availability_note": _("About the times"),
        }
        help_texts = {"capacity": _("Blank: as the programme says.")}

    def __init__(self, *args, role: str, **kwargs):
        super().__init__(*args, **kwargs)
        is_mentor, is_volunteer = role == ParticipantRole.MENTOR, role == ParticipantRole.VOLUNTEER
        self.fields["topics"].label = _("Can help with") if is_mentor or is_volunteer else _("Seeks help with")
        self.fields["preferred_gender"].label = _("Prefers as mentee") if is_mentor else _("Prefers as mentor")
        if not is_mentor:
            del self.fields["capacity"]
        if is_volunteer:
            self._choose_groups()
        for name in MATCHING_FIELDS if is_volunteer else ("groups",):
            del self.fields[name]
        words: dict[str, list[Term]] = {}
        for term in Term.objects.filter(kind__in=TERM_FIELDS.values()):
            words.setdefault(term.kind, []).append(term)
        for name, kind in TERM_FIELDS.items():
            field = self.fields[name]
            field.queryset = Term.objects.filter(kind=kind)
            field.widget = forms.CheckboxSelectMultiple(
                choices=[(str(term.pk), term.name) for term in words.get(kind, [])]
            )
            if self.instance.pk:
                self.initial[name] = [term.pk for term in self.instance.terms_by_kind[kind]]

    def _choose_groups(self) -> None:
        """Offer the groups of the enrolment's programme, or none before a programme is chosen."""
        programme_id = self.instance.programme_id
        self.fields["groups"].queryset = VolunteerGroup.objects.filter(programme=programme_id)
        if self.instance.pk:
            self.initial["groups"] = list(self.instance.groups.values_list("pk", flat=True))

    def details(self) -> dict:
        """Return the fields of ``Enrolment``, ``terms`` and, for a volunteer, ``groups``, as the services take them."""
        values = {name: self.cleaned_data[name] for name in (*self._meta.fields, "groups") if name in self.fields}
        return values | {"terms": [term for name in TERM_FIELDS for term in self.cleaned_data[name]]}


class PauseForm(CleanTextMixin):
    on = DanishDateField(label=_("From"), not_future=True)
    until = DanishDateField(
        label=_("Expected until"),
        required=False,
        is_planned=True,
        help_text=_("Leave it empty if it is not known yet."),
    )
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


class ReopenRoleForm(CleanTextMixin):
    """From which day the person takes part again; today if it is left empty."""

    on = DanishDateField(label=_("From"), not_future=True, required=False)
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


class EndForm(CleanTextMixin):
    on = DanishDateField(label=_("Last day"), not_future=True)
    reason = forms.CharField(label=_("Why"), max_length=200)
    is_declined = forms.BooleanField(
        label=_("The application was not accepted"),
        required=False,
        help_text=_("For a person who was never on the waiting list."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()
