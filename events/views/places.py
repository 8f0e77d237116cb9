"""Sign-up and cancellation. An invited branch signs up its own people."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from common.forms.base import is_key
from common.lists import SEARCH_KEY
from common.toasts import show_toast
from events import services
from events.enums import AttendanceStatus
from events.filters import NameSearchForm
from events.forms import SignUpForm
from events.lists import role_words
from events.models import Attendance
from events.querysets import people_for
from events.views.base import EventActView, EventView
from events.views.events import moved_up_words
from people.models import Person

MOST_CANDIDATES = 12


class PlaceView(EventActView):
    """An act on a list. An invited branch may do it for its own people."""

    host_only = False

    def redirect_to_list(self):
        url = reverse("events:event-detail", args=[self.event.pk])
        wanted = self.request.POST.get("liste", "")
        return redirect(f"{url}?liste={wanted}" if wanted.isalpha() else url)

    def show_error(self, error: ValidationError):
        messages.error(self.request, " ".join(error.messages))
        return self.redirect_to_list()


class SignUpView(EventView):
    """Find a person by name and sign them up. Answers htmx with the people found, as the user types."""

    verb = Verb.WORK_EVENTS
    template_name = "events/sign_up.html"

    def get(self, request, *args, **kwargs):
        search = NameSearchForm(request.GET)
        words = search.cleaned_data[SEARCH_KEY] if search.is_valid() else ""
        candidates = candidates_for(self, words)
        context = self.get_context_data(words=words, candidates=candidates, search=search)
        if request.htmx:
            self.template_name = "events/_candidates.html"
        return self.render_to_response(context)

    def post(self, request, *args, **kwargs):
        form = SignUpForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(form.errors["note"]))
            return redirect("events:sign-up", self.event.pk)
        try:
            person = wanted_person(self)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("events:sign-up", self.event.pk)
        return sign_up_with_toast(self, person, form.cleaned_data["note"] or None)


def wanted_person(view: EventView) -> Person:
    """Return the person named in the form.

    Raises ValidationError when there is none, and Http404 when the user may not put the person on the list.
    """
    key = view.request.POST.get("person", "")
    if not is_key(key):
        raise ValidationError(_("Choose a person first."))
    return get_object_or_404(people_for(view.event, view.request.user), pk=key)


def sign_up_with_toast(view: EventView, person, note: str | None = None):
    """Sign a person up, show whether there was a place, and redirect to the list they are on."""
    try:
        row = services.sign_up(view.event, by=view.request.user, person=person, note=note)
    except ValidationError as error:
        messages.error(view.request, " ".join(error.messages))
        return redirect("events:event-detail", view.event.pk)
    show_toast(view.request, signed_up_words(row))
    wanted = "venteliste" if row.status == AttendanceStatus.WAITING_LIST else "tilmeldt"
    return redirect(f"{reverse('events:event-detail', args=[view.event.pk])}?liste={wanted}")


def signed_up_words(row: Attendance) -> str:
    """Return a sentence about a sign-up: a place, or the number on the waiting list."""
    if row.status != AttendanceStatus.WAITING_LIST:
        return _("%(person)s is signed up.") % {"person": row.person}
    before = row.event.attendances.in_waiting_order().filter(signed_up_at__lt=row.signed_up_at).count()
    return _("All places are taken. %(person)s is no. %(number)s on the waiting list.") % {
        "person": row.person,
        "number": before + 1,
    }


def candidates_for(view: EventView, words: str) -> list:
    """Return the first people who match the search, with their role as ``words`` and their attendance as ``row``.

    The search is logged.
    """
    if not words:
        return []
    found = people_for(view.event, view.request.user).search(words).order_by("first_name", "last_name", "pk")
    people = list(found.prefetch_related("enrolments__programme")[:MOST_CANDIDATES])
    rows = {row.person_id: row for row in view.event.attendances.filter(person__in=people)}
    for person in people:
        person.words = role_words(person, view.event)
        person.row = rows.get(person.pk)
    record_access(
        by=view.request.user,
        kind=AccessKind.SEARCH,
        subject="people.person",
        branch=view.branch_id_for_log(view.event),
        code="words_searched",
        values={"words": words},
        count=len(people),
    )
    return people


class SignUpRowView(PlaceView):
    """Sign up a person who is on the list as invited or cancelled."""

    def post(self, request, *args, **kwargs):
        return sign_up_with_toast(self, self.get_attendance().person)


class CancelSignUpView(PlaceView):
    """Cancel a person's sign-up, and show who moved up from the waiting list."""

    def post(self, request, *args, **kwargs):
        row = self.get_attendance()
        try:
            moved = services.cancel_sign_up(row, by=request.user)
        except ValidationError as error:
            return self.show_error(error)
        text = _("%(person)s has cancelled.") % {"person": row.person}
        undo_url = reverse("events:sign-up-row", args=[self.event.pk, row.pk])
        if moved is None:
            show_toast(request, text, undo_url=undo_url)
        else:
            show_toast(request, f"{text} {moved_up_words([moved])}")
        return self.redirect_to_list()


class RemoveInvitationView(PlaceView):
    """Remove a person who was invited by mistake or has declined."""

    def post(self, request, *args, **kwargs):
        row = self.get_attendance()
        person = row.person
        try:
            services.remove_invitation(row, by=request.user)
        except ValidationError as error:
            return self.show_error(error)
        show_toast(request, _("%(person)s is no longer on the list.") % {"person": person})
        return self.redirect_to_list()
