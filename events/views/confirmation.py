"""Confirm that an event was held, with the number of its participants; undo and correct it."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Verb
from common import clock
from common.lists import next_url
from common.templatetags.danish import danish_number
from common.toasts import show_toast
from events import services
from events.forms import ParticipantCountForm
from events.lists import counted_words
from events.models import Event
from events.views.base import EventActView, EventView


class ConfirmationView(EventView):
    """Confirm an event: in one click with the number counted so far, or with the number of the form.

    The number of a confirmed event is corrected here, with a reason.
    """

    verb = Verb.WORK_EVENTS
    host_only = True
    template_name = "events/event_confirm.html"

    def get(self, request, *args, **kwargs):
        form = ParticipantCountForm(event=self.event, initial={"participants": self.event.participant_count})
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request, *args, **kwargs):
        data = request.POST if "participants" in request.POST else {"participants": self.event.participant_count}
        form = ParticipantCountForm(data, event=self.event)
        try:
            if form.is_valid():
                return self.save(form)
        except ValidationError as error:
            form.add_error(None, error)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def save(self, form: ParticipantCountForm):
        undo_url = ""
        if self.event.confirmed_at:
            services.correct_participants(self.event, by=self.request.user, **form.cleaned_data)
        else:
            services.confirm_event(self.event, by=self.request.user, **form.cleaned_data)
            undo_url = reverse("events:undo-confirmation", args=[self.event.pk])
        show_toast(self.request, held_words(self.event, form.cleaned_data["participants"]), undo_url=undo_url)
        return redirect(self.back_url)

    @property
    def back_url(self) -> str:
        return next_url(self.request, reverse("events:event-detail", args=[self.event.pk]))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            back_url=self.back_url,
            next=next_url(self.request, ""),
            counted=counted_words(self.event),
            may_check_in=self.event.may_check_in(clock.today()),
            **kwargs,
        )


def held_words(event: Event, participants: int) -> str:
    """Return a sentence that an event was held, with the number of its participants."""
    text = ngettext(
        "%(event)s was held, %(count)s took part.", "%(event)s was held, %(count)s took part.", participants
    )
    return text % {"event": event, "count": danish_number(participants)}


class UndoConfirmationView(EventActView):
    """Undo the confirmation of an event."""

    def post(self, request, *args, **kwargs):
        services.undo_confirmation(self.event, by=request.user)
        show_toast(request, _("%(event)s is no longer confirmed as held.") % {"event": self.event})
        return redirect(next_url(request, reverse("events:event-detail", args=[self.event.pk])))
