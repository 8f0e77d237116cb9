"""Middleware: session limits, language, current branch, kept posts, second factor."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.attempts import remember_device
from common.kept_posts import USED_HEADER, drop_used, keep_post, kept_posts_path, last_branch, note_page
from common.models import KeptPost

ACTIVE_BRANCH_KEY = "active_branch"
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
SEEN_EVERY = 60  # seconds between two updates of the session
CLOCK_SLACK = 60  # seconds that the clock of another server may be ahead
# The id of an element that reloads itself, and what a script names itself that asks when the session ends: they are no
# sign of the user, and must not wait for a locked database.
PROGRESS = "progress"
RETURNS_WORDS = {409, 413, 422}  # pages with the words of the post: of two editors, of a large file, of an error


class LanguageMiddleware:
    """Sets the language of the user, or of the cookie when signed out; Danish by default. Browsers do not decide."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if request.user.is_authenticated:
            code = request.user.language
        if code not in dict(settings.LANGUAGES):
            code = settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response


def note_sign_in(sender, request, user, **kwargs) -> None:
    """Store the time of sign-in, and the branch in which the user last worked here (receiver of ``user_logged_in``)."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())
    branch = last_branch(request, user.pk)
    if branch is not None:
        request.session.setdefault(ACTIVE_BRANCH_KEY, branch)


def seconds_left(request) -> int:
    """Return the seconds until the session ends, when idle or after ``SESSION_ABSOLUTE_SECONDS``."""
    seen, started = request.session.get(SEEN_AT, 0), request.session.get(SIGNED_IN_AT, 0)
    end = min(seen + settings.SESSION_IDLE_SECONDS, started + settings.SESSION_ABSOLUTE_SECONDS)
    return end - int(time.time())


def can_be_renewed(request) -> bool:
    """Return whether use of the session prolongs it, or its absolute limit comes first."""
    started, seen = request.session.get(SIGNED_IN_AT, 0), request.session.get(SEEN_AT, 0)
    return seen + settings.SESSION_IDLE_SECONDS < started + settings.SESSION_ABSOLUTE_SECONDS


def redirect_to_sign_in(request, path: str):
    """Redirect to sign-in, and from there to ``path``, or to what the user typed if the request is a post."""
    kept = keep_post(request)
    return redirect_to_login(path) if kept is None else redirect_with_kept(request, kept)


def redirect_with_kept(request, kept: KeptPost):
    """Redirect to sign-in, and from there to the page of kept posts."""
    messages.warning(request, _("What you have written is kept. Sign in, and it is here again."))
    response = redirect_to_login(kept_posts_path())
    response.headers[USED_HEADER] = str(kept.pk)
    return response


class SessionLimitMiddleware:
    """Ends a session that is idle for ``SESSION_IDLE_SECONDS`` or older than ``SESSION_ABSOLUTE_SECONDS``.

    A session from the future ends, too: it would outlast these limits after a wrong clock is corrected.
    ASVS 7.3.1, 7.3.2. Comes after MessageMiddleware, so that the sign-in page can say why. ``note_sign_in`` stores
    both times in the session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            started, seen = request.session.get(SIGNED_IN_AT, 0), request.session.get(SEEN_AT, 0)
            if seconds_left(request) < 0 or max(started, seen) > now + CLOCK_SLACK:
                return self.sign_out(request)
            if now - seen >= SEEN_EVERY and request.headers.get("HX-Trigger") != PROGRESS:
                request.session[SEEN_AT] = now
        elif SESSION_KEY in request.session:  # of a user who was disabled: it does not come back when the user does
            logout(request)
        return self.get_response(request)

    def sign_out(self, request):
        logout(request)
        if request.path == reverse("session"):  # a script asks; the page says that the session has ended
            return self.get_response(request)
        messages.warning(request, _("You were signed out because some time had passed. Sign in to continue."))
        path = request.get_full_path() if request.method == "GET" else resolve_url(settings.LOGIN_REDIRECT_URL)
        return redirect_to_sign_in(request, path)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends visitors to sign-in, and keeps what they post."""

    def handle_no_permission(self, request, view_func):
        kept = keep_post(request)
        return redirect_with_kept(request, kept) if kept else super().handle_no_permission(request, view_func)


class KeptPostMiddleware:
    """Notes whose pages the browser gets, and deletes a kept post once it was sent again (``common.kept_posts``)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            note_page(request, response, request.membership.branch_id if request.membership else None)
            if request.method == "POST" and (response.status_code < 400 or response.status_code in RETURNS_WORDS):
                drop_used(request)
        return response


class MembershipMiddleware:
    """Sets ``request.membership``: the user's role in the current branch, or None."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.membership = None
        if request.user.is_authenticated:
            chosen = request.session.get(ACTIVE_BRANCH_KEY)
            memberships = request.user.active_memberships
            request.membership = next((m for m in memberships if m.branch_id == chosen), None)
            if request.membership is None and memberships:
                request.membership = memberships[0]
        return self.get_response(request)


def gave_second_factor(request) -> bool:
    """Return whether a second factor was given in this session (ASVS 6.3.3)."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def note_device(sender, request, response, user, **kwargs) -> None:
    """Remember the device of a complete sign-in (receiver of allauth's ``user_logged_in``)."""
    if settings.DEMO or gave_second_factor(request):
        remember_device(request, response, user)


class SecondFactorMiddleware:
    """Requires the second factor outside the demo, also for sessions begun by other ways of signing in.

    A user without one is sent to the page that sets it up. A session in which no code was given ends, such as one
    from before the second factor was set up, or from the sign-in of Django's admin.
    """

    OPEN = {"account_logout", "account_reauthenticate", "mfa_activate_totp", "set_language", "session"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if settings.DEMO or not request.user.is_authenticated or request.resolver_match.url_name in self.OPEN:
            return None
        if not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect("mfa_activate_totp")
        if gave_second_factor(request):
            return None
        logout(request)
        return redirect_to_sign_in(request, request.get_full_path())


class ScriptRedirectMiddleware:
    """Names the address of a redirect in a header, as a script cannot see where a redirect leads.

    ``forms.js`` gets each redirect in this way. An htmx request gets the redirects to sign-in and to the kept posts,
    because these are whole pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        location = response.headers.get("Location", "")
        if location and request.headers.get("X-In-Place") == "true":
            return self.named(response, "X-Location", location)
        is_from_htmx = location and request.headers.get("HX-Request") == "true"
        if is_from_htmx and location.startswith((resolve_url(settings.LOGIN_URL), kept_posts_path())):
            is_kept = USED_HEADER in response.headers
            return self.named(response, "HX-Redirect", location if is_kept else resolve_url(settings.LOGIN_URL))
        return response

    def named(self, response, header: str, location: str):
        whole = HttpResponse(status=204, headers={header: location})
        if USED_HEADER in response.headers:
            whole.headers[USED_HEADER] = response.headers[USED_HEADER]
        whole.cookies = response.cookies
        return whole
