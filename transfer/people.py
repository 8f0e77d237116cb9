"""Who acts when a command moves a branch."""

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Branch, User
from common.spreadsheets import FileRefused


def acting_user(email: str, verb: str, branch: Branch | None) -> User | None:
    """The user named, or the first administrator of the branch; None while there are no users yet.

    Raises FileRefused for a user who is not active or may not do ``verb`` in the branch.
    """
    if not email:
        administrators = User.objects.filter(is_active=True, memberships__role=Role.ADMINISTRATOR).order_by("pk")
        return administrators.filter(memberships__branch=branch).first() if branch else None
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise FileRefused("no_user", _("There is no active user %(email)s."), email=email)
    if branch is not None and not user.may(verb, branch):
        raise FileRefused("no_right", _("%(email)s may not do this in %(branch)s."), email=email, branch=branch)
    return user
