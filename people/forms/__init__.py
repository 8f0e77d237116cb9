"""Forms of the people app. They only validate; services write."""

from people.forms.corrections import ApplicationCorrectionForm, ConsentCorrectionForm, PeriodCorrectionForm
from people.forms.enrolments import EndForm, PauseForm, ReopenRoleForm, WishesForm
from people.forms.intake import ConsentStepForm, RoleForm, WhoForm
from people.forms.languages import LanguageFormSet, skills_of
from people.forms.merging import MergeForm
from people.forms.organisations import GroupForm, NewOrganisationForm, OrganisationForm
from people.forms.people import ConsentForm, ContactForm, PersonForm

__all__ = [
    "ApplicationCorrectionForm",
    "ConsentCorrectionForm",
    "ConsentForm",
    "ConsentStepForm",
    "ContactForm",
    "EndForm",
    "GroupForm",
    "LanguageFormSet",
    "MergeForm",
    "NewOrganisationForm",
    "OrganisationForm",
    "PauseForm",
    "PeriodCorrectionForm",
    "PersonForm",
    "ReopenRoleForm",
    "RoleForm",
    "WhoForm",
    "WishesForm",
    "skills_of",
]
