"""Enqueue, run, retry and cancel tasks."""

import datetime as dt
import logging

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mentornet import settings as product
from tasks import services
from tasks.enums import TaskState
from tasks.models import Task
from tasks.progress import progress_of
from tasks.registry import TASKS, TaskRefused
from tests.tasks.kinds import elsewhere, stored

pytestmark = pytest.mark.django_db


def due_again(task: Task) -> Task:
    Task.objects.filter(pk=task.pk).update(not_before=timezone.now())
    task.refresh_from_db()
    return task


def run(name: str, **options) -> Task:
    task = services.enqueue_task(name, **options)
    assert services.run_next()
    task.refresh_from_db()
    return task


def test_task_runs_once_and_keeps_its_result(administrator, tingbjerg):
    task = run("test_add", by=administrator, branch=tingbjerg, arguments={"key": "a"})
    assert (task.state, task.tries, task.result, task.error) == ("done", 1, {"last": 1}, "")
    assert task.created_at <= task.started_at <= task.ended_at
    assert (task.by, task.branch) == (administrator, tingbjerg)
    assert not services.run_next()
    assert stored("a") == 1


def test_task_runs_for_its_user_in_the_language_of_the_user(administrator):
    assert run("test_say_who", by=administrator).result == {"by": "Hanne Lund", "words": "Engelsk"}
    administrator.language = "en"
    administrator.save()
    assert run("test_say_who", by=administrator).result == {"by": "Hanne Lund", "words": "English"}


def test_task_belongs_to_the_transaction_of_the_caller():
    with transaction.atomic():
        services.enqueue_task("test_add", arguments={"key": "a"})
        transaction.set_rollback(True)
    assert not services.run_next()


def test_unknown_kind_is_refused_when_enqueued_and_fails_when_run():
    with pytest.raises(KeyError):
        services.enqueue_task("no_such_kind")
    task = Task.objects.create(name="of_a_newer_version")
    assert services.run_next()
    task.refresh_from_db()
    assert (task.state, task.error) == ("failed", "unknown")


def test_tasks_run_in_the_order_of_their_time():
    now = timezone.now()
    late = services.enqueue_task("test_add", arguments={"key": "a"}, not_before=now - dt.timedelta(minutes=1))
    early = services.enqueue_task("test_add", arguments={"key": "a"}, not_before=now - dt.timedelta(minutes=2))
    services.enqueue_task("test_add", arguments={"key": "a"}, not_before=now + dt.timedelta(minutes=1))
    assert (services.run_next(), services.run_next(), services.run_next()) == (True, True, False)
    assert [Task.objects.get(pk=task.pk).result["last"] for task in (early, late)] == [1, 2]


def test_one_open_task_has_a_key(administrator):
    first = services.enqueue_task("test_add", by=administrator, arguments={"key": "a"}, key="import-4")
    assert services.enqueue_task("test_add", arguments={"key": "b"}, key="import-4") == first
    assert services.latest_task("import-4") == first
    assert services.run_next()
    second = services.enqueue_task("test_add", arguments={"key": "b"}, key="import-4")
    assert second != first
    assert services.latest_task("import-4") == second
    assert services.latest_task("import-5") is None


def test_failing_task_is_tried_again_with_growing_pauses(caplog):
    caplog.set_level(logging.CRITICAL)
    task, pauses = services.enqueue_task("test_fail", arguments={"key": "a"}), []
    for tries in (1, 2, 3):
        assert services.run_next()
        task.refresh_from_db()
        assert (task.tries, task.error) == (tries, "LookupError")
        pauses.append(round((task.not_before - timezone.now()).total_seconds()))
        due_again(task)
    assert pauses[:2] == [15, 60]
    assert (task.state, stored("a"), services.run_next()) == ("failed", 0, False)


def test_error_is_stored_without_the_words_of_the_exception(caplog):
    caplog.set_level(logging.CRITICAL)
    task = run("test_fail", arguments={"key": "a"})
    assert "Karen" not in str(Task.objects.filter(pk=task.pk).values().get())


def test_refused_task_fails_at_once_with_a_sentence_and_stores_nothing():
    task = run("test_refuse", arguments={"key": "a"})
    assert (task.state, task.tries, task.error, task.error_words) == ("failed", 1, *["The file is too large."] * 2)
    assert stored("a") == 0


def test_private_contents_are_erased_when_the_task_is_done_or_cancelled(caplog):
    caplog.set_level(logging.CRITICAL)
    done = run("test_send", arguments={"key": "a"}, private={"secret": "https://example.net/key"})
    failed = run("test_send", arguments={"key": "a"}, private={"secret": "wrong"})
    assert (done.state, done.private) == ("done", {})
    assert (failed.state, failed.private, failed.error) == ("waiting", {"secret": "wrong"}, "ConnectionRefusedError")
    services.cancel_task(failed)
    assert (failed.state, failed.private) == ("cancelled", {})


def test_only_waiting_tasks_are_cancelled_and_only_failed_ones_tried_again():
    task = services.enqueue_task("test_refuse", arguments={"key": "a"}, key="k")
    with pytest.raises(TaskRefused, match="venter"):
        services.retry_task(task)
    assert services.run_next()
    with pytest.raises(TaskRefused, match="mislykket"):
        services.cancel_task(task)
    services.retry_task(task)
    assert (task.state, task.tries, task.error) == ("waiting", 0, "")
    services.cancel_task(task)
    assert not services.run_next()


def test_failed_task_is_not_tried_again_while_another_has_its_key():
    task = run("test_refuse", arguments={"key": "a"}, key="k")
    services.enqueue_task("test_add", arguments={"key": "a"}, key="k")
    with pytest.raises(TaskRefused):
        services.retry_task(task)
    assert task.state == "failed"


def test_run_here_runs_the_task_of_the_page_only():
    other = services.enqueue_task("test_add", arguments={"key": "a"})
    task = services.run_here(services.enqueue_task("test_add", arguments={"key": "b"}))
    assert (task.state, task.result) == ("done", {"last": 1})
    assert services.run_here(task).tries == 1
    other.refresh_from_db()
    assert other.state == "waiting"


def test_run_here_passes_an_error_on_and_does_not_try_again(caplog):
    caplog.set_level(logging.CRITICAL)
    task = services.enqueue_task("test_fail", arguments={"key": "a"})
    with pytest.raises(LookupError):
        services.run_here(task)
    assert (task.state, task.error, stored("a")) == ("failed", "LookupError", 0)
    refused = services.run_here(services.enqueue_task("test_refuse", arguments={"key": "a"}))
    assert (refused.state, refused.error) == ("failed", "The file is too large.")


def test_progress_is_seen_while_the_task_runs(monkeypatch):
    seen = []
    task = services.enqueue_task("test_add_slowly", arguments={"key": "a"})
    monkeypatch.setattr("tests.tasks.kinds.time.sleep", lambda _pause: seen.append(wait_for_progress(task)))
    services.run_here(task)
    assert (seen[0].done, seen[0].total, seen[0].step, seen[0].percent) == (0, 5, "Adding", 0)
    assert progress_of(task.pk) is None


def wait_for_progress(task):
    """Return the progress when its thread has stored it."""
    deadline = timezone.now() + dt.timedelta(seconds=5)
    while progress_of(task.pk) is None:
        assert timezone.now() < deadline
    return progress_of(task.pk)


@pytest.mark.django_db(transaction=True)
def test_progress_of_an_open_transaction_is_seen_by_others(settings, tmp_path, monkeypatch):
    settings.CACHES = product.CACHES
    if connection.vendor == "sqlite":
        settings.CACHES = {"default": product.CACHES["default"] | {"LOCATION": str(tmp_path)}}
    seen = []

    def look(_pause):
        seen.append(elsewhere(lambda: (wait_for_progress(task).total, stored("a-0"))))

    task = services.enqueue_task("test_add_slowly", arguments={"key": "a", "steps": 1})
    monkeypatch.setattr("tests.tasks.kinds.time.sleep", look)
    services.run_here(task)
    assert (seen, stored("a-0")) == ([(1, 0)], 1)
    assert elsewhere(lambda: progress_of(task.pk)) is None


def test_stopped_worker_gives_its_task_back():
    task = services.enqueue_task("test_add_slowly", arguments={"key": "a"})
    assert services.run_next(must_stop=lambda: True)
    task.refresh_from_db()
    assert (task.state, task.tries, task.error, stored("a-0")) == ("waiting", 0, "", 0)
    assert services.run_next()
    assert (stored("a"), stored("a-0")) == (1, 1)


def died(tries: int) -> Task:
    """Return a task that is running in no process."""
    return Task.objects.create(
        name="test_add", arguments={"key": "a"}, state=TaskState.RUNNING, tries=tries, started_at=timezone.now()
    )


def test_task_whose_worker_died_is_taken_again_until_its_last_try(caplog):
    caplog.set_level(logging.ERROR)
    first, last = died(1), died(3)
    assert services.recover_tasks() == 2
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.state, first.tries, first.error) == ("waiting", 1, "worker_died")
    assert (last.state, last.error_words) == ("failed", "Baggrundsprogrammet stoppede midt i opgaven.")
    assert services.run_next()
    first.refresh_from_db()
    assert (first.state, first.tries, first.error) == ("done", 2, "")


def test_work_is_not_stored_when_another_process_has_taken_the_task_over(monkeypatch, caplog):
    caplog.set_level(logging.ERROR)
    task = services.enqueue_task("test_add_slowly", arguments={"key": "a", "steps": 1})
    taken_over = {"state": TaskState.RUNNING, "tries": 7}
    monkeypatch.setattr(
        "tests.tasks.kinds.time.sleep", lambda _pause: Task.objects.filter(pk=task.pk).update(**taken_over)
    )
    services.run_here(task)
    assert stored("a") == 0


def test_daily_tasks_are_enqueued_once_a_day(monkeypatch):
    names = {kind.name for kind in TASKS if kind.daily_at}
    midday = timezone.make_aware(dt.datetime(2026, 3, 28, 12))
    assert services.enqueue_daily_tasks(midday) == len(names)
    assert services.enqueue_daily_tasks(midday + dt.timedelta(hours=1)) == 0
    assert services.enqueue_daily_tasks(midday + dt.timedelta(hours=12, minutes=1)) == 0
    summer_time = timezone.make_aware(dt.datetime(2026, 3, 29, 12))
    assert services.enqueue_daily_tasks(summer_time) == len(names)
    assert {(task.name, task.day.day) for task in Task.objects.all()} == {
        (name, day) for name in names for day in (28, 29)
    }
