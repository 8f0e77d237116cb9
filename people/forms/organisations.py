from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.roles import Verb
from common import clock
from common.forms import CleanTextMixin, DanishDateField
from common.once import OnceFormMixin
from people.models import Organisation, VolunteerGroup
from programmes.models import Programme


class OrganisationForm(OnceFormMixin, CleanTextMixin, forms.ModelForm):
    """An organisation. Views pass ``details()`` to a service; the form itself is never saved."""

    agreed_on = DanishDateField(label=_("Agreement made on"), required=False, not_future=True)

    class Meta:
        model = Organisation
        fields = ["name", "kind", "phone", "email", "address", "agreed_on", "notes"]
        widgets = {"notes": forms.Textarea({"rows": 3})}

    def details(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class NewOrganisationForm(OrganisationForm):
    """A new organisation, of the branch in which its page was opened, whatever another tab chooses meanwhile."""

    branch = forms.ModelChoiceField(Branch.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user: User, branch: Branch, **kwargs):
        super().__init__(*args, **kwargs)
        self.opened_in = branch
        self.fields["branch"].queryset = Branch.objects.filter(pk__in=user.branch_ids_for(Verb.WORK_CASES))
        self.fields["branch"].initial = branch

    def details(self) -> dict:
        return super().details() | {"branch": self.cleaned_data["branch"] or self.opened_in}


class GroupForm(OnceFormMixin, CleanTextMixin, forms.ModelForm):
    """A volunteer group. The programme can only be chosen for a new one.

    Views pass ``details()`` to a service; the form itself is never saved.
    """

    established_on = DanishDateField(label=_("Established on"), required=False)
    closed_on = DanishDateField(label=_("Closed on"), required=False)

    class Meta:
        model = VolunteerGroup
        fields = [
            *("programme", "name", "kind", "status", "place", "partner", "opening_times"),
            *("established_on", "closed_on", "notes"),
        ]
        widgets = {"notes": forms.Textarea({"rows": 3})}
        help_texts = {"opening_times": _("Such as: Tuesdays and Thursdays 4–6 pm")}

    def __init__(self, *args, user: User, branch_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Organisation.objects.visible_to(user).in_branches([branch_id])
        self.fields["partner"].empty_label = _("None")
        if self.instance.pk:
            del self.fields["programme"]
            return
        programmes = Programme.objects.visible_to(user, Verb.WORK_CASES).in_branches([branch_id])
        self.fields["programme"].queryset = programmes
        self.fields["programme"].empty_label = None
        running = programmes.running(clock.today()).first() or programmes.first()
        self.initial.setdefault("programme", running and running.pk)

    def details(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}
