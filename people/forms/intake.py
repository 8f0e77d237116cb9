"""The forms of the intake, one for each step."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.forms import CleanTextMixin, DanishDateField
from people.forms.people import ConsentForm, PersonDetailsForm
from people.models import Enrolment, Organisation, Person
from programmes.enums import ParticipantRole
from programmes.models import Programme

ROLES = [
    (ParticipantRole.MENTEE, ParticipantRole.MENTEE.label),
    (ParticipantRole.MENTOR, ParticipantRole.MENTOR.label),
    (ParticipantRole.CONTACT, ParticipantRole.CONTACT.label),
    (ParticipantRole.VOLUNTEER, ParticipantRole.VOLUNTEER.label),
]


class WhoForm(PersonDetailsForm):
    """Step 1: the details of the person."""


class RoleForm(CleanTextMixin):
    """Step 2: role, programme and how the person heard of it."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)
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


class ConsentStepForm(ConsentForm):
    """The last step. A yes to keeping the details is required."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].required = True

    def clean_store(self) -> str:
        answer = self.cleaned_data["store"]
        if answer == "no":
            raise ValidationError(
                _("Without consent we keep nothing about the person. Delete the draft, or ask again another day.")
            )
        return answer
