"""Views of screening: interviews and checks, which come before the waiting list."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from accounts.export_base import Chain, ListExportMixin
from accounts.roles import Verb
from accounts.searches import log_search
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.exports import search_value
from common.lists import SEARCH_KEY, next_url, page_of
from common.once import run_once, uuid_of
from common.templatetags.danish import danish_date
from common.toasts import show_toast
from matching.exports import INTERVIEWS, interview_lines
from matching.forms import CheckForm, InterviewForm, PlanInterviewForm
from matching.models import Interview
from matching.rules.screening import INTERVIEWED_ROLES, missing_checks
from matching.services import cancel_interview, miss_interview, plan_interview, record_check, record_interview
from matching.views.base import ActPostView, EditActMixin, FormActView
from people.display import name_with_state
from people.enums import OPEN_STATUSES, EnrolmentStatus, TermKind
from people.models import Draft, Enrolment, Person
from people.services import DraftFinished, delete_draft
from people.services.enrolments import update_enrolment
from people.views.base import search_words
from people.views.drafts import PAGE, DraftMixin, unsaved

MOST_OTHERS = 20
INTERVIEW_TERM_KINDS = {TermKind.TOPIC, TermKind.INDUSTRY}


class InterviewRowsMixin(VerbRequiredMixin):
    """Planned interviews, and applicants without one, by role and search words."""

    verb = Verb.READ_CASES

    @property
    def words(self) -> str:
        return search_words(self.request)

    @property
    def role(self) -> str:
        asked = self.request.GET.get("rolle", "")
        return asked if asked in INTERVIEWED_ROLES else ""

    def get_filtered(self) -> tuple[QuerySet, QuerySet]:
        """Return the planned interviews and the applicants who lack one."""
        planned, lacking = self.get_planned(), self.get_lacking()
        if self.role:
            planned, lacking = planned.filter(enrolment__role=self.role), lacking.filter(role=self.role)
        if self.words:
            found = Person.objects.visible_to(self.request.user).search(self.words)
            planned, lacking = planned.filter(enrolment__person__in=found), lacking.filter(person__in=found)
        return planned, lacking

    def get_others(self) -> QuerySet:
        """Return the open roles found by the search words that are in neither list, such as for a second interview."""
        if not self.words:
            return Enrolment.objects.none()
        found = Person.objects.visible_to(self.request.user).search(self.words)
        rows = Enrolment.objects.visible_to(self.request.user).filter(person__in=found, status__in=OPEN_STATUSES)
        rows = rows.filter(role__in=[self.role] if self.role else INTERVIEWED_ROLES)
        rows = rows.exclude(interviews__in=self.get_planned()).exclude(pk__in=self.get_lacking())
        return rows.select_related("person", "programme").order_by("person__first_name", "person__last_name", "pk")

    def get_planned(self):
        return (
            Interview.objects.visible_to(self.request.user)
            .filter(held_on__isnull=True)
            .select_related("enrolment__person", "enrolment__programme", "interviewer")
            .order_by("planned_on", "planned_time", "pk")
        )

    def get_lacking(self):
        return (
            Enrolment.objects.visible_to(self.request.user)
            .filter(status=EnrolmentStatus.APPLIED, role__in=INTERVIEWED_ROLES, interviews__isnull=True)
            .filter(programme__requires_interview=True)
            .select_related("person", "programme")
            .order_by("applied_on", "pk")
        )


class InterviewListView(InterviewRowsMixin, TemplateView):
    """The two lists, each with pages of its own."""

    template_name = "matching/interview_list.html"
    per_page = 50

    def get_context_data(self, **kwargs):
        planned, lacking = self.get_filtered()
        planned = page_of(self.request, planned, self.per_page, "planlagt")
        lacking = page_of(self.request, lacking, self.per_page)
        if self.words:
            log_search(self.request, self.words, planned.paginator.count + lacking.paginator.count)
        return super().get_context_data(
            **kwargs,
            planned=planned,
            lacking=lacking,
            others=self.get_others()[:MOST_OTHERS],
            is_asked=self.request.GET.get(SEARCH_KEY) == "",  # the link on Today
            role=self.role,
            words=self.words,
            today=clock.today(),
            may_export=self.request.user.may(Verb.EXPORT_LISTS),
        )


class InterviewExportView(ListExportMixin, InterviewRowsMixin, View):
    """Download of the two lists as one, the planned interviews first."""

    verb = Verb.EXPORT_LISTS
    export = INTERVIEWS
    list_url_name = "matching:interview-list"
    subject = Interview._meta.label_lower

    def get_rows(self):
        return Chain(*self.get_filtered())

    def get_lines(self, rows):
        return interview_lines(rows)

    def get_filters(self):
        role = {"rolle": str(self.role)} if self.role else {}
        return role | ({SEARCH_KEY: search_value(self.words)} if self.words else {})


class EnrolmentActView(FormActView):
    """A form about one enrolment, which returns to the person's page."""

    def get_queryset(self):
        return Enrolment.objects.select_related("person", "programme__branch")

    def get_success_url(self):
        return next_url(self.request, reverse("people:person-detail", args=[self.object.person_id]))

    def get_context_data(self, **kwargs):
        return super().get_context_data(enrolment=self.object, **kwargs)


class InterviewPlanView(EditActMixin, EnrolmentActView):
    """Plan an interview, or move or cancel the planned one."""

    form_class = PlanInterviewForm
    template_name = "matching/interview_plan.html"
    button = gettext_lazy("Plan interview")
    lead = gettext_lazy("The appointment is shown on your page Today when the day comes.")

    def get_heading(self):
        return _("Plan interview with %(name)s") % {"name": name_with_state(self.object.person)}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"enrolment": self.object, "by": self.request.user}

    @cached_property
    def planned(self) -> Interview | None:
        return self.object.interviews.filter(held_on__isnull=True).first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(planned=self.planned, today=clock.today(), **kwargs)

    def get_initial(self):
        planned = self.planned
        if planned is None:
            return {}
        return {
            "on": planned.planned_on,
            "time": planned.planned_time,
            "place": planned.place,
            "interviewer": planned.interviewer_id,
        }

    def act(self, data):
        plan_interview(
            self.object,
            by=self.request.user,
            on=data["on"],
            time=data["time"],
            place=data["place"],
            interviewer=data["interviewer"],
        )

    def toast(self):
        return _("The interview with %(name)s is planned.") % {"name": self.object.person.name}


class InterviewRecordView(DraftMixin, EditActMixin, EnrolmentActView):
    """*Registrer interview*: record the interview and update the wishes of the enrolment. It is saved while typed."""

    form_class = InterviewForm
    template_name = "matching/interview_form.html"
    edited_fields = ("wish", "terms")
    button = gettext_lazy("Register interview")

    def get_heading(self):
        return _("Interview with %(name)s") % {"name": name_with_state(self.object.person)}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"enrolment": self.object, "by": self.request.user}

    @cached_property
    def planned(self) -> Interview | None:
        return self.object.interviews.filter(held_on__isnull=True).first()

    # --- the draft ------------------------------------------------------------------------------

    @cached_property
    def draft(self) -> Draft:
        """The draft of the opened page, else the user's last one of this interview, or a new one."""
        own = Draft.objects.visible_to(self.request.user).filter(interview_of=self.object.pk)
        key = uuid_of(self.request.POST.get("once", ""))
        if key and Draft.objects.filter(key=key).exists():
            return get_object_or_404(own, key=key)
        last = None if key else own.order_by("-changed_at", "pk").first()
        return last or Draft(
            key=key or uuid.uuid4(),
            branch_id=self.object.programme.branch_id,
            created_by=self.request.user,
            interview_of=self.object.pk,
        )

    def draft_forms(self, data):
        return [InterviewForm(data, enrolment=self.object, by=self.request.user, initial=self.stored_initial())]

    edit_forms = draft_forms  # what is stored, without the draft

    def post(self, request, *args, **kwargs):
        if PAGE not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            self.others = self.keep_words(is_asked=not request.htmx)
        except DraftFinished:
            return self.finished_page()
        if request.htmx:
            context = self.draft_context(self.others, is_asked=False) | {"is_swapped": True}
            response = render(request, "people/_draft_typed.html", context)
            return unsaved(response) if self.others else response
        if self.others:
            return self.render_to_response(self.get_context_data(form=self.draft_forms(self.posted)[0]))
        return super().post(request, *args, **kwargs)

    # --- the form -------------------------------------------------------------------------------

    def stored_initial(self) -> dict:
        planned = self.planned
        if planned and planned.planned_on <= clock.today():
            return {"held_on": planned.planned_on, "interviewer": planned.interviewer_id}
        return {}

    def get_initial(self):
        return self.stored_initial() | self.draft.initial(["terms"]) | {"once": self.draft.key}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            **self.draft_context(getattr(self, "others", ())),
            "seen_form": form if form.is_bound else self.draft_forms(None)[0],
            "planned": self.planned,
            "today": clock.today(),
            "missing": missing_checks(self.object),
        }

    def act(self, data):
        user, enrolment = self.request.user, self.object
        interview = {name: data[name] for name in ("summary", "motivation", "wishes", "assessment", "assessment_note")}
        kept = [term for term in enrolment.terms.all() if term.kind not in INTERVIEW_TERM_KINDS]
        update_enrolment(enrolment, by=user, wish=data["wish"], terms=[*kept, *data["terms"]])
        record_interview(
            enrolment,
            by=user,
            held_on=data["held_on"],
            interviewer=data["interviewer"],
            next_step=data["next_step"],
            **interview,
        )
        delete_draft(self.draft.key)
        if hasattr(self, "posted"):
            run_once(self.words_key(), self.get_success_url)

    def toast(self):
        self.object.refresh_from_db()
        words = {"name": self.object.person.name, "status": self.object.get_status_display().lower()}
        return _("The interview with %(name)s is registered. Status: %(status)s.") % words


class InterviewCancelView(ActPostView):
    """Cancel a planned interview, or record that the person did not come."""

    def get_queryset(self):
        return Interview.objects.filter(held_on__isnull=True).select_related(
            "enrolment__person", "enrolment__programme"
        )

    def post(self, request, *args, **kwargs):
        interview = self.object
        words = {"name": interview.enrolment.person.name, "day": danish_date(interview.planned_on)}
        if "missed" in request.POST:
            plan_again = reverse("matching:interview-plan", args=[interview.enrolment_id])
            try:
                miss_interview(interview, by=request.user)
            except ValidationError as error:
                messages.warning(request, " ".join(error.messages))
            else:
                show_toast(request, _("%(name)s did not come. Arrange another day.") % words)
            return HttpResponseRedirect(plan_again)
        cancel_interview(interview, by=request.user)
        show_toast(request, _("The interview with %(name)s on %(day)s is cancelled.") % words)
        return HttpResponseRedirect(next_url(request, reverse("matching:interview-list")))


class CheckCreateView(EnrolmentActView):
    """*Registrer tjek*: record the result of a check, never the certificate."""

    form_class = CheckForm
    button = gettext_lazy("Register check")
    lead = gettext_lazy("Only what was checked, when, with which result and by whom. Never the certificate.")

    def get_heading(self):
        return _("Register a check of %(name)s") % {"name": name_with_state(self.object.person)}

    def get_initial(self):
        asked = self.request.GET.get("type")
        missing = missing_checks(self.object)
        return {"kind": asked or (missing[0].kind if missing else "")}

    def act(self, data):
        record_check(
            self.object,
            by=self.request.user,
            kind=data["kind"],
            outcome=data["outcome"],
            checked_on=data["checked_on"],
            note=data["note"],
        )

    def toast(self):
        return _("The check is registered.")
