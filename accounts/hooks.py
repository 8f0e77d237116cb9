"""What accounts adds to its own hooks: signals, exported lists."""

from django.contrib.auth.signals import user_logged_in

from accounts.exports import LOG, USERS
from accounts.filters import AccessFilterSet
from accounts.log_words import LISTS, LoggedList, filters_of
from accounts.middleware import note_sign_in

user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
LISTS.add(LoggedList(USERS.label), key=USERS.key)
LISTS.add(LoggedList(LOG.label, filters_of(AccessFilterSet)), key=LOG.key)
