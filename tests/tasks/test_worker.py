"""The worker: its turns, its signals and its command."""

import datetime as dt
import signal

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from tasks import services, worker
from tasks.worker import Worker
from tests.tasks.kinds import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def pauses(monkeypatch):
    """Record the pauses of the worker instead of waiting."""
    made = []
    monkeypatch.setattr(worker.time, "sleep", made.append)
    return made


@pytest.fixture(autouse=True)
def _no_daily_tasks(monkeypatch):
    """Leave out the daily tasks, because the tests run at any time of the day."""
    monkeypatch.setattr(worker, "enqueue_daily_tasks", lambda _at: 0)


@pytest.fixture
def _kept_signals():
    """Put the signal handlers of the tests back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_kept_signals")
def test_command_with_once_runs_what_is_due_and_ends():
    for _ in range(3):
        services.enqueue_task("test_add", arguments={"key": "a"})
    later = services.enqueue_task("test_add", not_before=timezone.now() + dt.timedelta(hours=1))
    call_command("run_tasks", once=True)
    later.refresh_from_db()
    assert (stored("a"), later.state) == (3, "waiting")


@pytest.mark.usefixtures("_kept_signals")
def test_command_ends_when_the_process_that_started_it_has_ended(monkeypatch, pauses):
    parents = iter([41, 41, 1])
    monkeypatch.setattr("os.getppid", lambda: next(parents))
    call_command("run_tasks", parent=41)
    assert pauses == [1.0, 1.0]


def test_idle_worker_pauses_and_a_busy_one_does_not(pauses):
    services.enqueue_task("test_add", arguments={"key": "a"})
    turns = iter([True, True, True, False])
    Worker(lives=lambda: next(turns)).run()
    assert (stored("a"), pauses) == (1, [1.0, 1.0])
    assert not services.worker_is_running()


def test_worker_goes_on_after_it_lost_the_database(pauses, monkeypatch, caplog):
    answers = iter([OperationalError("gone"), False])

    def recover():
        answer = next(answers)
        if answer:
            raise answer

    monkeypatch.setattr(worker, "recover_tasks", recover)
    monkeypatch.setattr(worker.connection, "close", lambda: pauses.append("closed"))
    turns = iter([True, True, False])
    Worker(lives=lambda: next(turns)).run()
    assert pauses == ["closed", worker.LOST_SECONDS, worker.IDLE_SECONDS]
    assert "cannot use the database" in caplog.text


def test_signal_stops_the_worker_and_later_gives_its_task_back(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: now[0])
    process = Worker()
    assert (process.is_stopping, process.must_stop()) == (False, False)
    process.stop(signal.SIGTERM, None)
    assert (process.is_stopping, process.must_stop()) == (True, False)
    now[0] += worker.GRACE_SECONDS
    assert process.must_stop()
    impatient = Worker()
    impatient.stop()
    impatient.stop()
    assert impatient.must_stop()


def test_daily_tasks_are_enqueued_once_a_minute(monkeypatch, pauses):
    now, looks = [100.0], []
    monkeypatch.setattr(worker.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(worker, "enqueue_daily_tasks", looks.append)
    turns = iter([True] * 3 + [False])

    def lives():
        now[0] += worker.SCHEDULE_SECONDS / 2
        return next(turns)

    Worker(lives=lives).run()
    assert len(looks) == 2
