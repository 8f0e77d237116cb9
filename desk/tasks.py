"""Tasks of the page Today: follow-ups to do, planned interviews and planned meetings, in groups by day."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.functional import cached_property

from accounts.models import User
from accounts.roles import Verb
from common import clock
from desk.desks import Desk
from desk.task_rows import DraftRow, EventRow, InterviewRow, MeetingRow, TimedRow
from events.models import Event
from matching.models import FollowUp, Interview, Match, PlannedMeeting
from matching.pages.follow_up_rows import FollowUpRow
from people.display import name_with_state
from people.models import Draft, Enrolment, Person

MOST_SHOWN = {"overdue": 15, "today": 30, "week": 10}  # rows of a group before "show more"
MOST_EVENTS = 5  # to confirm
MOST_READ = 400  # rows of a group after "show more"


@dataclass(frozen=True)
class TaskGroup:
    """Tasks under one heading; ``total`` counts also those that are not in ``rows``."""

    key: str
    total: int
    rows: list[FollowUpRow | TimedRow] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


class BranchTasks:
    """The tasks of a branch up to the end of the week, read once for all desks.

    ``matches`` are its open matches (``with_acting``), if they are read already. Counts take four queries at most,
    the groups of a desk two more, events one.
    """

    def __init__(self, user: User, branch_id: int, today: dt.date, matches: Iterable[Match] | None = None):
        self.user, self.branch_id, self.today = user, branch_id, today
        self.last_day = last_task_day(today)
        if matches is not None:
            self.matches = {match.pk: match for match in matches}

    @cached_property
    def matches(self) -> dict[int, Match]:
        rows = Match.objects.visible_to(self.user).in_branches([self.branch_id]).open()
        return {match.pk: match for match in rows.with_acting(self.today)}

    @cached_property
    def follow_ups(self) -> QuerySet[FollowUp]:
        """The follow-ups that are not done, by due day."""
        rows = FollowUp.objects.visible_to(self.user).in_branches([self.branch_id]).to_do()
        return rows.order_by("due_on", "pk")

    @cached_property
    def due(self) -> list[tuple[dt.date, int]]:
        """Due day and match of each follow-up."""
        rows = self.follow_ups.filter(due_on__lte=self.last_day)
        return list(rows.order_by().values_list("due_on", "match_id"))

    @cached_property
    def interviews(self) -> list[InterviewRow]:
        rows = Interview.objects.visible_to(self.user).in_branches([self.branch_id])
        rows = rows.filter(held_on__isnull=True, planned_on__lte=self.last_day)
        rows = rows.select_related("enrolment__person", "enrolment__programme")
        rows = rows.order_by("planned_on", "planned_time", "pk")
        return [InterviewRow(row, self.today) for row in rows[:MOST_READ]]

    @cached_property
    def meetings(self) -> list[MeetingRow]:
        rows = PlannedMeeting.objects.visible_to(self.user).in_branches([self.branch_id]).to_do()
        rows = rows.filter(on__lte=self.last_day).for_rows().order_by("on", "time", "pk")
        return [MeetingRow(row, self.today, self.user) for row in rows[:MOST_READ]]

    @cached_property
    def events(self) -> list[EventRow]:
        """The branch's own events that wait for the confirmation that they were held, the last one first."""
        rows = Event.objects.visible_to(self.user, Verb.WORK_EVENTS).filter(programme__branch=self.branch_id)
        return [EventRow(event) for event in rows.to_confirm(clock.now()).with_counts()[:MOST_READ]]

    def events_of(self, desk: Desk) -> list[EventRow]:
        """Return the events to confirm that a desk's user has created."""
        return [row for row in self.events if desk.has_user(row.event.created_by_id)]

    @cached_property
    def drafts(self) -> list[DraftRow]:
        return drafts_to_finish(self.user)

    def drafts_of(self, desk: Desk) -> list[DraftRow]:
        """Return the reader's drafts; none on the desk of a colleague, whose drafts are hers alone."""
        return [] if desk.is_colleagues else self.drafts

    def finish_count(self, desk: Desk) -> int:
        """Return the number of events to confirm and of drafts."""
        return len(self.events_of(desk)) + len(self.drafts_of(desk))

    def number(self, desk: Desk) -> int:
        """Return the number of all tasks of a desk."""
        return sum(self.counts(desk).values()) + self.finish_count(desk)

    def timed_rows(self, desk: Desk) -> list[TimedRow]:
        """Return the interviews and meetings of a desk."""
        interviews = [row for row in self.interviews if desk.has_user(row.interview.interviewer_id)]
        meetings = [row for row in self.meetings if desk.has_user(row.plan.staff_id) or self._is_of(desk, row.match_pk)]
        return [*interviews, *meetings]

    def _is_of(self, desk: Desk, match_pk: int) -> bool:
        return desk.user is None or (match_pk in self.matches and desk.has_match(self.matches[match_pk]))

    def counts(self, desk: Desk) -> dict[str, int]:
        """Return the number of tasks in each group of a desk."""
        days = [day for day, match_pk in self.due if self._is_of(desk, match_pk)]
        days += [row.day for row in self.timed_rows(desk)]
        return {
            "overdue": sum(day < self.today for day in days),
            "today": days.count(self.today),
            "week": sum(day > self.today for day in days),
        }

    def groups(self, desk: Desk, *, show_all: bool = False) -> list[TaskGroup]:
        """Return the groups of overdue tasks, of today's and of the rest of the week's.

        A group has up to ``MOST_SHOWN`` rows, or ``MOST_READ`` with ``show_all``.
        """
        follow_ups = desk.follow_ups(self.follow_ups, self.today)
        late = follow_ups.overdue(self.today).for_rows()[: MOST_READ if show_all else MOST_SHOWN["overdue"]]
        coming = follow_ups.due_between(self.today, self.last_day).for_rows()[:MOST_READ]
        rows = [*(FollowUpRow(row, self.today) for row in [*late, *coming]), *self.timed_rows(desk)]
        rows.sort(key=_sort_key)
        parts = {
            "overdue": [row for row in rows if row.is_overdue],
            "today": [row for row in rows if task_day(row) == self.today],
            "week": [row for row in rows if task_day(row) > self.today],
        }
        totals = self.counts(desk)
        return [
            TaskGroup(key, totals[key], shown if show_all else shown[: MOST_SHOWN[key]]) for key, shown in parts.items()
        ]


def drafts_to_finish(user: User) -> list[DraftRow]:
    """Return the user's drafts, the last one first, in three queries at most."""
    drafts = list(Draft.objects.visible_to(user).order_by("-changed_at", "pk")[:MOST_READ])
    known: Collection = {draft.known_person for draft in drafts if draft.known_person}
    people = Person.objects.visible_to(user).in_bulk(known) if known else {}
    asked: Collection = {draft.interview_of for draft in drafts if draft.interview_of}
    roles = Enrolment.objects.visible_to(user).select_related("person").in_bulk(asked) if asked else {}
    people_of = {pk: enrolment.person for pk, enrolment in roles.items()}
    about = [people.get(draft.known_person) or people_of.get(draft.interview_of) for draft in drafts]
    names = [name_with_state(person) if person else draft.name for draft, person in zip(drafts, about, strict=True)]
    known_drafts = zip(drafts, names, strict=True)
    return [DraftRow(draft, name) for draft, name in known_drafts if not draft.interview_of or name]


def last_task_day(today: dt.date) -> dt.date:
    """Return this week's Sunday; on Saturday and Sunday the next one, so that Monday's tasks are shown."""
    days_left = 6 - today.weekday()
    return today + dt.timedelta(days=days_left if days_left > 1 else days_left + 7)


def task_day(row: FollowUpRow | TimedRow) -> dt.date:
    """Return the day on which a task is planned or due."""
    return row.day if isinstance(row, TimedRow) else row.follow_up.due_on


def _sort_key(row: FollowUpRow | TimedRow) -> tuple:
    """By day; what has no time before the day's appointments."""
    if isinstance(row, TimedRow):
        return (row.day, 1, row.time or dt.time.min, type(row).__name__, row.pk)
    return (task_day(row), 0, dt.time.min, "", row.pk)
