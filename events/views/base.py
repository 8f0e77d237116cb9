"""Base views of the pages of one event."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin
from events.models import Attendance, Event


class EventView(ScopedObjectMixin, TemplateResponseMixin, ContextMixin, View):
    """A page of one event. ``host_only`` pages are closed to invited branches."""

    verb = Verb.READ_EVENTS
    host_only = False

    def get_queryset(self):
        return Event.objects.select_related("programme__branch", "created_by", "confirmed_by").with_counts()

    @cached_property
    def event(self) -> Event:
        event = self.get_object()
        if self.host_only and not self.request.user.may(Verb.WORK_EVENTS, event.programme.branch_id):
            raise PermissionDenied
        return event

    @cached_property
    def is_host(self) -> bool:
        return self.request.user.may(Verb.WORK_EVENTS, self.event.programme.branch_id)

    @property
    def attendances(self):
        """The event's list as far as the user sees it: an invited branch sees its own people only."""
        return self.event.attendances.visible_to(self.request.user, Verb.READ_EVENTS)

    def get_attendance(self) -> Attendance:
        """Return the attendance named in the address. Raises Http404 when the user may not see it."""
        rows = self.attendances.select_related("person", "event__programme")
        return get_object_or_404(rows, pk=self.kwargs["attendance"])

    def log_list(self, code: str, count: int) -> None:
        """Log the reading of ``count`` people on a list of the event."""
        if count:
            record_access(
                by=self.request.user,
                kind=AccessKind.READ,
                subject=self.event,
                branch=self.branch_id_for_log(self.event),
                code=code,
                values={"event": self.event.title},
                count=count,
            )

    def http_method_not_allowed(self, request, *args, **kwargs):
        """Answer 404 for an event the user may not see, also to a method the view does not allow."""
        self.get_object()
        return super().http_method_not_allowed(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(event=self.event, is_host=self.is_host, **kwargs)


class EventActView(EventView):
    """An act on an event, by POST only."""

    verb = Verb.WORK_EVENTS
    http_method_names = ["post"]
    host_only = True
