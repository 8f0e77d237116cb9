"""Forms of sign-in, the user's own account, the users of a branch and list exports."""

import time

from allauth.account import app_settings as allauth_settings
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.core.internal import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import FileKind, Language, Role, Theme
from accounts.models import Branch, User
from accounts.roles import Verb
from common.exports import Column
from common.once import OnceFormMixin

FAILED = "login_failed"


def attempts_left(request, email: str) -> int:
    """Return how many failed sign-ins the rate limits still allow for this e-mail from this IP address."""
    key = f"{request.get_host()}:{email.lower()}"
    left = []
    for rate in ratelimit.parse_rates(allauth_settings.RATE_LIMITS.get(FAILED)):
        name = ratelimit.get_cache_key(request, app="allauth.account", action=FAILED, rate=rate, key=key)
        recent = [at for at in cache.get(name, []) if at > time.time() - rate.duration]
        left.append(max(0, rate.amount - len(recent)))
    return min(left, default=0)


class SignInForm(LoginForm):
    """E-mail and password. A wrong sign-in shows its error at the password and does not reveal which was wrong."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email, password = self.fields["login"], self.fields["password"]
        email.label, email.error_messages["required"] = _("E-mail"), _("Write your e-mail.")
        email.error_messages["invalid"] = _("Write an e-mail such as name@example.dk.")
        password.label, password.error_messages["required"] = _("Password"), _("Write your password.")
        password.help_text = ""
        for field in (email, password):
            field.widget.attrs.pop("placeholder", None)

    def clean(self):
        try:
            return super().clean()
        except ValidationError as error:
            self.add_error("password", self._explain(error))
            return self.cleaned_data

    def _explain(self, error: ValidationError) -> str:
        sentence = " ".join(error.messages)
        if getattr(error, "code", "") == "too_many_login_attempts":
            return sentence
        left = attempts_left(self.request, self.cleaned_data["login"])
        if not left:
            return f"{sentence} " + _("You have no attempts left. Wait 15 minutes, or choose a new password.")
        advice = ngettext(
            "Try again, you have %(count)s attempt left.", "Try again, you have %(count)s attempts left.", left
        )
        return f"{sentence} {advice % {'count': left}}"


class _PasswordMixin:
    """Labels above the fields instead of placeholders."""

    labels = {
        "email": _("E-mail"),
        "password": _("Password"),
        "oldpassword": _("The password you have now"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, field.help_text = self.labels[name], ""
            field.widget.attrs.pop("placeholder", None)


class ForgottenPasswordForm(_PasswordMixin, ResetPasswordForm):
    pass


class NewPasswordForm(_PasswordMixin, ResetPasswordKeyForm):
    pass


class PasswordForm(_PasswordMixin, ChangePasswordForm):
    pass


class ConfirmPasswordForm(_PasswordMixin, ReauthenticateForm):
    pass


class _CodeMixin:
    """A field for the six digits of an authenticator app, or a recovery code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code")
        field.error_messages["required"] = _("Write the code.")
        field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        field.widget.attrs.pop("placeholder", None)


class SecondFactorForm(_CodeMixin, AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "text"  # recovery codes hold letters too


class ConfirmSecondFactorForm(_CodeMixin, ReauthenticateByCodeForm):
    pass


class SetUpSecondFactorForm(_CodeMixin, ActivateTOTPForm):
    pass


class ProfileForm(forms.ModelForm):
    """A user's own details, without role, branch and e-mail."""

    class Meta:
        model = User
        fields = ["name", "phone", "language", "theme"]
        widgets = {"language": forms.RadioSelect, "theme": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = Language.choices
        self.fields["theme"].choices = Theme.choices


class BranchChoiceForm(forms.Form):
    """The branch to work in, among the user's branches."""

    branch = forms.ModelChoiceField(queryset=Branch.objects.none())

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(pk__in=user.branch_ids)


class ThemeChoiceForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)


class LanguageChoiceForm(forms.Form):
    language = forms.ChoiceField(choices=Language.choices)


class InvitationForm(OnceFormMixin, forms.Form):
    """Invitation of a user to one of the branches in which ``by`` manages users."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        own = Branch.objects.filter(pk__in=by.branch_ids_for(Verb.MANAGE_USERS))
        self.fields["branch"].queryset = own
        if len(own) == 1:
            self.fields["branch"].widget = forms.HiddenInput()
            self.fields["branch"].initial = own[0]

    def clean_email(self) -> str:
        return User.objects.normalise(self.cleaned_data["email"])


class MembershipRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)


class ListExportForm(forms.Form):
    """Export of a list: the columns, among those that the user may see, and the file format."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one column."),
            "invalid_choice": _("One of the columns is not part of this list. Choose again."),
        },
    )
    kind = forms.ChoiceField(
        label=_("File format"),
        choices=FileKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a file format."), "invalid_choice": _("Choose a file format.")},
        help_text=_("CSV is a plain text file that the Danish Excel opens with one press."),
    )

    def __init__(self, *args, columns: list[Column], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(column.key, column.label) for column in columns]
