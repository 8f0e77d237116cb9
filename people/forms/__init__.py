"""Forms of the people app. They only validate; services write."""

from people.forms.corrections import ApplicationCorrectionForm, ConsentCorrectionForm, PeriodCorrectionForm
from people.forms.enrolments import EndForm, PauseForm, ReopenRoleForm, WishesForm
from people.forms.intake import IntakeForms
from people.forms.languages import LanguageFormSet, skills_of
from people.forms.merging import MergeForm
from people.forms.organisations import GroupForm, NewOrganisationForm, OrganisationForm
from people.forms.people import ConsentForm, ContactForm, PersonForm

__all__ = [
    "ApplicationCorrectionForm",
    "ConsentCorrectionForm",
    "ConsentForm",
    "ContactForm",
    "EndForm",
    "GroupForm",
    "IntakeForms",
    "LanguageFormSet",
    "MergeForm",
    "NewOrganisationForm",
    "OrganisationForm",
    "PauseForm",
    "PeriodCorrectionForm",
    "PersonForm",
    "ReopenRoleForm",
    "WishesForm",
    "skills_of",
]
