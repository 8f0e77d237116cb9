"""Pages that correct the days of an application, a pause or an end of a role, and a consent, with a reason."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.history import moved_figures
from people.enums import EnrolmentStatus
from people.forms import ApplicationCorrectionForm, ConsentCorrectionForm, PeriodCorrectionForm
from people.models import Consent, EnrolmentPeriod, Person
from people.services.corrections import correct_application, correct_consent, correct_period
from people.views.editing import EnrolmentFormView, PersonEditMixin, PersonFormView


class ApplicationCorrectView(PersonEditMixin, EnrolmentFormView):
    heading = gettext_lazy("Correct the day of the application")
    label = gettext_lazy("Correct")
    moved: tuple[str, ...] = ()

    def get_form(self, data=None):
        known = {"applied_on": self.object.applied_on}
        return ApplicationCorrectionForm(data, initial=known, enrolment=self.object)

    def act(self, form):
        applied_on, reason = form.cleaned_data["applied_on"], form.cleaned_data["reason"]
        moved = moved_figures(self.object, {"applied_on": (self.object.applied_on, applied_on)})
        correct_application(self.object, by=self.request.user, reason=reason, applied_on=applied_on)
        self.moved = tuple(moved)

    def done(self) -> str:
        return " ".join([_("The day of the application is corrected."), *self.moved])


class PeriodCorrectView(PersonEditMixin, PersonFormView):
    """Correct the days of a pause or an end of a role. Those of a wait follow from these."""

    queryset = EnrolmentPeriod.objects.exclude(status=EnrolmentStatus.WAITING).select_related(
        "enrolment__person", "enrolment__programme"
    )
    label = gettext_lazy("Correct")
    edited_fields = ("began_on", "expected_on", "ended_on")

    @property
    def heading(self) -> str:
        is_pause = self.object.status == EnrolmentStatus.PAUSED
        return _("Correct the days of the pause") if is_pause else _("Correct the days of the end")

    @cached_property
    def person(self) -> Person:
        return self.object.enrolment.person

    def get_form(self, data=None):
        known = {name: getattr(self.object, name) for name in self.edited_fields}
        return PeriodCorrectionForm(data, initial=known, period=self.object)

    def act(self, form):
        correct_period(self.object, by=self.request.user, **form.cleaned_data)

    def extra(self) -> dict:
        return {"enrolment": self.object.enrolment}

    def done(self) -> str:
        return _("The days are corrected.")


class ConsentCorrectView(PersonEditMixin, PersonFormView):
    queryset = Consent.objects.select_related("person")
    heading = gettext_lazy("Correct consent")
    label = gettext_lazy("Correct")

    @cached_property
    def person(self) -> Person:
        return self.object.person

    def get_form(self, data=None):
        consent = self.object
        known = {"is_given": "yes" if consent.is_given else "no", "on": consent.on, "source": consent.source}
        return ConsentCorrectionForm(data, initial=known, kind=consent.get_kind_display())

    def act(self, form):
        values = form.cleaned_data | {"is_given": form.cleaned_data["is_given"] == "yes"}
        correct_consent(self.object, by=self.request.user, **values)

    def done(self) -> str:
        return _("The consent of %(name)s is corrected.") % {"name": self.person.name}
