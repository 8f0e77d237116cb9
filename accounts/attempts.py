"""Limits on failed attempts to sign in, and the known devices that have limits of their own.

A limit must stop guessing without letting anyone lock a user out. Attempts are therefore counted by account and IP
address; the counts of an account and of an address alone only slow further attempts down. A browser in which the user
signed in completely is a known device: it has a cookie, and a count of its own. The setting ``ACCOUNT_RATE_LIMITS`` has
the limits.
"""

import secrets
import time

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.core.cache import cache

from accounts.models import User

APP = "allauth.account"
# Names of limits. HERE and HERE_SLOW count one account from one address or known device.
HERE, HERE_SLOW = "login_failed", "login_failed_here_slow"
ACCOUNT, ADDRESS, ADDRESS_SLOW = "login_failed_account", "login_failed_address", "login_failed_address_slow"
DEVICE_SALT = "accounts.known_device"
DEVICE_SECONDS = 60 * 60 * 24 * 365
USERS_OF_A_DEVICE = 10


class TooManyAttempts(Exception):
    """An attempt is refused: for some seconds if ``is_short``, otherwise for minutes."""

    def __init__(self, *, is_short: bool = False):
        self.is_short = is_short
        super().__init__()


class Attempt:
    """An attempt to sign in with a password. It counts as failed until it succeeds."""

    def __init__(self, request, email: str):
        self.request, self.account = request, email.lower()
        device = _device_of_account(request, self.account)
        self.is_known = bool(device)
        self.here = f"{self.account} {device or ratelimit.get_ip(request)}"
        self.usages = []

    def begin(self) -> None:
        """Count the attempt. Raises TooManyAttempts."""
        try:
            self._count(HERE, self.here)
            if not self.is_known:
                self._count_widely()
        except TooManyAttempts:
            self.succeed()  # a refused attempt is no failed one
            raise

    def _count_widely(self) -> None:
        if not self._is_counted(ACCOUNT, self.account):
            self._count(HERE_SLOW, self.here)
        address = ratelimit.get_ip(self.request)
        if not self._is_counted(ADDRESS, address) and not self._is_counted(ADDRESS_SLOW, address):
            raise TooManyAttempts(is_short=True)

    def succeed(self) -> None:
        """Do not count the attempt."""
        for usage in self.usages:
            usage.rollback()
        self.usages = []

    def clear(self) -> None:
        """Forget the failed attempts on the account from here, and the count of the account."""
        for name, key in ((HERE, self.here), (HERE_SLOW, self.here), (ACCOUNT, self.account)):
            ratelimit.clear(self.request, app=APP, action=name, key=key)

    def left(self) -> int:
        """Return how many failed attempts on the account are still allowed from here."""
        is_slowed = not self.is_known and not self._remaining(ACCOUNT, self.account)
        return min(self._remaining(name, self.here) for name in ([HERE, HERE_SLOW] if is_slowed else [HERE]))

    def _count(self, name: str, key: str) -> None:
        if not self._is_counted(name, key):
            raise TooManyAttempts

    def _is_counted(self, name: str, key: str) -> bool:
        usage = ratelimit.consume(self.request, app=APP, action=name, key=key)
        if usage:
            self.usages.append(usage)
        return bool(usage)

    def _remaining(self, name: str, key: str) -> int:
        (rate,) = ratelimit.parse_rates(app_settings.RATE_LIMITS[name])
        stored = cache.get(ratelimit.get_cache_key(self.request, app=APP, action=name, rate=rate, key=key), [])
        return max(0, rate.amount - sum(at > time.time() - rate.duration for at in stored))


def forget_attempts(sender, request, user, **kwargs) -> None:
    """Forget the failed attempts of a user who chose a new password (receiver of ``password_reset``)."""
    Attempt(request, user.email).clear()


def begin_code(request, user: User) -> ratelimit.RateLimitUsage:
    """Count an attempt to give a second factor; return what takes it back. Raises TooManyAttempts.

    Only a visitor who knows the password gets here. The limit is therefore that of the account, from all addresses.
    """
    key = f"code {user.pk} {known_device(request, user.pk)}"
    usage = ratelimit.consume(request, app=APP, action=HERE, key=key)
    if not usage:
        raise TooManyAttempts
    return usage


def begin_link(request, email: str) -> bool:
    """Count a request for a new password, with or without an account; return whether it is within the limit."""
    key = f"{email} {_device_of_account(request, email)}"
    return bool(ratelimit.consume(request, app=APP, action="reset_password_mail", key=key))


# --- known devices -------------------------------------------------------------------------------


def device_cookie() -> str:
    return "__Host-known-device" if settings.SESSION_COOKIE_SECURE else "known-device"


def known_device(request, user_pk: int) -> str:
    """Return the name of the device, or an empty text if the user never signed in completely on it."""
    return _users_of(request).get(str(user_pk), "")


def remember_device(request, response, user: User) -> None:
    """Set the cookie by which the device of a user is known for a year."""
    users = _users_of(request)
    device = users.pop(str(user.pk), "") or secrets.token_urlsafe(9)
    newest = [*users.items(), (str(user.pk), device)][-USERS_OF_A_DEVICE:]
    response.set_cookie(
        device_cookie(),
        signing.dumps(dict(newest), salt=DEVICE_SALT),
        max_age=DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _users_of(request) -> dict[str, str]:
    """Return the name of the device for each user by primary key."""
    try:
        return signing.loads(request.COOKIES.get(device_cookie(), ""), salt=DEVICE_SALT, max_age=DEVICE_SECONDS)
    except signing.BadSignature:
        return {}


def _device_of_account(request, email: str) -> str:
    if not _users_of(request):
        return ""
    user_pk = User.objects.filter(email=email).values_list("pk", flat=True).first()
    return known_device(request, user_pk)
