"""A small programme, the acts that change it, and an independent check of its statuses.

An act is a name with numbers; the numbers choose among the people, matches and days there are. A service may refuse.
"""

import datetime as dt
from collections import Counter

from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import strategies as st

from common.journal import recording
from demo.factories import (
    BranchFactory,
    FollowUpStepFactory,
    ImportBatchFactory,
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
)
from imports.enums import ImportStatus
from imports.models import ImportBatch
from imports.services import ImportChanged, undo_import
from matching import services as matching
from matching.models import FollowUp, Interview, Match, MatchEnding, MatchPause
from matching.services.bulk import NewMatch, bulk_apply_assessments, bulk_create_interviews, bulk_create_matches
from people import services as people
from people.display import days_waited
from people.models import Enrolment, EnrolmentPeriod, Person, PersonMerge
from people.services.bulk import bulk_enrol_people
from people.services.merging import merge_people, undo_merge
from programmes.models import Programme
from programmes.services import update_programme

TODAY = dt.date(2011, 9, 15)
FIRST_DAY = dt.date(2011, 3, 1)
OPEN_MATCH = ("proposed", "introduced", "active", "paused")
ROLES = ("mentor", "mentee")
REFUSALS = (ValidationError, PermissionDenied, ImportChanged)
NUMBERS = st.integers(0, 11)


def day(number: int) -> dt.date:
    """Return one of twelve days from March to today."""
    return FIRST_DAY + dt.timedelta(days=18 * number)


class World:
    """Two programmes of a branch, with two mentors and three mentees in the first."""

    def __init__(self):
        branch = BranchFactory()
        self.by = MembershipFactory(branch=branch, role="administrator").user
        self.stranger = MembershipFactory(role="coordinator").user
        rules = {"branch": branch, "requires_interview": False, "default_capacity": 1}
        for _count in range(2):
            FollowUpStepFactory(programme=ProgrammeFactory(**rules), days_after_start=30)
        for role in ("mentor", "mentor", "mentee", "mentee", "mentee"):
            person = PersonFactory(home_branch=branch)
            people.enrol_person(person, by=self.by, programme=self.programmes[0], role=role, applied_on=FIRST_DAY)

    @property
    def programmes(self) -> list[Programme]:
        return list(Programme.objects.order_by("pk"))

    def person(self, number: int) -> Person:
        rows = list(Person.objects.order_by("pk"))
        return rows[number % len(rows)]

    def enrolment(self, number: int) -> Enrolment:
        rows = list(Enrolment.objects.order_by("pk"))
        return rows[number % len(rows)]

    def of_role(self, role: str, number: int) -> Enrolment | None:
        rows = list(Enrolment.objects.filter(role=role).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def match(self, number: int) -> Match | None:
        """Return one of the matches, the newest first."""
        rows = list(Match.objects.order_by("-pk"))
        return rows[number % len(rows)] if rows else None

    def pair(self, one: int, other: int) -> tuple[Enrolment, Enrolment] | None:
        """Return a mentor and a mentee of one programme."""
        mentor = self.of_role("mentor", one)
        rows = Enrolment.objects.filter(role="mentee", programme=mentor.programme_id if mentor else None).order_by("pk")
        return (mentor, list(rows)[other % len(rows)]) if rows else None


# ---------------------------------------------------------------- acts

ACTS = {}
TYPED: list[str] = []  # the words that users typed, each once


def words_of(what: str, *numbers: int) -> str:
    """Return words that no other act types."""
    TYPED.append(f"{what} {len(TYPED)} {numbers}")
    return TYPED[-1]


def an_act(function):
    ACTS[function.__name__] = function
    return function


@an_act
def enrol(world, a, b, c):
    person = world.person(a)
    people.enrol_person(person, by=world.by, programme=world.programmes[b % 2], role=ROLES[c % 2], applied_on=FIRST_DAY)


@an_act
def interview(world, a, b, c):
    words = {"interviewer": None, "summary": "", "assessment_note": "Efter samtalen"}
    assessment = ("suitable", "later", "not_suitable", "suitable")[c % 4]
    matching.record_interview(world.enrolment(a), by=world.by, held_on=day(b), assessment=assessment, **words)


@an_act
def pause(world, a, b, c):
    by = world.stranger if c == 0 else world.by
    until = (None, day(b) + dt.timedelta(days=30))[c % 2]
    people.pause_enrolment(world.enrolment(a), by=by, on=day(b), reason=words_of("rejse", a, b, c), until=until)


@an_act
def end(world, a, b, c):
    reason = words_of("flyttet", a, b, c)
    people.end_enrolment(world.enrolment(a), by=world.by, on=day(b), reason=reason, is_declined=c % 3 == 0)


@an_act
def reopen(world, a, b, c):
    on = (None, day(b))[c % 2]
    people.reopen_enrolment(world.enrolment(a), by=world.by, on=on, reason=words_of("tilbage", a, b, c))


@an_act
def capacity(world, a, b, _c):
    people.update_enrolment(world.of_role("mentor", a), by=world.by, capacity=(None, 0, 1, 2, 3)[b % 5])


@an_act
def default_capacity(world, a, b, _c):
    update_programme(world.programmes[a % 2], by=world.by, default_capacity=1 + b % 2)


@an_act
def propose(world, a, b, c):
    if pair := world.pair(a, b):
        mentor, mentee = pair
        matching.propose_match(
            programme=mentor.programme, mentor=mentor.person, mentee=mentee.person, by=world.by, on=day(2),
            over_capacity_reason="Aftalt" if c % 2 else "",
        )  # fmt: skip


@an_act
def start(world, a, b, _c):
    if match := world.match(a):
        for side in ROLES:
            matching.answer_match(match, side=side, said_yes=True, by=world.by, on=day(3))
        if b % 2:
            matching.introduce_match(match, by=world.by, on=day(4))
        matching.start_match(match, by=world.by, on=day(4))


@an_act
def say_no(world, a, b, _c):
    if match := world.match(a):
        matching.answer_match(match, side=ROLES[b % 2], said_yes=False, by=world.by, on=day(3))


@an_act
def pause_or_resume_match(world, a, b, c):
    if match := world.match(a):
        if b % 2:
            plan = ("move", "skip")[c % 2]
            note = words_of("igen", a, b, c)
            matching.resume_match(match, by=world.by, on=day(5 + c % 3), note=note, plan=plan)
        else:
            until = (None, day(11))[c % 2]
            note = words_of("barsel", a, b, c)
            matching.pause_match(match, by=world.by, on=day(5 + c % 3), note=note, until=until)


@an_act
def register_running_match(world, a, b, c):
    if pair := world.pair(a, b):
        mentor, mentee = pair
        matching.register_match(
            programme=mentor.programme, mentor=mentor.person, mentee=mentee.person, by=world.by,
            proposed_on=day(2), started_on=day(c), over_capacity_reason="Aftalt",
        )  # fmt: skip


@an_act
def correct_days(world, a, b, c):
    if match := world.match(a):
        name = ("proposed_on", "mentee_said_yes_on", "introduced_on", "started_on")[b % 4]
        matching.correct_match_days(match, by=world.by, reason="Forkert dag", **{name: day(c)})


@an_act
def correct_interview(world, a, b, _c):
    rows = list(Interview.objects.filter(held_on__isnull=False).order_by("-pk"))
    if rows:
        matching.correct_interview(rows[a % len(rows)], by=world.by, reason="Forkert dag", held_on=day(b))


@an_act
def correct_application(world, a, b, _c):
    people.correct_application(world.enrolment(a), by=world.by, reason="Forkert dag", applied_on=day(b))


@an_act
def end_match(world, a, b, c):
    if match := world.match(a):
        after = ("waiting", "ended", "undecided", "")
        matching.end_match(
            match, by=world.by, on=day(6 + b % 2), reason="completed", note=words_of("slut", a, b, c),
            mentee_talk=matching.ClosingTalk(day(6), words_of("samtale", a, b, c)),
            mentor_talk=matching.ClosingTalk(None, words_of("ingen", a, b, c)),
            mentor_next=after[b % 4], mentee_next=after[c % 4],
        )  # fmt: skip


@an_act
def reopen_match(world, a, b, c):
    if match := world.match(a):
        matching.reopen_match(
            match, by=world.by, on=day(7 + b % 2), note=words_of("alligevel", a, b, c),
            over_capacity_reason="Aftalt" if b % 2 else "",
        )  # fmt: skip


@an_act
def follow_up(world, a, b, c):
    rows = list(FollowUp.objects.order_by("pk"))
    if rows:
        row = rows[a % len(rows)]
        if row.done_on:
            matching.undo_follow_up(row, by=world.by)
        else:
            note = " ".join(filter(None, [row.note, words_of("opfølgning", a, b, c)]))
            matching.record_follow_up(row, by=world.by, on=day(b), channel="phone", mood="good", note=note)


@an_act
def withdraw_match(world, a, _b, _c):
    if match := world.match(a):
        matching.withdraw_match(match, by=world.by)


@an_act
def merge(world, a, b, _c):
    merge_people(world.person(a), world.person(b), by=world.by)


@an_act
def split(world, a, _b, _c):
    rows = list(PersonMerge.objects.filter(undone_at=None).order_by("-pk"))
    if rows:
        undo_merge(rows[a % len(rows)], by=world.by)


def imported(world, store) -> None:
    """Store records as an applied import that can be undone."""
    with recording("apply_import", by=world.by) as journal:
        store()
        ImportBatchFactory(
            programme=world.programmes[0], status=ImportStatus.APPLIED, act=journal.begin(),
            applied_at=dt.datetime(2011, 9, 15, 9, tzinfo=dt.UTC), applied_by=world.by,
        )  # fmt: skip


@an_act
def import_people(world, a, b, c):
    status = ("waiting", "applied", "ended")[c % 3]
    fields = (
        {"ended_on": day(1)} if status == "ended" else {"waiting_since": FIRST_DAY if status == "waiting" else None}
    )
    row = Enrolment(person=world.person(a), programme=world.programmes[0], role=ROLES[b % 2], status=status, **fields)
    row.validate_constraints()
    imported(world, lambda: bulk_enrol_people([row], by=world.by))


@an_act
def import_interviews(world, a, b, c):
    rows = [
        Interview(enrolment=world.enrolment(number), held_on=day(b), assessment=assessment)
        for number, assessment in ((a, ("suitable", "not_suitable")[c % 2]), (a + 1, ("later", "suitable")[c % 2]))
    ]

    def store():
        bulk_create_interviews(rows)
        bulk_apply_assessments(rows)

    imported(world, store)


@an_act
def import_match(world, a, b, c):
    if pair := world.pair(a, b):
        status = ("active", "proposed", "ended")[c % 3]
        days = {"proposed_on": day(1)} if status == "proposed" else {"started_on": day(1)}
        days |= {"ended_on": day(6)} if status == "ended" else {}
        match = Match(programme=pair[0].programme, mentor=pair[0].person, mentee=pair[1].person, status=status, **days)
        match.clean_fields(exclude=["number"])
        match.validate_constraints(exclude=["number", "mentor_place"])
        new = [NewMatch(match, [(status, day(1))])]
        imported(world, lambda: bulk_create_matches(match.programme, new, by=world.by))


@an_act
def undo_an_import(world, a, _b, _c):
    rows = list(ImportBatch.objects.filter(status=ImportStatus.APPLIED).order_by("-pk"))
    if rows:
        undo_import(rows[a % len(rows)], by=world.by)


# ---------------------------------------------------------------- the check

PLAYS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), NUMBERS, NUMBERS, NUMBERS), min_size=12, max_size=30)


def content() -> list:
    """Return what a refused act must leave alone."""
    return [list(model.objects.order_by("pk").values_list()) for model in (Enrolment, Match, Interview, Programme)]


def play(world: World, acts) -> list[str]:
    """Play the acts and return what is wrong after the first act that leaves something wrong."""
    TYPED.clear()
    for name, *numbers in acts:
        before, typed = content(), list(TYPED)
        try:
            ACTS[name](world, *numbers)
        except REFUSALS:
            wrong = [] if content() == before else [f"{name} was refused and changed something"]
            TYPED[:] = typed
        else:
            wrong = [f"after {name}: {line}" for line in [*false_statuses(), *false_periods(), *lost_words()]]
        if wrong:
            return wrong
    return []


def lost_words() -> list[str]:
    """Return a line for all words that were typed and that no record has any more, other than the journal."""
    rows = [model.objects.values_list() for model in (EnrolmentPeriod, MatchPause, MatchEnding, FollowUp)]
    stored = " | ".join(value for found in rows for row in found for value in row if isinstance(value, str))
    return [f"»{words}« is lost" for words in TYPED if words not in stored]


def false_periods() -> list[str]:
    """Return a line for each enrolment and match whose days and words are not those of its open record."""
    lines = []
    for row in Enrolment.objects.order_by("pk").prefetch_related("periods"):
        opened = [one for one in row.periods.all() if one.ended_on is None]
        found = [(one.status, one.began_on, one.expected_on, one.reason) for one in opened]
        if found != copies_of(row, opened):
            lines.append(f"enrolment {row.pk} says {copies_of(row, opened)}, its records {found}")
        if days_waited(row) != sum_of_waits(row):
            lines.append(f"enrolment {row.pk} has waited {days_waited(row)} days, not {sum_of_waits(row)}")
    for match in Match.objects.prefetch_related("pauses", "endings"):
        pauses = [(one.began_on, one.expected_on) for one in match.pauses.all() if one.ended_on is None]
        endings = [(one.on, one.reason, one.note) for one in match.endings.all() if one.reopened_on is None]
        paused = [(match.paused_on, match.paused_until)] if match.status == "paused" else []
        ended = [(match.ended_on, match.end_reason, match.end_note)] if match.status == "ended" else []
        if (pauses, endings) != (paused, ended):
            lines.append(f"match {match.pk} says {paused} {ended}, its records {pauses} {endings}")
    return lines


def copies_of(row: Enrolment, opened: list[EnrolmentPeriod]) -> list[tuple]:
    """Return what the open record of an enrolment has to say; the first day of a wait is in its records only."""
    if row.status == "waiting":
        return [("waiting", *(one.began_on for one in opened), None, "")]
    if row.status == "paused":
        return [("paused", row.paused_on, row.paused_until, row.paused_reason)]
    return [(row.status, row.ended_on, None, row.ended_reason)] if row.status in {"ended", "declined"} else []


def sum_of_waits(row: Enrolment) -> int | None:
    """Return the number of days on which a person waited since the wait that started over, each day once."""
    waits = [one for one in row.periods.all() if one.status == "waiting"]
    if row.status != "waiting" or any(one.began_on is None and one.ended_on is None for one in waits):
        return None
    waits = [one for one in waits if one.began_on]
    since = max((one.began_on for one in waits if one.starts_over), default=dt.date.min)
    lasted = {one: range(((one.ended_on or TODAY) - one.began_on).days) for one in waits if one.began_on >= since}
    return len({one.began_on + dt.timedelta(days=number) for one, days in lasted.items() for number in days})


def false_statuses() -> list[str]:
    """Return a line for each enrolment whose status is not what its days, its open matches and its capacity say."""
    matches = Match.objects.filter(status__in=OPEN_MATCH).values_list("programme", "mentor", "mentee")
    used = Counter(mentor for _programme, mentor, _mentee in matches)
    own = {(programme, "mentor", mentor) for programme, mentor, _mentee in matches}
    own |= {(programme, "mentee", mentee) for programme, _mentor, mentee in matches}
    defaults = dict(Programme.objects.values_list("pk", "default_capacity"))
    roles = set(Enrolment.objects.values_list("programme", "role", "person"))
    lines = [f"{role} {person} of an open match is not enrolled" for _programme, role, person in own - roles]
    for row in Enrolment.objects.order_by("pk").values():
        room = defaults[row["programme_id"]] if row["capacity"] is None else row["capacity"]
        has_match = (row["programme_id"], row["role"], row["person_id"]) in own
        is_full = has_match if row["role"] == "mentee" else 0 < used[row["person_id"]] >= room
        if row["status"] not in expected_of(row, is_full=is_full):
            lines.append(
                f"{row['role']} {row['person_id']} is {row['status']}, not {expected_of(row, is_full=is_full)}"
            )
        if has_match and row["status"] in {"ended", "declined"}:
            lines.append(f"{row['role']} {row['person_id']} has left and is in a match")
    return lines


def expected_of(row: dict, *, is_full: bool) -> set[str]:
    """Return the statuses that the facts allow, which do not tell an ended role from a declined application."""
    if row["ended_on"]:
        return {"ended", "declined"}
    if row["paused_on"]:
        return {"paused"}
    if is_full:
        return {"matched"}
    return {"waiting"} if row["waiting_since"] else {"applied"}
