"""What people adds to hooks: panels, case numbers, merges, statuses by a capacity, sentences of the access log."""

from django.utils.translation import gettext_lazy as _

from accounts.log_words import (
    LISTS,
    LOG_SENTENCES,
    LoggedList,
    LogSentence,
    choice_words,
    field_words,
    filters_of,
    yes_or_no,
)
from common.exports import search_phrase
from common.journal import RESTORERS, UNITS
from common.lists import SEARCH_KEY
from people.case_numbers import NUMBER_SOURCES, person_number_url
from people.enums import ConsentKind
from people.exports import CASE_NUMBERS, GROUPS, ORGANISATIONS, PEOPLE
from people.filters import PersonFilter
from people.merging import MERGE_RULES, MergeRule
from people.merging.own_rules import fold_enrolments, fold_languages, move_distinct
from people.models import DistinctPeople, Enrolment, LanguageSkill, Person
from people.panels import PANEL_SOURCES
from people.services.enrolments import settle_programme
from people.services.people import update_search_texts
from people.statuses import STATUS_FIELDS
from people.views.questions import question_panels
from programmes.enums import ParticipantRole
from programmes.services import CAPACITY_SETTLERS


def role_words(role: str) -> str:
    """Return the name of a role inside a sentence."""
    return choice_words(ParticipantRole)(role).lower()


PANEL_SOURCES.add(question_panels)
NUMBER_SOURCES.add(person_number_url)
MERGE_RULES.add(MergeRule(fold=fold_enrolments), key=Enrolment)
MERGE_RULES.add(MergeRule(fold=fold_languages), key=LanguageSkill)
MERGE_RULES.add(MergeRule(move=move_distinct), key=DistinctPeople)
LISTS.add(LoggedList(PEOPLE.label, filters_of(PersonFilter)), key=PEOPLE.key)
LISTS.add(LoggedList(CASE_NUMBERS.label, {SEARCH_KEY: (_("Case number"), search_phrase)}), key=CASE_NUMBERS.key)
for export in (ORGANISATIONS, GROUPS):
    LISTS.add(LoggedList(export.label, {SEARCH_KEY: (_("Search"), search_phrase)}), key=export.key)
LOG_SENTENCES.add_all(
    {
        "person_created": LogSentence(_("Person created")),
        "person_changed": LogSentence(_("Changed: %(fields)s"), fields=field_words("people.Person")),
        "consent_recorded": LogSentence(
            _("Consent: %(consent)s – %(is_given)s"), consent=choice_words(ConsentKind), is_given=yes_or_no
        ),
        "person_enrolled": LogSentence(_("Enrolled as %(role)s"), role=role_words),
        "enrolment_changed": LogSentence(_("Changed: %(fields)s"), fields=field_words("people.Enrolment")),
        "enrolment_paused": LogSentence(_("Role on pause")),
        "enrolment_ended": LogSentence(_("Role ended")),
        "enrolment_reopened": LogSentence(_("Role reopened")),
        "application_declined": LogSentence(_("Application declined")),
        "people_merged": LogSentence(_("%(other)s merged into %(kept)s")),
        "merge_undone": LogSentence(_("The merge of %(other)s into %(kept)s undone")),
        "people_marked_distinct": LogSentence(_("%(one)s and %(other)s are two people")),
        "people_unmarked_distinct": LogSentence(_("%(one)s and %(other)s may be one person after all")),
        "branch_asked": LogSentence(_("%(asking)s asked %(asked)s about »%(about)s«")),
        "question_answered": LogSentence(_("%(asked)s answered %(asking)s about »%(about)s«")),
        "question_withdrawn": LogSentence(_("%(asking)s no longer asks %(asked)s about »%(about)s«")),
        "duplicates_shown": LogSentence(_("Possible duplicates")),
        "questions_shown": LogSentence(_("Questions between branches")),
        "support_opened": LogSentence(_("support")),
        "support_exported": LogSentence(_("support, %(file)s")),
    }
)
RESTORERS.add(update_search_texts, key=Person)
UNITS.add(STATUS_FIELDS, key=Enrolment)
CAPACITY_SETTLERS.add(settle_programme)
