"""Settings of the tests: those of the product, without what is slow or leaves the machine."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("DEMO", "false")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")

from mentornet.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Django's test runner sends e-mail to ``mail.outbox`` at once; tests/tasks/test_mail.py goes through the queue.
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_NAME = "csrftoken"
# The second factor has its own tests (tests/accounts/test_middleware.py); all others sign in without it.
DEMO = True
DEMO_TODAY = "2011-09-15"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because threads that share a database in memory do not wait for each other: they fail.
    _test_database = Path(tempfile.gettempdir()) / f"mentornet-test-{os.getpid()}.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(_test_database)}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "FULL", "OFF"
    )
