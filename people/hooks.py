"""What people adds to hooks.

Panels, case numbers, merges, statuses by a capacity, words of histories, sentences of the access log.
"""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.log_words import (
    LISTS,
    LOG_SENTENCES,
    LoggedList,
    LogSentence,
    choice_words,
    day_words,
    field_words,
    filters_of,
    yes_or_no,
)
from accounts.models import User
from accounts.open_work import OPEN_WORK
from common.exports import search_phrase
from common.history import ACT_NOTES, ACT_WORDS, RECORD_WORDS, ActNote, RecordWords
from common.journal import RESTORERS, UNITS
from common.lists import SEARCH_KEY
from people.case_numbers import NUMBER_SOURCES, person_number_url
from people.display import name_with_state
from people.endings import STATE_ENDINGS
from people.enums import ConsentKind, PersonStateKind
from people.exports import CASE_NUMBERS, GROUPS, ORGANISATIONS, PEOPLE
from people.filters import PersonFilter
from people.merging import MERGE_CHECKS, MERGE_RULES, MergeRule
from people.merging.own_rules import (
    fold_distinct,
    fold_enrolments,
    fold_languages,
    fold_periods,
    fold_states,
    move_distinct,
    move_period,
    refuse_open_roles,
)
from people.models import (
    BranchQuestion,
    BranchTransfer,
    Consent,
    DistinctPeople,
    Enrolment,
    EnrolmentPeriod,
    FormerCaseNumber,
    LanguageSkill,
    Organisation,
    Person,
    PersonMerge,
    PersonState,
    VolunteerGroup,
)
from people.panels import PANEL_SOURCES, open_drafts
from people.periods import settle_restored_periods
from people.services.enrolments import ROLE_ENDING, settle_programme
from people.services.people import update_search_texts
from people.statuses import STATUS_FIELDS
from people.views.questions import question_panels
from people.views.transfers import transfer_panels
from programmes.enums import ParticipantRole
from programmes.services import CAPACITY_SETTLERS


def role_words(role: str) -> str:
    """Return the name of a role inside a sentence."""
    return choice_words(ParticipantRole)(role).lower()


def household_words(is_household: bool) -> str:
    """Return what two distinct people are to each other."""
    return _("same household") if is_household else _("two people")


OPEN_WORK.add(open_drafts)
PANEL_SOURCES.add(question_panels)
PANEL_SOURCES.add(transfer_panels)
NUMBER_SOURCES.add(person_number_url)
STATE_ENDINGS.add(ROLE_ENDING)
MERGE_RULES.add(MergeRule(fold=fold_enrolments), key=Enrolment)
MERGE_RULES.add(MergeRule(fold=fold_states), key=PersonState)
MERGE_CHECKS.add(refuse_open_roles)
MERGE_RULES.add(MergeRule(fold=fold_periods, move=move_period), key=EnrolmentPeriod)
MERGE_RULES.add(MergeRule(fold=fold_languages), key=LanguageSkill)
MERGE_RULES.add(MergeRule(fold=fold_distinct, move=move_distinct), key=DistinctPeople)
LISTS.add(LoggedList(PEOPLE.label, filters_of(PersonFilter)), key=PEOPLE.key)
LISTS.add(LoggedList(CASE_NUMBERS.label, {SEARCH_KEY: (_("Case number"), search_phrase)}), key=CASE_NUMBERS.key)
for export in (ORGANISATIONS, GROUPS):
    LISTS.add(LoggedList(export.label, {SEARCH_KEY: (_("Search"), search_phrase)}), key=export.key)
LOG_SENTENCES.add_all(
    {
        "person_created": LogSentence(_("Person created")),
        "person_removed": LogSentence(_("Person created by mistake and removed")),
        "person_changed": LogSentence(_("Changed: %(fields)s"), fields=field_words("people.Person")),
        "consent_corrected": LogSentence(_("Consent corrected")),
        "application_corrected": LogSentence(_("Day of the application corrected")),
        "period_corrected": LogSentence(_("Days of a pause or an end corrected")),
        "consent_recorded": LogSentence(
            _("Consent: %(consent)s – %(is_given)s"), consent=choice_words(ConsentKind), is_given=yes_or_no
        ),
        "person_enrolled": LogSentence(_("Enrolled as %(role)s"), role=role_words),
        "enrolment_changed": LogSentence(_("Changed: %(fields)s"), fields=field_words("people.Enrolment")),
        "enrolment_paused": LogSentence(_("Role on pause")),
        "enrolment_ended": LogSentence(_("Role ended")),
        "enrolment_reopened": LogSentence(_("Role reopened")),
        "application_declined": LogSentence(_("Application declined")),
        "state_set": LogSentence(_("State: %(state)s, from %(on)s"), state=choice_words(PersonStateKind), on=day_words),
        "state_lifted": LogSentence(_("State lifted: %(state)s"), state=choice_words(PersonStateKind)),
        "people_merged": LogSentence(_("%(other)s merged into %(kept)s")),
        "merge_undone": LogSentence(_("The merge of %(other)s into %(kept)s undone")),
        "people_marked_distinct": LogSentence(_("%(one)s and %(other)s are two people")),
        "people_marked_household": LogSentence(_("%(one)s and %(other)s are two people of the same household")),
        "people_unmarked_distinct": LogSentence(_("%(one)s and %(other)s may be one person after all")),
        "branch_asked": LogSentence(_("%(asking)s asked %(asked)s about »%(about)s«")),
        "question_answered": LogSentence(_("%(asked)s answered %(asking)s about »%(about)s«")),
        "question_withdrawn": LogSentence(_("%(asking)s no longer asks %(asked)s about »%(about)s«")),
        "transfer_asked": LogSentence(_("%(old)s asked %(new)s to take over %(number)s")),
        "transfer_accepted": LogSentence(_("%(new)s took over %(number)s from %(old)s")),
        "transfer_declined": LogSentence(_("%(new)s does not take over %(number)s from %(old)s")),
        "transfer_withdrawn": LogSentence(_("%(old)s no longer asks %(new)s to take over %(number)s")),
        "transfers_shown": LogSentence(_("Transfers between branches")),
        "duplicates_shown": LogSentence(_("Possible duplicates")),
        "questions_shown": LogSentence(_("Questions between branches")),
        "support_opened": LogSentence(_("support")),
        "support_exported": LogSentence(_("support, %(file)s")),
    }
)
RESTORERS.add(update_search_texts, key=Person)
RESTORERS.add(settle_restored_periods, key=EnrolmentPeriod)
UNITS.add(STATUS_FIELDS, key=Enrolment)
RECORD_WORDS.add_all(
    {
        Person: RecordWords(
            called=name_with_state,
            url=lambda person: reverse("people:person-detail", args=[person.pk]),
            acts=lambda person: PersonMerge.objects.filter(kept=person, act__isnull=False).values("act"),
        ),
        Organisation: RecordWords(url=lambda record: reverse("people:organisation-detail", args=[record.pk])),
        VolunteerGroup: RecordWords(url=lambda group: reverse("people:group-detail", args=[group.pk])),
        Enrolment: RecordWords(names=("role", "programme")),
        EnrolmentPeriod: RecordWords(names=("status", "began_on"), hidden=("starts_over",)),
        LanguageSkill: RecordWords(names=("language",)),
        Consent: RecordWords(names=("kind", "is_given", "on")),
        PersonState: RecordWords(names=("kind", "on")),
        DistinctPeople: RecordWords(names=("first", "second", "is_household"), words={"is_household": household_words}),
        BranchTransfer: RecordWords(names=("from_branch", "to_branch", "state")),
        FormerCaseNumber: RecordWords(names=("number",)),
        BranchQuestion: RecordWords(names=("asking_branch", "asked_branch")),
    }
)
ACT_WORDS.add_all(
    {
        "keep_unchosen": _("Chose between two changes"),
        "create_person": _("Person created"),
        "complete_intake": _("Person created"),
        "remove_person": _("Person removed"),
        "update_person": _("Details corrected"),
        "set_languages": _("Languages corrected"),
        "record_contact": _("Contact registered"),
        "record_consent": _("Consent registered"),
        "correct_consent": _("Consent corrected"),
        "correct_application": _("Day of the application corrected"),
        "correct_period": _("Days of a pause or an end corrected"),
        "enrol_person": _("Role in a programme added"),
        "update_enrolment": _("Role changed"),
        "update_wishes": _("Wishes and offers corrected"),
        "pause_enrolment": _("Role on pause"),
        "end_enrolment": _("Role ended"),
        "reopen_enrolment": _("Role reopened"),
        "set_person_state": _("State registered"),
        "lift_person_state": _("State lifted"),
        "create_organisation": _("Organisation created"),
        "update_organisation": _("Organisation corrected"),
        "create_group": _("Volunteer group created"),
        "update_group": _("Volunteer group corrected"),
        "merge_people": _("Two people merged"),
        "undo_merge": _("Merge undone"),
        "mark_distinct": _("Known to be two people"),
        "unmark_distinct": _("May be one person after all"),
        "ask_branch": _("Question from another branch"),
        "answer_question": _("Question of another branch answered"),
        "withdraw_question": _("Question withdrawn"),
        "ask_transfer": _("Another branch asked to take over"),
        "answer_transfer": _("Transfer answered"),
        "withdraw_transfer": _("Transfer withdrawn"),
        "load_vocabulary": _("Vocabulary loaded"),
    }
)
CAPACITY_SETTLERS.add(settle_programme)


@ACT_NOTES.add
def notes_of_merges(acts: Collection[int], user: User) -> dict[int, ActNote]:
    """Return which case was merged into which by the acts."""
    merges = (
        PersonMerge.objects.visible_to(user)
        .filter(act__in=acts)
        .values_list("act", "merged_case_number", "kept__case_number")
    )
    return {
        act: ActNote(_("Case %(number)s was merged into %(kept)s.") % {"number": number, "kept": kept})
        for act, number, kept in merges
    }
