"""The match desk: the waiting list, the ranked mentors of the chosen mentee, and the proposal."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.lists import SORT_KEY
from common.once import run_once
from common.toasts import show_toast
from matching.forms import ProposeForm
from matching.pages.waiting_list import ORDERS, SEGMENTS, SHOWN_AT_FIRST, WaitingList
from matching.ranking import (
    DEFAULT_SHOWN,
    NO_PLACE,
    RankedMentor,
    Ranking,
    Refusal,
    excluded_mentors,
    rank_mentors,
)
from matching.ranking.seeker import called
from matching.rules.pairs import (
    age_problem,
    interview_problems,
    open_match_of_mentee,
    screening_problems,
    status_problem,
)
from matching.services import MatchRefused, propose_match
from people.enums import EnrolmentStatus
from people.models import Enrolment
from programmes.enums import ParticipantRole

LEAST_COMPARED, MOST_COMPARED = 2, 3
MOST_SHOWN = 200
EXCLUDED_PER_PAGE = 60
FRAGMENTS = {
    "waiting": "matching/_desk_waiting.html",
    "compare": "matching/_desk_compare.html",
    "excluded": "matching/_desk_excluded.html",
}


class EnrolmentLookupMixin(VerbRequiredMixin):
    """Finds an enrolment by the user's own branches: a foreign one is 404, an own one without the right 403."""

    verb = Verb.READ_CASES

    def find_enrolment(self, pk: int, role: str) -> Enrolment:
        rows = Enrolment.objects.filter(role=role).select_related("person", "programme__branch")
        enrolment = get_object_or_404(rows.known_to(self.request.user), pk=pk)
        if not self.request.user.may(self.verb, enrolment.programme.branch_id):
            raise PermissionDenied
        return enrolment

    def log(self, kind: str, subject, *, branch_id: int, detail: str = "", count: int = 1) -> None:
        record_access(by=self.request.user, kind=kind, subject=subject, branch=branch_id, detail=detail, count=count)


class MatchDeskView(EnrolmentLookupMixin, TemplateView):
    """The page, or the one part of it that htmx asks for.

    Address: ``mentee`` (enrolment), ``gender`` and ``order`` and ``waiting`` (rows) of the list, ``mentors`` (rows),
    ``compare`` (enrolments of mentors, repeated), ``excluded`` (page of the names behind the hard rules).
    """

    template_name = "matching/desk.html"

    def get_template_names(self) -> list[str]:
        return [FRAGMENTS.get(self.part, self.template_name)]

    @cached_property
    def part(self) -> str:
        wanted = self.request.htmx.target if self.request.htmx else ""
        return wanted if wanted in FRAGMENTS else ""

    def number(self, name: str, default: int = 0, most: int = 10**9) -> int:
        """A whole number of the address, from 1 to ``most``; anything else is the default."""
        text = self.request.GET.get(name, "")
        readable = text.isascii() and text.isdigit() and len(text) < 10
        return int(text) if readable and 0 < int(text) <= most else default

    @cached_property
    def waiting(self) -> WaitingList:
        segment, order = self.request.GET.get("koen", ""), self.request.GET.get(SORT_KEY, "")
        return WaitingList(
            user=self.request.user,
            branch_id=self.branch_id,
            segment=segment if segment in SEGMENTS else "",
            order=order if order in ORDERS else "",
            shown=self.number("venter", SHOWN_AT_FIRST),
        )

    @cached_property
    def branch_id(self) -> int:
        """The branch the user works in now or, when it opens no cases, the first one that does."""
        membership = self.request.membership
        if self.request.user.may(self.verb, membership.branch_id):
            return membership.branch_id
        return self.request.user.branch_ids_for(self.verb)[0]

    @cached_property
    def mentee(self) -> Enrolment | None:
        """The mentee of the address, else the first of the list."""
        if "mentee" in self.request.GET:
            return self.find_enrolment(self.number("mentee"), ParticipantRole.MENTEE)
        first = next(iter(self.waiting.ids), None)
        return self.find_enrolment(first, ParticipantRole.MENTEE) if first else None

    @cached_property
    def compared_ids(self) -> list[int]:
        ticked = [text for text in self.request.GET.getlist("sammenlign") if text.isascii() and text.isdigit()]
        return [int(text) for text in dict.fromkeys(ticked) if len(text) < 10]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {"waiting": self.waiting, "mentee": self.mentee}
        if self.mentee is None:
            if self.part:
                raise Http404
            return context | {"applications": self.waiting.applications()}
        if self.part == "waiting":
            return context
        if self.part == "excluded":
            return context | self.excluded()
        ranking = self.rank(0 if self.part else self.number("mentorer", DEFAULT_SHOWN, MOST_SHOWN))
        context |= {"ranking": ranking, "seeker": ranking.seeker} | self.compare(ranking)
        if self.part == "compare":
            return context
        self.log_page(ranking)
        return context | self.whole_page(ranking)

    def rank(self, shown: int) -> Ranking:
        return rank_mentors(self.mentee, clock.today(), shown=shown, also=self.compared_ids)

    def compare(self, ranking: Ranking) -> dict:
        chosen = [found for pk in self.compared_ids if (found := ranking.find(pk))]
        return {
            "compared": chosen[:MOST_COMPARED] if len(chosen) >= LEAST_COMPARED else [],
            "ticked": [mentor.enrolment.pk for mentor in chosen],
            "too_many": len(chosen) > MOST_COMPARED,
        }

    def excluded(self) -> dict:
        page = self.number("udelukket", 1, 10_000)
        rows, total = excluded_mentors(
            self.mentee, clock.today(), start=(page - 1) * EXCLUDED_PER_PAGE, number=EXCLUDED_PER_PAGE
        )
        self.log(AccessKind.SEARCH, "people.person", branch_id=self.branch_id, detail=_("Excluded"), count=len(rows))
        return {
            "excluded": rows,
            "excluded_more": page + 1 if page * EXCLUDED_PER_PAGE < total else None,
            "excluded_less": page - 1 if page > 1 else None,
        }

    def whole_page(self, ranking: Ranking) -> dict:
        before, after = self.waiting.neighbours(self.mentee.pk)
        position = self.waiting.position(self.mentee.pk)
        context = {
            "position": position,
            "before": before,
            "after": after,
            "more_mentors": min(
                ranking.allowed_count, self.number("mentorer", DEFAULT_SHOWN) + DEFAULT_SHOWN, MOST_SHOWN
            ),
            "problems": self.problems(),
        }
        if self.mentee.status != EnrolmentStatus.WAITING:
            context["conflict"] = open_match_of_mentee(self.mentee.person, self.mentee.programme)
        return context | (self.excluded() if "udelukket" in self.request.GET else {})

    def problems(self) -> list[str]:
        """What stands against any match of this mentee."""
        mentee = self.mentee
        found = [status_problem(mentee), age_problem(mentee, clock.today())]
        found += [*interview_problems([mentee]).values(), *screening_problems([mentee]).values()]
        return [sentence for sentence in found if sentence]

    def log_page(self, ranking: Ranking) -> None:
        """One record for the mentee's case, one for the names in the two lists, with the mentors' case numbers."""
        numbers = [mentor.person.case_number for mentor in ranking.mentors]
        self.log(AccessKind.READ, self.mentee.person, branch_id=self.mentee.programme.branch_id, detail=_("Match desk"))
        self.log(
            AccessKind.SEARCH,
            "people.person",
            branch_id=self.mentee.programme.branch_id,
            detail=_("Match desk, mentors: %(numbers)s") % {"numbers": ", ".join(numbers)},
            count=len(numbers) + len(self.waiting.rows),
        )


class RankingExplanationView(VerbRequiredMixin, TemplateView):
    """How mentors are ranked: hard rules, factors, strengths."""

    verb = Verb.READ_CASES
    template_name = "matching/desk_factors.html"

    def get_context_data(self, **kwargs):
        # numpy comes with the factors: see the engine.
        from matching.ranking.factors import FACTORS  # noqa: PLC0415

        return super().get_context_data(**kwargs, factors=FACTORS)


class MatchProposeView(EnrolmentLookupMixin, FormView):
    """The confirmation that names both and says what happens next; sent, it proposes the match."""

    verb = Verb.WORK_CASES
    form_class = ProposeForm
    template_name = "matching/desk_confirm.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.may(self.verb):
            self.mentee = self.find_enrolment(kwargs["mentee"], ParticipantRole.MENTEE)
            self.mentor = self.find_enrolment(kwargs["mentor"], ParticipantRole.MENTOR)
            if self.mentor.programme_id != self.mentee.programme_id:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["matching/_desk_confirm.html" if self.request.htmx else self.template_name]

    @cached_property
    def ranking(self) -> Ranking:
        return rank_mentors(self.mentee, clock.today(), shown=0, also=[self.mentor.pk])

    @property
    def ranked(self) -> RankedMentor | None:
        return self.ranking.find(self.mentor.pk)

    @property
    def refusal(self) -> Refusal | None:
        """The hard rule against the two; a used-up room can be opened by a reason."""
        return self.ranking.refused.get(self.mentor.pk)

    @property
    def is_full(self) -> bool:
        return self.refusal is not None and self.refusal.rule == NO_PLACE

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"asks_reason": self.is_full}

    def get(self, request, *args, **kwargs):
        for person in (self.mentee.person, self.mentor.person):
            self.log(
                AccessKind.READ, person, branch_id=self.mentee.programme.branch_id, detail=_("Proposal of a match")
            )
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        if self.refusal and not self.is_full:
            return self.refuse(form, self.refusal_words())
        try:
            url = run_once(form.cleaned_data["once"], lambda: self.propose(form.cleaned_data))
        except MatchRefused as refusal:
            form.ask_reason(wanted=refusal.code == "mentor_full")
            return self.refuse(form, " ".join(refusal.messages), refusal.conflict)
        return HttpResponseRedirect(url)

    def refusal_words(self) -> str:
        words = {"name": self.mentor.person.name, "rule": self.refusal.words}
        if self.is_full:
            return _("%(name)s has no free place. Say why, if you have agreed on one more.") % words
        return _("%(name)s cannot be proposed: %(rule)s.") % words

    def propose(self, data: dict) -> str:
        match = propose_match(
            programme=self.mentee.programme,
            mentor=self.mentor.person,
            mentee=self.mentee.person,
            by=self.request.user,
            on=clock.today(),
            reasons=self.ranked.stored_reasons if self.ranked else [],
            over_capacity_reason=data["over_capacity_reason"],
        )
        show_toast(self.request, _("The match is proposed. Now ask both."))
        return reverse("matching:match-detail", args=[match.pk])

    def refuse(self, form, words: str, conflict=None):
        context = self.get_context_data(form=form, refusal_words=words, conflict=conflict)
        return self.render_to_response(context, status=409)

    def get_context_data(self, **kwargs):
        context = {
            "mentee": self.mentee,
            "mentor": self.mentor,
            "mentee_name": called(self.mentee.person),
            "mentor_name": called(self.mentor.person),
            "ranked": self.ranked,
            "programme": self.mentee.programme,
        }
        if self.refusal:
            context["refusal_words"] = self.refusal_words()
        return super().get_context_data(**context | kwargs)
