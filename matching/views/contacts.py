"""Views of contacts outside the plan: record one, in place on *I dag* or on a page, correct and remove it."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import VerbRequiredMixin
from common.lists import next_url
from common.once import run_once
from common.toasts import show_toast
from matching.forms import ContactCorrectionForm, NewContactForm
from matching.models import Contact, Match
from matching.pages.contact_choices import enrolments_to_contact, find_people, plan_words
from matching.services import add_contact, correct_contact, remove_contact
from matching.views.base import ActPostView
from matching.views.corrections import EnrolmentRecordCorrectionView
from people.models import Enrolment


class ContactCreateView(VerbRequiredMixin, FormView):
    """Record a contact: with htmx in place, otherwise on a page of its own.

    ``rolle`` of the address names the role of the person, ``match`` the match and ``side`` the person in it.
    """

    verb = Verb.WORK_CASES
    form_class = NewContactForm
    template_name = "matching/contact_form.html"

    @cached_property
    def match(self) -> Match | None:
        asked = self.request.GET.get("match", "")
        if not asked:
            return None
        rows = Match.objects.visible_to(self.request.user, self.verb).with_parties()
        return get_object_or_404(rows, pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)

    @cached_property
    def enrolment(self) -> Enrolment | None:
        """The role that the address names, if it does."""
        rows, asked = enrolments_to_contact(self.request.user), self.request.GET.get("rolle", "")
        if self.match is not None:
            side = self.request.GET.get("side", "")
            if side not in {"mentor", "mentee"}:
                raise Http404
            person_id = self.match.mentor_id if side == "mentor" else self.match.mentee_id
            return get_object_or_404(rows, person=person_id, programme=self.match.programme_id, role=side)
        if not asked:
            return None
        return get_object_or_404(rows, pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)

    def get_form_kwargs(self):
        own = {"user": self.request.user, "enrolment": self.enrolment, "match": self.match}
        return super().get_form_kwargs() | own

    def get_success_url(self) -> str:
        return next_url(self.request, reverse("desk:today"))

    def form_valid(self, form):
        def write() -> str:
            self.contact = self._record(form)
            return self.get_success_url()

        self.contact = None
        try:
            url = run_once(form.cleaned_data.get("once"), write)
        except ValidationError as error:
            form.show_refusal(error)
            return self.form_invalid(form)
        if self.request.htmx and self.contact is not None:
            return render(self.request, "matching/_contact_saved.html", {"contact": self.contact, "next": url})
        if self.contact is not None:
            undo_url = reverse("matching:contact-remove", args=[self.contact.pk])
            words = _("The contact with %(name)s is registered.") % {"name": self.contact.enrolment.person.name}
            show_toast(self.request, words, undo_url=undo_url)
        return HttpResponseRedirect(url)

    def _record(self, form) -> Contact:
        data = form.cleaned_data
        values = {name: data[name] for name in ("channel", "result", "mood", "on", "note")}
        return add_contact(form.chosen, by=self.request.user, match=form.about, **values)

    def form_invalid(self, form):
        if self.request.htmx:
            return render(self.request, "matching/_contact_form.html", self.get_context_data(form=form), status=422)
        return super().form_invalid(form)

    def get(self, request, *args, **kwargs):
        if request.htmx:
            return render(request, "matching/_contact_form.html", self.get_context_data())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "next": self.get_success_url(),
            "enrolment": self.enrolment,
            "match": self.match,
            "address": self.request.get_full_path(),
            "plan_words": plan_words(form.chosen) if form.chosen else "",
        }


class ContactAboutView(VerbRequiredMixin, TemplateView):
    """What belongs to the typed name, loaded by htmx: people who fit, matches to choose from, the next follow-up."""

    verb = Verb.WORK_CASES
    template_name = "matching/_contact_about.html"

    def get_context_data(self, **kwargs):
        user, words = self.request.user, self.request.GET.get("hvem", "")[:200]
        found = find_people(user, words)
        if found:
            record_access(
                by=user,
                kind=AccessKind.SEARCH,
                subject="people.person",
                branch=self.request.membership.branch_id,
                code="words_searched",
                values={"words": words},
                count=len(found),
            )
        form = NewContactForm(user=user, initial={"hvem": words})
        plan = plan_words(form.chosen) if form.chosen else ""
        return super().get_context_data(**kwargs) | {"form": form, "found": found, "plan_words": plan}


class ContactCorrectView(EnrolmentRecordCorrectionView):
    model = Contact
    form_class = ContactCorrectionForm
    fields = ("on", "channel", "result", "mood", "note")
    heading = gettext_lazy("Correct contact")

    def act(self, data):
        values = {name: data[name] for name in self.fields}
        is_talk = data["result"] == "talked"
        support = self.object.support if is_talk else ""
        correct_contact(self.object, by=self.request.user, reason=data["reason"], support=support, **values)

    def toast(self):
        return _("The contact is corrected.")


class ContactRemoveView(ActPostView):
    """Remove a contact recorded by mistake."""

    def get_queryset(self):
        return Contact.objects.select_related("enrolment__programme", "enrolment__person")

    def post(self, request, *args, **kwargs):
        enrolment = remove_contact(self.object, by=request.user)
        if request.htmx:
            return render(request, "matching/_contact_removed.html")
        show_toast(request, _("The contact with %(name)s is removed.") % {"name": enrolment.person.name})
        default = reverse("people:person-detail", args=[enrolment.person_id])
        return HttpResponseRedirect(next_url(request, default))
