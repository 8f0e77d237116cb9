"""Each act takes the day on which it happened, and each day can be corrected: the generated list of dated acts.

A new service or day fails here until its day is decided: which argument holds it, or why it needs none.
"""

import inspect

from django.apps import apps
from django.db import models

from tests.test_services import APPS, public_functions

# Acts with a day of their own: the arguments that hold it.
OWN_DAY = {
    "events.services.events.correct_event": "changes",  # starts_at, ends_at
    "events.services.events.create_event": "starts_at",
    "events.services.events.update_event": "changes",  # starts_at, ends_at
    "events.services.invitations.invite_people": "on",
    "events.services.invitations.invite_programmes": "on",
    "matching.services.corrections.correct_check": "checked_on",
    "matching.services.contacts.add_contact": "on",
    "matching.services.contacts.record_try": "on",
    "matching.services.corrections.correct_contact": "on",
    "matching.services.corrections.correct_follow_up": "on",
    "matching.services.corrections.correct_interview": "held_on",
    "matching.services.corrections.correct_match_days": "days",
    "matching.services.corrections.correct_meeting": "held_on",
    "matching.services.corrections.correct_outcome": "on",
    "matching.services.period_corrections.correct_ending": "on",
    "matching.services.period_corrections.correct_pause": "began_on",
    "matching.services.endings.end_match": "on",
    "matching.services.endings.reopen_match": "on",
    "matching.services.handovers.end_deputy": "on",
    "matching.services.handovers.hand_over": "from_on",
    "matching.services.matches.answer_match": "on",
    "matching.services.matches.decline_match": "on",
    "matching.services.matches.introduce_match": "on",
    "matching.services.matches.pause_match": "on",
    "matching.services.matches.propose_match": "on",
    "matching.services.matches.register_match": "started_on",
    "matching.services.matches.resume_match": "on",
    "matching.services.matches.sign_agreement": "on",
    "matching.services.matches.start_match": "on",
    "matching.services.planned_meetings.move_planned_meeting": "on",
    "matching.services.planned_meetings.plan_meeting": "on",
    "matching.services.outcome_questions.record_outcomes_asked": "on",
    "matching.services.plan_changes.move_follow_up": "due_on",
    "matching.services.records.record_follow_up": "on",
    "matching.services.records.record_meeting": "held_on",
    "matching.services.records.record_outcome": "on",
    "matching.services.records.update_goal": "reached_on",
    "matching.services.screening.plan_interview": "on",
    "matching.services.screening.record_check": "checked_on",
    "matching.services.screening.record_interview": "held_on",
    "people.services.corrections.correct_application": "applied_on",
    "people.services.corrections.correct_consent": "on",
    "people.services.corrections.correct_period": "began_on",
    "people.services.enrolments.end_enrolment": "on",
    "people.services.enrolments.enrol_person": "fields",  # applied_on
    "people.services.enrolments.pause_enrolment": "on",
    "people.services.enrolments.reopen_enrolment": "on",
    "people.services.enrolments.update_enrolment": "fields",  # available_from
    "people.services.intake.complete_intake": "enrolment",  # applied_on, and the day of each consent
    "people.services.organisations.create_group": "fields",  # established_on, closed_on
    "people.services.organisations.create_organisation": "fields",  # agreed_on
    "people.services.organisations.update_group": "fields",
    "people.services.organisations.update_organisation": "fields",
    "people.services.people.create_person": "fields",  # birth_date
    "people.services.people.record_consent": "on",
    "people.services.people.record_contact": "on",
    "people.services.people.update_person": "fields",  # birth_date
    "people.services.states.lift_person_state": "on",
    "people.services.states.set_person_state": "on",
    "programmes.services.create_programme": "fields",  # starts_on, ends_on
    "programmes.services.update_programme": "fields",
    "reporting.services.status_reports.create_report": "start",
    "reporting.services.targets.save_target": "fields",  # period_start, period_end
}

ACCESS = "takes effect at once: rights and sign-in have no past"
IN_SYSTEM = "happens here and now, in this product only"
EVENT_DAY = "happens on the day of the event"
REMOVES = "removes what was registered by mistake; nothing happened on a day"
RULES = "changes rules and words, which have no day"
UNDOES = "undoes an act; the days before it come back"

# Acts without a day of their own, and why.
NO_DAY = {
    "accounts.services.accept_first_invitation": ACCESS,
    "accounts.services.accept_invitation": ACCESS,
    "accounts.services.change_role": ACCESS,
    "accounts.services.create_administrator": ACCESS,
    "accounts.services.create_branch": ACCESS,
    "accounts.services.decline_invitation": ACCESS,
    "accounts.services.disable_user": ACCESS,
    "accounts.services.enable_user": ACCESS,
    "accounts.services.end_membership": ACCESS,
    "accounts.services.invite_user": ACCESS,
    "accounts.services.resend_invitation": ACCESS,
    "accounts.services.reset_second_factor": ACCESS,
    "accounts.services.update_profile": ACCESS,
    "events.services.attendance.add_participant": EVENT_DAY,
    "events.services.attendance.change_unnamed_guests": EVENT_DAY,
    "events.services.attendance.mark_absent": EVENT_DAY,
    "events.services.attendance.set_unnamed_guests": EVENT_DAY,
    "events.services.attendance.tick_attendance": EVENT_DAY,
    "events.services.attendance.undo_absent": UNDOES,
    "events.services.attendance.undo_attendance": UNDOES,
    "events.services.confirmation.confirm_event": EVENT_DAY,
    "events.services.confirmation.correct_participants": EVENT_DAY,
    "events.services.confirmation.undo_confirmation": UNDOES,
    "events.services.events.cancel_event": "an event that did not take place has no day",
    "events.services.events.reinstate_event": UNDOES,
    "events.services.invitations.remove_invitation": REMOVES,
    "events.services.invitations.withdraw_invitations": REMOVES,
    "events.services.invitations.withdraw_programme_invitation": REMOVES,
    "events.services.places.cancel_sign_up": "frees a place at once",
    "events.services.places.sign_up": "takes a place or the end of the waiting list at once",
    "matching.services.endings.withdraw_match": REMOVES,
    "matching.services.contacts.remove_contact": REMOVES,
    "matching.services.plan_changes.restore_follow_up": UNDOES,
    "matching.services.plan_changes.skip_follow_up": "the follow-up keeps its day",
    "matching.services.handovers.tie_names": "names a user in what was registered before",
    "matching.services.handovers.undo_handover": UNDOES,
    "matching.services.planned_meetings.cancel_planned_meeting": "the meeting was not held, and its day stays",
    "matching.services.records.add_to_meeting": "adds to the note of a meeting, which keeps its day",
    "matching.services.records.add_goal": "a goal has one day: that on which it is reached",
    "matching.services.records.create_follow_ups": "the days follow from the plan and the first meeting",
    "matching.services.records.remove_meeting": REMOVES,
    "matching.services.records.remove_outcome": REMOVES,
    "matching.services.records.undo_follow_up": UNDOES,
    "matching.services.screening.cancel_interview": REMOVES,
    "matching.services.screening.miss_interview": "the day is that of the appointment",
    "people.services.intake.update_wishes": "wishes have no day",
    "people.services.merging.mark_distinct": IN_SYSTEM,
    "people.services.merging.merge_people": IN_SYSTEM,
    "people.services.merging.undo_merge": UNDOES,
    "people.services.merging.unmark_distinct": UNDOES,
    "people.services.people.set_languages": "languages have no day",
    "people.services.questions.answer_question": IN_SYSTEM,
    "people.services.questions.ask_branch": IN_SYSTEM,
    "people.services.questions.withdraw_question": IN_SYSTEM,
    "people.services.removing.remove_person": REMOVES,
    "people.services.transfers.answer_transfer": IN_SYSTEM,
    "people.services.transfers.ask_transfer": IN_SYSTEM,
    "people.services.transfers.withdraw_transfer": IN_SYSTEM,
    "people.services.vocabulary.load_vocabulary": RULES,
    "programmes.services.remove_follow_up_step": RULES,
    "programmes.services.remove_requirement": RULES,
    "programmes.services.save_follow_up_step": RULES,
    "programmes.services.save_funder": RULES,
    "programmes.services.save_requirement": RULES,
    "programmes.services.set_policy_areas": RULES,
    "reporting.services.programmes.load_programme": RULES,
    "reporting.services.status_reports.begin_new_version": IN_SYSTEM,
    "reporting.services.status_reports.discard_report": REMOVES,
    "reporting.services.status_reports.save_sections": IN_SYSTEM,
    "reporting.services.status_reports.send_report": IN_SYSTEM,
    "reporting.services.targets.remove_target": RULES,
}

# Days of the models: the act that corrects a wrong one with a reason, or the form in which it is edited.
CORRECTED_BY = {
    "events.Event.ends_at": "events.services.events.correct_event",
    "events.Event.starts_at": "events.services.events.correct_event",
    "matching.Contact.on": "matching.services.corrections.correct_contact",
    "matching.FollowUp.due_on": "matching.services.plan_changes.move_follow_up",
    "matching.FollowUp.done_on": "matching.services.corrections.correct_follow_up",
    "matching.Goal.reached_on": "matching.services.records.update_goal",
    "matching.Interview.held_on": "matching.services.corrections.correct_interview",
    "matching.Interview.planned_on": "matching.services.screening.plan_interview",
    "matching.Match.agreement_signed_on": "matching.services.corrections.correct_match_days",
    "matching.Match.ended_on": "matching.services.corrections.correct_match_days",
    "matching.Match.introduced_on": "matching.services.corrections.correct_match_days",
    "matching.Match.mentee_said_yes_on": "matching.services.corrections.correct_match_days",
    "matching.Match.mentor_said_yes_on": "matching.services.corrections.correct_match_days",
    "matching.Match.proposed_on": "matching.services.corrections.correct_match_days",
    "matching.Match.started_on": "matching.services.corrections.correct_match_days",
    "matching.MatchEnding.on": "matching.services.period_corrections.correct_ending",
    "matching.MatchStep.on": "matching.services.corrections.correct_match_days",
    "matching.Match.closing_talk_on": "matching.services.period_corrections.correct_ending",
    "matching.Match.paused_on": "matching.services.period_corrections.correct_pause",
    "matching.Match.paused_until": "matching.services.period_corrections.correct_pause",
    "matching.MatchEnding.mentee_talk_on": "matching.services.period_corrections.correct_ending",
    "matching.MatchEnding.mentor_talk_on": "matching.services.period_corrections.correct_ending",
    "matching.MatchEnding.reopened_on": "matching.services.period_corrections.correct_ending",
    "matching.MatchPause.began_on": "matching.services.period_corrections.correct_pause",
    "matching.MatchPause.ended_on": "matching.services.period_corrections.correct_pause",
    "matching.MatchPause.expected_on": "matching.services.period_corrections.correct_pause",
    "matching.Meeting.held_on": "matching.services.corrections.correct_meeting",
    "matching.Outcome.on": "matching.services.corrections.correct_outcome",
    "matching.PlannedMeeting.on": "matching.services.planned_meetings.move_planned_meeting",
    "matching.ScreeningCheck.checked_on": "matching.services.corrections.correct_check",
    "people.Consent.on": "people.services.corrections.correct_consent",
    "people.Enrolment.applied_on": "people.services.corrections.correct_application",
    "people.Enrolment.available_from": "people.services.enrolments.update_enrolment",
    "people.Enrolment.ended_on": "people.services.corrections.correct_period",
    "people.Enrolment.paused_on": "people.services.corrections.correct_period",
    "people.Enrolment.paused_until": "people.services.corrections.correct_period",
    "people.EnrolmentPeriod.ended_on": "people.services.corrections.correct_period",
    "people.EnrolmentPeriod.expected_on": "people.services.corrections.correct_period",
    "people.EnrolmentPeriod.began_on": "people.services.corrections.correct_period",
    "people.Organisation.agreed_on": "people.services.organisations.update_organisation",
    "people.Person.birth_date": "people.services.people.update_person",
    "people.Person.last_contacted_on": "people.services.people.record_contact",
    "people.VolunteerGroup.closed_on": "people.services.organisations.update_group",
    "people.VolunteerGroup.established_on": "people.services.organisations.update_group",
    "programmes.Programme.ends_on": "programmes.services.update_programme",
    "programmes.Programme.starts_on": "programmes.services.update_programme",
    "reporting.Target.period_end": "reporting.services.targets.save_target",
    "reporting.Target.period_start": "reporting.services.targets.save_target",
    "reporting.TargetPhase.ends_on": "reporting.services.targets.save_target",
    "reporting.TargetPhase.starts_on": "reporting.services.targets.save_target",
}

WHEN_WRITTEN = "the time at which something was written here"
# Days that no act corrects, and why.
NOT_CORRECTED = {
    "events.Attendance.came_at": "follows the event, or is the time of the tick on its day",
    "events.Attendance.invited_on": "withdrawn and invited again on the right day",
    "events.Attendance.signed_up_at": "decides the order of the waiting list, which nobody may change later",
    "events.Event.confirmed_at": "when it was written in; the day is that of the event",
    "events.ProgrammeInvitation.invited_on": "withdrawn and invited again on the right day",
    "matching.FollowUp.first_due_on": "follows from the plan and the first meeting",
    "matching.Handover.from_on": "undone and handed over again",
    "matching.Handover.until_on": "ended by end_deputy",
    "people.Enrolment.wait_counted_from": "follows from the waits",
    "people.Enrolment.waiting_since": "follows from the interview, the application or the end of a match",
    "people.FormerCaseNumber.until": "the day on which the transfer was accepted here",
    "people.Person.state_on": "copies the record of the state",
    "people.PersonState.lifted_on": "lifted and set again",
    "people.PersonState.on": "lifted and set again",
    "reporting.StatusReport.period_end": "a draft is thrown away and begun with other days",
    "reporting.StatusReport.period_start": "a draft is thrown away and begun with other days",
}
WRITTEN_HERE = {"at", "last_login", "merged_at", "undone_at", "asked_at", "answered_at", "decided_at", "changed_at"}
WRITTEN_HERE |= {"created_at", "updated_at", "recorded_at", "sent_at", "accepted_at", "planned_at"}


def acts() -> dict:
    return {name: function for name, function in public_functions() if getattr(function, "is_act", False)}


def days() -> list[str]:
    """Return the days and times of the models of the apps with services, but those of writing."""
    return [
        f"{model._meta.label}.{field.name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateField) and field.name not in WRITTEN_HERE
    ]


def test_every_act_has_its_own_day_or_a_reason_why_not():
    assert sorted(OWN_DAY | NO_DAY) == sorted(acts())
    assert set(OWN_DAY) & set(NO_DAY) == set()


def test_every_own_day_is_an_argument():
    found = acts()
    missing = [name for name, day in OWN_DAY.items() if day not in inspect.signature(found[name]).parameters]
    assert missing == []


def test_every_day_can_be_corrected_or_says_why_not():
    assert sorted(CORRECTED_BY | NOT_CORRECTED) == sorted(days())
    assert set(CORRECTED_BY) & set(NOT_CORRECTED) == set()
    assert set(CORRECTED_BY.values()) <= set(acts())


def test_every_correction_asks_for_a_reason():
    corrections = {name: function for name, function in acts().items() if ".correct_" in name}
    assert len(corrections) >= 9
    assert [name for name, function in corrections.items() if function.reason != "reason"] == []
