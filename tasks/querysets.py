"""Querysets of the tasks app."""

from common.scoping import ScopedQuerySet
from tasks.enums import OPEN_STATES, TaskState


class TaskQuerySet(ScopedQuerySet):
    def in_branches(self, branch_ids):
        """Return the tasks of some branches, and the daily ones of the installation if there is any branch.

        A daily task has no user and no personal data. No branch sees any other task without a branch.
        """
        rows = super().in_branches(branch_ids)
        return rows | self.filter(day__isnull=False) if branch_ids else rows

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def waiting(self):
        return self.filter(state=TaskState.WAITING)

    def running(self):
        return self.filter(state=TaskState.RUNNING)

    def due(self, at):
        """Return the waiting tasks that may run at a time, in their order."""
        return self.waiting().filter(not_before__lte=at).order_by("not_before", "pk")
