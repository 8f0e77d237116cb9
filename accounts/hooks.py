"""Connects signals once all models are loaded."""

from django.contrib.auth.signals import user_logged_in

from accounts.middleware import note_sign_in

user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
