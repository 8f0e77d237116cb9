"""The row of the bench about the start of a command."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from tests.bench.measuring import REPEATS, Row, at_most

START_GOAL = 1.3
OURS = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
BARE = {
    "manage.py": "import sys\nfrom django.core.management import execute_from_command_line as run\nrun(sys.argv)\n",
    "bare_urls.py": """
from django.contrib import admin
from django.urls import include, path
urlpatterns = [path("konto/", include("allauth.urls")), path("support/", admin.site.urls)]
""",
    "bare_settings.py": """
SECRET_KEY = "bench"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "bare.sqlite3"}}}}
INSTALLED_APPS = {apps}
MIDDLEWARE = {middleware}
ROOT_URLCONF = "bare_urls"
TEMPLATES = [{{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {{"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]}},
}}]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CRISPY_TEMPLATE_PACK = "bootstrap5"
STATIC_URL = "static/"
""",
}
# tablib loads openpyxl and odfpy where it finds them; only the tests' environment has them.
CHECK = """
import runpy, sys
sys.modules |= {"openpyxl": None, "odf": None}
sys.path.insert(0, "")
sys.argv = ["manage.py", "check"]
runpy.run_path("manage.py", run_name="__main__")
"""


def write_bare_project(folder: Path) -> None:
    """Write a project with the packages of ours, their addresses and middleware, and no code of its own."""
    apps, middleware = (
        [name for name in names if name.partition(".")[0] not in OURS]
        for names in (settings.INSTALLED_APPS, settings.MIDDLEWARE)
    )
    for name, content in BARE.items():
        text = content.format(apps=apps, middleware=middleware) if name == "bare_settings.py" else content
        (folder / name).write_text(text)


def cpu_seconds_of_check(folder: Path, settings_module: str) -> float:
    """Return the processor time of ``manage.py check`` in a folder."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings_module, "SECRET_KEY": "bench"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", CHECK], cwd=folder, env=env, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_start() -> Row:
    """Compare ``manage.py check`` with that of a bare project, in turn."""
    with tempfile.TemporaryDirectory(prefix="mentornet-bare-") as name:
        write_bare_project(Path(name))
        projects = [(settings.BASE_DIR, "mentornet.settings"), (Path(name), "bare_settings")]
        rounds = [[cpu_seconds_of_check(*project) for project in projects] for _ in range(2 * REPEATS + 1)]
    ours, bare = (statistics.median(column) for column in zip(*rounds[1:], strict=True))  # the first compiles
    return at_most("manage.py check, against a project with the same packages only", ours / bare, START_GOAL)
