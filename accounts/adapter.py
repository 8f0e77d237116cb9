"""Adapters of allauth: no sign-up, and no answer that reveals whether an account exists."""

import base64
import hashlib
import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _

from accounts.attempts import Attempt, TooManyAttempts
from common.kept_posts import kept_posts_path, kept_words


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail and password. A disabled user gets the same answer as an unknown one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("Too many attempts. Wait 15 minutes, or choose a new password."),
        "too_many_from_address": _(
            "There are many attempts from your network just now. Wait some seconds and try again."
        ),
        "rate_limited": _("Too many attempts. Wait 15 minutes."),
        "email_password_mismatch": _("E-mail and password do not match."),
        "incorrect_password": _("The password is not right."),
        "invalid_password_reset": _("The link is not valid any more. Ask for a new one."),
        "enter_current_password": _("The current password is not right."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials):
        """Return the user, or None. A disabled user counts as a failed attempt, too. Raises ValidationError."""
        attempt = Attempt(request, credentials["email"])
        try:
            attempt.begin()
        except TooManyAttempts as refused:
            code = "too_many_from_address" if refused.is_short else "too_many_login_attempts"
            raise self.validation_error(code) from refused
        user = authenticate(request, **credentials)
        if user is not None:
            attempt.succeed()
        return user

    def get_login_redirect_url(self, request) -> str:
        """Return the page of kept posts if the user has some here, otherwise the start page."""
        return kept_posts_path() if kept_words(request) else super().get_login_redirect_url(request)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Return whether the user must confirm who they are; not shortly after signing in."""
        records = get_authentication_records(self.request, self.request.user)
        is_fresh = any(time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT for record in records)
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Drop allauth's own messages: the product's pages say what happened."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor. Secrets are stored encrypted under a key derived from ``SECRET_KEY`` (ASVS 11.4)."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right, or it has been used. Wait for the next one in your app."),
    }

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret, or a random one after a change of ``SECRET_KEY`` without fallback: no code fits it."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()


def _keys() -> MultiFernet:
    """Return the current key and those of ``SECRET_KEY_FALLBACKS``."""
    words = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"mentornet second factor " + word.encode()).digest() for word in words]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
