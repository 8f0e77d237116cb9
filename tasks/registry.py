"""The kinds of background tasks: a name and the function that does the work.

An app decorates the function where its service is, and imports that module in its ``hooks.py``, so that the worker
knows it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from common.hooks import Hook


class TaskRefused(Exception):
    """The task cannot be done, and trying again does not help. The message is a sentence for the user."""


class TaskBlocked(Exception):
    """What all tasks of the kind need does not work, such as the mail server: the others wait for the next try, too."""


class TaskStopped(Exception):
    """The worker must end: the task goes back to the queue. Raised by ``Job.progress``; let it pass."""


@dataclass(frozen=True, kw_only=True)
class TaskKind:
    """A kind of task. ``tasks.registry.task`` describes the fields."""

    name: str
    title: str
    run: Callable[..., dict | None]
    max_tries: int
    is_atomic: bool
    daily_at: dt.time | None
    is_internal: bool
    result_words: Callable[[dict], str]


TASKS: Hook[TaskKind] = Hook()


def task(
    name: str,
    *,
    title: str,
    max_tries: int = 3,
    is_atomic: bool = True,
    daily_at: str = "",
    is_internal: bool = False,
    result_words: Callable[[dict], str] = lambda _result: "",
) -> Callable:
    """Register the decorated function ``run(job, **arguments)`` as a kind of task.

    The function gets a ``tasks.services.Job`` and the arguments of the task, and may return facts as JSON, which
    ``result_words`` puts into a sentence for the administrator. It raises TaskRefused to fail without another try;
    after other exceptions the task is tried again, ``max_tries`` times in all, and TaskBlocked
    lets the waiting tasks of the kind wait as well. If ``is_atomic``, the function and the
    change to *done* are one transaction, which locks an SQLite database for all other writers. Otherwise the function
    opens its own transactions, and must expect to be run again after a part of its work. ``daily_at`` (such as
    ``"03:00"``, local time) runs it once a day. Tasks of an ``is_internal`` kind belong to no branch, so no
    administrator sees them; done ones are deleted in the next night.
    """

    def register(run: Callable) -> Callable:
        time = dt.time.fromisoformat(daily_at) if daily_at else None
        kind = TaskKind(
            name=name,
            title=title,
            run=run,
            max_tries=max_tries,
            is_atomic=is_atomic,
            daily_at=time,
            is_internal=is_internal,
            result_words=result_words,
        )
        TASKS.add(kind, key=name)
        return run

    return register
