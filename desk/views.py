"""The page Today, and the overview that managers see instead."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.roles import Verb
from accounts.searches import log_typed_search, send_typed_search
from accounts.views_base import VerbRequiredMixin
from common import clock
from desk import figures
from desk.cards.answers import proposals_waiting
from desk.cards.attention import attention_card
from desk.cards.first_steps import first_steps
from desk.desks import DESK_KEY, Desk, chosen_desk, desks_of
from desk.search import MOST_ON_PAGE, MOST_TYPED, SHORTEST, Search, count_hits, single_hit
from desk.tasks import MOST_EVENTS, BranchTasks, TaskGroup
from matching.models import Match
from matching.quality.attention import matches_with_facts
from people.case_numbers import number_url
from people.models import BranchTransfer
from people.views.base import search_words
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
        matches = list(matches_with_facts(user, today).filter(programme__in=programmes))
        context, tasks, desk = desk_context(self.request, matches)
        waiting, waiting_total = figures.longest_waiting(user, branch_id, today)
        events = figures.next_events(user, branch_id, clock.now())
        proposals, proposals_total = proposals_waiting(user, branch_id, today, desk)
        pace = figures.statuses_on_today(user, programmes, today)
        groups = tasks.groups(desk, show_all="alle" in self.request.GET)
        return context | {
            "pace": [(status, figures.status_words(status)) for status in pace],
            "groups": groups,
            "next": self.request.get_full_path(),
            "begin": first_steps(user, self.request.membership.branch, programmes, matches),
            "attention": attention_card(user, today, matches, programmes, desk),
            "proposals": proposals,
            "proposals_total": proposals_total,
            "waiting_transfers": BranchTransfer.objects.waiting_for(branch_id).count(),
            "waiting": waiting,
            "waiting_total": waiting_total,
            "events": [(event, figures.places_words(event)) for event in events],
        }


def desk_context(request: HttpRequest, matches: Iterable[Match] | None = None) -> tuple[dict, BranchTasks, Desk]:
    """Return the context of what htmx reloads after an act, the tasks of the branch, and the desk of the address.

    It has the line under the greeting, the desks with their numbers of tasks, and the headings of the groups.
    """
    user, branch_id, today = request.user, request.membership.branch_id, clock.today()
    desks = desks_of(user, branch_id, today)
    desk = chosen_desk(desks, request.GET.get(DESK_KEY, ""))
    tasks = BranchTasks(user, branch_id, today, matches)
    numbered = [(one, tasks.number(one)) for one in desks]
    events, counts = tasks.events_of(desk), tasks.counts(desk)
    context = {
        "today": today,
        "desk": desk,
        "desks": [(one, number) for one, number in numbered if one == desk or one.is_in_front],
        "other_desks": [(one, number) for one, number in numbered if one != desk and not one.is_in_front],
        "drafts": tasks.drafts_of(desk),
        "to_confirm": events[:MOST_EVENTS],
        "events_left": len(events) - MOST_EVENTS,
        "finish_count": tasks.finish_count(desk),
        "groups": [TaskGroup(key, total) for key, total in counts.items()],
        "overdue_count": counts["overdue"],
        "today_count": counts["today"],
    }
    return context, tasks, desk


def greeting(now: dt.datetime) -> str:
    """Return »Good morning«, »Good day« or »Good evening« by the hour."""
    if now.hour < MORNING_ENDS:
        return _("Good morning")
    return _("Good evening") if now.hour >= EVENING_BEGINS else _("Good day")


class TaskCountsView(VerbRequiredMixin, TemplateView):
    """The counts of tasks, reloaded by htmx after a follow-up was registered or undone."""

    verb = Verb.READ_CASES
    template_name = "desk/_task_counts.html"

    def get(self, request, *args, **kwargs):
        if not request.user.may(self.verb, request.membership.branch):
            raise PermissionDenied  # the desks of a branch are for those who read its cases
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context, _tasks, _desk = desk_context(self.request)
        return super().get_context_data(**kwargs) | context


class SearchView(VerbRequiredMixin, View):
    """The quick search: hits in the top bar while the user types (htmx), and the page of results.

    An exact number or a single hit opens its page. The matches of a person who is found alone are no further hits.
    """

    verb = Verb.READ_CASES

    def get(self, request):
        request.nav_section = "search"  # in no section of the top bar
        words = search_words(request)
        if request.htmx:
            return self.typed(request, words)
        if words and (address := number_url(words, request.user)):
            return redirect(address)
        search = self.search(words, MOST_ON_PAGE)
        groups = search.groups()
        if words:
            send_typed_search(request, words, count_hits(groups))
        if hit := single_hit(groups):
            return redirect(hit.url)
        context = {"words": words, "quick_search_query": words, "groups": groups, "shortest": SHORTEST}
        context["alike"] = [] if groups else search.people_alike()
        return render(request, "desk/search.html", context)

    def typed(self, request, words: str):
        groups = self.search(words, MOST_TYPED).groups()
        is_shown = len(words) >= SHORTEST
        if is_shown:
            log_typed_search(request, words, count_hits(groups))
        context = {"words": words, "groups": groups, "is_shown": is_shown, "count": count_hits(groups)}
        return render(request, "desk/_search_hits.html", context)

    def search(self, words: str, most: int) -> Search:
        branch_id = self.request.membership.branch_id
        return Search(user=self.request.user, branch_id=branch_id, words=words, most=most)
