"""Killing a worker or a request at any moment loses nothing and does nothing twice."""

import random
import signal
import time

import pytest
from django.db import connection

from tasks import services
from tasks.models import Task
from tests.tasks.kinds import stored

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 60  # seconds


def enqueue(key: str) -> Task:
    return services.enqueue_task("test_add", arguments={"key": key})


def wait_until(condition) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_until_begun(task: Task) -> None:
    """Wait until a worker has taken the task."""
    wait_until(Task.objects.exclude(state="waiting").filter(pk=task.pk).exists)


def recover_and_run(task: Task) -> Task:
    """Do what the next worker does, until the task has ended. The killed process may need a moment to die."""

    def is_ended() -> bool:
        services.recover_tasks()
        services.run_next()
        task.refresh_from_db()
        return not task.is_open

    wait_until(is_ended)
    return task


def test_worker_killed_at_any_statement_loses_and_doubles_nothing(killed):
    task = enqueue("first")
    last = killed("work", "before")
    assert stored("first") == 0
    assert recover_and_run(task).state == "done"
    states = set()
    for moment in range(1, last + 1):
        task = enqueue(f"at-{moment}")
        assert killed("work", moment) == moment
        task.refresh_from_db()
        states.add((task.state, task.tries))
        assert stored(f"at-{moment}") == 0
        task = recover_and_run(task)
        assert (task.state, stored(f"at-{moment}")) == ("done", 1)
    assert states == {("waiting", 0), ("running", 1)}


def test_worker_killed_after_the_commit_has_done_the_task(killed):
    task = enqueue("a")
    killed("work", "after")
    task.refresh_from_db()
    assert (task.state, task.tries, stored("a")) == ("done", 1, 1)
    assert recover_and_run(task).tries == 1
    assert stored("a") == 1


def test_task_that_kills_each_worker_fails_after_its_last_try(killed):
    task = enqueue("a")
    for tries in (1, 2, 3):
        killed("work", "before")
        task.refresh_from_db()
        assert (task.state, task.tries) == ("running", tries)
    assert killed("work", "before") == "alive"
    task.refresh_from_db()
    assert (task.state, task.error, stored("a")) == ("failed", "worker_died", 0)


def test_request_killed_at_any_moment_leaves_change_and_task_or_neither(killed):
    last = killed("enqueue", "before")
    for moment in range(1, last + 1):
        assert killed("enqueue", moment) == moment
        assert (stored("web"), Task.objects.count()) == (0, 0)
    killed("enqueue", "after")
    assert (stored("web"), Task.objects.count()) == (1, 1)
    assert recover_and_run(Task.objects.get()).state == "done"
    assert stored("task") == 1


def test_two_workers_run_each_task_once(start_worker):
    tasks = [enqueue(f"n-{number}") for number in range(60)]
    workers = [start_worker("--once") for _ in range(2)]
    assert [worker.wait(WAIT) for worker in workers] == [0, 0]
    ended = Task.objects.filter(pk__in=[task.pk for task in tasks]).values_list("state", "tries", "error")
    assert set(ended) == {("done", 1, "")}
    assert [stored(f"n-{number}") for number in range(60)] == [1] * 60


def test_workers_killed_at_random_do_each_task_once(start_worker):
    """Two workers at a time are killed again and again; the last one does the rest."""
    chance, keys = random.Random(2011), [f"r-{number}" for number in range(40)]
    for key in keys:
        services.enqueue_task("test_add_slowly", arguments={"key": key, "steps": 2, "pause": 0.02})
    done = Task.objects.filter(name="test_add_slowly", state="done")
    for _ in range(4):
        workers, before = [start_worker() for _ in range(2)], done.count()
        wait_until(lambda before=before: done.count() > before)
        for worker in workers:
            time.sleep(chance.random() / 10)
            worker.kill()
    assert start_worker("--once").wait(WAIT) == 0
    wait_until(lambda: services.recover_tasks() + services.run_next() == 0)
    assert done.count() == len(keys)
    assert {(stored(key), stored(f"{key}-0"), stored(f"{key}-1")) for key in keys} == {(1, 1, 1)}


def test_next_worker_takes_the_task_of_a_killed_one_at_once(start_worker):
    task = services.enqueue_task("test_add_slowly", arguments={"key": "slow", "steps": 1, "pause": 30})
    first = start_worker()
    wait_until_begun(task)
    assert services.worker_is_running()
    assert services.recover_tasks() == 0
    first.kill()
    first.wait(WAIT)
    wait_until(services.recover_tasks)
    assert not services.worker_is_running()
    task.refresh_from_db()
    assert (task.state, task.tries, task.error) == ("waiting", 1, "worker_died")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_an_idle_worker(start_worker, number):
    process = start_worker()
    wait_until(services.worker_is_running)
    process.send_signal(number)
    assert process.wait(WAIT) == 0
    assert not services.worker_is_running()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="an SQLite database has no connections to lose")
def test_worker_whose_connection_is_lost_goes_on(start_worker):
    start_worker()
    wait_until(services.worker_is_running)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    task = enqueue("a")
    wait_until(lambda: stored("a"))
    task.refresh_from_db()
    assert (task.state, task.tries) == ("done", 1)
    assert services.worker_is_running()


def test_signal_lets_a_short_task_finish_and_a_second_one_gives_it_back(start_worker):
    done = services.enqueue_task("test_add_slowly", arguments={"key": "short", "steps": 3, "pause": 0.2})
    process = start_worker()
    wait_until_begun(done)
    process.terminate()
    assert process.wait(WAIT) == 0
    done.refresh_from_db()
    assert (done.state, stored("short")) == ("done", 1)
    back = services.enqueue_task("test_add_slowly", arguments={"key": "long", "steps": 600, "pause": 0.1})
    process = start_worker()
    wait_until_begun(back)
    process.terminate()
    time.sleep(0.2)
    process.terminate()
    assert process.wait(WAIT) == 0
    back.refresh_from_db()
    assert (back.state, back.tries, stored("long-0")) == ("waiting", 0, 0)
