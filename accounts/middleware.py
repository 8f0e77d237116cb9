"""Per-request frame: language, the branch worked in, the second factor, private responses."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.utils import translation

ACTIVE_BRANCH_KEY = "active_branch"


class LanguageMiddleware:
    """Danish unless the user (or, signed out, the cookie) says otherwise; browsers' wishes do not decide."""

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


class MembershipMiddleware:
    """Sets ``request.membership``: the role and branch the user works in now, or None."""

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


class SecondFactorMiddleware:
    """Outside the demo, a user without a second factor sees only the pages that set one up (ASVS 6.3.3)."""

    OPEN = ("account_logout", "account_reauthenticate", "mfa_", "set_theme", "set_language", "healthz")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if settings.DEMO or not request.user.is_authenticated or is_mfa_enabled(request.user):
            return None
        name = request.resolver_match.url_name or ""
        if name.startswith(self.OPEN):
            return None
        return redirect("mfa_activate_totp")


class PrivateResponseMiddleware:
    """Pages with case data are never kept by browsers or proxies."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response
