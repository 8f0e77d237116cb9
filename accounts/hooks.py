"""What accounts adds to its own hooks and to those of the tasks: signals, exported lists, a kind of task."""

from allauth.account.signals import password_reset
from allauth.account.signals import user_logged_in as signed_in_by_allauth
from django.contrib.auth.signals import user_logged_in

from accounts import password_links  # noqa: F401 - importing it registers its kind of task
from accounts.attempts import forget_attempts
from accounts.exports import LOG, USERS
from accounts.filters import AccessFilterSet
from accounts.log_words import LISTS, LoggedList, filters_of
from accounts.middleware import note_device, note_sign_in
from accounts.services import accept_first_invitation

user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
signed_in_by_allauth.connect(note_device, dispatch_uid="accounts.note_device")
password_reset.connect(forget_attempts, dispatch_uid="accounts.forget_attempts")


def accept_by_password(sender, request, user, **kwargs) -> None:
    accept_first_invitation(user)


password_reset.connect(accept_by_password, dispatch_uid="accounts.accept_by_password")
LISTS.add(LoggedList(USERS.label), key=USERS.key)
LISTS.add(LoggedList(LOG.label, filters_of(AccessFilterSet)), key=LOG.key)
