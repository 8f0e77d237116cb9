"""Locks that end with their process."""

from pathlib import Path

import pytest
from django.db import connection

from tasks import services
from tasks.locks import WORKER, FileLock, held, lock_of
from tests.tasks.kinds import elsewhere, stored

pytestmark = pytest.mark.django_db(transaction=True)
MINE, OTHER = 1_000_000_007, 1_000_000_008  # numbers that no task has


def test_lock_is_held_by_one_at_a_time():
    lock = lock_of(MINE)
    assert (lock.is_held(), lock.is_mine) == (False, False)
    assert (lock.take(), lock.take(), lock.is_mine, lock.is_held()) == (True, True, True, True)
    assert elsewhere(lambda: (lock_of(MINE).take(), lock_of(MINE).is_held(), lock_of(OTHER).take())) == (
        False,
        True,
        True,
    )
    lock.release()
    lock.release()
    assert (lock.is_mine, lock.is_held()) == (False, False)
    assert elsewhere(lock_of(MINE).take) is True


def test_lost_connection_is_a_lost_lock():
    lock = lock_of(WORKER)
    assert lock.take()
    connection.close()
    assert lock.is_mine == (connection.vendor == "sqlite")
    assert lock.take()
    lock.release()
    assert not services.worker_is_running()


def test_deleted_file_of_a_lock_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "db"))
    first, second = FileLock(1), FileLock(1)
    assert first.take()
    path = Path(tmp_path / "db-task-1")
    held_file = path.rename(tmp_path / "moved")
    assert second.take()
    assert (path.exists(), held_file.exists()) == (True, True)
    second.release()
    first.release()
    assert not path.exists()


def test_running_task_is_taken_by_no_other_process():
    task = services.enqueue_task("test_add", arguments={"key": "a"})
    with held(task.pk) as is_free:
        assert is_free
        assert elsewhere(services.run_next) is False
        task.state = "running"
        task.save()
        assert elsewhere(services.recover_tasks) == 0
    assert services.recover_tasks() == 1
    assert services.run_next()
    assert stored("a") == 1
