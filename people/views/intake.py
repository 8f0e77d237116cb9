"""The intake: creating a person in steps, in the order of a talk.

Each intake has a key in its address. What was typed is kept as an ``IntakeDraft`` under this key until the person is
created, so that two tabs never mix two people.
"""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
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
from common.forms.base import is_key
from common.lists import next_url
from common.models import SubmittedForm
from common.once import run_once
from common.toasts import show_toast
from people import services
from people.enums import AlikeAnswer
from people.forms import ConsentStepForm, LanguageFormSet, RoleForm, WhoForm, WishesForm, skills_of
from people.forms.enrolments import TERM_FIELDS
from people.models import INTAKE_STEPS, Enrolment, IntakeDraft, Organisation, Person
from people.services.drafts import KEEP_DRAFTS
from people.services.intake import UnansweredLikeness
from people.views.base import add_errors
from people.views.known import known_people
from programmes.enums import ParticipantRole
from programmes.models import Programme

STEP_LABELS = {
    "who": _("Who is it?"),
    "role": _("Role and programme"),
    "wishes": _("Wishes or offers"),
    "consent": _("Consent and summary"),
}
MOST_DRAFTS = 5


class IntakeMixin(VerbRequiredMixin):
    verb = Verb.WORK_CASES

    @cached_property
    def draft(self) -> IntakeDraft:
        """The user's draft under the key of the address; a new one, not stored yet, if there is none."""
        key, user = self.kwargs["key"], self.request.user
        rows = IntakeDraft.objects.all()
        if rows.filter(key=key).exists():
            return get_object_or_404(rows.visible_to(user), key=key)
        role = self.request.GET.get("rolle", "")
        return IntakeDraft(
            key=key,
            branch_id=self.branch_id(),
            created_by=user,
            known_person=self.wanted_person(),
            wanted_role=role if role in ParticipantRole.values else "",
        )

    def branch_id(self) -> int:
        """Return the current branch if the user may create people in it, otherwise another one."""
        current, allowed = self.request.membership.branch_id, self.request.user.branch_ids_for(self.verb)
        return current if current in allowed else min(allowed)

    def wanted_person(self) -> int | None:
        """Return the id of the known person in the query. Raises Http404 if the user may not see them."""
        wanted = self.request.GET.get("person", "")
        return self.visible_person(wanted).pk if wanted else None

    def visible_person(self, wanted: str) -> Person:
        people = Person.objects.visible_to(self.request.user, self.verb)
        return get_object_or_404(people.filter(pk=wanted if is_key(wanted) else None))

    @cached_property
    def known_person(self) -> Person | None:
        """The known person who gets a role, if the user may still see them."""
        people = Person.objects.visible_to(self.request.user, self.verb)
        return people.filter(pk=self.draft.known_person).first()

    @property
    def role(self) -> str:
        typed = self.draft.values("role")
        return typed.get("role", "") if typed else ""

    @property
    def steps(self) -> list[str]:
        """The steps of this intake; a contact person has no wishes or offers."""
        return [step for step in INTAKE_STEPS if step != "wishes" or self.role != ParticipantRole.CONTACT]

    def address_of(self, step: str) -> str:
        """Return the address of a step. What the link to the intake presets stays in it until the draft is stored."""
        address = reverse("people:person-create-step", args=[self.draft.key, step])
        preset = self.request.GET.urlencode() if self.draft._state.adding else ""
        return f"{address}?{preset}" if preset else address

    def person_created(self):
        """Redirect to the person that was created under the key of the address, or return None."""
        earlier = SubmittedForm.objects.filter(key=self.kwargs["key"]).first()
        return redirect(earlier.target_url) if earlier else None

    # --- forms --------------------------------------------------------------------------------

    def form_of(self, step: str, *, is_new: bool = False):
        """Return the step's form, bound to the draft, or (``is_new``) unbound with the draft as initial values."""
        typed = self.draft.values(step)
        initial = {"role": self.draft.wanted_role} if step == "role" else {}
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
        return LanguageFormSet(self.draft.values("wishes"), prefix="languages", initial=initial)

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
        if self.draft.values(step) is None or not self.form_of(step).is_valid():
            return False
        return step != "wishes" or self.languages().is_valid()

    def is_reached(self, step: str) -> bool:
        return all(self.is_done(earlier) for earlier in self.steps[: self.steps.index(step)])

    def first_open(self) -> str:
        return next((step for step in self.steps if not self.is_done(step)), self.steps[-1])


class IntakeStartView(VerbRequiredMixin, View):
    """Start an intake. ``?person=`` gives a known person a role, ``?rolle=`` presets the role."""

    verb = Verb.WORK_CASES

    def get(self, request):
        address = reverse("people:person-create-draft", args=[uuid.uuid4()])
        return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)


class IntakeDraftView(IntakeMixin, View):
    """Continue a draft at its first open step."""

    def get(self, request, key):
        return self.person_created() or redirect(self.address_of(self.first_open()))


class IntakeDiscardView(IntakeMixin, View):
    """Throw a draft away."""

    http_method_names = ["post"]

    def post(self, request, key):
        services.delete_draft(self.draft.key)
        show_toast(request, _("The draft is deleted."))
        return redirect(next_url(request, reverse("people:person-list")))


class IntakeView(IntakeMixin, View):
    def get(self, request, key, step):
        if created := self.person_created():
            return created
        if step not in self.steps or not self.is_reached(step):
            return redirect(self.address_of(self.first_open()))
        form = self.form_of(step)
        if form.is_bound and not form.is_valid():
            form = self.form_of(step, is_new=True)  # left by the Back button: show the values without errors
        return self.page(step, form)

    def post(self, request, key, step):
        if created := self.person_created():
            return created
        direction = request.POST.get("go", "next")
        services.save_draft_step(self.draft, step, request.POST)
        if direction in INTAKE_STEPS:
            return redirect(self.address_of(direction))
        return getattr(self, f"leave_{step}")()

    # --- posting a step -----------------------------------------------------------------------

    def leave_who(self):
        if "someone_else" in self.request.POST:
            self.choose_person(None)
            return redirect(self.address_of("who"))
        if chosen := self.request.POST.get("same"):
            self.choose_person(self.visible_person(chosen).pk)
        if self.known_person:
            return redirect(self.address_of("role"))
        return self.leave_details(self.form_of("who"), is_answered=self.keep_answers())

    def leave_details(self, form: WhoForm, *, is_answered: bool):
        """Go on, unless a detail is wrong or an answer about a similar person is missing."""
        if is_answered and self.request.htmx:
            return self.known_card(form)
        if not form.is_valid():
            return self.page("who", form)
        if known_people(self.request.user, form, self.draft)["undecided"]:
            form.add_error(None, _("Answer »Known already?« first."))
            return self.page("who", form)
        return redirect(self.address_of("role"))

    def known_card(self, form: WhoForm) -> HttpResponse:
        """Return the card about known people after an answer, to replace the one on the page."""
        context = {"address": self.address_of("who"), "is_swapped": True, "is_answered": True}
        known = known_people(self.request.user, form, self.draft)
        return render(self.request, "people/_known_people.html", {**known, **context})

    def keep_answers(self) -> bool:
        """Keep the answers about similar people that were posted, and return whether there are any."""
        answers, post = dict(self.draft.answers), self.request.POST
        for answer in AlikeAnswer.values:
            answers |= {str(self.visible_person(pk).pk): answer for pk in post.getlist(answer)}
        for pk in post.getlist("unanswered"):
            answers.pop(pk, None)
        if is_answered := answers != self.draft.answers:
            services.save_draft(self.draft, answers=answers)
        return is_answered

    def choose_person(self, pk: int | None) -> None:
        services.save_draft(self.draft, known_person=pk)

    def leave_role(self):
        form = self.form_of("role")
        if not form.is_valid():
            return self.page("role", form)
        return redirect(self.address_of("consent" if "wishes" not in self.steps else "wishes"))

    def leave_wishes(self):
        form, languages = self.form_of("wishes"), self.languages()
        if not (form.is_valid() & languages.is_valid()):
            return self.page("wishes", form, languages=languages)
        return redirect(self.address_of("consent"))

    def leave_consent(self):
        for step in self.steps[:-1]:
            if not self.is_done(step):
                return redirect(self.address_of(step))
        form = ConsentStepForm(self.request.POST)
        if not form.is_valid():
            return self.page("consent", form)
        try:
            address = self.create_once(form)
        except UnansweredLikeness as error:  # a colleague has just created the person
            messages.warning(self.request, error.messages[0])
            return redirect(self.address_of("who"))
        except ValidationError as error:
            add_errors(form, error)
            return self.page("consent", form)
        return redirect(address)

    @transaction.atomic
    def create_once(self, consent: ConsentStepForm) -> str:
        """Create all records unless another request did, delete the draft, and return the person's address."""
        address = run_once(self.draft.key, lambda: self.complete(consent))
        services.delete_draft(self.draft.key)
        return address

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
            answers={int(pk): answer for pk, answer in self.draft.answers.items()},
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
            "draft": self.draft,
            "address": self.address_of(step),
            "keep_days": KEEP_DRAFTS.days,
            "other_drafts": self.other_drafts(),
            **extra,
        }
        if step == "who" and not self.known_person:
            context |= known_people(self.request.user, self.form_of("who"), self.draft)
        if step == "wishes":
            context.setdefault("languages", self.languages())
        if step == "consent":
            context["summary"] = self.summary()
        return render(self.request, "people/intake.html", context)

    def other_drafts(self) -> list[IntakeDraft]:
        """Return the user's drafts on the first page of a new intake, so that nothing is typed twice."""
        if not self.draft._state.adding:
            return []
        return list(IntakeDraft.objects.visible_to(self.request.user).order_by("-changed_at", "pk")[:MOST_DRAFTS])

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
