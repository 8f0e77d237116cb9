"""Pages about the state of a person: setting it with a preview of what ends, lifting it, what it ended."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin
from common.toasts import show_toast
from people.display import name_with_state
from people.endings import ended_groups, groups_digest, open_groups
from people.forms.states import LiftForm, StateForm
from people.models import Person, PersonState
from people.services import lift_person_state, set_person_state
from people.views.base import try_act


class PersonStateView(ScopedObjectMixin, SingleObjectMixin, View):
    """Record that a person has died, moved away or wants no contact. The page lists what ends."""

    verb = Verb.WORK_CASES
    queryset = Person.objects.all()

    def get(self, request, pk):
        self.object = self.get_object()
        if self.object.state:
            return redirect("people:person-detail", pk)
        return self.page(StateForm())

    def post(self, request, pk):
        self.object = self.get_object()
        form = StateForm(request.POST)
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            show_toast(request, _("Registered: %(name)s.") % {"name": name_with_state(self.state.person)})
            return redirect("people:person-detail", pk)
        return self.page(form)

    def act(self, form: StateForm) -> None:
        self.state = set_person_state(self.object, by=self.request.user, **form.cleaned_data)

    def page(self, form: StateForm):
        groups = open_groups(self.object, self.request.user)
        form.data = form.data.copy()
        form.initial["seen"] = form.data["seen"] = groups_digest(groups)
        context = {"form": form, "person": self.object, "groups": groups}
        return render(self.request, "people/state_form.html", context)


class StateMixin(ScopedObjectMixin, SingleObjectMixin):
    queryset = PersonState.objects.select_related("person", "recorded_by", "lifted_by")

    def context(self, **more) -> dict:
        state = self.object
        return {"state": state, "person": state.person, "groups": ended_groups(state, self.request.user), **more}


class PersonStateDetailView(StateMixin, View):
    """What a state ended, so that a user can reopen it after a mistake."""

    verb = Verb.READ_CASES

    def get(self, request, pk):
        self.object = self.get_object()
        return render(request, "people/state_detail.html", self.context(may_work=request.user.may(Verb.WORK_CASES)))


class PersonStateLiftView(StateMixin, View):
    """Lift a state. The record stays, and nothing that it ended is opened again."""

    verb = Verb.WORK_CASES

    def get(self, request, pk):
        self.object = self.get_object()
        return self.page(LiftForm())

    def post(self, request, pk):
        self.object = self.get_object()
        form = LiftForm(request.POST)
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            show_toast(request, _("The state of %(name)s is lifted.") % {"name": self.object.person.name})
            return redirect(self.target())
        return self.page(form)

    def act(self, form: LiftForm) -> None:
        lift_person_state(self.object, by=self.request.user, **form.cleaned_data)

    def target(self) -> str:
        """Return the page of what the state ended, or of the person if it ended nothing."""
        name, key = ("person-detail", self.object.person_id)
        if ended_groups(self.object, self.request.user):
            name, key = "person-state-detail", self.object.pk
        return reverse(f"people:{name}", args=[key])

    def page(self, form: LiftForm):
        return render(self.request, "people/state_lift.html", self.context(form=form))
