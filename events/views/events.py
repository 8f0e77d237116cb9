"""The page of an event, and the forms to create, edit and cancel it."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView

from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.editing import EditFormMixin
from common.history import moved_figures
from common.lists import page_of
from common.once import run_once
from common.templatetags.danish import danish_number
from common.toasts import show_toast
from events import services
from events.forms import EventForm
from events.lists import rows_of, tabs_for, with_words
from events.models import Event
from events.views.base import EventActView, EventView
from people.models import Person

PAGE_SIZE = 50


class EventDetailView(EventView):
    """The facts and lists of an event. An invited branch reads it and sees its own people only."""

    template_name = "events/event_detail.html"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        context = participants_context(self, self.request.GET.get("liste", ""))
        context["invitations"] = list(
            self.event.programme_invitations.select_related("programme__branch").order_by("pk")
        )
        self.log_list("participants_shown", len(context["rows"]))
        return super().get_context_data(**context, **kwargs)


def participants_context(view: EventView, wanted: str) -> dict:
    """Return the context of the card of lists: tabs with counts, the current list, the people the user may open."""
    tabs = tabs_for(view.attendances, wanted)
    current = next(tab.name for tab in tabs if tab.is_current)
    page = page_of(view.request, rows_of(view.attendances, current), PAGE_SIZE)
    rows = with_words(page.object_list, view.event)
    ids = [row.person_id for row in rows]
    return {
        "tabs": tabs,
        "current": current,
        "page": page,
        "rows": rows,
        "openable": set(Person.objects.visible_to(view.request.user).filter(pk__in=ids).values_list("pk", flat=True)),
        "may_check_in": view.event.may_check_in(clock.today()),
        "is_over": view.event.ends_at <= clock.now(),
        "may_print": view.request.user.may(Verb.EXPORT_LISTS),
        "may_work": view.request.user.may(Verb.WORK_EVENTS),
    }


class EventCreateView(VerbRequiredMixin, FormView):
    """Create an event of one of the user's programmes."""

    verb = Verb.WORK_EVENTS
    form_class = EventForm
    template_name = "events/event_form.html"

    def get_initial(self):
        return {"day": self.request.GET.get("dag", "")}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        def create() -> str:
            event = services.create_event(by=self.request.user, **form.facts)
            show_toast(self.request, _("%(event)s is created.") % {"event": event})
            return reverse("events:event-detail", args=[event.pk])

        return HttpResponseRedirect(run_once(form.cleaned_data["once"], create))


class EventUpdateView(EditFormMixin, EventView, FormView):
    """Edit the facts of an event. People move up from the waiting list when there are more places."""

    verb = Verb.WORK_EVENTS
    host_only = True
    form_class = EventForm
    template_name = "events/event_form.html"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user, "event": self.event}

    def edit_forms(self, data):
        return [EventForm(data, user=self.request.user, event=self.event)]

    def edited_record(self) -> Event:
        return self.event

    def form_valid(self, form):
        days = {"starts_at": (self.event.starts_at, form.cleaned_data["starts_at"])}
        moved = moved_figures(self.event, days) if form.corrects_day else []
        try:
            moved_up = self.save(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        saved = _("%(event)s is saved.") % {"event": self.event}
        show_toast(self.request, " ".join([saved, moved_up_words(moved_up), *moved]))
        return redirect("events:event-detail", self.event.pk)

    def save(self, form) -> list:
        if form.corrects_day:
            reason = form.cleaned_data["reason"]
            return services.correct_event(self.event, by=self.request.user, reason=reason, **form.facts)
        return services.update_event(self.event, by=self.request.user, **form.facts)


def moved_up_words(moved_up) -> str:
    """Return a sentence about the people who moved up from the waiting list; empty if there are none."""
    if not moved_up:
        return ""
    names = ", ".join(str(row.person) for row in moved_up[:3])
    if len(moved_up) > 3:
        names = _("%(names)s and %(count)s more") % {"names": names, "count": len(moved_up) - 3}
    return ngettext(
        "%(names)s has moved up from the waiting list.", "%(names)s have moved up from the waiting list.", len(moved_up)
    ) % {"names": names}


class EventCancelView(EventView):
    """Explain what cancelling means, and cancel."""

    verb = Verb.WORK_EVENTS
    host_only = True
    template_name = "events/event_cancel.html"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        count = self.event.taken_count
        explanation = ngettext(
            "%(shown)s person is signed up. Let them know yourself: we send no mail. The list stays, and the event"
            " counts in no target.",
            "%(shown)s people are signed up. Let them know yourself: we send no mail. The list stays, and the event"
            " counts in no target.",
            count,
        ) % {"shown": danish_number(count)}
        return super().get_context_data(
            heading=_("Call off event"),
            question=_("Call off %(title)s?") % {"title": self.event.title},
            explanation=explanation,
            button=_("Call off event"),
            keep_label=_("Keep event"),
            back_url=reverse("events:event-detail", args=[self.event.pk]),
            back_label=self.event.title,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        services.cancel_event(self.event, by=request.user)
        undo_url = reverse("events:event-reinstate", args=[self.event.pk])
        show_toast(request, _("%(event)s is cancelled.") % {"event": self.event}, undo_url=undo_url)
        return redirect("events:event-detail", self.event.pk)


class EventReinstateView(EventActView):
    """Undo the cancellation of an event."""

    def post(self, request, *args, **kwargs):
        services.reinstate_event(self.event, by=request.user)
        show_toast(request, _("%(event)s takes place after all.") % {"event": self.event})
        return redirect("events:event-detail", self.event.pk)
