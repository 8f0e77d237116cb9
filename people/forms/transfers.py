"""Forms for asking another branch to take over a person, and for answering."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Branch, Membership
from accounts.roles import Verb, roles_that_may
from common.cpr import refuse_cpr
from common.forms import CleanTextMixin
from people.models import BranchTransfer, Person

ANSWERS = [("yes", pgettext_lazy("transfer", "Accept")), ("no", pgettext_lazy("transfer", "Decline"))]
LONGEST = BranchTransfer._meta.get_field("message").max_length


class TransferForm(CleanTextMixin):
    """The receiving branch and a message to it."""

    to = forms.ModelChoiceField(Branch.objects.none(), label=_("To which branch?"), empty_label=_("Choose a branch"))
    message = forms.CharField(
        label=_("Message to them"),
        help_text=_("They see the name, the case number and this message before they answer."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        validators=[refuse_cpr],
    )

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Branch.objects.exclude(pk=person.home_branch_id).order_by("name", "pk")

    def clean_to(self) -> Branch:
        """Refuse a branch in which no one could answer."""
        branch = self.cleaned_data["to"]
        members = Membership.objects.accepted().filter(branch=branch, role__in=roles_that_may(Verb.WORK_CASES))
        if not members.filter(user__is_active=True).exists():
            raise forms.ValidationError(_("%(branch)s has no user who can answer yet.") % {"branch": branch})
        return branch


class TransferAnswerForm(CleanTextMixin):
    """Yes or no, chosen by its button, and a message. A page holds several of these forms."""

    answer = forms.ChoiceField(
        choices=ANSWERS,
        error_messages={"required": _("Choose one of the two answers.")},
    )
    note = forms.CharField(
        label=_("Message to them (optional)"), required=False, max_length=LONGEST, validators=[refuse_cpr]
    )

    def __init__(self, *args, transfer: BranchTransfer, **kwargs):
        super().__init__(*args, auto_id=f"id_%s_{transfer.pk}", **kwargs)
        self.pk = transfer.pk
