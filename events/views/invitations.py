"""Invitations of people by filter, and of other branches by programme."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import AccessKind
from accounts.models import User
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.toasts import show_toast
from events import services
from events.filters import InviteFilter
from events.forms import InvitePeopleForm, InviteProgrammesForm
from events.lists import role_words
from events.models import Event
from events.querysets import people_for
from events.views.base import EventActView, EventView
from people.models import Person

MOST_AT_ONCE = 2000


class Audience(NamedTuple):
    """Those who match a filter: the people to invite, with their role as ``words``, and those who are left out.

    Left out are people on the event's list (``known``, their status as ``words``), and those who have died, moved away
    or want no contact (``closed``).
    """

    people: list[Person]
    known: list[Person]
    closed: list[Person]


def audience(event: Event, chosen: InviteFilter, user: User) -> Audience:
    """Return the people who match the filter, each once; to invite are ``MOST_AT_ONCE`` and one more at most."""
    fitting = chosen.people_in(people_for(event, user))
    statuses = {row.person_id: row.get_status_display() for row in event.attendances.all()}
    left_out = list(fitting.filter(~Q(state="") | Q(pk__in=event.attendances.values("person"))))
    rest = fitting.filter(state="").exclude(pk__in=event.attendances.values("person"))
    people = list(rest.prefetch_related("enrolments__programme")[: MOST_AT_ONCE + 1])
    for person in people:
        person.words = role_words(person, event)
    known = [person for person in left_out if person.pk in statuses]
    for person in known:
        person.words = statuses[person.pk]
    return Audience(people, known, [person for person in left_out if person.pk not in statuses])


class InvitePeopleView(EventView):
    """Invite people who match a filter. The page names those who are left out, and why."""

    verb = Verb.WORK_EVENTS
    host_only = True
    template_name = "events/invite.html"

    def get(self, request, *args, **kwargs):
        context = self.get_context_data()
        if context["people"] or context["known"] or context["closed"]:
            record_access(
                by=request.user,
                kind=AccessKind.SEARCH,
                subject="people.person",
                branch=self.branch_id_for_log(self.event),
                code="query_searched",
                values={"query": urlencode([(key, value) for key, value in request.GET.items() if value])[:200]},
                count=sum(len(context[name]) for name in ("people", "known", "closed")),
            )
        return self.render_to_response(context)

    def post(self, request, *args, **kwargs):
        people = people_for(self.event, request.user).filter(state="")
        form = InvitePeopleForm(request.POST, people=people)
        if not form.is_valid():
            messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
            return redirect(request.get_full_path())
        chosen = form.cleaned_data["person"]
        on = form.cleaned_data["on"] or clock.today()
        try:
            result = services.invite_people(self.event, by=request.user, people=chosen, on=on)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.get_full_path())
        text = ngettext("%(count)s person is invited.", "%(count)s people are invited.", result.new)
        undo_url = ""
        if result.rows:
            undo_url = reverse("events:withdraw-invitations", args=[self.event.pk, *result.rows])
        show_toast(request, text % {"count": result.new}, undo_url=undo_url)
        return redirect(f"{reverse('events:event-detail', args=[self.event.pk])}?liste=inviteret")

    def get_context_data(self, **kwargs):
        chosen = InviteFilter(self.request.GET, user=self.request.user)
        found = audience(self.event, chosen, self.request.user) if chosen.is_chosen else Audience([], [], [])
        is_too_many = len(found.people) > MOST_AT_ONCE
        return super().get_context_data(
            filter=chosen,
            people=[] if is_too_many else found.people,
            known=found.known,
            closed=found.closed,
            today=clock.today(),
            is_too_many=is_too_many,
            **kwargs,
        )


class WithdrawInvitationsView(EventActView):
    """Undo an invitation by filter."""

    def post(self, request, *args, **kwargs):
        rows = (kwargs["first"], kwargs["last"])
        count = services.withdraw_invitations(self.event, by=request.user, rows=rows)
        text = ngettext("%(count)s invitation is withdrawn.", "%(count)s invitations are withdrawn.", count)
        show_toast(request, text % {"count": count})
        return redirect("events:event-detail", self.event.pk)


class InviteProgrammesView(EventView):
    """Invite programmes of other branches."""

    verb = Verb.WORK_EVENTS
    host_only = True
    template_name = "events/invite_programmes.html"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(form=InviteProgrammesForm(event=self.event)))

    def post(self, request, *args, **kwargs):
        form = InviteProgrammesForm(request.POST, event=self.event)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        programmes, on = list(form.cleaned_data["programmes"]), form.cleaned_data["on"] or clock.today()
        services.invite_programmes(self.event, by=request.user, programmes=programmes, on=on)
        names = ", ".join(f"{programme.branch}: {programme}" for programme in programmes)
        show_toast(request, _("Invited: %(names)s.") % {"names": names})
        return redirect("events:event-detail", self.event.pk)


class WithdrawProgrammeInvitationView(EventActView):
    """Withdraw the invitation of another branch's programme."""

    def post(self, request, *args, **kwargs):
        invitation = get_object_or_404(self.event.programme_invitations, pk=kwargs["invitation"])
        name = str(invitation.programme)
        services.withdraw_programme_invitation(invitation, by=request.user)
        show_toast(request, _("The invitation of %(programme)s is withdrawn.") % {"programme": name})
        return redirect("events:event-detail", self.event.pk)
