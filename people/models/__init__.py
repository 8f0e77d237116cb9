"""Models of people, their enrolments and consents, organisations, volunteer groups and the vocabulary."""

from people.models.enrolments import Consent, Enrolment
from people.models.identity import BranchQuestion, DistinctPeople, PersonMerge
from people.models.organisations import Organisation, VolunteerGroup
from people.models.persons import LanguageSkill, Person
from people.models.vocabulary import Term

__all__ = [
    "BranchQuestion",
    "Consent",
    "DistinctPeople",
    "Enrolment",
    "LanguageSkill",
    "Organisation",
    "Person",
    "PersonMerge",
    "Term",
    "VolunteerGroup",
]
