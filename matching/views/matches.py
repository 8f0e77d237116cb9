"""Views of matches: the list, the page of a match, and the matches that need attention."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import DetailView, TemplateView, View
from django_tables2 import RequestConfig

from accounts.enums import AccessKind
from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common import clock
from common.choices import SluggedChoices
from common.exports import filter_values
from common.lists import SEARCH_KEY
from matching.enums import NOT_STARTED_STATUSES, MatchStatus
from matching.exports import ATTENTION, MATCHES
from matching.filters import AttentionFilter, MatchFilter
from matching.models import Match
from matching.pages.hand_over import may_hand_over
from matching.pages.match_page import MatchPage, person_line, status_counts
from matching.quality.attention import AttentionItem, attention_items, attention_items_of, roles_to_ask
from matching.quality.attention_kinds import group_attention
from matching.tables import MatchTable
from people.origins import origin_of


class MatchSegment(SluggedChoices):
    """Segments of the list of matches, as tabs above it."""

    ACTIVE = "active", "aktive", pgettext_lazy("segment", "Active")
    COMING = "coming", "forslag", gettext_lazy("Proposed and introduced")
    PAUSED = "paused", "pause", gettext_lazy("On pause")
    ENDED = "ended", "afsluttet", pgettext_lazy("segment", "Ended")
    DROPPED = "dropped", "aldrig-begyndt", gettext_lazy("Never began")
    ALL = "all", "alle", gettext_lazy("All")


STATUSES_OF = {
    MatchSegment.ACTIVE: [MatchStatus.ACTIVE],
    MatchSegment.COMING: NOT_STARTED_STATUSES,
    MatchSegment.PAUSED: [MatchStatus.PAUSED],
    MatchSegment.ENDED: [MatchStatus.ENDED],
    MatchSegment.DROPPED: [MatchStatus.DECLINED, MatchStatus.WITHDRAWN],
    MatchSegment.ALL: MatchStatus.values,
}
SEGMENT_OF = {status: segment for segment, statuses in list(STATUSES_OF.items())[:-1] for status in statuses}


class MatchRowsMixin(VerbRequiredMixin):
    """The matches that the filters of the address select."""

    @cached_property
    def filter(self) -> MatchFilter:
        visible = Match.objects.visible_to(self.request.user, self.verb)
        return MatchFilter(self.request.GET, queryset=visible, request=self.request)

    @property
    def segment(self) -> MatchSegment | None:
        """The segment of the address; None, which selects no match, for an unknown one."""
        return MatchSegment.of_query(self.request.GET.get("status") or MatchSegment.ACTIVE)

    def get_matches(self):
        rows = self.filter.qs.filter(status__in=STATUSES_OF.get(self.segment, []))
        return rows.with_parties().with_acting(clock.today()).with_meetings().order_by("-started_on", "-pk")

    def log_search(self, count: int) -> None:
        record_access(
            by=self.request.user,
            kind=AccessKind.SEARCH,
            subject=Match._meta.label_lower,
            branch=self.request.membership.branch_id,
            code="query_searched",
            values={"query": self.request.GET.urlencode()},
            count=count,
        )


class MatchListView(MatchRowsMixin, TemplateView):
    """The list of matches, by segment and filters."""

    verb = Verb.READ_CASES
    template_name = "matching/match_list.html"
    per_page = 50

    def get_context_data(self, **kwargs):
        is_single = self.filter.form.fields["indsats"].queryset.count() == 1
        is_choosing = "vaelg" in self.request.GET and self.request.user.may(Verb.WORK_CASES)
        hidden = [*(["programme"] if is_single else []), *([] if is_choosing else ["tick"])]
        table = MatchTable(self.get_matches(), exclude=hidden)
        RequestConfig(self.request, paginate={"per_page": self.per_page}).configure(table)
        total = table.page.paginator.count
        if self.request.GET.get(SEARCH_KEY):
            self.log_search(total)
        return super().get_context_data(
            **kwargs,
            table=table,
            total=total,
            filter=self.filter,
            segments=self.segments(),
            segment=self.segment,
            may_export=self.request.user.may(Verb.EXPORT_LISTS),
            may_work=self.request.user.may(Verb.WORK_CASES),
            is_choosing=is_choosing,
        )

    def segments(self) -> list[dict]:
        counts = status_counts(self.filter.qs)
        return [
            {"slug": one.slug, "words": one.label, "is_current": one is self.segment, "count": count}
            for one in MatchSegment
            for count in [sum(counts.get(status, 0) for status in STATUSES_OF[one])]
        ]


class MatchExportView(ListExportMixin, MatchRowsMixin, View):
    """Download of the list as shown, all pages."""

    verb = Verb.EXPORT_LISTS
    export = MATCHES
    list_url_name = "matching:match-list"
    subject = Match._meta.label_lower

    def get_rows(self):
        table = MatchTable(self.get_matches())
        RequestConfig(self.request, paginate=False).configure(table)
        return table.data.data

    def get_filters(self):
        is_part = self.segment not in {None, MatchSegment.ALL}
        return ({"status": self.segment.value} if is_part else {}) | filter_values(self.filter.form)


class MatchDetailView(ScopedObjectMixin, DetailView):
    """The page of a match: the four criteria, follow-ups, meetings, goals, outcomes and its people."""

    verb = Verb.READ_CASES
    logs_access = True
    template_name = "matching/match_detail.html"
    context_object_name = "match"

    def get_queryset(self):
        return Match.objects.with_parties().with_active(clock.today()).select_related("created_by")

    def get_context_data(self, **kwargs):
        match = self.object
        today = clock.today()
        page = MatchPage(match, today, show_all=self.request.GET.get("plan") in {"alle", "all"})
        return super().get_context_data(
            **kwargs,
            page=page,
            origin=origin_of(match, self.request.user),
            attention=attention_items_of(match, self.request.user, today) if match.is_open else [],
            can_work=self.request.user.may(Verb.WORK_CASES, match.programme.branch_id),
            can_hand_over=match.is_open and may_hand_over(self.request.user, match),
            segment=SEGMENT_OF[match.status],
            parties=[
                {"person": match.mentee, "role": _("mentee"), "line": person_line(match.mentee)},
                {"person": match.mentor, "role": _("mentor"), "line": person_line(match.mentor)},
            ],
        )


class AttentionRowsMixin(VerbRequiredMixin):
    """The matches that need attention, of all coordinators or of the one in the address."""

    @cached_property
    def filter(self) -> AttentionFilter:
        matches = Match.objects.visible_to(self.request.user, self.verb)
        return AttentionFilter(self.request.GET, queryset=matches, request=self.request)

    @property
    def is_filtered(self) -> bool:
        return bool(filter_values(self.filter.form))

    def get_items(self) -> list[AttentionItem]:
        among = self.filter.qs if self.is_filtered else None
        return attention_items(self.request.user, clock.today(), among=among)


class AttentionListView(AttentionRowsMixin, TemplateView):
    """*Kræver opmærksomhed*: the matches that need attention by kind, and roles whose pause is over."""

    verb = Verb.READ_CASES
    template_name = "matching/attention_list.html"

    def get_context_data(self, **kwargs):
        user, items = self.request.user, self.get_items()
        return super().get_context_data(
            **kwargs,
            filter=self.filter,
            is_filtered=self.is_filtered,
            groups=group_attention(items),
            total=len(items),
            roles=[] if self.is_filtered else roles_to_ask(user, clock.today()),
            has_open=bool(items) or Match.objects.visible_to(user).open().exists(),
            may_export=user.may(Verb.EXPORT_LISTS),
        )


class AttentionExportView(ListExportMixin, AttentionRowsMixin, View):
    """Download of the list as shown."""

    verb = Verb.EXPORT_LISTS
    export = ATTENTION
    list_url_name = "matching:attention-list"
    subject = "matching.match"

    def get_rows(self):
        return self.get_items()

    def get_filters(self):
        return filter_values(self.filter.form)
