from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.forms import Birth, BirthField, CleanTextMixin, DanishDateField, EmailListField, PhoneListField
from people.details import PERSON_DETAILS, DetailSection
from people.enums import ConsentKind, Gender
from people.models import Organisation, Person

NAME_ATTRS = {"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}
NOT_AT_INTAKE = ("office_phone", "organisation")
DETAIL_FIELDS = [detail.name for detail in PERSON_DETAILS if detail.group != "birth"]  # the form has one field for it


class PersonDetailsForm(CleanTextMixin, forms.ModelForm):
    """The details of a new person. Views pass ``details()`` to a service; the form itself is never saved."""

    gender = forms.ChoiceField(
        label=_("gender"), choices=Gender.choices, widget=forms.RadioSelect, initial=Gender.UNKNOWN, required=False
    )
    birth = BirthField(label=_("born"), required=False)
    phones = PhoneListField(label=_("phone"), required=False)
    emails = EmailListField(label=_("e-mail"), required=False)

    class Meta:
        model = Person
        fields = [name for name in DETAIL_FIELDS if name not in NOT_AT_INTAKE]
        widgets = {"first_name": forms.TextInput(NAME_ATTRS), "last_name": forms.TextInput(NAME_ATTRS)}
        help_texts = {"best_reached": _("Such as: after 4 p.m., not on Fridays")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["first_name", "last_name", "gender", "birth"])
        if self.instance.pk:
            self.initial["birth"] = Birth(self.instance.birth_date, self.instance.birth_year)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))

    @property
    def contact_fields(self) -> list[forms.BoundField]:
        return self._section(DetailSection.CONTACT)

    @property
    def background_fields(self) -> list[forms.BoundField]:
        return self._section(DetailSection.BACKGROUND)

    def _section(self, section: DetailSection) -> list[forms.BoundField]:
        return [
            self[detail.name] for detail in PERSON_DETAILS if detail.section == section and detail.name in self.fields
        ]

    def clean_gender(self) -> str:
        return self.cleaned_data["gender"] or Gender.UNKNOWN

    def clean(self):
        super().clean()
        if not (self.cleaned_data.get("first_name") or self.cleaned_data.get("last_name")):
            self.add_error("first_name", _("Write a first name or a last name."))
        return self.cleaned_data

    def details(self) -> dict:
        """Return the valid fields of ``Person`` as the services take them."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}
        birth = self.cleaned_data.get("birth")
        return values | ({"birth_date": birth.date, "birth_year": birth.year} if birth else {})


class PersonForm(PersonDetailsForm):
    """All details of a stored person, and the notes."""

    class Meta(PersonDetailsForm.Meta):
        fields = [*DETAIL_FIELDS, "notes"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user)
        self.fields["organisation"].empty_label = _("None")
        self.fields["notes"].widget.attrs["rows"] = 4


class ConsentForm(CleanTextMixin):
    """Yes or no to each kind of consent; a kind without an answer is not recorded."""

    answers = [("yes", _("Given")), ("no", _("Said no"))]

    on = DanishDateField(label=_("Date"), not_future=True)
    source = forms.CharField(
        label=_("How"), max_length=120, required=False, help_text=_("Such as: said in the talk, signed form")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()
        for kind in ConsentKind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=self.answers, widget=forms.RadioSelect, required=False
            )
        self.order_fields([*ConsentKind.values, "on", "source"])

    def consents(self) -> list[dict]:
        """Return the arguments of ``record_consent`` for each answered kind."""
        rest = {"on": self.cleaned_data["on"], "source": self.cleaned_data["source"]}
        return [
            {"kind": kind, "is_given": self.cleaned_data[kind] == "yes", **rest}
            for kind in ConsentKind.values
            if self.cleaned_data.get(kind)
        ]


class ContactForm(forms.Form):
    """The day of the last contact with a contact person."""

    on = DanishDateField(label=_("Last contact"), not_future=True)
