"""Choices of the tasks app."""

from django.db import models
from django.utils.translation import pgettext_lazy

from common.choices import SluggedChoices


class TaskState(SluggedChoices):
    WAITING = "waiting", "venter", pgettext_lazy("task", "Waiting")
    RUNNING = "running", "i-gang", pgettext_lazy("task", "Running")
    DONE = "done", "udfoert", pgettext_lazy("task", "Done")
    FAILED = "failed", "mislykket", pgettext_lazy("task", "Failed")
    CANCELLED = "cancelled", "annulleret", pgettext_lazy("task", "Cancelled")


OPEN_STATES = (TaskState.WAITING, TaskState.RUNNING)


class TaskError(models.TextChoices):
    """Codes of errors that have a sentence. Any other error is the name of the exception's class, or a refusal."""

    WORKER_DIED = "worker_died", pgettext_lazy("task", "The worker stopped half-way.")
    UNKNOWN = "unknown", pgettext_lazy("task", "This version of Mentornet does not know the task.")
    MAIL_SERVER = "MailServerFailed", pgettext_lazy("task", "The mail server does not answer or refuses the e-mail.")
    MAIL_LATER = "MailRefusedForNow", pgettext_lazy("task", "The mail server does not take the e-mail yet.")
