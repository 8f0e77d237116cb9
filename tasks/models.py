"""The table of the background tasks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.scoping import ScopedModel
from tasks.enums import OPEN_STATES, TaskError, TaskState
from tasks.querysets import TaskQuerySet


class Task(ScopedModel):
    """Work that is done outside a request, by ``manage.py run_tasks`` (see ``tasks.services``).

    ``name`` is the key of its kind in ``tasks.registry.TASKS``. ``arguments`` holds ids only. ``private`` holds what
    must not be kept, such as an e-mail; it is erased when the task is done or cancelled. The process that runs a task
    holds ``tasks.locks.Lock(task.pk)`` as long as it lives.
    """

    branch_paths = ("branch",)
    read_verb = "manage_tasks"

    name = models.CharField(_("kind"), max_length=50)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    private = models.JSONField(_("contents until the end"), default=dict, blank=True)
    key = models.CharField(_("key"), max_length=100, blank=True)
    day = models.DateField(_("day of a daily task"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
        db_index=False,
    )
    branch = models.ForeignKey(
        "accounts.Branch",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("branch"),
        db_index=False,
    )
    state = models.CharField(_("status"), max_length=10, choices=TaskState, default=TaskState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_valid"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=OPEN_STATES) & ~Q(key=""), name="task_one_open_per_key"
            ),
            models.UniqueConstraint(fields=["name", "day"], name="task_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["state", "not_before"], name="task_state"),
            models.Index(fields=["branch", "-id"], name="task_branch"),
            models.Index(fields=["key", "-id"], name="task_key"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def error_words(self) -> str:
        """The error as a sentence for the administrator."""
        if self.error in TaskError.values:
            return str(TaskError(self.error).label)
        if self.error.isidentifier():
            return gettext("An unexpected error (%(error)s).") % {"error": self.error}
        return self.error
