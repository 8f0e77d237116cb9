"""Sign up, cancel, wait: the places of an event. A guest branch does so for its own people."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from common.lists import SEARCH_KEY
from common.toasts import show_toast
from events import services
from events.enums import AttendanceStatus
from events.filters import NameSearch
from events.forms import SignUpForm
from events.lists import role_words
from events.models import Attendance
from events.querysets import people_for
from events.views.base import EventActView, EventView
from events.views.facts import moved_up_words
from people.models import Person

MOST_CANDIDATES = 12


class PlaceView(EventActView):
    """An act on the list: a guest branch may do it for its own people, too."""

    host_only = False

    def back(self, wanted: str = ""):
        url = reverse("events:event-detail", args=[self.event.pk])
        wanted = wanted or self.request.POST.get("liste", "")
        return redirect(f"{url}?liste={wanted}" if wanted.isalpha() else url)

    def refuse(self, error: ValidationError):
        messages.error(self.request, " ".join(error.messages))
        return self.back()


class SignUpView(EventView):
    """Find a person by name and sign them up. Answers htmx with the names found, as they are typed."""

    verb = Verb.WORK_EVENTS
    template_name = "events/sign_up.html"

    def get(self, request, *args, **kwargs):
        search = NameSearch(request.GET)
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
        return sign_up_and_tell(self, person, form.cleaned_data["note"] or None)


def wanted_person(view: EventView) -> Person:
    """The person whom the form names; 404 for anybody whom the user may not put on the list.

    Raises ValidationError when the form names nobody.
    """
    key = view.request.POST.get("person", "")
    if not key.isdecimal():
        raise ValidationError(_("Choose a person first."))
    return get_object_or_404(people_for(view.event, view.request.user), pk=key)


def sign_up_and_tell(view: EventView, person, note: str | None = None):
    """Sign up, and say whether there was a place."""
    try:
        row = services.sign_up(view.event, by=view.request.user, person=person, note=note)
    except ValidationError as error:
        messages.error(view.request, " ".join(error.messages))
        return redirect("events:event-detail", view.event.pk)
    show_toast(view.request, signed_up_words(row))
    wanted = "venteliste" if row.status == AttendanceStatus.WAITING_LIST else "tilmeldt"
    return redirect(f"{reverse('events:event-detail', args=[view.event.pk])}?liste={wanted}")


def signed_up_words(row: Attendance) -> str:
    """What became of a sign-up: a place, or which number on the waiting list."""
    if row.status != AttendanceStatus.WAITING_LIST:
        return _("%(person)s is signed up.") % {"person": row.person}
    before = row.event.attendances.in_waiting_order().filter(signed_up_at__lt=row.signed_up_at).count()
    return _("All places are taken. %(person)s is no. %(number)s on the waiting list.") % {
        "person": row.person,
        "number": before + 1,
    }


def candidates_for(view: EventView, words: str) -> list:
    """The first people who fit the words, each with what they are and how they stand on the list."""
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
        branch=view.request.membership.branch_id,
        detail=words,
        count=len(people),
    )
    return people


class SignUpRowView(PlaceView):
    """Sign up somebody who stands on the list: invited, or cancelled before."""

    def post(self, request, *args, **kwargs):
        return sign_up_and_tell(self, self.get_attendance().person)


class CancelSignUpView(PlaceView):
    """Somebody is not coming after all; says who moved up."""

    def post(self, request, *args, **kwargs):
        row = self.get_attendance()
        try:
            moved = services.cancel_sign_up(row, by=request.user)
        except ValidationError as error:
            return self.refuse(error)
        text = _("%(person)s has cancelled.") % {"person": row.person}
        undo_url = reverse("events:sign-up-row", args=[self.event.pk, row.pk])
        if moved is None:
            show_toast(request, text, undo_url=undo_url)
        else:
            show_toast(request, f"{text} {moved_up_words([moved])}")
        return self.back()


class RemoveInvitationView(PlaceView):
    """Take somebody off the list who was invited by mistake."""

    def post(self, request, *args, **kwargs):
        row = self.get_attendance()
        person = row.person
        try:
            services.remove_invitation(row, by=request.user)
        except ValidationError as error:
            return self.refuse(error)
        show_toast(request, _("%(person)s is no longer on the list.") % {"person": person})
        return self.back()
