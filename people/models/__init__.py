"""Models of people, their enrolments and consents, organisations, volunteer groups and the vocabulary."""

from people.models.drafts import Draft
from people.models.enrolments import Consent, Enrolment, EnrolmentPeriod
from people.models.identity import BranchQuestion, DistinctPeople, PersonMerge
from people.models.organisations import Organisation, VolunteerGroup
from people.models.persons import LanguageSkill, Person
from people.models.states import PersonState
from people.models.transfers import BranchTransfer, FormerCaseNumber
from people.models.vocabulary import Term

__all__ = [
    "BranchQuestion",
    "BranchTransfer",
    "Consent",
    "DistinctPeople",
    "Draft",
    "Enrolment",
    "EnrolmentPeriod",
    "FormerCaseNumber",
    "LanguageSkill",
    "Organisation",
    "Person",
    "PersonMerge",
    "PersonState",
    "Term",
    "VolunteerGroup",
]
