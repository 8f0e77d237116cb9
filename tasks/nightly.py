"""Nightly work on the database."""

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.kept_posts import KEEP as KEEP_POSTS
from common.models import KeptPost, SubmittedForm
from tasks.enums import TaskState
from tasks.models import Task
from tasks.registry import TASKS, task
from tasks.services import Job

KEEP_FORM_KEYS = dt.timedelta(days=7)  # a form that was opened earlier belongs to a session that has ended
KEEP_TASKS = dt.timedelta(days=90)
KEEP_PRIVATE = dt.timedelta(days=3)  # as long as the link of an invitation works (PASSWORD_RESET_TIMEOUT)


def _deleted_words(result: dict) -> str:
    return _("Deleted: sessions %(sessions)s, form keys %(forms)s, tasks %(tasks)s.") % result


@task("delete_expired", title=gettext_lazy("Delete what has expired"), daily_at="03:00", result_words=_deleted_words)
def delete_expired(job: Job) -> dict[str, int]:
    """Delete ended sessions, old keys of forms, kept posts and old tasks; erase what failed tasks could not deliver."""
    now = timezone.now()
    failed = Task.objects.filter(state=TaskState.FAILED, ended_at__lt=now - KEEP_PRIVATE)
    failed.exclude(private={}).update(private={})
    KeptPost.objects.filter(kept_at__lt=now - KEEP_POSTS).delete()
    internal = Q(state=TaskState.DONE, name__in=[kind.name for kind in TASKS if kind.is_internal])
    return {
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "forms": SubmittedForm.objects.filter(submitted_at__lt=now - KEEP_FORM_KEYS).delete()[0],
        "tasks": Task.objects.filter(Q(ended_at__lt=now - KEEP_TASKS) | internal).delete()[0],
    }


@task(
    "update_statistics",
    title=gettext_lazy("Update the statistics of the database"),
    daily_at="03:15",
    is_atomic=False,  # PostgreSQL releases each table at once
)
def update_statistics(job: Job) -> None:
    """Let the database count its rows and values, so that it plans queries well."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
