"""Merging two people: finding the duplicate, choosing detail by detail, merging, undoing, and the duplicate list."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.searches import log_search
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common.lists import page_of
from common.once import run_once, submitted_before
from common.templatetags.danish import danish_datetime
from common.toasts import show_toast
from people.duplicates import MOST_COMPARED, count_pairs, like_pairs, people_like
from people.forms import MergeForm
from people.merging import MergeRefused, merge_consequences
from people.merging.comparison import compare_people, compared_person
from people.models import DistinctPeople, Person, PersonMerge
from people.services.merging import mark_distinct, merge_people, merge_refusal_text, undo_merge, unmark_distinct
from people.views.base import search_words, try_act

PAIRS_ON_PAGE = 20
MOST_FOUND = 20


class PersonWorkMixin(ScopedObjectMixin, SingleObjectMixin):
    """A person whose case the user may work with."""

    verb = Verb.WORK_CASES
    queryset = Person.objects.select_related("organisation").prefetch_related("languages__language", "merges")

    @property
    def others(self):
        """The other people of the person's branch that the user may work with."""
        rows = Person.objects.visible_to(self.request.user, self.verb)
        return rows.filter(home_branch=self.object.home_branch_id).exclude(pk=self.object.pk)


class MergeChooseView(PersonWorkMixin, View):
    """Choose the duplicate of a person among people who look alike, or by a search."""

    def get(self, request, pk):
        self.object = self.get_object()
        words = search_words(request)
        found = list(self.others.search(words).for_list()[: MOST_FOUND + 1]) if words else []
        if words:
            log_search(request, words, len(found))
        context = {
            "person": self.object,
            "words": words,
            "found": found[:MOST_FOUND],
            "has_more": len(found) > MOST_FOUND,
            "alike": [] if words else people_like(self.object, self.others.for_list()),
        }
        return render(request, "people/merge_choose.html", context)


class MergeView(PersonWorkMixin, View):
    """Compare two people, choose where they differ, and merge them."""

    logs_access = True

    def get(self, request, pk, other):
        self.object, self.other = self.get_object(), self.get_other(other)
        self.log_read(self.other)
        return self.page(MergeForm(details=self.details, initial={"number": self.other.case_number}))

    def post(self, request, pk, other):
        sent = MergeForm(request.POST)
        if sent.is_valid() and (target := submitted_before(sent)):
            return redirect(target)
        if response := self.merged_meanwhile(sent):
            return response
        self.object, self.other = self.get_object(), self.get_other(other)
        form = MergeForm(request.POST, details=self.details)
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            return redirect(self.target)
        return self.page(form)

    def act(self, form) -> None:
        self.target = run_once(form.cleaned_data["once"], lambda: self.merge(form.chosen()))

    def merge(self, chosen: dict[str, str]) -> str:
        merge = merge_people(self.object, self.other, by=self.request.user, chosen=chosen)
        words = {"other": merge.merged_case_number, "kept": self.object.case_number}
        undo_url = reverse("people:merge-undo", args=[merge.pk])
        show_toast(self.request, _("%(other)s is merged into %(kept)s.") % words, undo_url=undo_url)
        return reverse("people:person-detail", args=[self.object.pk])

    def get_other(self, pk: int) -> Person:
        rows = Person.objects.visible_to(self.request.user, self.verb)
        return get_object_or_404(rows.select_related("organisation").prefetch_related("languages__language"), pk=pk)

    def merged_meanwhile(self, form: MergeForm):
        """Redirect to the kept person if a colleague merged one of the two since the page was opened."""
        number = form.data.get("number", "")
        if Person.objects.filter(Q(pk=self.kwargs["pk"]) | Q(pk=self.kwargs["other"])).count() > 1:
            return None
        rows = PersonMerge.objects.visible_to(self.request.user, self.verb).filter(undone_at=None)
        merge = rows.filter(merged_case_number=number).select_related("kept", "merged_by").first()
        if merge is None:
            return None
        words = {
            "number": number,
            "kept": merge.kept.name,
            "name": merge.merged_by,
            "time": danish_datetime(merge.merged_at),
        }
        messages.warning(self.request, _("%(name)s merged %(number)s into %(kept)s %(time)s.") % words)
        return redirect("people:person-detail", merge.kept_id)

    @cached_property
    def details(self):
        user = self.request.user
        return compare_people(compared_person(self.object, user), compared_person(self.other, user))

    def page(self, form):
        details = [(detail, form[detail.key] if detail.key in form.fields else None) for detail in self.details]
        context = {
            "person": self.object,
            "other": self.other,
            "form": form,
            "details": details,
            "refusal": merge_refusal_text(self.object, self.other),
            "consequences": merge_consequences(self.object, self.other, self.request.user),
        }
        return render(self.request, "people/merge.html", context)


class MergeUndoView(ScopedObjectMixin, SingleObjectMixin, View):
    """Ask for confirmation and undo a merge."""

    verb = Verb.WORK_CASES
    queryset = PersonMerge.objects.select_related("kept", "merged_by")

    def get(self, request, pk):
        merge = self.get_object()
        return render(request, "people/merge_undo.html", {"merge": merge, "person": merge.kept})

    def post(self, request, pk):
        merge = self.get_object()
        sentences: list[str] = []
        form = MergeForm(request.POST)
        if form.is_valid() and try_act(form, lambda: sentences.extend(undo_merge(merge, by=request.user))):
            self.show_result(merge, sentences)
        else:
            messages.error(request, " ".join(form.non_field_errors()))
        return redirect("people:person-detail", merge.kept_id)

    def show_result(self, merge: PersonMerge, unreverted: list[str]) -> None:
        other = Person.objects.get(case_number=merge.merged_case_number)
        url = reverse("people:person-detail", args=[other.pk])
        text = _("{number} is a case of its own again: {name}.")
        show_toast(self.request, format_html(text, number=other.case_number, name=_link(url, other.name)))
        if unreverted:
            messages.warning(self.request, " ".join(unreverted))


def _link(url: str, text: str) -> str:
    return format_html('<a href="{}">{}</a>', url, text)


class DuplicatesMixin(VerbRequiredMixin):
    """The people of the branch of the current membership."""

    verb = Verb.WORK_CASES

    @property
    def people(self):
        rows = Person.objects.visible_to(self.request.user, self.verb)
        return rows.filter(home_branch=self.request.membership.branch_id)


class DuplicateListView(DuplicatesMixin, View):
    """Pairs that are probably one person, most alike first."""

    def get(self, request):
        page = page_of(request, like_pairs(self.people), PAIRS_ON_PAGE)
        rows = self.people.for_list().in_bulk([pk for pair in page for pk in (pair.first, pair.second)])
        record_access(
            by=request.user,
            kind=AccessKind.SEARCH,
            subject="people.person",
            branch=request.membership.branch_id,
            code="duplicates_shown",
            count=len(rows),
        )
        total = self.people.count()
        context = {
            "page": page,
            "pairs": [
                (pair, rows[pair.first], rows[pair.second])
                for pair in page
                if pair.first in rows and pair.second in rows  # one may have been merged a moment ago
            ],
            "total": page.paginator.count,
            "compared": MOST_COMPARED if total > MOST_COMPARED else None,
            "people_count": total,
        }
        return render(request, "people/duplicate_list.html", context)


class DuplicateCountView(DuplicatesMixin, View):
    """The number in the link to the list, fetched after the page is shown because it may take a second."""

    def get(self, request):
        count = count_pairs(self.people, request.membership.branch_id)
        return render(request, "people/_duplicate_count.html", {"count": count})


class MarkDistinctView(PersonWorkMixin, View):
    """Mark two people who look alike as distinct, or as two people of the same household."""

    def post(self, request, pk, other):
        self.object = self.get_object()
        other = get_object_or_404(self.others, pk=other)
        is_household = "household" in request.POST
        try:
            pair = mark_distinct(self.object, other, by=request.user, is_household=is_household)
        except MergeRefused as refusal:  # a colleague merged one of the two meanwhile
            messages.error(request, " ".join(refusal.messages))
            return redirect("people:duplicate-list")
        words = {"one": self.object.name, "other": other.name}
        undo_url = reverse("people:unmark-distinct", args=[pair.pk])
        sentence = (
            _("%(one)s and %(other)s are two people of the same household.")
            if is_household
            else _("%(one)s and %(other)s are two people.")
        )
        show_toast(request, sentence % words, undo_url=undo_url)
        return redirect("people:duplicate-list")


class UnmarkDistinctView(ScopedObjectMixin, SingleObjectMixin, View):
    """Suggest two people as duplicates again."""

    verb = Verb.WORK_CASES
    queryset = DistinctPeople.objects.select_related("first", "second")

    def post(self, request, pk):
        pair = self.get_object()
        unmark_distinct(pair, by=request.user)
        show_toast(request, _("The two are among the possible duplicates again."))
        shown = request.POST.get("person", "")  # the person on whose page the button is
        if shown in (str(pair.first_id), str(pair.second_id)):
            return redirect("people:person-detail", shown)
        return redirect("people:duplicate-list")
