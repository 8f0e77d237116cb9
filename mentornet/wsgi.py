"""The WSGI application, for gunicorn."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from common.garbage import load_code

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.settings")

with load_code():
    application = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)  # the views, now rather than in the first request
