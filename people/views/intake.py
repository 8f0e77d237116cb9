"""The intake: creating a person in steps, in the order of a talk. The draft is kept in the session until then."""

import uuid

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ChoiceField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common.models import SubmittedForm
from common.once import run_once
from common.toasts import show_toast
from people import services
from people.duplicates import people_named_like
from people.forms import ConsentStepForm, LanguageFormSet, RoleForm, WhoForm, WishesForm, skills_of
from people.forms.enrolments import TERM_FIELDS
from people.intake_draft import STEPS, IntakeDraft
from people.models import Enrolment, Organisation, Person
from people.views.base import add_errors, search_words
from programmes.enums import ParticipantRole
from programmes.models import Programme

STEP_LABELS = {
    "who": _("Who is it?"),
    "role": _("Role and programme"),
    "wishes": _("Wishes or offers"),
    "consent": _("Consent and summary"),
}
MOST_SUGGESTED = 6


class IntakeMixin(VerbRequiredMixin):
    verb = Verb.WORK_CASES

    @cached_property
    def draft(self) -> IntakeDraft:
        return IntakeDraft(self.request.session)

    @cached_property
    def known_person(self) -> Person | None:
        """The known person who gets a role, if the user may still see them."""
        return Person.objects.visible_to(self.request.user, self.verb).filter(pk=self.draft.person_id).first()

    @property
    def role(self) -> str:
        typed = self.draft.typed("role")
        return typed.get("role", "") if typed else ""

    @property
    def steps(self) -> list[str]:
        """The steps of this intake; a contact person has no wishes or offers."""
        return [step for step in STEPS if step != "wishes" or self.role != ParticipantRole.CONTACT]

    # --- forms --------------------------------------------------------------------------------

    def form_of(self, step: str, *, is_new: bool = False):
        """Return the step's form, bound to the draft, or (``is_new``) unbound with the draft as initial values."""
        typed = self.draft.typed(step)
        initial = {"role": self.draft.wanted_role} if step == "role" else {"once": self.draft.once}
        if is_new and typed is not None:
            initial |= {
                name: typed.getlist(name) if name in (*TERM_FIELDS, "groups") else typed[name] for name in typed
            }
            typed = None
        if step == "who":
            return WhoForm(typed, initial=initial)
        if step == "role":
            return RoleForm(typed, user=self.request.user, person=self.known_person, initial=initial)
        if step == "wishes":
            return WishesForm(typed, role=self.role, instance=Enrolment(programme=self.programme()), initial=initial)
        return ConsentStepForm(typed, initial=initial)

    def programme(self) -> Programme | None:
        """Return the programme of a volunteer, whose groups the wishes step offers; None for other roles."""
        return self.valid("role").cleaned_data.get("programme") if self.role == ParticipantRole.VOLUNTEER else None

    def languages(self):
        initial = []
        if self.known_person:
            skills = self.known_person.languages.all()
            initial = [{"language": skill.language_id, "level": skill.level, "note": skill.note} for skill in skills]
        return LanguageFormSet(self.draft.typed("wishes"), prefix="languages", initial=initial)

    def valid(self, step: str):
        form = self.form_of(step)
        form.is_valid()
        return form

    def valid_skills(self):
        languages = self.languages()
        languages.is_valid()
        return skills_of(languages)

    def is_done(self, step: str) -> bool:
        if step == "who" and self.known_person:
            return True
        if self.draft.typed(step) is None or not self.form_of(step).is_valid():
            return False
        return step != "wishes" or self.languages().is_valid()

    def is_reached(self, step: str) -> bool:
        return all(self.is_done(earlier) for earlier in self.steps[: self.steps.index(step)])

    def first_open(self) -> str:
        return next((step for step in self.steps if not self.is_done(step)), self.steps[-1])

    def same_people(self, form: WhoForm) -> list[Person]:
        details = form.details()
        return services.find_same_people(
            user=self.request.user,
            name=f"{details['first_name']} {details['last_name']}".strip(),
            phones=details["phones"],
            emails=details["emails"],
            birth_date=details["birth_date"],
        )


class IntakeStartView(IntakeMixin, View):
    """Start an intake or continue the draft. ``?person=`` gives a known person a role, ``?rolle=`` presets the role."""

    def get(self, request):
        if wanted := request.GET.get("person", ""):
            known = Person.objects.visible_to(request.user, self.verb).filter(pk=wanted if wanted.isdecimal() else None)
            person = get_object_or_404(known)
            self.draft.clear()
            IntakeDraft(request.session).choose_person(person.pk)
            return redirect("people:person-create-step", "role")
        if not self.draft.is_empty:
            show_toast(request, _("You continue an unfinished draft."))
        elif request.GET.get("rolle") in ParticipantRole.values:
            self.draft.preset_role(request.GET["rolle"])
        return redirect("people:person-create-step", self.first_open())


class IntakeView(IntakeMixin, View):
    def get(self, request, step):
        if step not in self.steps or not self.is_reached(step):
            return redirect("people:person-create-step", self.first_open())
        form = self.form_of(step)
        if form.is_bound and not form.is_valid():
            form = self.form_of(step, is_new=True)  # left by the Back button: show the values without errors
        return self.page(step, form)

    def post(self, request, step):
        direction = request.POST.get("go", "next")
        if direction == "discard":
            self.draft.clear()
            show_toast(request, _("The draft is deleted."))
            return redirect("people:person-list")
        if step == "consent" and self.draft.is_empty:
            return self.repeat_answer(request)
        self.draft.keep(step, request.POST)
        if direction in STEPS:
            return redirect("people:person-create-step", direction)
        return getattr(self, f"leave_{step}")(request)

    # --- posting a step -----------------------------------------------------------------------

    def leave_who(self, request):
        if "someone_else" in request.POST:
            self.draft.choose_person(None)
            return redirect("people:person-create-step", "who")
        if chosen := request.POST.get("same"):
            return self.take_known(chosen)
        if self.known_person:
            return redirect("people:person-create-step", "role")
        form = self.form_of("who")
        if not form.is_valid():
            return self.page("who", form)
        same = self.same_people(form)
        if "different" in request.POST:
            self.draft.mark_distinct([person.pk for person in same])
        elif undecided := [person for person in same if person.pk not in self.draft.distinct_ids]:
            return self.page("who", form, same=undecided)
        return redirect("people:person-create-step", "role")

    def take_known(self, pk: str):
        visible = Person.objects.visible_to(self.request.user, self.verb)
        self.draft.choose_person(get_object_or_404(visible.filter(pk=pk if pk.isdecimal() else None)).pk)
        return redirect("people:person-create-step", "role")

    def leave_role(self, request):
        form = self.form_of("role")
        if not form.is_valid():
            return self.page("role", form)
        return redirect("people:person-create-step", "consent" if "wishes" not in self.steps else "wishes")

    def leave_wishes(self, request):
        form, languages = self.form_of("wishes"), self.languages()
        if not (form.is_valid() & languages.is_valid()):
            return self.page("wishes", form, languages=languages)
        return redirect("people:person-create-step", "consent")

    def leave_consent(self, request):
        for step in self.steps[:-1]:
            if not self.is_done(step):
                return redirect("people:person-create-step", step)
        form = ConsentStepForm(request.POST)
        if not form.is_valid():
            return self.page("consent", form)
        try:
            address = run_once(uuid.UUID(self.draft.once), lambda: self.complete(form))
        except ValidationError as error:
            add_errors(form, error)
            return self.page("consent", form)
        self.draft.clear()
        return redirect(address)

    def complete(self, consent: ConsentStepForm) -> str:
        """Create all records and return the address of the person's page."""
        role = self.valid("role").cleaned_data
        person, message = self.person_or_details(role.pop("organisation"))
        languages = None
        wishes = {}
        if "wishes" in self.steps:
            wishes, languages = self.valid("wishes").details(), self.valid_skills()
        enrolment = services.complete_intake(
            by=self.request.user,
            person=person,
            enrolment={**role, **wishes},
            languages=languages,
            consents=consent.consents(),
        )
        show_toast(self.request, message % {"name": enrolment.person.name})
        return reverse("people:person-detail", args=[enrolment.person_id])

    def person_or_details(self, organisation: Organisation | None) -> tuple[Person | dict, str]:
        """Return the known person or the details of a new one, and the message for the toast."""
        person = self.known_person
        if person is None:
            return {**self.valid("who").details(), "organisation": organisation}, _("%(name)s is created.")
        if organisation and organisation != person.organisation:
            services.update_person(person, by=self.request.user, organisation=organisation)
        return person, _("%(name)s has got the role.")

    def repeat_answer(self, request):
        """Redirect the second submission of the last step to the person that the first one created."""
        once = request.POST.get("once", "")
        earlier = SubmittedForm.objects.filter(key=once).first() if _is_uuid(once) else None
        return redirect(earlier.target_url) if earlier else redirect("people:person-create-step", "who")

    # --- the page -----------------------------------------------------------------------------

    def page(self, step: str, form, **extra) -> HttpResponse:
        position = self.steps.index(step)
        context = {
            "step": step,
            "form": form,
            "trail": [
                {"step": name, "label": STEP_LABELS[name], "number": number, "is_done": number <= position}
                for number, name in enumerate(self.steps, start=1)
            ],
            "previous": self.steps[position - 1] if position else None,
            "known_person": self.known_person,
            "role": self.role,
            **extra,
        }
        if step == "wishes":
            context.setdefault("languages", self.languages())
        if step == "consent":
            context["summary"] = self.summary()
        return render(self.request, "people/intake.html", context)

    def summary(self) -> list[dict]:
        """Return the filled fields of each step as labels and texts."""
        parts = []
        for step in self.steps[:-1]:
            if step == "who" and self.known_person:
                lines = [(_("Name"), f"{self.known_person.name}, {self.known_person.case_number}")]
            else:
                lines = filled_fields(self.valid(step))
            if step == "wishes" and (skills := self.valid_skills()):
                lines.append((_("Languages"), ", ".join(skill.language.name for skill in skills)))
            parts.append({"step": step, "label": STEP_LABELS[step], "lines": lines})
        return parts


def filled_fields(form) -> list[tuple[str, str]]:
    """Return label and text of each field that has a value."""
    lines = (
        (bound.label, _value_text(bound.field, form.cleaned_data.get(bound.name))) for bound in form.visible_fields()
    )
    return [(label, text) for label, text in lines if text]


def _value_text(field, value) -> str:
    if isinstance(value, QuerySet):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return str(_("Yes")) if value else ""
    if isinstance(value, Model):
        return str(value)
    if not value:
        return ""
    if isinstance(field, ChoiceField):
        return str(dict(field.choices).get(value, ""))
    return str(field.prepare_value(value) or "")


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class PersonLookupView(IntakeMixin, View):
    """Suggest known people while a name is being typed."""

    def get(self, request):
        words = f"{search_words(request, 'first_name')} {search_words(request, 'last_name')}".strip()
        people = []
        if len(words) > 1:
            rows = Person.objects.visible_to(request.user, self.verb).prefetch_related("enrolments")
            found = rows.search(words).order_by("first_name", "last_name", "pk")[:MOST_SUGGESTED]
            people = list(found) or people_named_like(words, rows, MOST_SUGGESTED)
        return render(request, "people/_known_people.html", {"people": people, "words": words})
