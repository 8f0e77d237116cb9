"""Nightly work."""

import datetime as dt
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from common.models import KeptPost, SubmittedForm
from demo.factories import UserFactory
from tasks import services
from tasks.models import Task
from tasks.registry import TASKS

pytestmark = pytest.mark.django_db


def run(name: str) -> Task:
    task = services.enqueue_task(name)
    assert services.run_next()
    task.refresh_from_db()
    assert task.state == "done", task.error
    return task


def ago(**time) -> dt.datetime:
    return timezone.now() - dt.timedelta(**time)


def test_expired_sessions_form_keys_and_tasks_are_deleted():
    for number, (expired, days) in enumerate([(ago(minutes=1), 8), (ago(minutes=-1), 6)]):
        Session.objects.create(session_key=f"{number}", expire_date=expired)
        form = SubmittedForm.objects.create(key=uuid.uuid4())
        SubmittedForm.objects.filter(pk=form.pk).update(submitted_at=ago(days=days))
    old = Task.objects.create(name="send_mail", state="done", ended_at=ago(days=91))
    recent = Task.objects.create(name="send_mail", state="done", ended_at=ago(days=89))
    waiting = Task.objects.create(name="send_mail", not_before=ago(days=-1))
    Task.objects.filter(pk=waiting.pk).update(created_at=ago(days=100))
    task = run("delete_expired")
    assert task.result == {"sessions": 1, "forms": 1, "tasks": 1}
    assert (
        TASKS["delete_expired"].result_words(task.result) == "Slettet: sessioner 1, nøgler til formularer 1, opgaver 1."
    )
    assert (Session.objects.get().session_key, SubmittedForm.objects.count()) == ("1", 1)
    assert set(Task.objects.exclude(pk=task.pk)) == {recent, waiting}
    assert old.pk


def test_done_tasks_that_no_administrator_sees_are_deleted_in_the_next_night():
    states = ("waiting", "failed")
    kept = [Task.objects.create(name="mail_password_link", state=state, not_before=ago(days=-1)) for state in states]
    Task.objects.create(name="mail_password_link", state="done", ended_at=ago(minutes=1))
    task = run("delete_expired")
    assert task.result["tasks"] == 1
    assert set(Task.objects.exclude(pk=task.pk)) == set(kept)


def test_text_of_a_failed_mail_is_erased_after_three_days():
    texts = {"subject": "Invitation"}
    late = Task.objects.create(name="send_mail", state="failed", ended_at=ago(days=4), private=texts)
    soon = Task.objects.create(name="send_mail", state="failed", ended_at=ago(days=2), private=texts)
    run("delete_expired")
    late.refresh_from_db()
    soon.refresh_from_db()
    assert (late.private, soon.private) == ({}, texts)


def test_kept_posts_are_deleted_after_a_day():
    user = UserFactory()
    old, recent = (KeptPost.objects.create(user=user, sealed="x") for _number in range(2))
    KeptPost.objects.filter(pk=old.pk).update(kept_at=ago(hours=25))
    run("delete_expired")
    assert KeptPost.objects.get() == recent


def test_statistics_are_updated():
    Session.objects.create(session_key="a", expire_date=ago(days=-1))
    run("update_statistics")
    table = "sqlite_stat1 WHERE tbl" if connection.vendor == "sqlite" else "pg_stats WHERE tablename"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} = 'django_session'")
        assert cursor.fetchone()[0] > 0


def test_nightly_work_comes_once_a_day():
    services.enqueue_daily_tasks(timezone.make_aware(dt.datetime(2026, 11, 30, 3, 5)))
    assert list(Task.objects.values_list("name", flat=True)) == ["delete_expired"]
    services.enqueue_daily_tasks(timezone.make_aware(dt.datetime(2026, 11, 30, 3, 15)))
    assert set(Task.objects.values_list("name", flat=True)) == {"delete_expired", "update_statistics"}
