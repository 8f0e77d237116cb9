"""Context of the frame around every page."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, Theme
from accounts.middleware import can_be_renewed, seconds_left
from accounts.sections import links_of
from common import clock

RENEW_EVERY = 120  # seconds between two renewals of the session by a user who types


def frame(request) -> dict:
    """Return the sections and segments that the user may see, branch, role, demo banner and theme."""
    user = getattr(request, "user", None)
    membership = getattr(request, "membership", None)
    if user is None or not user.is_authenticated:
        return {
            "nav": [],
            "nav_segments": [],
            "is_demo": settings.DEMO,
            "demo_sign_ins": settings.DEMO_SIGN_INS if settings.DEMO else None,
            "theme": Theme.AUTO,
            "clock_today": clock.today(),
        }
    is_manager = bool(membership) and membership.role == Role.MANAGER
    sections, segments = links_of(request)
    return {
        "nav": sections,
        "nav_segments": segments,
        "membership": membership,
        "branch_name": membership.branch.name if membership else "",
        "role_label": membership.get_role_display() if membership else "",
        "is_manager": is_manager,
        "invitations": user.offered_memberships,
        "quick_search_label": _("Find case number") if is_manager else _("Find person or case"),
        "quick_search_url": reverse("people:case-number-search" if is_manager else "desk:search"),
        "is_demo": settings.DEMO or any(m.branch.is_demo for m in user.active_memberships),
        "theme": user.theme,
        "clock_today": clock.today(),
        "session_facts": _session_facts(request),
    }


def _session_facts(request) -> dict:
    """Return what ``session.js`` needs: when the session ends, and how often a user who types renews it (seconds).

    The request of the page renews the session. Until its absolute limit is near, all pages therefore say the same.
    """
    is_renewable = can_be_renewed(request)
    return {
        "seconds": settings.SESSION_IDLE_SECONDS if is_renewable else seconds_left(request),
        "is_renewable": is_renewable,
        "warning": settings.SESSION_WARNING_SECONDS,
        "throttle": min(RENEW_EVERY, settings.SESSION_IDLE_SECONDS // 4),
    }
