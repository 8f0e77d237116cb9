"""Forms that correct what is registered about a person's roles and consents."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CleanTextMixin, DanishDateField, ReasonMixin
from people.enums import EnrolmentStatus
from people.forms.doubts import DoubtsMixin
from people.forms.people import ConsentForm
from people.models import Enrolment, EnrolmentPeriod


class ApplicationCorrectionForm(ReasonMixin, DoubtsMixin, CleanTextMixin):
    applied_on = DanishDateField(label=_("Day of the application"), not_future=True)
    field_order = ["applied_on", "reason"]

    def __init__(self, *args, enrolment: Enrolment, **kwargs):
        super().__init__(*args, **kwargs)
        self.enrolment = enrolment

    def doubted_of(self):
        return self.enrolment.programme, (self.enrolment.person,)


class PeriodCorrectionForm(ReasonMixin, CleanTextMixin):
    """The days of a pause or an end of a role; that of an open one's end is left out."""

    began_on = DanishDateField(label=_("From"), not_future=True)
    expected_on = DanishDateField(label=_("Expected until"), required=False, is_planned=True)
    ended_on = DanishDateField(label=_("Open again from"), not_future=True)
    field_order = ["began_on", "expected_on", "ended_on", "reason"]

    def __init__(self, *args, period: EnrolmentPeriod, **kwargs):
        super().__init__(*args, **kwargs)
        if period.status != EnrolmentStatus.PAUSED:
            del self.fields["expected_on"]
        if period.ended_on is None:
            del self.fields["ended_on"]


class ConsentCorrectionForm(ReasonMixin, CleanTextMixin):
    is_given = forms.ChoiceField(
        choices=ConsentForm.answers, widget=forms.RadioSelect, error_messages={"required": _("Choose an answer.")}
    )
    on = DanishDateField(label=_("Date"), not_future=True)
    source = forms.CharField(label=_("How"), max_length=120, required=False)
    field_order = ["is_given", "on", "source", "reason"]

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_given"].label = kind
