"""Pages that change a person, their consents or an enrolment; each returns to the person's page."""

import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin
from common.editing import EditFormMixin
from common.toasts import show_toast
from people import services
from people.enums import ConsentKind
from people.forms import (
    ConsentForm,
    ContactForm,
    EndForm,
    LanguageFormSet,
    PauseForm,
    PersonForm,
    ReopenRoleForm,
    WishesForm,
    skills_of,
)
from people.models import Enrolment, Person
from people.services.removing import RemovalRefused, removal_refusal
from people.views.base import try_act
from people.views.detail import newest_consents


class PersonFormView(ScopedObjectMixin, SingleObjectMixin, View):
    """A form that changes a person or an enrolment. Subclasses define ``get_form(data)`` and ``act(form)``."""

    verb = Verb.WORK_CASES
    template_name = "people/form_page.html"
    heading = ""
    label = ""

    def dispatch(self, request, *args, **kwargs):
        self.object = None
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        self.object = self.get_object()
        return self.page(self.get_form())

    def post(self, request, pk):
        self.object = self.get_object()
        form = self.get_form(request.POST)
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            show_toast(request, self.done())
            return redirect(self.back())
        return self.page(form)

    @property
    def person(self) -> Person:
        return self.object if isinstance(self.object, Person) else self.object.person

    def back(self) -> str:
        return reverse("people:person-detail", args=[self.person.pk])

    def done(self) -> str:
        return _("The details of %(name)s are saved.") % {"name": self.person.name}

    def page(self, form):
        context = {
            "form": form,
            "person": self.person,
            "heading": self.heading,
            "label": self.label,
            "back": self.back(),
            **self.extra(),
        }
        return render(self.request, self.template_name, context)

    def extra(self) -> dict:
        return {}


class PersonEditMixin(EditFormMixin):
    """A form of stored values: two users who change them at the same time are asked."""

    def edit_forms(self, data):
        self.object = self.get_object()
        return [self.get_form(data)]

    def edited_record(self) -> Person:
        return self.person


class PersonEditView(PersonEditMixin, PersonFormView):
    queryset = Person.objects.all()
    template_name = "people/person_form.html"

    def get_form(self, data=None):
        return PersonForm(data, instance=copy.copy(self.object), user=self.request.user)

    def act(self, form):
        services.update_person(self.object, by=self.request.user, **form.details())


class ConsentEditView(PersonEditMixin, PersonFormView):
    queryset = Person.objects.prefetch_related("consents")
    edited_fields = tuple(ConsentKind.values)

    heading = gettext_lazy("Consent")
    label = gettext_lazy("Save")

    def get_form(self, data=None):
        newest = newest_consents(self.object)
        return ConsentForm(data, initial={row.kind: "yes" if row.is_given else "no" for row in newest})

    def act(self, form):
        known = {row.kind: row.is_given for row in newest_consents(self.object)}
        for consent in form.consents():
            if known.get(consent["kind"]) != consent["is_given"]:
                services.record_consent(self.object, by=self.request.user, **consent)

    def done(self) -> str:
        return _("The consent of %(name)s is saved.") % {"name": self.person.name}


class ContactView(PersonEditMixin, PersonFormView):
    """Record the last contact with a contact person."""

    queryset = Person.objects.all()

    heading = gettext_lazy("Register contact")
    label = gettext_lazy("Register contact")

    def get_form(self, data=None):
        return ContactForm(data, initial={"on": self.object.last_contacted_on})

    def act(self, form):
        services.record_contact(self.object, by=self.request.user, on=form.cleaned_data["on"])

    def done(self) -> str:
        return _("Contact with %(name)s is registered.") % {"name": self.person.name}


class EnrolmentFormView(PersonFormView):
    queryset = Enrolment.objects.select_related("person", "programme").prefetch_related("terms")

    def extra(self) -> dict:
        return {"enrolment": self.object}


class WishesEditView(PersonEditMixin, EnrolmentFormView):
    """Change what a person seeks or offers, and the languages they speak."""

    template_name = "people/wishes_form.html"

    def get_form(self, data=None):
        self.languages = LanguageFormSet(data, initial=self.initial_languages(), prefix="languages")
        return WishesForm(data, instance=copy.copy(self.object), role=self.object.role)

    def edit_forms(self, data):
        return [*super().edit_forms(data), self.languages]

    def rows_to_lock(self):
        """Return the person, to whom the languages belong, and the enrolment."""
        return [Person.objects.filter(enrolments__pk=self.kwargs["pk"]), *super().rows_to_lock()]

    def initial_languages(self) -> list[dict]:
        skills = self.object.person.languages.select_related("language")
        return [{"language": skill.language_id, "level": skill.level, "note": skill.note} for skill in skills]

    def act(self, form):
        if not self.languages.is_valid():
            raise ValidationError(_("Check the languages."))
        services.update_wishes(self.object, by=self.request.user, languages=skills_of(self.languages), **form.details())

    def extra(self) -> dict:
        return {**super().extra(), "languages": self.languages}

    def done(self) -> str:
        return _("The wishes of %(name)s are saved.") % {"name": self.person.name}


class EnrolmentPauseView(EnrolmentFormView):
    heading = gettext_lazy("Set on pause")
    label = gettext_lazy("Set on pause")

    def get_form(self, data=None):
        return PauseForm(data)

    def act(self, form):
        services.pause_enrolment(self.object, by=self.request.user, **form.cleaned_data)

    def done(self) -> str:
        return _("%(name)s is on pause.") % {"name": self.person.name}


class EnrolmentEndView(EnrolmentFormView):
    heading = gettext_lazy("End the role")
    label = gettext_lazy("End the role")

    def get_form(self, data=None):
        return EndForm(data)

    def act(self, form):
        services.end_enrolment(self.object, by=self.request.user, **form.cleaned_data)

    def done(self) -> str:
        return _("%(name)s has ended.") % {"name": self.person.name}


class EnrolmentReopenView(EnrolmentFormView):
    """Reopen an enrolment that is paused or has ended."""

    heading = gettext_lazy("Reopen the role")
    label = gettext_lazy("Reopen")

    def get_form(self, data=None):
        return ReopenRoleForm(data)

    def act(self, form):
        services.reopen_enrolment(self.object, by=self.request.user, **form.cleaned_data)

    def done(self) -> str:
        return _("The role of %(name)s is open again.") % {"name": self.person.name}


class PersonRemoveView(ScopedObjectMixin, SingleObjectMixin, View):
    """Ask for confirmation and remove a person who was created by mistake."""

    verb = Verb.WORK_CASES
    queryset = Person.objects.all()

    def get(self, request, pk):
        person = self.get_object()
        return render(
            request, "people/person_remove.html", {"person": person, "refusal": removal_refusal(person, request.user)}
        )

    def post(self, request, pk):
        person = self.get_object()
        try:
            services.remove_person(person, by=request.user)
        except RemovalRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("people:person-detail", pk)
        show_toast(request, _("%(name)s is removed.") % {"name": person.name})
        return redirect("people:person-list")
