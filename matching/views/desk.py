"""Views of the match desk: the waiting list, the ranking for the chosen mentee, and the proposal."""

from django.core.exceptions import PermissionDenied, ValidationError
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
from matching.filters import DeskFilter, MentorFilter
from matching.forms import ProposeForm
from matching.pages.waiting_list import SEGMENTS, SHOWN_AT_FIRST, WaitingList, WaitingOrder, applications, mentees_of
from matching.ranking import (
    DEFAULT_SHOWN,
    FACTORS,
    NO_PLACE,
    WISHES,
    Exclusion,
    RankedMentor,
    Ranking,
    excluded_mentors,
    rank_mentors,
)
from matching.rules.pairs import mentee_problems, open_match_of_mentee
from matching.services import MatchRefused, propose_match, register_match
from matching.words import given_name
from people.display import name_with_state
from people.enums import EnrolmentStatus, Gender
from people.models import Enrolment, Term
from programmes.enums import ParticipantRole

MIN_COMPARED, MAX_COMPARED = 2, 3
MAX_SHOWN = 200
EXCLUDED_PER_PAGE = 60
MENTEE_KEYS = list(DeskFilter.base_filters)
MENTOR_KEYS = [f"{MentorFilter.PREFIX}-{name}" for name in MentorFilter.base_filters]
FRAGMENTS = {
    "waiting": "matching/_desk_waiting.html",
    "compare": "matching/_desk_compare.html",
    "excluded": "matching/_desk_excluded.html",
}


class EnrolmentLookupMixin(VerbRequiredMixin):
    """Finds an enrolment: 404 outside the user's branches, 403 without the verb in the enrolment's branch."""

    verb = Verb.READ_CASES

    def find_enrolment(self, pk: int, role: str) -> Enrolment:
        rows = Enrolment.objects.filter(role=role).select_related("person", "programme__branch")
        enrolment = get_object_or_404(rows.known_to(self.request.user), pk=pk)
        if not self.request.user.may(self.verb, enrolment.programme.branch_id):
            raise PermissionDenied
        return enrolment

    def log(self, kind: str, subject, *, branch_id: int, code: str, values: dict | None = None, count: int = 1) -> None:
        by = self.request.user
        record_access(by=by, kind=kind, subject=subject, branch=branch_id, code=code, values=values, count=count)


class MatchDeskView(EnrolmentLookupMixin, TemplateView):
    """The match desk, or the part of it that htmx asks for.

    Query keys: ``mentee`` (enrolment id); ``koen``, ``sorter``, ``venter`` (number of rows) and those of ``DeskFilter``
    of the waiting list; ``mentorer`` (number) and those of ``MentorFilter`` of the ranked mentors; ``sammenlign``
    (enrolment ids of mentors, repeated); ``udelukket`` (page of the excluded mentors).
    """

    template_name = "matching/desk.html"

    def get_template_names(self) -> list[str]:
        return [FRAGMENTS.get(self.part, self.template_name)]

    @cached_property
    def part(self) -> str:
        wanted = self.request.htmx.target if self.request.htmx else ""
        return wanted if wanted in FRAGMENTS else ""

    def number(self, name: str, default: int = 0, highest: int = 10**9) -> int:
        """Return a whole number of the address from 1 to ``highest``; anything else is the default."""
        text = self.request.GET.get(name, "")
        readable = text.isascii() and text.isdigit() and len(text) < 10
        return int(text) if readable and 0 < int(text) <= highest else default

    @cached_property
    def mentee_filter(self) -> DeskFilter:
        return DeskFilter(self.request.GET, mentees_of(self.request.user, self.branch_id), self.terms)

    @cached_property
    def terms(self) -> list[Term]:
        return list(Term.objects.all())

    @cached_property
    def mentor_filter(self) -> MentorFilter:
        mentors = Enrolment.objects.visible_to(self.request.user, self.verb).filter(role=ParticipantRole.MENTOR)
        return MentorFilter(self.request.GET, mentors.filter(programme=self.mentee.programme_id), self.terms)

    @cached_property
    def waiting(self) -> WaitingList:
        gender = Gender.of_query(self.request.GET.get("koen"))
        segment = gender.slug if gender else ""
        order = WaitingOrder.of_query(self.request.GET.get(SORT_KEY))
        return WaitingList(
            self.mentee_filter.qs,
            segment=segment if segment in SEGMENTS else "",
            order=order.slug if order else "",
            shown=self.number("venter", SHOWN_AT_FIRST),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether the waiting list is a part: a gender, or those who pass the filters."""
        return bool(self.mentee_filter.used or self.waiting.segment)

    def waiting_total(self) -> int:
        """Return the number of mentees who wait, with or without the filters."""
        if not self.is_narrowed:
            return len(self.waiting.ids)
        return mentees_of(self.request.user, self.branch_id).filter(status=EnrolmentStatus.WAITING).count()

    @cached_property
    def branch_id(self) -> int:
        """The user's current branch or, without the verb there, the first branch with it."""
        membership = self.request.membership
        if self.request.user.may(self.verb, membership.branch_id):
            return membership.branch_id
        return self.request.user.branch_ids_for(self.verb)[0]

    @cached_property
    def mentee(self) -> Enrolment | None:
        """The mentee of the address, otherwise the first of the waiting list."""
        if "mentee" in self.request.GET:
            return self.find_enrolment(self.number("mentee"), ParticipantRole.MENTEE)
        first = next(iter(self.waiting.ids), None)
        return self.find_enrolment(first, ParticipantRole.MENTEE) if first else None

    @cached_property
    def compared_ids(self) -> list[int]:
        ticked = [text for text in self.request.GET.getlist("sammenlign") if text.isascii() and text.isdigit()]
        return [int(text) for text in dict.fromkeys(ticked) if len(text) < 10]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | self.waiting_context()
        if self.mentee is None:
            if self.part:
                raise Http404
            return context | {"applications": applications(mentees_of(self.request.user, self.branch_id))}
        if self.part == "waiting":
            return context
        if self.part == "excluded":
            return context | self.excluded()
        ranking = self.rank(0 if self.part else self.number("mentorer", DEFAULT_SHOWN, MAX_SHOWN))
        context |= {"ranking": ranking, "seeker": ranking.seeker} | self.compare(ranking)
        if self.part == "compare":
            return context
        self.log_page(ranking, len(context["waiting_rows"].rows))
        return context | self.full_page(ranking)

    def waiting_context(self) -> dict:
        return {
            "waiting": self.waiting,
            "waiting_rows": self.waiting.rows_with(self.mentee.pk if self.mentee else None),
            "waiting_total": self.waiting_total(),
            "mentee": self.mentee,
            "mentee_filter": self.mentee_filter,
            "is_narrowed": self.is_narrowed,
            "all_mentees_url": self.url_without("koen", "venter", "mentee", *MENTEE_KEYS),
            "kept_by_mentee_filter": self.kept("koen", SORT_KEY, *MENTOR_KEYS),
        }

    def kept(self, *keys: str) -> list[tuple[str, str]]:
        """Return the keys and values of the address that a form keeps."""
        return [(key, value) for key in keys if (value := self.request.GET.get(key))]

    def url_without(self, *keys: str) -> str:
        """Return the address of the page without these query keys."""
        query = self.request.GET.copy()
        for key in keys:
            query.pop(key, None)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def rank(self, shown: int) -> Ranking:
        only = self.mentor_filter.qs.values_list("pk", flat=True) if self.mentor_filter.used else None
        return rank_mentors(self.mentee, clock.today(), shown=shown, also=self.compared_ids, only=only)

    def compare(self, ranking: Ranking) -> dict:
        chosen = [found for pk in self.compared_ids if (found := ranking.find(pk))]
        return {
            "compared": chosen[:MAX_COMPARED] if len(chosen) >= MIN_COMPARED else [],
            "ticked": [mentor.enrolment.pk for mentor in chosen],
            "too_many": len(chosen) > MAX_COMPARED,
        }

    def excluded(self) -> dict:
        page = self.number("udelukket", 1, 10_000)
        rows, total = excluded_mentors(
            self.mentee, clock.today(), start=(page - 1) * EXCLUDED_PER_PAGE, number=EXCLUDED_PER_PAGE
        )
        self.log(AccessKind.SEARCH, "people.person", branch_id=self.branch_id, code="excluded_shown", count=len(rows))
        return {
            "excluded": rows,
            "excluded_more": page + 1 if page * EXCLUDED_PER_PAGE < total else None,
            "excluded_less": page - 1 if page > 1 else None,
        }

    def full_page(self, ranking: Ranking) -> dict:
        before, after = self.waiting.neighbours(self.mentee.pk)
        position = self.waiting.position(self.mentee.pk)
        context = {
            "position": position,
            "before": before,
            "after": after,
            "mentor_filter": self.mentor_filter,
            "all_mentors_url": self.url_without("mentorer", *MENTOR_KEYS),
            "kept_by_mentor_filter": [
                ("mentee", self.mentee.pk),
                *self.kept("koen", SORT_KEY, "venter", *MENTEE_KEYS),
            ],
            "kept_by_comparison": self.kept("koen", SORT_KEY, "venter", "mentorer", *MENTEE_KEYS, *MENTOR_KEYS),
            "more_mentors": min(
                ranking.listed_count, self.number("mentorer", DEFAULT_SHOWN) + DEFAULT_SHOWN, MAX_SHOWN
            ),
            "problems": mentee_problems(self.mentee, clock.today()),
        }
        if self.mentee.status != EnrolmentStatus.WAITING:
            context["conflict"] = open_match_of_mentee(self.mentee.person, self.mentee.programme)
        return context | (self.excluded() if "udelukket" in self.request.GET else {})

    def log_page(self, ranking: Ranking, waiting_shown: int) -> None:
        """Log one access to the mentee's case and one to the names of the two lists, with the mentors' case numbers."""
        numbers = [mentor.person.case_number for mentor in ranking.mentors]
        self.log(AccessKind.READ, self.mentee.person, branch_id=self.mentee.programme.branch_id, code="desk_opened")
        self.log(
            AccessKind.SEARCH,
            "people.person",
            branch_id=self.mentee.programme.branch_id,
            code="mentors_ranked",
            values={"numbers": numbers},
            count=len(numbers) + waiting_shown,
        )


class RankingExplanationView(VerbRequiredMixin, TemplateView):
    """Explanation of the ranking: hard rules, factors and strengths."""

    verb = Verb.READ_CASES
    template_name = "matching/desk_factors.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, factors=FACTORS, wishes=WISHES)


class MatchProposeView(EnrolmentLookupMixin, FormView):
    """Confirmation of a proposal. Sending it proposes the match."""

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
    def exclusion(self) -> Exclusion | None:
        """The hard rule against the pair. A reason lifts the rule about free places."""
        return self.ranking.excluded.get(self.mentor.pk)

    @property
    def is_full(self) -> bool:
        return self.exclusion is not None and self.exclusion.condition is NO_PLACE

    def get_form_kwargs(self):
        pair = {"mentor": self.mentor, "mentee": self.mentee}
        return super().get_form_kwargs() | pair | {"asks_reason": self.is_full}

    def get(self, request, *args, **kwargs):
        for person in (self.mentee.person, self.mentor.person):
            self.log(AccessKind.READ, person, branch_id=self.mentee.programme.branch_id, code="proposal_opened")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        if self.exclusion and not self.is_full:
            return self.render_refusal(form, self.refusal_words())
        try:
            url = run_once(form.cleaned_data["once"], lambda: self.propose(form.cleaned_data))
        except MatchRefused as refusal:
            form.ask_reason(wanted=refusal.code == "mentor_full")
            return self.render_refusal(form, " ".join(refusal.messages), refusal.conflict)
        except ValidationError as error:
            form.show_refusal(error)
            return self.form_invalid(form)
        return HttpResponseRedirect(url)

    def refusal_words(self) -> str:
        words = {"name": name_with_state(self.mentor.person), "rule": self.exclusion.words}
        if self.is_full:
            return _("%(name)s has no free place. Say why, if you have agreed on one more.") % words
        return _("%(name)s cannot be proposed: %(rule)s.") % words

    def propose(self, data: dict) -> str:
        pair = {
            "programme": self.mentee.programme,
            "mentor": self.mentor.person,
            "mentee": self.mentee.person,
            "by": self.request.user,
            "reasons": self.ranked.stored_reasons if self.ranked else [],
            "over_capacity_reason": data["over_capacity_reason"],
        }
        proposed_on = data["on"] or clock.today()
        if data["started_on"]:
            days = {"proposed_on": proposed_on, "started_on": data["started_on"]}
            match = register_match(**pair, **days, hours=data["hours"])
            show_toast(self.request, _("The match is registered and runs."))
        else:
            match = propose_match(**pair, on=proposed_on)
            show_toast(self.request, _("The match is proposed. Now ask both."))
        return reverse("matching:match-detail", args=[match.pk])

    def render_refusal(self, form, words: str, conflict=None):
        context = self.get_context_data(form=form, refusal_words=words, conflict=conflict)
        return self.render_to_response(context, status=409)

    def get_context_data(self, **kwargs):
        context = {
            "mentee": self.mentee,
            "mentor": self.mentor,
            "mentee_name": given_name(self.mentee.person),
            "mentor_name": given_name(self.mentor.person),
            "ranked": self.ranked,
            "programme": self.mentee.programme,
        }
        if self.exclusion:
            context["refusal_words"] = self.refusal_words()
        return super().get_context_data(**context | kwargs)
