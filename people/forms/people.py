from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.forms import Birth, BirthField, CleanTextMixin, DanishDateField, EmailListField, PhoneListField
from people.enums import ConsentKind, Gender
from people.models import Organisation, Person

NAME_ATTRS = {"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}


class PersonDetailsForm(CleanTextMixin, forms.ModelForm):
    """Who somebody is and how they are reached. Never saved: the service is given ``details()``."""

    gender = forms.ChoiceField(
        label=_("gender"), choices=Gender.choices, widget=forms.RadioSelect, initial=Gender.UNKNOWN, required=False
    )
    birth = BirthField(label=_("born"), required=False)
    phones = PhoneListField(label=_("phone"), required=False)
    emails = EmailListField(label=_("e-mail"), required=False)

    class Meta:
        model = Person
        fields = [
            "first_name",
            "last_name",
            "gender",
            "phones",
            "emails",
            "best_reached",
            "address",
            "postcode",
            "town",
            "origin",
            "arrival_year",
            "livelihood",
            "education",
            "occupation",
        ]
        widgets = {"first_name": forms.TextInput(NAME_ATTRS), "last_name": forms.TextInput(NAME_ATTRS)}
        help_texts = {"best_reached": _("Such as: after 4 p.m., not on Fridays")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["first_name", "last_name", "gender", "birth"])
        if self.instance.pk:
            self.initial["birth"] = Birth(self.instance.birth_date, self.instance.birth_year)
        for name in self.fields:
            self.fields[name].label = _capitalised(self.fields[name].label)

    def clean_gender(self) -> str:
        return self.cleaned_data["gender"] or Gender.UNKNOWN

    def clean(self):
        super().clean()
        if not (self.cleaned_data.get("first_name") or self.cleaned_data.get("last_name")):
            self.add_error("first_name", _("Write a first name or a last name."))
        return self.cleaned_data

    def details(self) -> dict:
        """The model's fields as the service takes them."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        birth = self.cleaned_data["birth"]
        return values | {"birth_date": birth.date, "birth_year": birth.year}


def _capitalised(label) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


class PersonForm(PersonDetailsForm):
    """The page that changes a person."""

    class Meta(PersonDetailsForm.Meta):
        fields = [*PersonDetailsForm.Meta.fields, "office_phone", "organisation", "notes"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user)
        self.fields["organisation"].empty_label = _("None")
        self.fields["notes"].widget.attrs["rows"] = 4


class ConsentForm(CleanTextMixin):
    """What a person says yes or no to, all kinds at once; what is left out stays as it is."""

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
        """One dict a kind that was answered, as ``record_consent`` takes them."""
        rest = {"on": self.cleaned_data["on"], "source": self.cleaned_data["source"]}
        return [
            {"kind": kind, "is_given": self.cleaned_data[kind] == "yes", **rest}
            for kind in ConsentKind.values
            if self.cleaned_data.get(kind)
        ]


class ContactForm(forms.Form):
    """When a contact person was last spoken with."""

    on = DanishDateField(label=_("Last contact"), not_future=True)
