"""How allauth signs our users in: nobody signs up, and nothing tells whether an account exists."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Administrators invite; a disabled user hears the same as a stranger."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("Too many attempts. Wait 15 minutes, or choose a new password."),
        "email_password_mismatch": _("E-mail and password do not match."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _("The code is not right, or it has been used. Wait for the next one in your app."),
        "invalid_password_reset": _("The link is not valid any more. Ask for a new one."),
        "enter_current_password": _("The current password is not right."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials):
        """The user, or None also for one who may not sign in."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Our pages say what happened; allauth's own notices stay out."""
