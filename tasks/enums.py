"""Choices of the tasks app."""

from django.db import models
from django.utils.translation import pgettext_lazy


class TaskState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("task", "Waiting")
    RUNNING = "running", pgettext_lazy("task", "Running")
    DONE = "done", pgettext_lazy("task", "Done")
    FAILED = "failed", pgettext_lazy("task", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")


OPEN_STATES = (TaskState.WAITING, TaskState.RUNNING)


class TaskError(models.TextChoices):
    """Codes of errors that have a sentence. Any other error is the name of the exception's class, or a refusal."""

    WORKER_DIED = "worker_died", pgettext_lazy("task", "The worker stopped half-way.")
    UNKNOWN = "unknown", pgettext_lazy("task", "This version of Mentornet does not know the task.")
    MAIL_SERVER = "MailServerFailed", pgettext_lazy("task", "The mail server does not answer or refuses the e-mail.")
    MAIL_LATER = "MailRefusedForNow", pgettext_lazy("task", "The mail server does not take the e-mail yet.")
