"""Views of handovers: to colleagues and deputies, and written names tied to users."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.forms import BoundField
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, View

from accounts.models import Branch, User
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.forms.base import is_key
from common.models import Act
from common.once import run_once
from common.templatetags.danish import danish_number
from common.toasts import show_toast
from matching.forms import HandoverForm, WrittenNamesForm
from matching.models import Handover, Interview, Match
from matching.pages.hand_over import HandoverPage
from matching.rules.coordinators import coordinators_of, user_by_name
from matching.services import end_deputy, hand_over, tie_names, undo_handover
from matching.views.base import ActPostView, next_url

NONE = "ingen"  # the value of ``fra`` for matches without an active coordinator


def keys_of(values: Sequence[str]) -> list[int]:
    """Return the values that are keys a database may hold."""
    return [int(value) for value in values if is_key(value)]


@dataclass(frozen=True)
class HandoverRow:
    """A match or an interview with its tick and the field of its receiver."""

    kind: str
    record: Match | Interview
    field: BoundField
    is_ticked: bool


class HandoverView(VerbRequiredMixin, FormView):
    """Hand over matches and planned interviews.

    ``?fra=`` is the user who has them, by default the current one; ``ingen`` means those without an active one.
    ``?match=`` names matches instead, ``?afdeling=`` the branch, and ``?fordel`` asks for a suggestion.
    """

    verb = Verb.WORK_CASES
    form_class = HandoverForm
    template_name = "matching/hand_over.html"

    @cached_property
    def branch(self) -> Branch:
        """The branch of the address, of the first match of the address, or the current one.

        Raises Http404 for a foreign branch, PermissionDenied for an own one without the verb.
        """
        own = Branch.objects.filter(pk__in=self.request.user.branch_ids)
        if self.match_keys:
            found = own.filter(programmes__matches__in=self.match_keys[:1]).first()
        else:
            wanted = self.request.GET.get("afdeling") or str(self.request.membership.branch_id)
            found = own.filter(pk__in=keys_of([wanted])).first()
        if found is None:
            raise Http404
        if not self.request.user.may(self.verb, found):
            raise PermissionDenied
        return found

    @property
    def match_keys(self) -> list[int]:
        return keys_of(self.request.GET.getlist("match"))

    @cached_property
    def giver(self) -> User | None:
        asked = self.request.GET.get("fra") or str(self.request.user.pk)
        if asked == NONE or self.match_keys:
            return None
        giver = coordinators_of([self.branch.pk]).filter(pk__in=keys_of([asked])).first()
        if giver is None:
            raise Http404
        return giver

    @cached_property
    def page(self) -> HandoverPage:
        return HandoverPage(self.request.user, self.branch, clock.today(), giver=self.giver, pks=self.match_keys)

    def get_form_kwargs(self):
        page = self.page
        rows = {"users": page.users, "matches": page.matches, "interviews": page.interviews}
        return super().get_form_kwargs() | rows

    @cached_property
    def suggested(self) -> list[int]:
        page = self.page
        return page.suggest([*page.matches, *page.interviews]) if "fordel" in self.request.GET else []

    def get_initial(self):
        page = self.page
        names = [*(f"match-{row.pk}" for row in page.matches), *(f"interview-{row.pk}" for row in page.interviews)]
        return {name: str(pk) for name, pk in zip(names, self.suggested, strict=False)}

    def get_success_url(self) -> str:
        return next_url(self.request, reverse("matching:match-list"))

    def form_valid(self, form):
        try:
            url = run_once(form.cleaned_data["once"], lambda: self.hand_over(form))
        except ValidationError as error:
            form.show_refusal(error)
            return self.form_invalid(form)
        return HttpResponseRedirect(url)

    def hand_over(self, form) -> str:
        data, given = form.cleaned_data, form.receivers
        terms = {name: data[name] for name in ("from_on", "until_on", "reason")}
        hand_over(**given, by=self.request.user, build_url=self.request.build_absolute_uri, **terms)
        late = sum(not is_in_period(row, **terms) for row in given["interviews"])
        count = len(given["matches"]) + len(given["interviews"]) - late
        words = ngettext("%(count)s task is handed over.", "%(count)s tasks are handed over.", count)
        sentences = [words % {"count": danish_number(count)}]
        if late:
            words = ngettext(
                "%(count)s interview is outside the period and stays.",
                "%(count)s interviews are outside the period and stay.",
                late,
            )
            sentences.append(words % {"count": danish_number(late)})
        show_toast(self.request, " ".join(sentences), undo_url=undo_url("hand_over", self.request.user))
        return self.get_success_url()

    def get_context_data(self, **kwargs):
        context, page = super().get_context_data(**kwargs), self.page
        form = context["form"]
        groups = [
            (_("Match"), self._rows(form, "match", page.matches)),
            (_("Interview"), self._rows(form, "interview", page.interviews)),
        ]
        count = len(page.matches) + len(page.interviews)
        return context | {
            "page": page,
            "is_without": not self.giver and not self.match_keys,
            "groups": [(label, rows) for label, rows in groups if rows],
            "count": count,
            "left_out": len(set(self.match_keys)) - len(page.matches) if self.match_keys else 0,
            "receivers": page.receivers(self.suggested),
            "is_suggested": bool(self.suggested),
            "next": next_url(self.request, ""),
        }

    def _rows(self, form: HandoverForm, kind: str, records: Sequence[Match | Interview]) -> list[HandoverRow]:
        """Return the rows of one kind. All are ticked until the form was sent."""
        sent = set(form.data.getlist(kind)) if form.is_bound else {str(one.pk) for one in records}
        return [HandoverRow(kind, one, form[f"{kind}-{one.pk}"], str(one.pk) in sent) for one in records]


def is_in_period(interview: Interview, *, from_on, until_on, **_terms) -> bool:
    """Whether the day of a planned interview is in the period of a handover."""
    return from_on <= interview.planned_on and (until_on is None or interview.planned_on <= until_on)


def undo_url(name: str, user: User) -> str:
    """Return the address that undoes the last act of a user with this name; empty without one."""
    done = Act.objects.filter(name=name, by=user).order_by("-pk").first()
    return f"{reverse('matching:hand-over-undo')}?handling={done.pk}" if done else ""


class HandoverUndoView(VerbRequiredMixin, View):
    """Undo an own handover, or the tying of names, by its act (``?handling=``)."""

    verb = Verb.WORK_CASES
    http_method_names = ["post", "options"]

    def post(self, request):
        done = Act.objects.filter(pk__in=keys_of([request.GET.get("handling", "")]), by=request.user).first()
        try:
            remaining = undo_handover(done or Act(), by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            words = _("The handover is undone.")
            if remaining:
                words = _("The handover is undone, apart from what was changed since.")
            show_toast(request, words)
        return HttpResponseRedirect(reverse("matching:match-list"))


class DeputyEndView(ActPostView):
    """End the period of a deputy today: of one match, or with ``alle`` of all that were given for the same period."""

    def get_queryset(self):
        return Handover.objects.select_related("match__programme", "giver", "receiver")

    def get_success_url(self) -> str:
        return next_url(self.request, reverse("matching:match-detail", args=[self.object.match_id]))

    def post(self, request, *args, **kwargs):
        try:
            count = end_deputy(self.object, by=request.user, on=clock.today(), is_whole="alle" in request.POST)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            words = ngettext("%(count)s match is back.", "%(count)s matches are back.", count)
            show_toast(request, words % {"count": danish_number(count)})
        return HttpResponseRedirect(self.get_success_url())


class WrittenNamesView(VerbRequiredMixin, FormView):
    """Tie the names of coordinators and interviewers in imported lists to users of the branch."""

    verb = Verb.HAND_OVER
    form_class = WrittenNamesForm
    template_name = "matching/written_names.html"
    heading = gettext_lazy("Written names of coordinators")

    def dispatch(self, request, *args, **kwargs):
        if request.user.may(self.verb) and not request.user.may(self.verb, request.membership.branch_id):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def branch(self) -> Branch:
        return self.request.membership.branch

    @cached_property
    def names(self) -> dict[str, dict[str, int]]:
        """The written names without a user, with the number of matches and of interviews."""
        matches = Match.objects.in_branches([self.branch.pk]).filter(coordinator=None)
        talks = Interview.objects.in_branches([self.branch.pk]).filter(interviewer=None)
        found: dict[str, dict[str, int]] = {}
        for kind, rows, note in (("matches", matches, "coordinator_note"), ("interviews", talks, "interviewer_note")):
            counts = rows.exclude(**{note: ""}).order_by().values_list(note).annotate(n=Count("pk"))
            for name, count in counts:
                found.setdefault(name, {"matches": 0, "interviews": 0})[kind] = count
        return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))

    def get_form_kwargs(self):
        users = list(coordinators_of([self.branch.pk]))
        found = {name: user_by_name(name, users) for name in self.names}
        suggested = {name: user for name, user in found.items() if user}
        return super().get_form_kwargs() | {"names": list(self.names), "users": users, "suggested": suggested}

    def form_valid(self, form):
        if not form.chosen:
            form.add_error(None, _("Choose a user for at least one name."))
            return self.form_invalid(form)
        try:
            count = tie_names(self.branch, form.chosen, by=self.request.user)
        except ValidationError as error:
            form.show_refusal(error)
            return self.form_invalid(form)
        words = ngettext("%(count)s record got its user.", "%(count)s records got their user.", count)
        undo = undo_url("tie_names", self.request.user)
        show_toast(self.request, words % {"count": danish_number(count)}, undo_url=undo)
        return HttpResponseRedirect(reverse("matching:written-names"))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        fields = [context["form"][name] for name in context["form"].fields]
        return context | {"heading": self.heading, "rows": list(zip(fields, self.names.values(), strict=True))}
