#!/usr/bin/env python
"""Django's command line for Mentornet."""

import os
import secrets
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from common.garbage import load_code

SIGN_NOTHING = {"makemigrations", "makemessages", "compilemessages"}  # work on the source alone

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.settings")
    if SIGN_NOTHING & set(sys.argv[1:2]):
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe())
    try:
        settings.INSTALLED_APPS  # noqa: B018 a missing setting is said here, before a command stumbles over it
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    with load_code():
        django.setup()
    execute_from_command_line(sys.argv)
