"""The list of people, its export, and the search of managers by case number."""

from django.db.models import Count, Q
from django.http import QueryDict
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from django_htmx.http import push_url
from django_tables2 import RequestConfig

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.searches import log_search
from accounts.views_base import VerbRequiredMixin
from common.exports import filter_values, search_value
from common.lists import PAGE_KEY, SEARCH_KEY
from common.searching import as_number
from people import exports
from people.duplicates import people_named_like
from people.filters import PersonFilter
from people.models import BranchTransfer, Enrolment, FormerCaseNumber, Person
from people.tables import PersonTable
from people.views.base import search_words
from people.views.questions import open_questions_to
from programmes.enums import ParticipantRole

PER_PAGE = 25
MOST_SUGGESTED = 6
MOST_BESIDE_HITS = 3  # suggestions below what a search found
MOST_CASES = 50  # on the page; the export has all


def without_blanks(query: QueryDict) -> QueryDict:
    """Return the query without blank values, which keeps the addresses of the list short."""
    filled = QueryDict(mutable=True)
    for name, values in query.lists():
        if kept := [value for value in values if value]:
            filled.setlist(name, kept)
    return filled


class PeopleListMixin(VerbRequiredMixin):
    """The people of the branch of the current membership that match the filters in the address."""

    verb = Verb.READ_CASES

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        request.GET = without_blanks(request.GET)
        self.branch_ids = [request.membership.branch_id] if getattr(request, "membership", None) else []

    def get_enrolments(self):
        """Return the enrolments that a row may show."""
        return Enrolment.objects.visible_to(self.request.user).in_branches(self.branch_ids)

    def get_filter(self) -> PersonFilter:
        enrolments = self.get_enrolments()
        people = Person.objects.listed_for(self.request.user, self.verb, self.request.membership.branch_id)
        return PersonFilter(
            self.request.GET,
            queryset=people.for_table(enrolments),
            request=self.request,
            enrolments=enrolments,
        )


class PersonListView(PeopleListMixin, View):
    def get(self, request):
        found = self.get_filter()
        table = PersonTable(found.qs, role=found.role_chosen, order_by=("name",))
        RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
        words = search_words(request)
        if words:
            log_search(request, words, table.page.paginator.count)
        context = {
            "table": table,
            "filter": found,
            "tabs": self.tabs(found),
            "total": table.page.paginator.count,
            "quick_search_query": words,
            "alike": self.alike(words, table.page.paginator.count),
            "export_query": _without(request, PAGE_KEY),
            "may_work": request.user.may(Verb.WORK_CASES, request.membership.branch_id),
            "may_export": request.user.may(Verb.EXPORT_LISTS, request.membership.branch_id),
        }
        is_fragment = request.htmx and not request.htmx.history_restore_request
        if not is_fragment:
            if request.user.may(Verb.READ_CASES, request.membership.branch_id):
                context["waiting_transfers"] = BranchTransfer.objects.waiting_for(request.membership.branch_id).count()
                context["waiting_questions"] = open_questions_to(request.membership.branch_id).count()
            return render(request, "people/person_list.html", context)
        response = render(request, "people/_person_list.html", context)
        return push_url(response, f"{request.path}?{query}" if (query := request.GET.urlencode()) else request.path)

    def alike(self, words: str, count: int) -> list[Person]:
        """Return the people of the branch whose names are like the words of a search with ``count`` results.

        None if the results fill more than a page.
        """
        if not words or count > PER_PAGE:
            return []
        people = Person.objects.listed_for(self.request.user, self.verb, self.request.membership.branch_id)
        if not count:
            return people_named_like(words, people, MOST_SUGGESTED)
        others = people.exclude(pk__in=Person.objects.search(words).values("pk"))
        return people_named_like(words, others, MOST_BESIDE_HITS)

    def tabs(self, found: PersonFilter) -> list[dict]:
        rows = found.enrolments.order_by().values("role").annotate(people=Count("person", distinct=True))
        counts = {row["role"]: row["people"] for row in rows}
        labels = {
            ParticipantRole.MENTEE: _("Mentees"),
            ParticipantRole.MENTOR: _("Mentors"),
            ParticipantRole.CONTACT: _("Contact persons"),
        }
        if counts.get(ParticipantRole.VOLUNTEER) or found.role_chosen == ParticipantRole.VOLUNTEER:
            labels[ParticipantRole.VOLUNTEER] = _("Volunteers")
        tabs = [{"role": role.value, "label": label, "count": counts.get(role, 0)} for role, label in labels.items()]
        return [*tabs, {"role": "", "label": _("All"), "count": None}]


class PersonExportView(ListExportMixin, PeopleListMixin, View):
    """Export exactly the people that the list shows for the same query, on all pages."""

    verb = Verb.EXPORT_LISTS
    export = exports.PEOPLE
    list_url_name = "people:person-list"
    subject = "people.person"

    def get_enrolments(self):
        return super().get_enrolments().select_related("programme")

    @cached_property
    def found(self) -> PersonFilter:
        return self.get_filter()

    def get_rows(self):
        table = PersonTable(self.found.qs, role=self.found.role_chosen, order_by=("name",))
        RequestConfig(self.request, paginate=False).configure(table)
        return table.data.data

    def get_lines(self, rows):
        return exports.person_lines(rows, self.found.role_chosen)

    def get_filters(self):
        return filter_values(self.found.form)


def _without(request, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


class CaseNumberSearchView(VerbRequiredMixin, View):
    """The search of a manager: case numbers with the facts that figures count, never names."""

    verb = Verb.SEE_FIGURES

    def get(self, request):
        words = search_words(request)
        rows = list(cases_by_number(request.user, words)[:MOST_CASES])
        if words:
            log_search(request, words, len(rows))
        context = {"rows": rows, "words": words, "quick_search_query": words}
        return render(request, "people/case_numbers.html", context)


def cases_by_number(user, words: str):
    """Return the enrolments by case number in the branches whose figures the user may see; none without words."""
    if not words:
        return Enrolment.objects.none()
    rows = Enrolment.objects.visible_to(user, Verb.SEE_FIGURES).select_related("person", "programme")
    number = as_number(words)
    earlier = FormerCaseNumber.objects.filter(number__icontains=number).values("person")
    found = rows.filter(Q(person__case_number__icontains=number) | Q(person__in=earlier))
    return found.order_by("person__case_number", "pk")


class CaseNumberExportView(ListExportMixin, View):
    """Export the case numbers that the search finds for a manager, without names."""

    verb = Verb.SEE_FIGURES
    export = exports.CASE_NUMBERS
    list_url_name = "people:case-number-search"
    subject = "people.enrolment"

    def get_rows(self):
        return cases_by_number(self.request.user, search_words(self.request))

    def get_filters(self):
        words = search_words(self.request)
        return {SEARCH_KEY: search_value(words)} if words else {}
