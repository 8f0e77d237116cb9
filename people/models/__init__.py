"""Intake: people, what they are in which programme, what they offer and seek, and where they came from."""

from people.models.enrolments import Consent, Enrolment
from people.models.imports import ImportBatch, ImportRow, KnownWord, SavedMapping
from people.models.organisations import Organisation, VolunteerGroup
from people.models.persons import LanguageSkill, Person
from people.models.sameness import BranchQuestion, DistinctPeople, PersonMerge
from people.models.vocabulary import Term

__all__ = [
    "BranchQuestion",
    "Consent",
    "DistinctPeople",
    "Enrolment",
    "ImportBatch",
    "ImportRow",
    "KnownWord",
    "LanguageSkill",
    "Organisation",
    "Person",
    "PersonMerge",
    "SavedMapping",
    "Term",
    "VolunteerGroup",
]
