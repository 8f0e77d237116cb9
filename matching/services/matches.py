"""Services for a match from proposal to running: propose, answer, introduce, start, sign, pause, resume."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common.journal import act, current_journal, save, update
from matching.enums import NOT_STARTED_STATUSES, RUNNING_STATUSES, MatchStatus, PlanAfterPause, Side
from matching.models import Match, MatchPause
from matching.numbers import take_match_number
from matching.rules.conditions import is_full
from matching.rules.days import not_before, order_problem
from matching.rules.pairs import (
    lowest_free_place,
    open_match_of_mentee,
    pair_problems,
    used_places,
)
from matching.rules.screening import screening_problems
from matching.services.base import add_step, enrolment_of, lock_match, lock_people, log_write, save_match
from matching.services.pauses import close_pause, wake_plan
from matching.services.planned_meetings import add_plan, close_held, drop_plan
from matching.services.records import add_meeting, create_follow_ups
from matching.services.refusals import (
    DayRefused,
    MatchRefused,
    full_mentor_refusal,
    refuse_before,
    refuse_before_last_period,
    refuse_future,
    refuse_order,
    refuse_state,
    second_match_refusal,
)
from people.models import Enrolment, Person
from people.services.enrolments import refuse_end_before
from programmes.enums import ParticipantRole
from programmes.models import Programme


@act
def propose_match(
    *,
    programme: Programme,
    mentor: Person,
    mentee: Person,
    by: User,
    on: dt.date,
    reasons: Sequence[str] = (),
    over_capacity_reason: str = "",
) -> Match:
    """Create a proposed match, which takes the mentee and a place of the mentor until both have answered.

    ``reasons`` are the ranking's sentences about the two; ``over_capacity_reason`` allows one more place than agreed.
    The mentee leaves the waiting list in the same transaction, the mentor when the capacity is used up.
    Raises MatchRefused, with ``conflict`` if another match is in the way.
    """
    _refuse_parties(programme, mentor, mentee, by)
    refuse_future(on, "on")
    lock_people(mentor.pk, mentee.pk)
    mentor_enrolment = _enrolment(programme, mentor, ParticipantRole.MENTOR)
    mentee_enrolment = _enrolment(programme, mentee, ParticipantRole.MENTEE)
    refuse_pair(mentor_enrolment, mentee_enrolment, on)
    match = Match(
        programme=programme,
        number=take_match_number(programme, on.year),
        mentor=mentor,
        mentee=mentee,
        mentor_place=free_place(mentor_enrolment, over_capacity_reason),
        over_capacity_reason=over_capacity_reason,
        coordinator=by,
        created_by=by,
        reasons=[str(reason) for reason in reasons],
        proposed_on=on,
    )
    save_new_match(match)
    add_step(match, by=by, on=on)
    return match


@act
def register_match(
    *,
    programme: Programme,
    mentor: Person,
    mentee: Person,
    by: User,
    proposed_on: dt.date,
    started_on: dt.date,
    hours: Decimal | None = None,
    reasons: Sequence[str] = (),
    over_capacity_reason: str = "",
) -> Match:
    """Register a match that runs already: proposed on a day, and met first on the same or a later day.

    Both answers get the day of the proposal, as a yes is not known to be later. Raises what ``propose_match`` and
    ``start_match`` raise; then nothing is stored.
    """
    refuse_future(started_on, "started_on")
    if started_on < proposed_on:
        raise ValidationError({"started_on": not_before("proposed_on", proposed_on)})
    match = propose_match(
        programme=programme,
        mentor=mentor,
        mentee=mentee,
        by=by,
        on=proposed_on,
        reasons=reasons,
        over_capacity_reason=over_capacity_reason,
    )
    for side in Side.values:
        answer_match(match, side=side, said_yes=True, by=by, on=proposed_on)
    return start_match(match, by=by, on=started_on, hours=hours)


def _refuse_parties(programme: Programme, mentor: Person, mentee: Person, by: User) -> None:
    if not by.may(Verb.WORK_CASES, programme.branch_id):
        raise MatchRefused(_("You do not work with cases in %(branch)s.") % {"branch": programme.branch}, code="branch")
    if mentor.pk == mentee.pk:
        raise MatchRefused(_("A person cannot be their own mentor."), code="oneself")


def _enrolment(programme: Programme, person: Person, role: str) -> Enrolment:
    found = Enrolment.objects.filter(programme=programme, person=person, role=role)
    enrolment = found.select_related("person", "programme").first()
    if enrolment is None:
        raise MatchRefused(
            _("%(name)s is not enrolled as %(role)s in %(programme)s. Enrol the person first.")
            % {"name": person.name, "role": ParticipantRole(role).label.lower(), "programme": programme},
            code="not_enrolled",
        )
    return enrolment


def refuse_pair(mentor: Enrolment, mentee: Enrolment, on: dt.date) -> None:
    """Raise MatchRefused if the mentee has an open match or a rule of the programme forbids the pair."""
    other = open_match_of_mentee(mentee.person, mentee.programme)
    if other:
        raise second_match_refusal(other)
    problems = pair_problems(mentor, mentee, on)
    if problems:
        raise MatchRefused(" ".join(problems), code="rules")


def free_place(mentor: Enrolment, over_capacity_reason: str = "") -> int:
    """Return the lowest free place number among the mentor's open matches in all programmes.

    Raises MatchRefused if the capacity is used up and no reason is given.
    """
    others = used_places(mentor.person)
    if is_full(len(others), mentor.agreed_capacity) and not over_capacity_reason.strip():
        raise full_mentor_refusal(mentor.person, mentor.agreed_capacity, others[0] if others else None)
    return lowest_free_place({match.mentor_place for match in others})


def save_new_match(match: Match) -> None:
    """Store a new match. Raises MatchRefused if a constraint fails because another user was faster."""
    match.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            current_journal().save(match)
    except IntegrityError as error:
        raise _constraint_refusal(match, error) from error


def _constraint_refusal(match: Match, error: IntegrityError) -> Exception:
    other = open_match_of_mentee(match.mentee, match.programme)
    if other and other.pk != match.pk:
        return second_match_refusal(other)
    rival = next((m for m in used_places(match.mentor) if m.mentor_place == match.mentor_place), None)
    if rival and rival.pk != match.pk:
        return full_mentor_refusal(match.mentor, len(used_places(match.mentor)), rival)
    return error


@act
def answer_match(match: Match, *, side: str, said_yes: bool, by: User, on: dt.date, note: str = "") -> Match:
    """Record the answer of the mentor or the mentee to the proposal. A no declines the match."""
    if not said_yes:
        return decline_match(match, by=by, on=on, side=side, note=note)
    lock_match(match)
    refuse_state(match, [MatchStatus.PROPOSED])
    refuse_future(on, "on")
    name = f"{side}_said_yes_on"
    refuse_order(match, name, on)
    setattr(match, name, on)
    save(match)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="yes_recorded", side=side)
    return match


@act
def decline_match(match: Match, *, by: User, on: dt.date, side: str, note: str = "") -> Match:
    """Decline a match that has not started. Both are free again and keep their ``waiting_since``."""
    lock_match(match)
    refuse_state(match, NOT_STARTED_STATUSES)
    refuse_future(on, "on")
    if match.proposed_on and on < match.proposed_on:
        raise DayRefused({"on": not_before("proposed_on", match.proposed_on)}, match, "proposed_on")
    match.status, match.declined_by, match.mentor_place = MatchStatus.DECLINED, side, None
    save_match(match, by=by, on=on, note=note)
    drop_plan(match, reason=str(match.get_status_display()))
    return match


@act
def introduce_match(
    match: Match,
    *,
    by: User,
    on: dt.date,
    time: dt.time | None = None,
    place: str = "",
    staff: User | None = None,
    said_yes: Mapping[str, dt.date] | None = None,
) -> Match:
    """Arrange the first meeting, on a day that may be in the future. Both must have said yes.

    ``staff`` is the user who takes part. ``said_yes`` are answers not given before, the day of each by side. The
    meeting is a ``PlannedMeeting`` until the match starts.
    """
    lock_match(match)
    refuse_state(match, [MatchStatus.PROPOSED])
    _answer(match, said_yes or {}, by=by)
    _refuse_unanswered(match)
    refuse_order(match, "introduced_on", on)
    match.status, match.introduced_on, match.first_meeting_place = MatchStatus.INTRODUCED, on, place
    save_match(match, by=by, on=on, note=place)
    add_plan(match, by=by, on=on, time=time, place=place, staff=staff, is_first=True)
    return match


def _answer(match: Match, said_yes: Mapping[str, dt.date], *, by: User) -> None:
    """Record the answers of the two. Raises ValidationError at the field of the answer, ``mentee_said_yes_on``."""
    for side, day in said_yes.items():
        try:
            answer_match(match, side=side, said_yes=True, by=by, on=day)
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                error.error_dict[f"{side}_said_yes_on"] = error.error_dict.pop("on")
            raise


def _refuse_unanswered(match: Match) -> None:
    asked = {match.mentor: match.mentor_said_yes_on, match.mentee: match.mentee_said_yes_on}
    silent = [person.name for person, said_yes_on in asked.items() if said_yes_on is None]
    if silent:
        raise MatchRefused(
            _("Still no answer from %(names)s. Register the answer first.") % {"names": _(" and ").join(silent)},
            code="unanswered",
        )


@act
def start_match(
    match: Match,
    *,
    by: User,
    on: dt.date,
    place: str = "",
    staff_present: bool = False,
    agreement_signed_on: dt.date | None = None,
    hours: Decimal | None = None,
    staff: User | None = None,
    said_yes: Mapping[str, dt.date] | None = None,
) -> Match:
    """Start a match on the day of its first meeting (EEPM 4) and create its follow-ups.

    With ``hours`` the first meeting is also recorded as a meeting. If it was arranged for a later day, that day becomes
    the one on which it was held. Its plan is closed. ``staff`` is the user who took part, which the plan keeps;
    ``said_yes`` are answers not given before, the day of each by side.
    """
    lock_match(match)
    refuse_state(match, NOT_STARTED_STATUSES)
    _answer(match, said_yes or {}, by=by)
    _refuse_unanswered(match)
    _refuse_early_start(match, on)
    _move_arranged_day(match, on)
    match.status, match.started_on = MatchStatus.ACTIVE, on
    match.first_meeting_place, match.staff_present = place, staff_present or staff is not None
    if agreement_signed_on:
        refuse_future(agreement_signed_on, "agreement_signed_on")
        refuse_order(match, "agreement_signed_on", agreement_signed_on, "agreement_signed_on")
    match.agreement_signed_on = agreement_signed_on
    save_match(match, by=by, on=on, note=place)
    create_follow_ups(match)
    meeting = add_meeting(match, by=by, held_on=on, hours=hours) if hours else None
    if staff and not match.planned_meetings.to_do().exists():
        add_plan(match, by=by, on=on, place=place, is_first=True)
    close_held(match, on=on, meeting=meeting, staff=staff)
    return match


def _refuse_early_start(match: Match, on: dt.date) -> None:
    refuse_future(on, "on")
    problem = order_problem(match, {"started_on": on, "introduced_on": None})
    if problem:
        raise DayRefused({"on": problem.sentence}, match, problem.other)
    mentor = enrolment_of(match, Side.MENTOR)
    problems = screening_problems([mentor]) if mentor else {}
    if problems:
        raise MatchRefused(" ".join(problems.values()), code="rules")


def _move_arranged_day(match: Match, on: dt.date) -> None:
    if match.introduced_on and match.introduced_on > on:
        update(match.steps.filter(status=MatchStatus.INTRODUCED, on=match.introduced_on), on=on)
        match.introduced_on = on


@act
def sign_agreement(match: Match, *, by: User, on: dt.date) -> Match:
    """Record the day on which all signed the agreement (frequency, duration, roles; EEPM 4)."""
    lock_match(match)
    refuse_state(match, [*NOT_STARTED_STATUSES, *RUNNING_STATUSES])
    refuse_future(on, "on")
    refuse_order(match, "agreement_signed_on", on)
    match.agreement_signed_on = on
    save(match)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="agreement_signed")
    return match


@act
def pause_match(match: Match, *, by: User, on: dt.date, note: str = "", until: dt.date | None = None) -> Match:
    """Put an active match on pause, ``until`` the day on which it should go on, if that is known.

    The mentor's place is kept. The plan of follow-ups rests: none is due until the match goes on.
    """
    lock_match(match)
    refuse_state(match, [MatchStatus.ACTIVE])
    _refuse_before_start(match, on)
    refuse_before_last_period(match, on)
    refuse_end_before(on, until)
    save(MatchPause(match=match, began_on=on, expected_on=until, reason=note))
    match.status, match.paused_on, match.paused_until = MatchStatus.PAUSED, on, until
    save_match(match, by=by, on=on, note=note)
    return match


@act
def resume_match(match: Match, *, by: User, on: dt.date, note: str = "", plan: str = PlanAfterPause.MOVE) -> Match:
    """Make a paused match active again; ``plan`` says what happens to the follow-ups that are not done."""
    lock_match(match)
    refuse_state(match, [MatchStatus.PAUSED])
    _refuse_before_start(match, on)
    refuse_before_last_period(match, on)
    pause = close_pause(match, on=on, reason=note)
    match.status = MatchStatus.ACTIVE
    save_match(match, by=by, on=on, note=note)
    if pause:
        wake_plan(pause, plan)
    return match


def _refuse_before_start(match: Match, on: dt.date) -> None:
    refuse_future(on, "on")
    refuse_before(match, on)
