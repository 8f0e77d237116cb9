"""Two users, or two tabs, that edit one record: nothing is overwritten unseen, and nothing typed is lost.

A form that edits carries what it held when its page was opened (``{% seen_values form %}``). When it is posted,
``EditFormMixin`` locks the record and compares, field by field, what the user saw, what is stored now and what the user
typed. A field that one of the two changed keeps that change. For fields that both changed, a page asks which text is
right; the other one stays in the history.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db import models, transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from common import clock
from common.cpr import remove_cpr_numbers
from common.form_values import SEEN, FieldValues, Posted, Seen, pack_seen, unpack_seen, values_of_forms
from common.forms.words import describe_fields
from common.history.parts import RecordParts
from common.journal import act, current_journal
from common.models import Act
from common.texts import clean_text
from common.toasts import show_toast

TYPED = "typed"  # name of the hidden field of the conflict page with what the user typed
THEIRS, MINE, BOTH = "theirs", "mine", "both"
CONFLICT, UNPROCESSABLE = 409, 422


class ChangedBy(enum.Enum):
    """Who changed a field since the page was opened."""

    SAME = "same"
    THEIRS = THEIRS
    MINE = MINE
    BOTH = BOTH


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """A field as the user saw it, as it is stored, and as the user typed it."""

    seen: Posted
    stored: FieldValues
    typed: FieldValues

    @property
    def name(self) -> str:
        return self.typed.name

    @property
    def label(self) -> str:
        return self.typed.label

    @property
    def state(self) -> ChangedBy:
        seen, stored, typed = self.typed.key(self.seen), self.stored.key(), self.typed.key()
        if typed == stored:
            return ChangedBy.SAME
        if typed == seen:
            return ChangedBy.THEIRS
        return ChangedBy.MINE if stored == seen else ChangedBy.BOTH

    @property
    def before(self) -> str:
        return self.stored.words(self.seen)

    @property
    def theirs(self) -> str:
        return self.stored.words()

    @property
    def mine(self) -> str:
        return self.typed.words()

    @property
    def joined(self) -> str:
        """Both texts, the other user's first."""
        return f"{self.theirs}\n\n{self.mine}"


def compare(
    seen: Mapping[str, Posted], stored: Mapping[str, FieldValues], typed: Mapping[str, FieldValues]
) -> list[FieldComparison]:
    """Compare the fields that the form has now. A field that it did not have before counts as seen as it is stored."""
    return [
        FieldComparison(seen.get(name, stored[name].posted), stored[name], typed[name])
        for name in typed
        if name in stored
    ]


def _lines_by_state(
    lines: list[FieldComparison], answer: Mapping[str, str]
) -> dict[str, list[tuple[FieldComparison, str]]]:
    """Return state → comparisons, each with its choice. What only one user changed is chosen already."""
    usual = {ChangedBy.THEIRS: THEIRS, ChangedBy.MINE: MINE}
    found: dict[str, list[tuple[FieldComparison, str]]] = {state.value: [] for state in ChangedBy}
    for line in lines:
        found[line.state.value].append((line, answer.get(f"keep-{line.name}") or usual.get(line.state, "")))
    return found


def replaced(data: QueryDict, old: FieldValues, new: Posted) -> QueryDict:
    """Return posted data with the values of a field, or of a formset, replaced by other ones."""
    copy = data.copy()
    for key in [key for key in copy if key in old.posted or key in new]:
        del copy[key]
    for key, values in new.items():
        copy.setlist(key, values)
    return copy


@act
def keep_unchosen(record: models.Model, *, by: models.Model, texts: Iterable[tuple[str, str]]) -> None:
    """Keep what a user typed and did not choose in the history of a record: labels of fields, and texts.

    Dots replace CPR numbers, as nowhere else was the text checked for them.
    """
    for label, words in texts:
        current_journal().keep_unchosen(record, label, remove_cpr_numbers(clean_text(words)))


@dataclass(frozen=True, slots=True)
class Editors:
    """Who changed a record since a page was opened: ``names`` without the reader's. ``at`` is the last time, if any."""

    names: list[str]
    at: Any = None

    @property
    def is_oneself(self) -> bool:
        return self.at is not None and not self.names

    @property
    def words(self) -> str:
        return _(" and ").join(self.names)

    @property
    def short(self) -> str:
        return self.names[0].split()[0] if self.names else ""


def editors_since(record: models.Model, seen: Seen, reader: models.Model) -> Editors:
    """Return who changed a record or its parts since it was seen, as far as the reader may see the parts."""
    changes = RecordParts(record, reader).changes
    acts = Act.objects.filter(pk__in=changes.values("act_id"), at__gte=seen.at).select_related("by").order_by("at")
    found = list(acts)
    names = [str(one.by or _("a command on the server")) for one in found if one.by != reader]
    return Editors(list(dict.fromkeys(names)), found[-1].at if found else None)


class EditFormMixin:
    """A view that edits a stored record by POST. Put it before the class that has ``dispatch`` and ``post``.

    ``edit_forms`` returns the forms of the page, ``edited_record`` the record whose history names the other user.
    ``edited_fields`` names the fields that show stored values, if others of the form do not. The request is one
    transaction, which locks the record first; what the view loads is what is stored then.
    """

    edited_fields: tuple[str, ...] = ()

    def edit_forms(self, data: QueryDict | None) -> list[forms.BaseForm | forms.BaseFormSet]:
        """Return forms of the stored record, bound to ``data`` unless it is None."""
        raise NotImplementedError

    def edited_record(self) -> models.Model:
        raise NotImplementedError

    def rows_to_lock(self) -> list[models.QuerySet]:
        """Return the rows that every edit of these fields locks, in this order."""
        return [self.get_queryset().model._base_manager.filter(**self.get_lookup())]

    def dispatch(self, request, *args, **kwargs):
        request.keeps_seen = True
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        posted = request.POST
        try:
            with transaction.atomic():
                for rows in self.rows_to_lock():
                    list(rows.order_by().select_for_update(of=("self",)).values_list("pk"))
                return super().dispatch(request, *args, **kwargs)
        except Http404:
            if unpack_seen(posted.get(SEEN)) is None:
                raise
            return self._gone_page(request, posted)

    def _gone_page(self, request, posted: QueryDict) -> HttpResponse:
        """Show what the user typed about a record that was deleted or merged meanwhile, or moved to another branch.

        Which of these is not said, as the user may not know whether records of other branches exist.
        """
        try:
            fields = list(signing.loads(posted.get(TYPED, ""), salt=TYPED)[0].items())
        except signing.BadSignature:
            fields = [(name, values) for name, values in posted.lists() if name != SEEN]
        return render(request, "common/gone_meanwhile.html", {"typed": describe_fields(fields)}, status=404)

    def post(self, request, *args, **kwargs):
        if TYPED in request.POST and (page := self._apply_choices(request)):
            return page
        seen = unpack_seen(request.POST.get(SEEN))
        if seen is None:
            return super().post(request, *args, **kwargs)
        lines = self._compare(seen, request.POST)
        if any(line.state is ChangedBy.BOTH for line in lines):
            return self._conflict_page(seen, request.POST)
        others = [line for line in lines if line.state is ChangedBy.THEIRS]
        data = request.POST.copy()
        for line in others:
            data = replaced(data, line.typed, line.stored.posted)
        data[SEEN] = pack_seen({line.name: line.stored for line in lines}, clock.now())
        request.POST = data
        response = super().post(request, *args, **kwargs)
        if others and response.status_code == 302:
            self._show_merged(seen, others)
        return response

    def _compare(self, seen: Seen, data: QueryDict) -> list[FieldComparison]:
        stored = values_of_forms(self.edit_forms(None), self.edited_fields)
        return compare(seen.values, stored, values_of_forms(self.edit_forms(data), self.edited_fields))

    def _show_merged(self, seen: Seen, others: list[FieldComparison]) -> None:
        fields = ", ".join(line.label for line in others)
        editors = editors_since(self.edited_record(), seen, self.request.user)
        if editors.names:
            text = _("%(who)s had changed this meanwhile: %(fields)s. Both changes are kept.")
        else:
            text = _("This was changed meanwhile: %(fields)s. Both changes are kept.")
        show_toast(self.request, text % {"who": editors.words, "fields": fields})

    # ------------------------------------------------------------ the page about a conflict

    def _conflict_page(self, seen: Seen, data: QueryDict, answer: QueryDict | None = None) -> HttpResponse:
        """Show what both changed. ``answer`` has the choices made so far, if one is missing."""
        lines = self._compare(seen, data)
        kept = {name: values for name, values in data.lists() if name not in {"csrfmiddlewaretoken", SEEN, TYPED}}
        record = self.edited_record()
        context = {
            "record": record,
            "lines": _lines_by_state(lines, answer or {}),
            "editors": editors_since(record, seen, self.request.user),
            "seen_at": seen.at,
            "is_incomplete": answer is not None,
            "seen": pack_seen({line.name: line.stored for line in lines}, seen.at),
            "typed": signing.dumps([kept, seen.values], salt=TYPED, compress=True),
        }
        status = CONFLICT if answer is None else UNPROCESSABLE
        return render(self.request, "common/conflict.html", context, status=status)

    def _apply_choices(self, request) -> HttpResponse | None:
        """Put the chosen values into ``request.POST``; return the page again unless every choice is made."""
        answer, shown = request.POST, unpack_seen(request.POST.get(SEEN))
        try:
            kept, before = signing.loads(answer[TYPED], salt=TYPED)
        except signing.BadSignature:
            shown = None
        if shown is None:
            return None  # a forged page: its values are ignored, so that the form refuses it
        data = QueryDict(mutable=True)
        for name, values in kept.items():
            data.setlist(name, values)
        request.POST = data
        lines = compare(before, values_of_forms(self.edit_forms(None)), values_of_forms(self.edit_forms(data)))
        lines = [line for line in lines if line.name in shown.values]
        return self._choose(answer, shown, before, lines)

    def _choose(
        self, answer: QueryDict, shown: Seen, before: dict, lines: list[FieldComparison]
    ) -> HttpResponse | None:
        data, unchosen = self.request.POST, []
        for line in lines:
            choice, theirs = answer.get(f"keep-{line.name}", ""), shown.values[line.name]
            is_typed = line.typed.key() != line.typed.key(before.get(line.name, theirs))
            if line.typed.key() == line.typed.key(theirs):
                continue
            if choice == THEIRS:
                data = replaced(data, line.typed, theirs)
                unchosen += [(line.label, line.mine)] if is_typed else []
            elif choice == BOTH and line.typed.is_text:
                text = answer.get(f"both-{line.name}", "").strip() or f"{line.typed.words(theirs)}\n\n{line.mine}"
                data = replaced(data, line.typed, {line.typed.source.html_name: [text]})
            elif choice != MINE:
                return self._conflict_page(Seen(shown.at, before), self.request.POST, answer)
        data[SEEN] = answer[SEEN]
        self.request.POST = data
        if unchosen:
            keep_unchosen(self.edited_record(), by=self.request.user, texts=unchosen)
        return None
