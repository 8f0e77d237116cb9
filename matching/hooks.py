"""What matching adds to lower apps.

A person's timeline, panels and next actions, match numbers, merges, open matches, words of histories, sentences of the
access log.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.log_words import (
    LISTS,
    LOG_SENTENCES,
    LoggedList,
    LogSentence,
    choice_words,
    day_words,
    filters_of,
    list_words,
)
from accounts.open_work import OPEN_WORK
from common.exports import search_phrase
from common.history import ACT_WORDS, RECORD_WORDS, RecordWords
from common.journal import RESTORERS, USES
from common.lists import SEARCH_KEY
from matching.enums import ContactResult, GoalStatus, MatchStatus, OutcomeKind, Side
from matching.exports import ATTENTION, FOLLOW_UPS, INTERVIEWS, MATCHES, MEETINGS
from matching.filters import AttentionFilter, FollowUpFilter, MatchFilter
from matching.models import (
    Contact,
    FollowUp,
    Goal,
    Handover,
    Interview,
    Match,
    MatchEnding,
    MatchPause,
    MatchStep,
    Meeting,
    Outcome,
    PlannedMeeting,
    ScreeningCheck,
)
from matching.numbers import url_of_match_number
from matching.pages import next_actions, person_page, person_timeline
from matching.pages.hand_over import open_work
from matching.rules.pairs import open_match_keys, used_enrolments
from matching.services import merging, person_states
from matching.views.matches import MatchSegment
from people.case_numbers import NUMBER_SOURCES
from people.endings import STATE_ENDINGS
from people.merging import MERGE_CHECKS, MERGE_CONSEQUENCES, MERGE_RULES
from people.models import Enrolment
from people.panels import NEXT_ACTION_SOURCES, PANEL_SOURCES
from people.statuses import OPEN_MATCH_SOURCES
from people.timeline import TIMELINE_SOURCES
from programmes.enums import ParticipantRole, ScreeningKind

OPEN_WORK.add(open_work)
TIMELINE_SOURCES.add(person_timeline.timeline_entries)
PANEL_SOURCES.add(person_page.person_panels)
NEXT_ACTION_SOURCES.add(next_actions.next_actions)
NUMBER_SOURCES.add(url_of_match_number)
STATE_ENDINGS.add(person_states.STATE_ENDING)
MERGE_RULES.add(merging.MATCH_RULE, key=Match)
RESTORERS.add(merging.take_free_places, key=Match)
MERGE_CHECKS.add(merging.refuse_impossible_merge)
MERGE_CONSEQUENCES.add(merging.merge_consequences)
OPEN_MATCH_SOURCES.add(open_match_keys)
USES.add(used_enrolments, key=Enrolment)
RECORD_WORDS.add_all(
    {
        Match: RecordWords(
            hidden=("mentor_place",), url=lambda match: reverse("matching:match-detail", args=[match.pk])
        ),
        MatchStep: RecordWords(names=("status", "on", "note")),
        MatchPause: RecordWords(names=("began_on", "ended_on"), hidden=("moved_days",)),
        MatchEnding: RecordWords(names=("on", "reason")),
        FollowUp: RecordWords(names=("name", "side", "due_on"), hidden=("step",)),
        PlannedMeeting: RecordWords(names=("on", "time")),
        Contact: RecordWords(names=("on", "result")),
        Meeting: RecordWords(names=("held_on",)),
        Goal: RecordWords(names=("text",)),
        Outcome: RecordWords(names=("kind", "on")),
        Handover: RecordWords(names=("receiver", "from_on", "until_on")),
        Interview: RecordWords(names=("planned_on", "held_on")),
        ScreeningCheck: RecordWords(names=("kind", "outcome", "checked_on")),
    }
)
ACT_WORDS.add_all(
    {
        "plan_interview": _("Interview planned"),
        "cancel_interview": _("Interview cancelled"),
        "miss_interview": _("Did not come to the interview"),
        "record_interview": _("Interview registered"),
        "record_check": _("Check registered"),
        "propose_match": _("Match proposed"),
        "register_match": _("Running match registered"),
        "correct_match_days": _("Days corrected"),
        "correct_pause": _("Days of a pause corrected"),
        "correct_ending": _("Days of an end corrected"),
        "correct_meeting": _("Meeting corrected"),
        "correct_follow_up": _("Follow-up corrected"),
        "correct_outcome": _("Outcome corrected"),
        "correct_interview": _("Interview corrected"),
        "correct_check": _("Check corrected"),
        "answer_match": _("Answer registered"),
        "decline_match": _("Match declined"),
        "introduce_match": _("The two introduced"),
        "start_match": _("First meeting registered"),
        "sign_agreement": _("Agreement signed"),
        "pause_match": _("Match on pause"),
        "resume_match": _("Match resumed"),
        "end_match": _("Match ended"),
        "reopen_match": _("Match reopened"),
        "withdraw_match": _("Match withdrawn"),
        "hand_over": _("Handed over"),
        "end_deputy": _("Deputy ended"),
        "tie_names": _("Written names tied to users"),
        "undo_handover": _("Handover undone"),
        "create_follow_ups": _("Follow-ups planned"),
        "record_follow_up": _("Follow-up registered"),
        "undo_follow_up": _("Follow-up undone"),
        "plan_meeting": _("Meeting planned"),
        "move_planned_meeting": _("Planned meeting moved"),
        "cancel_planned_meeting": _("Planned meeting cancelled"),
        "move_follow_up": _("Follow-up moved"),
        "skip_follow_up": _("Follow-up skipped"),
        "restore_follow_up": _("Follow-up taken into the plan again"),
        "add_contact": _("Contact registered"),
        "record_try": _("Try registered"),
        "correct_contact": _("Contact corrected"),
        "remove_contact": _("Contact removed"),
        "record_meeting": _("Meeting registered"),
        "add_to_meeting": _("Note of a meeting added"),
        "remove_meeting": _("Meeting removed"),
        "add_goal": _("Goal added"),
        "update_goal": _("Goal changed"),
        "record_outcome": _("Outcome registered"),
        "record_outcomes_asked": _("Results asked after the end"),
        "remove_outcome": _("Outcome removed"),
    }
)
LISTS.add_all(
    {
        MATCHES.key: LoggedList(
            MATCHES.label, {"status": (_("Status"), choice_words(MatchSegment)), **filters_of(MatchFilter)}
        ),
        FOLLOW_UPS.key: LoggedList(FOLLOW_UPS.label, filters_of(FollowUpFilter)),
        ATTENTION.key: LoggedList(ATTENTION.label, filters_of(AttentionFilter)),
        MEETINGS.key: LoggedList(MEETINGS.label, title="%(label)s %(part)s"),
        INTERVIEWS.key: LoggedList(
            INTERVIEWS.label,
            {"rolle": (_("Role"), choice_words(ParticipantRole)), SEARCH_KEY: (_("Search"), search_phrase)},
        ),
    }
)
LOG_SENTENCES.add_all(
    {
        "interview_planned": LogSentence(_("Interview planned")),
        "interview_cancelled": LogSentence(_("Interview cancelled")),
        "interview_recorded": LogSentence(_("Interview registered")),
        "check_recorded": LogSentence(_("Check: %(kind)s"), kind=choice_words(ScreeningKind)),
        "match_changed": LogSentence(_("Match: %(status)s"), status=choice_words(MatchStatus)),
        "yes_recorded": LogSentence(_("%(side)s said yes"), side=choice_words(Side)),
        "match_handed_over": LogSentence(_("Handed over to %(name)s from %(from_on)s: %(reason)s"), from_on=day_words),
        "deputy_given": LogSentence(
            _("Deputy %(name)s from %(from_on)s to %(until_on)s: %(reason)s"), from_on=day_words, until_on=day_words
        ),
        "deputy_ended": LogSentence(_("Deputy ended: %(name)s")),
        "interview_handed_over": LogSentence(_("Interview handed over to %(name)s")),
        "name_tied": LogSentence(_("»%(written)s« is %(name)s")),
        "handover_undone": LogSentence(_("Handover undone")),
        "agreement_signed": LogSentence(_("Agreement signed")),
        "follow_up_recorded": LogSentence(_("Follow-up registered")),
        "follow_up_undone": LogSentence(_("Follow-up undone")),
        "meeting_planned": LogSentence(_("Meeting planned for %(on)s"), on=day_words),
        "planned_meeting_moved": LogSentence(_("Planned meeting: %(on)s"), on=day_words),
        "planned_meeting_cancelled": LogSentence(_("Planned meeting cancelled")),
        "follow_up_moved": LogSentence(_("Follow-up moved")),
        "follow_up_skipped": LogSentence(_("Follow-up skipped")),
        "follow_up_restored": LogSentence(_("Follow-up taken into the plan again")),
        "contact_recorded": LogSentence(_("Contact: %(result)s"), result=choice_words(ContactResult)),
        "contact_corrected": LogSentence(_("Contact corrected: %(result)s"), result=choice_words(ContactResult)),
        "contact_removed": LogSentence(_("Contact removed: %(result)s"), result=choice_words(ContactResult)),
        "meeting_recorded": LogSentence(_("Meeting registered")),
        "meeting_note_added": LogSentence(_("Note of a meeting added")),
        "days_corrected": LogSentence(_("Days corrected")),
        "pause_corrected": LogSentence(_("Days of a pause corrected")),
        "ending_corrected": LogSentence(_("Days of an end corrected")),
        "meeting_corrected": LogSentence(_("Meeting corrected")),
        "follow_up_corrected": LogSentence(_("Follow-up corrected")),
        "interview_corrected": LogSentence(_("Interview corrected")),
        "check_corrected": LogSentence(_("Check corrected")),
        "outcome_corrected": LogSentence(_("Outcome corrected: %(kind)s"), kind=choice_words(OutcomeKind)),
        "meeting_removed": LogSentence(_("Meeting removed")),
        "goal_added": LogSentence(_("Goal added")),
        "goal_updated": LogSentence(_("Goal: %(status)s"), status=choice_words(GoalStatus)),
        "outcome_recorded": LogSentence(_("Outcome: %(kind)s"), kind=choice_words(OutcomeKind)),
        "outcomes_asked": LogSentence(_("Results asked after the end")),
        "outcome_removed": LogSentence(_("Outcome removed")),
        "desk_opened": LogSentence(_("Find mentor")),
        "mentors_ranked": LogSentence(_("Find mentor, mentors: %(numbers)s"), numbers=list_words),
        "excluded_shown": LogSentence(_("Excluded")),
        "proposal_opened": LogSentence(_("Proposal of a match")),
    }
)
