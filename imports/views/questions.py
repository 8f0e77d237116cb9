"""Asking another branch about the person of an import row."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.generic import View

from common.toasts import show_toast
from imports import services
from imports.enums import ImportStatus
from imports.views.rows import RowMixin
from people.forms.questions import AskForm
from people.views.base import try_act


class ImportAskView(RowMixin, View):
    """Ask the branch that knows the person of a row."""

    def post(self, request, pk, number):
        batch, _row = self.get_row()
        if elsewhere := self.refuse_unless(batch, ImportStatus.STAGED, ImportStatus.APPLIED):
            return elsewhere
        form = AskForm(request.POST)
        if form.is_valid() and try_act(
            form, lambda: services.ask_about_row(batch, number, by=request.user, **form.cleaned_data)
        ):
            show_toast(request, _("The question is sent."))
        else:
            messages.warning(request, " ".join(text for texts in form.errors.values() for text in texts))
            batch = self.get_object()  # it may have been imported meanwhile
        return self.answer(batch)
