"""Services of the queue: enqueue, run, cancel and retry background tasks.

A task goes waiting → running → done or failed; a waiting one can be cancelled, a failed one tried again. The process
that runs a task holds its lock (``tasks.locks``), so a task runs once at a time, and one whose process died is found
and taken again.
"""

from tasks.registry import TaskRefused
from tasks.services.enqueuing import cancel_task, enqueue_daily_tasks, enqueue_task, latest_task, retry_task
from tasks.services.running import Job, recover_tasks, run_here, run_next, worker_is_running

__all__ = [
    "Job",
    "TaskRefused",
    "cancel_task",
    "enqueue_daily_tasks",
    "enqueue_task",
    "latest_task",
    "recover_tasks",
    "retry_task",
    "run_here",
    "run_next",
    "worker_is_running",
]
