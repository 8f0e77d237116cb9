"""Forms of sign-in, the user's own account, the users of a branch and list exports."""

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.attempts import Attempt, TooManyAttempts, begin_code, begin_link
from accounts.enums import FileKind, Language, Role, Theme
from accounts.models import Branch, User
from accounts.password_links import request_password_link
from accounts.roles import Verb
from accounts.services import accept_code
from common.exports import Column
from common.once import OnceFormMixin


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
        if error.code in {"too_many_login_attempts", "too_many_from_address"}:
            return sentence
        left = Attempt(self.request, self.cleaned_data["login"]).left()
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
    """Asks for a link by e-mail. The request looks for no user: ``accounts.password_links`` does, in the worker."""

    def clean_email(self) -> str:
        return User.objects.normalise(self.cleaned_data["email"])

    def save(self, request, **kwargs) -> str:
        """Ask for the link, unless several were asked for just now. The page says the same, so that one looks for them.

        A refusal would let any visitor keep a user from choosing a new password.
        """
        email = self.cleaned_data["email"]
        if begin_link(request, email):
            request_password_link(email, site=request.build_absolute_uri("/"))
        return email


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


class _AcceptCodeMixin(_CodeMixin):
    """Takes a code of the app, which is accepted once, or a recovery code."""

    def clean_code(self) -> str:
        try:
            counted = begin_code(context.request, self.user)
        except TooManyAttempts:
            raise ValidationError(_("Too many attempts. Wait 15 minutes.")) from None
        code = self.cleaned_data["code"]
        self.authenticator = accept_code(self.user, code)
        if self.authenticator is None:
            raise get_second_factor_adapter().validation_error("incorrect_code")
        counted.rollback()
        return code


class SecondFactorForm(_AcceptCodeMixin, AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "text"  # recovery codes hold letters too


class ConfirmSecondFactorForm(_AcceptCodeMixin, ReauthenticateByCodeForm):
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

    branch = forms.ModelChoiceField(queryset=Branch.objects.none(), label=_("Branch"))

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(pk__in=user.branch_ids)


class ThemeChoiceForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices, label=_("Appearance"))


class LanguageChoiceForm(forms.Form):
    language = forms.ChoiceField(choices=Language.choices, label=_("Language"))


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
