"""Pages whose words are kept in a draft while they are typed, also when the draft is open in two tabs."""

import uuid
from collections.abc import Iterable
from dataclasses import replace

from django import forms
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from common import clock
from common.editing import ChangedBy, FieldComparison, compare, replaced
from common.form_values import SEEN as RECORD_SEEN
from common.form_values import pack_seen, unpack_seen, values_of_forms
from common.kept_posts import TOKEN, USED
from common.models import SubmittedForm
from people import services
from people.models import Draft

PAGE, SEEN = "draft_page", "draft_seen"  # hidden fields: the id of the opened page, and what the page held
OTHERS = (ChangedBy.THEIRS, ChangedBy.BOTH)  # what another tab has changed


class DraftMixin:
    """A view that keeps what is posted in ``draft``. ``posted`` has it with what only another tab has changed."""

    draft: Draft
    not_kept = frozenset({TOKEN, USED, PAGE, SEEN, RECORD_SEEN, "go", "next", "once"})

    def draft_forms(self, data: QueryDict | None) -> Iterable[forms.BaseForm | forms.BaseFormSet]:
        """Return the forms of the page, bound to data, or unbound as a new page has them."""
        raise NotImplementedError

    @transaction.atomic
    def keep_words(self, *, is_asked: bool) -> list[FieldComparison]:
        """Store what was posted, and return what another tab has stored since the page was opened.

        Of a field that both changed, the draft keeps what was typed here if the user sees both texts now
        (``is_asked``), otherwise what the other tab stored. Raises DraftFinished.
        """
        post = self.request.POST
        self.posted = QueryDict(mutable=True)
        for name, items in post.lists():
            if name not in self.not_kept:
                self.posted.setlist(name, items)
        words = services.without_cpr_numbers(self.posted)
        stored = services.lock_draft(self.draft)
        is_own = not stored.typed or stored.saved_from == post.get(PAGE, "")
        others = [] if is_own else self._changed_elsewhere(stored, words)
        for line in others:
            if line.state is ChangedBy.THEIRS:
                self.posted = replaced(self.posted, line.typed, line.stored.posted)
            if line.state is ChangedBy.THEIRS or not is_asked:
                words = replaced(words, line.typed, line.stored.posted)
        is_seen = is_asked or not others
        saved_from = post.get(PAGE, "")[:36] if is_seen else stored.saved_from
        services.save_draft(self.draft, typed=dict(words.lists()), saved_from=saved_from)
        return others

    def _changed_elsewhere(self, stored: Draft, words: QueryDict) -> list[FieldComparison]:
        seen = unpack_seen(self.request.POST.get(SEEN))
        before = values_of_forms(self.draft_forms(stored.values))
        typed = values_of_forms(self.draft_forms(words))
        lines = compare(seen.values if seen else {}, before, typed)
        return [line for line in lines if line.state in OTHERS]

    def words_key(self) -> uuid.UUID:
        """Return a key of what was typed: a form that is sent twice leads to the record, without a question."""
        return uuid.uuid5(self.draft.key, repr(sorted(services.without_cpr_numbers(self.posted).lists())))

    def finished_page(self) -> HttpResponse:
        """Answer a post of a draft that was finished in another tab: nothing that was typed here only is dropped."""
        address = SubmittedForm.objects.get(key=self.draft.key).target_url
        if self.request.htmx:
            return unsaved(render(self.request, "people/_draft_finished.html", {"address": address}))
        if SubmittedForm.objects.filter(key=self.words_key()).exists():
            return redirect(address)
        seen = unpack_seen(self.request.POST.get(SEEN))
        held = values_of_forms(self.draft_forms(self.posted))
        typed = [one for name, one in held.items() if seen is None or one.key() != one.key(seen.values.get(name, {}))]
        if not typed:
            return redirect(address)
        lines = [(one.label, one.words()) for one in typed if one.words()]
        return render(self.request, "people/draft_finished.html", {"address": address, "lines": lines}, status=409)

    def draft_context(self, others: Iterable[FieldComparison] = (), *, is_asked: bool = True) -> dict:
        """Return what the page says about its draft, and its hidden fields. ``others`` are what another tab changed."""
        held = values_of_forms(self.draft_forms(self.draft.values))
        if not is_asked:  # the page goes on to show what it held
            held |= {line.name: replace(held[line.name], posted=line.seen) for line in others}
        return {
            "draft": self.draft,
            "draft_page": self.request.POST.get(PAGE) or str(uuid.uuid4()),
            "draft_seen": pack_seen(held, clock.now()),
            "others": others,
            "is_asked": is_asked,
        }


def unsaved(response: HttpResponse) -> HttpResponse:
    """Let the page ask before it is left, as the draft does not hold all of it."""
    response["X-Unsaved"] = "true"
    return response
