"""The decision on an import: carry it out, put it aside, or undo it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from common.templatetags.danish import danish_number
from common.toasts import show_toast
from imports import services
from imports.enums import ImportStatus
from imports.models import ImportBatch
from imports.services.undoing import removed_in_words
from imports.views.base import STEPS, BatchMixin
from imports.views.checking import SECONDS_A_REQUEST
from imports.views.review import kept_lines


class ImportApplyView(BatchMixin, View):
    """Step 4: whole or not at all. Pressed twice it imports once."""

    def post(self, request, pk):
        batch = self.get_object()
        if batch.status == ImportStatus.APPLIED and batch.applied_by_id == request.user.pk:
            return redirect("imports:import-review", pk)  # pressed twice
        try:
            batch = services.apply_import(batch, by=request.user)
        except services.ImportChanged:
            return self.look_again(batch)
        except ValidationError as error:
            return self.tell_refusal(batch, error)
        accepted = batch.counts["accepted"]
        words = ngettext("%(count)s row is imported.", "%(count)s rows are imported.", accepted)
        show_toast(request, words % {"count": danish_number(accepted)})
        return redirect("imports:import-review", pk)

    def look_again(self, batch: ImportBatch):
        """Something was stored since the rows were checked: check them anew."""
        try:
            services.check_again(batch, by=self.request.user, seconds=SECONDS_A_REQUEST)
        except ValidationError as error:
            return self.tell_refusal(batch, error)
        messages.warning(
            self.request,
            _("People were added since you read the file, so some rows come out differently. Look through them."),
        )
        return redirect("imports:import-review", batch.pk)


class ImportDiscardView(BatchMixin, View):
    """Put a read file aside; nothing of it stays."""

    def post(self, request, pk):
        batch = self.get_object()
        try:
            services.discard_import(batch, by=request.user)
        except ValidationError as error:
            return self.tell_refusal(batch, error)
        show_toast(request, _("The file is put aside. Nothing of it is stored."))
        return redirect("imports:import-list")


class ImportUndoView(BatchMixin, View):
    """Take an import back, after saying what goes and what stays."""

    def get(self, request, pk):
        batch = self.get_object()
        if elsewhere := self.refuse_unless(batch, ImportStatus.APPLIED):
            return elsewhere
        try:
            summary = services.preview_undo(batch, by=request.user)
        except ValidationError as error:
            return self.tell_refusal(batch, error)
        return self.page(
            "imports/undo.html",
            len(STEPS) + 1,
            batch=batch,
            removed=removed_in_words(summary),
            set_back=summary["set_back"],
            kept=kept_lines(summary),
        )

    def post(self, request, pk):
        batch = self.get_object()
        if batch.status == ImportStatus.UNDONE and batch.undone_by_id == request.user.pk:
            return redirect("imports:import-review", pk)  # pressed twice
        try:
            services.undo_import(batch, by=request.user)
        except ValidationError as error:
            return self.tell_refusal(batch, error)
        show_toast(request, _("The import is undone."))
        return redirect("imports:import-review", pk)
