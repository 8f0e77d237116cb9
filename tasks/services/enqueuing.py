"""Put tasks into the queue, cancel them, and put failed ones back."""

import datetime as dt

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks.enums import TaskState
from tasks.models import Task
from tasks.registry import TASKS, TaskRefused


@transaction.atomic
def enqueue_task(
    name: str,
    *,
    by: models.Model | None = None,
    branch: models.Model | int | None = None,
    arguments: dict | None = None,
    private: dict | None = None,
    key: str = "",
    not_before: dt.datetime | None = None,
) -> Task:
    """Put a task into the queue, in the transaction of the caller.

    ``arguments`` and ``private`` are JSON. ``arguments`` must hold no personal data, ids only; ``private`` is erased
    when the task is done or cancelled. At most one waiting or running task has a ``key``: enqueuing again returns that
    one. The administrators of ``branch`` see the task. Raises KeyError for a name that is not registered.
    """
    TASKS[name]
    earlier = _open_task(key)
    if earlier:
        return earlier
    task = Task(
        name=name,
        by=by,
        branch_id=getattr(branch, "pk", branch),
        arguments=arguments or {},
        private=private or {},
        key=key,
        not_before=not_before or timezone.now(),
    )
    task.full_clean(exclude=["by", "branch"], validate_constraints=False)
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError:  # another request was faster
        earlier = _open_task(key)
        if earlier is None:
            raise
        return earlier
    return task


def _open_task(key: str) -> Task | None:
    return Task.objects.open().filter(key=key).first() if key else None


def latest_task(key: str) -> Task | None:
    """Return the newest task with a key, in any state."""
    return Task.objects.filter(key=key).order_by("-pk").first()


def enqueue_daily_tasks(at: dt.datetime) -> int:
    """Enqueue the daily tasks whose time has come on the local day of ``at``; return how many were added.

    The table allows one row per name and day, so several workers may do this.
    """
    local = timezone.localtime(at)
    names = [kind.name for kind in TASKS if kind.daily_at and kind.daily_at <= local.time()]
    known = set(Task.objects.filter(day=local.date(), name__in=names).values_list("name", flat=True))
    rows = [Task(name=name, day=local.date(), not_before=at) for name in names if name not in known]
    Task.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def retry_task(task: Task) -> Task:
    """Put a failed task back into the queue, with all its tries. Raises TaskRefused when it has not failed."""
    _change(task, TaskState.FAILED, state=TaskState.WAITING, tries=0, not_before=timezone.now(), error="")
    return task


@transaction.atomic
def cancel_task(task: Task) -> Task:
    """Take a waiting task out of the queue. Raises TaskRefused when it is not waiting."""
    _change(task, TaskState.WAITING, state=TaskState.CANCELLED, ended_at=timezone.now(), private={})
    return task


def _change(task: Task, expected: TaskState, **values) -> None:
    """Change a task in one statement if its state is the expected one. Raises TaskRefused."""
    try:
        with transaction.atomic():
            changed = Task.objects.filter(pk=task.pk, state=expected).update(**values)
    except IntegrityError:  # another one with the same key is open
        changed = 0
    task.refresh_from_db()
    if not changed:
        raise TaskRefused(
            _("The task has changed in the meantime: it is now »%(state)s«.")
            % {"state": task.get_state_display().lower()}
        )
