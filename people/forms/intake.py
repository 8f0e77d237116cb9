"""The forms of the intake, which are shown and sent as one page."""

from collections.abc import Iterator
from copy import deepcopy

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.forms import CleanTextMixin, DanishDateField
from common.forms.base import is_key
from people.enums import ConsentKind
from people.forms.enrolments import MATCHING_FIELDS, TERM_FIELDS, WishesForm
from people.forms.languages import LanguageForm, LanguageFormSet
from people.forms.people import DETAIL_FIELDS, ConsentForm, PersonDetailsForm
from people.models import Draft, Enrolment, Organisation, Person
from programmes.enums import ParticipantRole
from programmes.models import Programme

SHOWN_DETAILS = ("first_name", "last_name", "gender", "phones", "emails", "best_reached")
ROLES = [
    (ParticipantRole.MENTEE, ParticipantRole.MENTEE.label),
    (ParticipantRole.MENTOR, ParticipantRole.MENTOR.label),
    (ParticipantRole.CONTACT, ParticipantRole.CONTACT.label),
    (ParticipantRole.VOLUNTEER, ParticipantRole.VOLUNTEER.label),
]
SEVERAL = (*TERM_FIELDS, "groups")  # fields with several values
PRESET = ("applied_on", "on")
FOLDED = {  # part of the page → its fields
    "who": [name for name in DETAIL_FIELDS if name not in SHOWN_DETAILS],
    "role": ["applied_on", "organisation"],
    "wishes": [*SEVERAL, *MATCHING_FIELDS, "capacity", "available_from", "availability_note"],
    "consent": ["share", "photo", "on", "source"],
}


class RoleForm(CleanTextMixin):
    """Role, programme and how the person heard of it."""

    role = forms.ChoiceField(
        label=_("Role"), choices=ROLES, widget=forms.RadioSelect, error_messages={"required": _("Choose the role.")}
    )
    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    applied_on = DanishDateField(label=_("Day of the application"), not_future=True)
    recruited_via = forms.CharField(
        label=_("Heard of us through"),
        max_length=150,
        required=False,
        help_text=_("Such as: referred by the neighbourhood mothers, a poster, a friend"),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("None")
    )

    def __init__(self, *args, user: User, person: Person | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        programmes = Programme.objects.visible_to(user, Verb.WORK_CASES)
        self.fields["programme"].queryset = programmes
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user)
        self.fields["applied_on"].initial = clock.today()
        if not self.is_bound:
            running = programmes.running(clock.today()).first() or programmes.first()
            self.initial.setdefault("programme", running and running.pk)

    def clean(self):
        cleaned = super().clean()
        role, programme = cleaned.get("role"), cleaned.get("programme")
        taken = Enrolment.objects.filter(person=self.person, programme=programme, role=role)
        if self.person and role and programme and taken.exists():
            raise _role_refusal(self.person, programme)
        return cleaned


def _role_refusal(person: Person, programme: Programme) -> ValidationError:
    return ValidationError(
        {
            "role": ValidationError(
                _("%(name)s has this role in %(programme)s already."),
                params={"name": person.name, "programme": programme.name},
            )
        }
    )


class IntakeConsentForm(ConsentForm):
    """A yes to keeping the details is required; the other answers can wait."""

    store = forms.BooleanField(
        label=_("Has said yes to our keeping the details"),
        widget=forms.CheckboxInput({"value": "yes"}),
        error_messages={
            "required": _(
                "Without consent we keep nothing about the person. Delete the draft, or ask again another day."
            )
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[ConsentKind.STORE.value] = deepcopy(self.base_fields[ConsentKind.STORE.value])

    def clean_store(self) -> str:
        return "yes"


class IntakeForms:
    """The forms of the page: bound to ``data``, or unbound with what was typed in a draft as initial values.

    ``person`` is the stored one who gets a role, if any. The details of a new person are not asked for then.
    """

    def __init__(self, data: QueryDict | None, *, user: User, draft: Draft, person: Person | None = None):
        typed = draft.values if data is None else data
        self.role_chosen = typed.get("role", "") if typed else draft.wanted_role
        self.person = person
        initial = draft.initial(SEVERAL) if data is None and typed else {"role": draft.wanted_role}
        self.who = PersonDetailsForm(data, initial=initial)
        self.role = RoleForm(data, user=user, person=person, initial=initial)
        self.wishes = WishesForm(
            data, role=self.role_chosen, instance=Enrolment(programme=self._programme(typed)), initial=initial
        )
        skills = _skills(typed) if data is None and typed else _stored_skills(person)
        self.languages = LanguageFormSet(data, prefix="languages", initial=skills)
        self.consent = IntakeConsentForm(data, initial=initial)

    def _programme(self, typed: QueryDict | None) -> Programme | None:
        """Return the programme whose volunteer groups are offered."""
        if self.role_chosen != ParticipantRole.VOLUNTEER:
            return None
        chosen = typed.get("programme", "") if typed else self.role.initial.get("programme")
        return self.role.fields["programme"].queryset.filter(pk=chosen if is_key(str(chosen)) else None).first()

    def __iter__(self) -> Iterator[forms.BaseForm | forms.BaseFormSet]:
        return iter((self.who, self.role, self.wishes, self.languages, self.consent))

    # --- as one form, for the page and its errors -----------------------------------------------

    @property
    def fields(self) -> dict[str, forms.BaseForm]:
        """The form of each field that is asked for, by the name of the field."""
        asked = (form for form in (self.who, self.role, self.wishes, self.consent) if self._is_asked(form))
        return {name: form for form in asked for name in form.fields}

    def _is_asked(self, form: forms.BaseForm) -> bool:
        return form is not self.who or self.person is None

    def __getitem__(self, name: str) -> forms.BoundField:
        return self.fields[name][name]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self if self._is_asked(form)]  # all, so that all errors are shown at once
        return all(valid)

    def add_error(self, name: str | None, error) -> None:
        self.fields.get(name, self.role).add_error(name, error)

    @property
    def non_field_errors(self) -> list[str]:
        found = [error for form in dict.fromkeys(self.fields.values()) for error in form.non_field_errors()]
        return [*found, *self.languages.non_form_errors()] if self.languages.is_bound else found

    @property
    def more_details(self) -> list[forms.BoundField]:
        """The fields of a person that are folded away."""
        shown = [*self.who.contact_fields, *self.who.background_fields]
        return [bound for bound in shown if bound.name not in SHOWN_DETAILS]

    @property
    def button(self) -> str:
        if self.person:
            return gettext("Add role")
        if self.role_chosen not in ParticipantRole.values:
            return gettext("Create person")
        return gettext("Create %(role)s") % {"role": ParticipantRole(self.role_chosen).label.lower()}

    @property
    def open_parts(self) -> list[str]:
        """The folded parts of the page that hold an answer or an error."""
        held = {name for name in self.fields if _is_held(self[name])}
        lines = [bound for line in self.languages for bound in line if bound.name != "level"]
        parts = [part for part, names in FOLDED.items() if not held.isdisjoint(names)]
        return [*parts, "wishes"] if any(map(_is_held, lines)) else parts


def _is_held(bound: forms.BoundField) -> bool:
    return bool(bound.errors or (bound.name not in PRESET and bound.value()))


def _skills(typed: QueryDict) -> list[dict]:
    """Return the lines with a language or a note as initial values."""
    total = typed.get("languages-TOTAL_FORMS", "0")
    numbers = range(min(int(total), LanguageFormSet.absolute_max) if total.isdecimal() and len(total) < 4 else 0)
    lines = [{name: typed.get(f"languages-{n}-{name}", "") for name in LanguageForm.base_fields} for n in numbers]
    return [line for line in lines if line["language"] or line["note"]]


def _stored_skills(person: Person | None) -> list[dict]:
    skills = person.languages.all() if person else ()
    return [{"language": skill.language_id, "level": skill.level, "note": skill.note} for skill in skills]
