"""Columns of the exported list of users and of the exported access log."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from common.exports import Column, ListExport


def sign_in_words(member: Membership) -> str:
    """Return how a member signs in, in the words of the page. Needs the annotation ``has_second_factor``."""
    if member.is_offered:
        return gettext("Invited")
    if not member.user.is_active:
        return gettext("Stopped")
    if member.is_invited:
        return gettext("Invited")
    return gettext("Password and code") if member.has_second_factor else gettext("Password only")


def _once_accepted(field: str):
    """Return a function for a column with a fact of the user that the branch may not see before they accept."""
    return lambda member: None if member.is_offered else getattr(member.user, field)


USERS = ListExport(
    "users",
    _("Users"),
    (
        Column("name", _("Name"), lambda member: member.shown_name),
        Column("email", _("E-mail"), lambda member: member.user.email),
        Column("phone", _("Phone"), _once_accepted("phone")),
        Column("branch", _("Branch"), lambda member: member.branch.name),
        Column("role", _("Role"), lambda member: member.get_role_display()),
        Column("sign_in", _("Sign-in"), sign_in_words),
        Column("last_login", _("Last signed in"), _once_accepted("last_login")),
        Column("created_at", _("Created at"), _once_accepted("created_at")),
    ),
)

LOG = ListExport(
    "access-log",
    _("Access log"),
    (
        Column("at", pgettext_lazy("access log", "Time"), lambda row: row.at.replace(microsecond=0)),
        Column("user", _("User"), lambda row: str(row.user or "")),
        Column("branch", _("Branch"), lambda row: str(row.branch or "")),
        Column("kind", _("What was done"), lambda row: row.get_kind_display()),
        Column("record", _("Record"), lambda row: row.subject_words),
        Column("case_number", _("Case number")),
        Column("detail", _("Detail")),
        Column("count", _("Number")),
    ),
)
