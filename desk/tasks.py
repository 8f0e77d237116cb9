"""Tasks of the page Today: follow-ups to do and planned interviews, in groups by day."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.templatetags.danish import at_time, danish_date, danish_weekday
from desk.desks import WHOLE_BRANCH, Desk
from matching.models import FollowUp, Interview
from matching.pages.follow_up_rows import FollowUpRow
from people.models import IntakeDraft, Person

MOST_SHOWN = {"overdue": 15, "today": 30, "week": 10}  # rows of a group before "show more"
MISSING_STEPS = {
    "who": _("the name is missing"),
    "role": _("role and programme are missing"),
    "wishes": _("wishes or offers are missing"),
    "consent": _("consent is missing"),
}
MOST_READ = 400  # rows of a group after "show more"


@dataclass(frozen=True)
class InterviewRow:
    """A planned interview as a row of the list, on the day ``on``."""

    interview: Interview
    on: dt.date

    @property
    def is_overdue(self) -> bool:
        return self.interview.planned_on < self.on

    @property
    def when(self) -> str:
        """Day and time as text: ``Kl. 16.30`` (or empty) today, ``Fredag kl. 13`` within a week, else with the date."""
        day, time = self.interview.planned_on, at_time(self.interview.planned_time)
        if day == self.on:
            return time[:1].upper() + time[1:]
        is_near = 0 < (day - self.on).days < 7
        return f"{danish_weekday(day) if is_near else danish_date(day)} {time}".strip()


@dataclass(frozen=True)
class TaskGroup:
    """Tasks under one heading; ``total`` counts also those that are not in ``rows``."""

    key: str
    total: int
    rows: list[FollowUpRow | InterviewRow] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def follow_ups_to_do(user: User, branch_id: int, today: dt.date, desk: Desk) -> QuerySet[FollowUp]:
    """The follow-ups of a desk in the branch that are not done, by due day."""
    rows = FollowUp.objects.visible_to(user).in_branches([branch_id]).to_do()
    return desk.follow_ups(rows, today).order_by("due_on", "pk")


def planned_interviews(user: User, branch_id: int, until: dt.date, desk: Desk) -> QuerySet[Interview]:
    """The interviews of a desk in the branch that are planned up to a day and not held."""
    rows = desk.interviews(Interview.objects.visible_to(user).in_branches([branch_id]))
    return rows.filter(held_on__isnull=True, planned_on__lte=until).order_by("planned_on", "planned_time", "pk")


def task_groups(
    user: User, branch_id: int, today: dt.date, *, show_all: bool = False, desk: Desk = WHOLE_BRANCH
) -> list[TaskGroup]:
    """Return the groups of overdue tasks, of today's and of the rest of the week's, in four queries.

    A group has up to ``MOST_SHOWN`` rows, or ``MOST_READ`` with ``show_all``.
    """
    last_day = last_task_day(today)
    follow_ups = follow_ups_to_do(user, branch_id, today, desk)
    late = follow_ups.overdue(today).for_rows()[: MOST_READ if show_all else MOST_SHOWN["overdue"]]
    coming = follow_ups.due_between(today, last_day).for_rows()[:MOST_READ]
    planned = planned_interviews(user, branch_id, last_day, desk)
    planned = planned.select_related("enrolment__person", "enrolment__programme")
    interviews = [InterviewRow(row, today) for row in planned[:MOST_READ]]
    rows = sorted([*(FollowUpRow(row, today) for row in [*late, *coming]), *interviews], key=_sort_key)
    parts = {
        "overdue": [row for row in rows if row.is_overdue],
        "today": [row for row in rows if task_day(row) == today],
        "week": [row for row in rows if task_day(row) > today],
    }
    totals = _count([*_due_days(follow_ups, last_day), *map(task_day, interviews)], today)
    return [
        TaskGroup(key, totals[key], shown if show_all else shown[: MOST_SHOWN[key]]) for key, shown in parts.items()
    ]


def task_counts(user: User, branch_id: int, today: dt.date, desk: Desk = WHOLE_BRANCH) -> dict[str, int]:
    """Return the number of tasks in each group, for headings that htmx reloads."""
    last_day = last_task_day(today)
    planned = planned_interviews(user, branch_id, last_day, desk).values_list("planned_on", flat=True)
    return _count([*_due_days(follow_ups_to_do(user, branch_id, today, desk), last_day), *planned], today)


@dataclass(frozen=True)
class DraftRow:
    """A draft of an intake as a row of the list. ``name`` may be empty."""

    draft: IntakeDraft
    name: str

    @property
    def missing(self) -> str:
        """The first step without values, as text."""
        return str(MISSING_STEPS[self.draft.next_step])


def drafts_to_finish(user: User) -> list[DraftRow]:
    """Return the user's drafts of intakes, the last one first, in two queries."""
    drafts = list(IntakeDraft.objects.visible_to(user).order_by("-changed_at", "pk")[:MOST_READ])
    known = {draft.known_person for draft in drafts if draft.known_person}
    people = Person.objects.visible_to(user).in_bulk(known) if known else {}
    return [DraftRow(draft, str(people.get(draft.known_person) or draft.name)) for draft in drafts]


def _due_days(follow_ups: QuerySet[FollowUp], last_day: dt.date) -> QuerySet:
    return follow_ups.filter(due_on__lte=last_day).order_by().values_list("due_on", flat=True)


def _count(days: list[dt.date], today: dt.date) -> dict[str, int]:
    return {
        "overdue": sum(day < today for day in days),
        "today": days.count(today),
        "week": sum(day > today for day in days),
    }


def last_task_day(today: dt.date) -> dt.date:
    """Return this week's Sunday; on Saturday and Sunday the next one, so that Monday's tasks are shown."""
    days_left = 6 - today.weekday()
    return today + dt.timedelta(days=days_left if days_left > 1 else days_left + 7)


def task_day(row: FollowUpRow | InterviewRow) -> dt.date:
    """Return the day on which a task is planned or due."""
    return row.interview.planned_on if isinstance(row, InterviewRow) else row.follow_up.due_on


def _sort_key(row: FollowUpRow | InterviewRow) -> tuple:
    """By day; follow-ups, which have no time, before the day's interviews."""
    if isinstance(row, InterviewRow):
        return (task_day(row), 1, row.interview.planned_time or dt.time.min, row.interview.pk)
    return (task_day(row), 0, dt.time.min, row.pk)
