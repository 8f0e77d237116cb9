"""What a command loads: ``manage.py check`` loads all views, and none of the packages that few pages need."""

import os
import subprocess
import sys

from django.conf import settings

SLOW_PACKAGES = {
    "numpy", "rapidfuzz", "phonenumbers", "weasyprint", "docx", "lxml", "python_calamine", "xlsxwriter", "icalendar",
    "PIL", "fontTools", "factory", "faker",
}  # fmt: skip
CHECK = """
import sys
sys.modules |= {"openpyxl": None, "odf": None}  # tablib loads them where the tests' packages are installed
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check"])
from imports.engine.fields import load_data
print(load_data.cache_info().currsize, *sys.modules)
"""


def test_check_loads_no_slow_package_and_no_data_of_imports():
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "mentornet.settings", "SECRET_KEY": "x", "DEBUG": "false"}
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True
    )
    files_read, *modules = done.stdout.splitlines()[-1].split()
    assert {"imports.views", "matching.views.desk", "reporting.views.status_reports"} <= set(modules)
    assert SLOW_PACKAGES & set(modules) == set()
    assert files_read == "0"
