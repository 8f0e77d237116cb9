"""The intake: one page on which a person is created, or gets another role.

Each intake has a key in its address. What is typed is kept as a ``Draft`` under this key until the person is created.
"""

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common.editing import FieldComparison
from common.form_values import unpack_seen
from common.forms.base import is_key
from common.lists import next_url
from common.models import SubmittedForm
from common.once import run_once
from common.toasts import show_toast
from people import services
from people.enums import AlikeAnswer
from people.forms import IntakeForms, skills_of
from people.models import Draft, Person
from people.services.drafts import KEEP_DRAFTS
from people.services.intake import UnansweredLikeness, details_to_add
from people.views.base import add_errors
from people.views.drafts import SEEN, DraftMixin, unsaved
from people.views.known import known_people, typed_beside
from programmes.enums import ParticipantRole

MOST_DRAFTS = 5
ANSWERS = frozenset({"same", "someone_else", "unanswered", *AlikeAnswer.values})  # buttons about known people
WHOLE_KEY = "hele"  # in the address: with all parts of the page open


class IntakeMixin(VerbRequiredMixin):
    verb = Verb.WORK_CASES

    @cached_property
    def draft(self) -> Draft:
        """The user's draft under the key of the address; a new one, not stored yet, if there is none."""
        key, user = self.kwargs["key"], self.request.user
        rows = Draft.objects.all()
        if rows.filter(key=key).exists():
            return get_object_or_404(rows.visible_to(user), key=key)
        role = self.request.GET.get("rolle", "")
        return Draft(
            key=key,
            branch_id=self.branch_id(),
            created_by=user,
            known_person=self.wanted_person(),
            wanted_role=ParticipantRole.of_query(role) or "",
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

    @property
    def known_person(self) -> Person | None:
        """The known person who gets a role, if the user may still see them."""
        people = Person.objects.visible_to(self.request.user, self.verb)
        return people.filter(pk=self.draft.known_person).first()

    @property
    def address(self) -> str:
        """The address of the page. What the link to the intake presets stays in it until the draft is stored."""
        address = reverse("people:person-create-draft", args=[self.draft.key])
        preset = self.request.GET.urlencode() if self.draft._state.adding else ""
        return f"{address}?{preset}" if preset else address


class IntakeStartView(VerbRequiredMixin, View):
    """Start an intake. ``?person=`` gives a known person a role, ``?rolle=`` presets the role."""

    verb = Verb.WORK_CASES

    def get(self, request):
        address = reverse("people:person-create-draft", args=[uuid.uuid4()])
        return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)


class IntakeStepView(IntakeMixin, View):
    """The addresses of the steps that the intake had, as a user may have kept them: they lead to the page."""

    def get(self, request, key, step):
        return redirect(self.address)


class IntakeDiscardView(IntakeMixin, View):
    """Throw a draft away."""

    http_method_names = ["post"]

    def post(self, request, key):
        services.delete_draft(self.draft.key)
        show_toast(request, _("The draft is deleted."))
        return redirect(next_url(request, reverse("people:person-list")))


class IntakeView(DraftMixin, IntakeMixin, View):
    """The page. While it is typed in, htmx sends it, and the answer is what the page says about draft and person."""

    not_kept = DraftMixin.not_kept | ANSWERS

    def draft_forms(self, data: QueryDict | None) -> IntakeForms:
        return self.forms(data, self.draft if data else Draft(wanted_role=self.draft.wanted_role))

    def forms(self, data: QueryDict | None, draft: Draft) -> IntakeForms:
        return IntakeForms(data, user=self.request.user, draft=draft, person=self.known_person)

    def get(self, request, key):
        if earlier := SubmittedForm.objects.filter(key=key).first():
            return redirect(earlier.target_url)
        return self.page(self.forms(None, self.draft))

    def post(self, request, key):
        is_typing = bool(request.htmx)
        try:
            others = self.keep_words(is_asked=not is_typing)
        except services.DraftFinished:
            return self.finished_page()
        is_answer = self.keep_answers()
        forms = self.forms(self.posted, self.draft)
        if is_typing:
            return self.typed_parts(forms, others)
        if others:
            return self.page(forms, others)
        if is_answer or request.POST.get("go") == "whole":
            return redirect(self.address if is_answer else f"{self.address}?{WHOLE_KEY}=1")
        if request.POST.get("go") == "keep":
            show_toast(request, _("The draft is saved. You find it on your page Today."))
            return redirect(self.address)
        return self.finish(forms)

    # --- answers about known people -----------------------------------------------------------

    def keep_answers(self) -> bool:
        """Keep what was answered about known people, and return whether there was an answer."""
        post, known, answers = self.request.POST, self.draft.known_person, dict(self.draft.answers)
        if "someone_else" in post:
            known = None
        if chosen := post.get("same"):
            known = self.visible_person(chosen).pk
        for answer in AlikeAnswer.values:
            answers |= {str(self.visible_person(pk).pk): answer for pk in post.getlist(answer)}
        for pk in post.getlist("unanswered"):
            answers.pop(pk, None)
        if (known, answers) != (self.draft.known_person, self.draft.answers):
            services.save_draft(self.draft, known_person=known, answers=answers)
        return not ANSWERS.isdisjoint(post)

    # --- creating the person ------------------------------------------------------------------

    def finish(self, forms: IntakeForms):
        is_valid = forms.is_valid()
        if not forms.person and known_people(self.request.user, self.draft)["undecided"]:
            forms.add_error(None, _("Answer »Known already?« first."))
            return self.page(forms)
        if not is_valid:
            return self.page(forms)
        try:
            return redirect(self.create_once(forms))
        except UnansweredLikeness as error:  # a colleague has just created the person
            forms.add_error(None, error.messages[0])
        except ValidationError as error:
            add_errors(forms, error)
        return self.page(forms)

    @transaction.atomic
    def create_once(self, forms: IntakeForms) -> str:
        """Create all records unless another request did, delete the draft, and return the person's address."""
        address = run_once(self.draft.key, lambda: run_once(self.words_key(), lambda: self.complete(forms)))
        services.delete_draft(self.draft.key)
        return address

    def complete(self, forms: IntakeForms) -> str:
        """Create all records and return the address of the person's page."""
        role = forms.role.cleaned_data
        organisation = role.pop("organisation")
        person, added = forms.person, {}
        forms.who.is_valid()
        details = forms.who.details()
        if person:
            added = details_to_add(person, details) | ({"organisation": organisation} if organisation else {})
        enrolment = services.complete_intake(
            by=self.request.user,
            person=person or {**details, "organisation": organisation},
            added=added,
            enrolment={**role, **forms.wishes.details()},
            languages=skills_of(forms.languages),
            consents=forms.consent.consents(),
            answers={int(pk): answer for pk, answer in self.draft.answers.items()},
        )
        words = _("%(name)s has got the role.") if person else _("%(name)s is created.")
        show_toast(self.request, words % {"name": enrolment.person.name})
        return reverse("people:person-detail", args=[enrolment.person_id])

    # --- the page -----------------------------------------------------------------------------

    def page(self, forms: IntakeForms, others: Iterable[FieldComparison] = ()) -> HttpResponse:
        context = {
            **self.parts(forms),
            **self.draft_context(others),
            "is_whole": WHOLE_KEY in self.request.GET,
            "keep_days": KEEP_DRAFTS.days,
            "other_drafts": self.other_drafts(),
        }
        return render(self.request, "people/intake.html", context)

    def typed_parts(self, forms: IntakeForms, others: list[FieldComparison]) -> HttpResponse:
        """Return what changes on the page while it is typed in. Another role has other wishes."""
        seen = unpack_seen(self.request.POST.get(SEEN))
        before = [seen and seen.values.get(name, {}).get(name) for name in ("role", "programme")]
        context = {
            **self.parts(forms),
            **self.draft_context(others, is_asked=False),
            "is_swapped": True,
            "is_answered": not ANSWERS.isdisjoint(self.request.POST),
            "has_other_wishes": before != [self.posted.getlist(name) for name in ("role", "programme")],
        }
        response = render(self.request, "people/_intake_typed.html", context)
        return unsaved(response) if others else response

    def parts(self, forms: IntakeForms) -> dict:
        """Return what the page says about the person who is typed."""
        person, context = forms.person, {"form": forms, "address": self.address}
        if not person:
            return context | known_people(self.request.user, self.draft)
        return context | {"known_person": person, "typed_beside": typed_beside(person, self.draft)}

    def other_drafts(self) -> list[Draft]:
        """Return the user's drafts on the page of a new intake, so that nothing is typed twice."""
        if not self.draft._state.adding:
            return []
        rows = Draft.objects.visible_to(self.request.user).filter(interview_of=None)
        return list(rows.order_by("-changed_at", "pk")[:MOST_DRAFTS])
