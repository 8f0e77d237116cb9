"""Invitations of people by filter, and of other branches by programme."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.toasts import show_toast
from events import services
from events.filters import InviteFilter
from events.forms import InvitePeopleForm, InviteProgrammesForm
from events.lists import role_words
from events.querysets import people_for
from events.views.base import EventActView, EventView

MOST_AT_ONCE = 2000


class InvitePeopleView(EventView):
    """Invite people who match a filter. Those already on the list are only counted."""

    verb = Verb.WORK_EVENTS
    host_only = True
    template_name = "events/invite.html"

    def get(self, request, *args, **kwargs):
        context = self.get_context_data()
        if context["people"]:
            record_access(
                by=request.user,
                kind=AccessKind.SEARCH,
                subject="people.person",
                branch=self.branch_id_for_log(self.event),
                code="query_searched",
                values={"query": urlencode([(key, value) for key, value in request.GET.items() if value])[:200]},
                count=len(context["people"]),
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
        fitting = chosen.people_in(people_for(self.event, self.request.user)) if chosen.is_chosen else None
        people, known, total = [], 0, 0
        if fitting is not None:
            on_list = self.event.attendances.values("person")
            total = fitting.count()
            known = fitting.filter(pk__in=on_list).count()
            if total - known <= MOST_AT_ONCE:
                people = list(fitting.exclude(pk__in=on_list).prefetch_related("enrolments__programme"))
        for person in people:
            person.words = role_words(person, self.event)
        return super().get_context_data(
            filter=chosen,
            people=people,
            known=known,
            total=total,
            today=clock.today(),
            is_too_many=total - known > MOST_AT_ONCE,
            most_at_once=MOST_AT_ONCE,
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
