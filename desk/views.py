"""The page Today, and the overview that managers see instead."""

import datetime as dt

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from desk import figures
from desk.cards.answers import proposals_waiting
from desk.cards.attention import attention_card
from desk.desks import DESK_KEY, WHOLE_BRANCH, chosen_desk, desks_of
from desk.tasks import TaskGroup, drafts_to_finish, task_counts, task_groups
from people.models import BranchTransfer
from programmes.models import Programme

MORNING_ENDS, EVENING_BEGINS = 10, 18


class TodayView(VerbRequiredMixin, TemplateView):
    """A coordinator's tasks and the branch's state. A manager sees figures without names instead."""

    verb = Verb.SEE_PROGRAMMES

    @property
    def is_for_managers(self) -> bool:
        return not self.request.user.may(Verb.READ_CASES, self.request.membership.branch)

    def get_template_names(self):
        return ["desk/overview.html" if self.is_for_managers else "desk/today.html"]

    def get_context_data(self, **kwargs):
        user, branch_id, today = self.request.user, self.request.membership.branch_id, clock.today()
        programmes = list(Programme.objects.visible_to(user).in_branches([branch_id]))
        context = {"greeting": greeting(clock.now()), "today": today}
        if self.is_for_managers:
            context |= self._figures(user, branch_id, programmes, today)
        else:
            context |= self._work(user, branch_id, programmes, today)
        return super().get_context_data(**kwargs) | context

    def _figures(self, user, branch_id: int, programmes: list[Programme], today: dt.date) -> dict:
        targets = figures.statuses_by_programme(user, programmes, today)
        pace = [status for _programme, statuses in targets for status in statuses if status.target.on_today]
        return {
            "pace": [(status, figures.status_words(status)) for status in pace[: figures.MOST_TARGETS]],
            "targets": targets,
            "work": figures.work_figures(user, branch_id, today),
        }

    def _work(self, user, branch_id: int, programmes: list[Programme], today: dt.date) -> dict:
        waiting, waiting_total = figures.longest_waiting(user, branch_id, today)
        events = figures.next_events(user, branch_id, clock.now())
        desks = desks_of(user, branch_id, today)
        desk = chosen_desk(desks, self.request.GET.get(DESK_KEY, ""))
        groups = task_groups(user, branch_id, today, show_all="alle" in self.request.GET, desk=desk)
        proposals, proposals_total = proposals_waiting(user, branch_id, today, desk)
        pace = figures.statuses_on_today(user, programmes, today)
        return {
            "pace": [(status, figures.status_words(status)) for status in pace],
            **counts_context({group.key: group.total for group in groups}, groups),
            "next": self.request.get_full_path(),
            "drafts": drafts_to_finish(user),
            "desks": desks,
            "desk": desk,
            "attention": attention_card(user, branch_id, today, programmes, desk),
            "proposals": proposals,
            "proposals_total": proposals_total,
            "waiting_transfers": BranchTransfer.objects.waiting_for(branch_id).count(),
            "waiting": waiting,
            "waiting_total": waiting_total,
            "events": [(event, figures.places_words(event)) for event in events],
        }


def counts_context(counts: dict[str, int], groups: list[TaskGroup]) -> dict:
    """Return the context of the line under the greeting and of the groups' headings."""
    return {
        "today": clock.today(),
        "groups": groups,
        "overdue_count": counts["overdue"],
        "today_count": counts["today"],
    }


def greeting(now: dt.datetime) -> str:
    """Return »Good morning«, »Good day« or »Good evening« by the hour."""
    if now.hour < MORNING_ENDS:
        return _("Good morning")
    return _("Good evening") if now.hour >= EVENING_BEGINS else _("Good day")


class TaskCountsView(VerbRequiredMixin, TemplateView):
    """The counts of tasks, reloaded by htmx after a follow-up was registered or undone."""

    verb = Verb.READ_CASES
    template_name = "desk/_task_counts.html"

    def get_context_data(self, **kwargs):
        user, branch_id, today = self.request.user, self.request.membership.branch_id, clock.today()
        asked = self.request.GET.get(DESK_KEY, "")
        desk = chosen_desk(desks_of(user, branch_id, today), asked) if asked else WHOLE_BRANCH
        counts = task_counts(user, branch_id, today, desk)
        groups = [TaskGroup(key, total) for key, total in counts.items()]
        return super().get_context_data(**kwargs) | counts_context(counts, groups) | {"desk": desk}
