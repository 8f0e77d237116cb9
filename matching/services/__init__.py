"""Services of the matching app: all its writes, by subject.

Every service locks in the same order, so that two users cannot deadlock: the two people by ascending id, the match,
the enrolments. SQLite queues writers instead (BEGIN IMMEDIATE).
"""

from matching.rules.screening import MissingCheck, missing_checks, missing_checks_of
from matching.services.contacts import add_contact, record_try, remove_contact
from matching.services.corrections import (
    correct_check,
    correct_contact,
    correct_follow_up,
    correct_interview,
    correct_match_days,
    correct_meeting,
    correct_outcome,
)
from matching.services.endings import ClosingTalk, NewOutcome, end_match, reopen_match, withdraw_match
from matching.services.handovers import end_deputy, hand_over, tie_names, undo_handover
from matching.services.matches import (
    answer_match,
    decline_match,
    introduce_match,
    pause_match,
    propose_match,
    register_match,
    resume_match,
    sign_agreement,
    start_match,
)
from matching.services.outcome_questions import record_outcomes_asked
from matching.services.period_corrections import correct_ending, correct_pause
from matching.services.plan_changes import move_follow_up, restore_follow_up, skip_follow_up
from matching.services.planned_meetings import cancel_planned_meeting, move_planned_meeting, plan_meeting
from matching.services.records import (
    add_goal,
    add_to_meeting,
    create_follow_ups,
    record_follow_up,
    record_meeting,
    record_outcome,
    remove_meeting,
    remove_outcome,
    undo_follow_up,
    update_goal,
)
from matching.services.refusals import DayRefused, MatchRefused, SameDayRefused
from matching.services.screening import cancel_interview, miss_interview, plan_interview, record_check, record_interview

__all__ = [
    "ClosingTalk",
    "DayRefused",
    "MatchRefused",
    "MissingCheck",
    "NewOutcome",
    "SameDayRefused",
    "add_contact",
    "add_goal",
    "add_to_meeting",
    "answer_match",
    "cancel_interview",
    "cancel_planned_meeting",
    "correct_check",
    "correct_contact",
    "correct_ending",
    "correct_follow_up",
    "correct_interview",
    "correct_match_days",
    "correct_meeting",
    "correct_outcome",
    "correct_pause",
    "create_follow_ups",
    "decline_match",
    "end_deputy",
    "end_match",
    "hand_over",
    "introduce_match",
    "miss_interview",
    "missing_checks",
    "missing_checks_of",
    "move_follow_up",
    "move_planned_meeting",
    "pause_match",
    "plan_interview",
    "plan_meeting",
    "propose_match",
    "record_check",
    "record_follow_up",
    "record_interview",
    "record_meeting",
    "record_outcome",
    "record_outcomes_asked",
    "record_try",
    "register_match",
    "remove_contact",
    "remove_meeting",
    "remove_outcome",
    "reopen_match",
    "restore_follow_up",
    "resume_match",
    "sign_agreement",
    "skip_follow_up",
    "start_match",
    "tie_names",
    "undo_follow_up",
    "undo_handover",
    "update_goal",
    "withdraw_match",
]
