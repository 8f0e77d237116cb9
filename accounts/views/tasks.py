"""The background tasks of a branch: what the worker does, has done and could not do."""

import contextlib
from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from accounts.filters import TaskFilterSet
from accounts.models import User
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common.danish_order import danish_key
from common.lists import page_of
from common.toasts import show_toast
from tasks.enums import TaskState
from tasks.models import Task
from tasks.progress import TaskProgress, progress_of
from tasks.registry import TASKS, TaskRefused
from tasks.services import cancel_task, retry_task, worker_is_running

ROWS = 50
BADGES = {  # of ``{% badge %}``
    TaskState.WAITING: "planned",
    TaskState.RUNNING: "under_way",
    TaskState.DONE: "done",
    TaskState.FAILED: "error",
    TaskState.CANCELLED: "skipped",
}


def may_cancel(task: Task) -> bool:
    """Return whether an administrator may cancel a task: nightly work belongs to the installation, not to a branch."""
    return task.state == TaskState.WAITING and task.branch_id is not None


@dataclass(frozen=True)
class TaskRow:
    """A task as a row of the page. Of an e-mail, it shows the recipients until it is sent, and never the text."""

    task: Task

    @property
    def title(self) -> str:
        return title_of(self.task.name)

    @property
    def recipients(self) -> str:
        return ", ".join(self.task.private.get("to", ()))

    @property
    def badge(self) -> str:
        return BADGES[self.task.state]

    @property
    def words(self) -> str:
        """The result or the last error in words."""
        kind = TASKS.get(self.task.name)
        if self.task.state == TaskState.DONE and kind:
            with contextlib.suppress(KeyError):  # the result of an older version
                return kind.result_words(self.task.result)
        return self.task.error_words

    @cached_property
    def progress(self) -> TaskProgress | None:
        return progress_of(self.task.pk) if self.task.state == TaskState.RUNNING else None

    @property
    def waits_for_retry(self) -> bool:
        return self.task.state == TaskState.WAITING and bool(self.task.error)

    @property
    def may_cancel(self) -> bool:
        return may_cancel(self.task)


def title_of(name: str) -> str:
    """Return the title of a kind of task; the name of one that this version does not know."""
    kind = TASKS.get(name)
    return str(kind.title) if kind else name


def queue_state(user: User) -> dict:
    """Return whether a worker is running, and how many of the tasks that a user may see wait, by title."""
    waiting = Task.objects.visible_to(user).waiting().order_by().values_list("name", flat=True)
    counts = Counter(title_of(name) for name in waiting)
    ordered = sorted(counts.items(), key=lambda item: danish_key(item[0]))
    return {
        "worker_runs": worker_is_running(),
        "waiting_count": counts.total(),
        "waiting_words": ", ".join(f"{title} ({count})" for title, count in ordered),
    }


class TaskListView(VerbRequiredMixin, ListView):
    """The tasks of the branches of an administrator and the nightly ones of the installation, newest first."""

    verb = Verb.MANAGE_TASKS
    template_name = "accounts/task_list.html"
    context_object_name = "tasks"
    paginate_by = ROWS

    @cached_property
    def filter(self) -> TaskFilterSet:
        rows = Task.objects.visible_to(self.request.user, self.verb).select_related("by", "branch")
        return TaskFilterSet(self.request.GET or None, queryset=rows, request=self.request)

    def get_queryset(self):
        return self.filter.queryset.none() if self.filter.errors else self.filter.qs

    def paginate_queryset(self, queryset, page_size):
        page = page_of(self.request, queryset, page_size)
        return page.paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = [TaskRow(task) for task in context["tasks"]]
        return context | {
            "filter": self.filter,
            "rows": rows,
            "is_busy": any(row.task.state == TaskState.RUNNING for row in rows),
            "has_several_branches": len(self.request.user.branch_ids_for(self.verb)) > 1,
            **queue_state(self.request.user),
        }


class TaskActView(ScopedObjectMixin, View):
    """The buttons of a task: try again, cancel."""

    http_method_names = ["post", "options"]
    verb = Verb.MANAGE_TASKS
    acts = {"igen": retry_task, "annuller": cancel_task}  # the last part of the address

    def get_queryset(self):
        return Task.objects.all()

    def post(self, request, pk, act):
        task = self.get_object()
        if act == "annuller" and task.branch_id is None:
            raise PermissionDenied
        try:
            self.acts[act](task)
        except TaskRefused as refusal:
            messages.error(request, str(refusal))
        else:
            show_toast(request, _("The task is tried again.") if act == "igen" else _("The task is cancelled."))
        return HttpResponseRedirect(reverse("accounts:task-list"))
