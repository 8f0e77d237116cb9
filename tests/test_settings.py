"""Start of the product with only the required settings, and the headers of its responses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = {
    "SECRET_KEY": "k9wJz3-Vt0sLq7Yb2nXc8mRf5hGd1pAe4uTi6oKj_QxZvCyBsNwMlHrE",
    "ALLOWED_HOSTS": "mentornet.example",
    "DATABASE_URL": "sqlite://:memory:",
}


# Packages of requirements-demo.in and requirements-dev.in, which a real network does not install.
NOT_INSTALLED = ["factory", "faker", "odf", "openpyxl", "pytest"]


def manage(*arguments, **env):
    """Run manage.py with only these environment variables and no ``.env`` file."""
    return python("manage.py", *arguments, **env)


def python(*arguments, file="none", **env):
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    if file:
        kept["MENTORNET_ENV_FILE"] = file
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_deploy_check_is_clean_with_three_settings():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **REQUIRED)
    assert (result.returncode, result.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def test_real_network_needs_no_package_of_the_demo_and_the_tests():
    words = (
        f"import sys; sys.modules.update(dict.fromkeys({NOT_INSTALLED}));"
        "from django.core.management import execute_from_command_line as run; run(['manage.py', 'check']);"
        "from common.spreadsheets.formats import SAFE_FORMATS; import tablib;"
        "print([len(kind().export_data(tablib.Dataset(['1'], headers=['a']))) > 0 for kind in SAFE_FORMATS])"
    )
    result = python("-c", words, DJANGO_SETTINGS_MODULE="mentornet.settings", **REQUIRED)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "[True, True, True]"


def test_deploy_check_fails_in_the_demo():
    result = manage("check", "--deploy", DEMO="true", **REQUIRED)
    assert (result.returncode, "?: (demo.E001) DEMO is on:" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("env", "file", "folder"),
    [({}, ".env", "var"), ({"DEMO": "false"}, ".env", "var"), ({"DEMO": "true"}, ".env.demo", "var/demo")],
)
def test_demo_has_its_own_settings_file_and_database(env, file, folder):
    words = (
        "import environ; environ.Env.read_env = classmethod(lambda cls, path: print(path));"
        "import mentornet.settings as read;"
        "print(read.DATABASES['default']['NAME'], read.CACHES['default']['LOCATION'])"
    )
    result = python("-c", words, file=None, SECRET_KEY="x", **env)
    base = ROOT / folder
    assert result.stdout.split() == [str(ROOT / file), str(base / "mentornet.sqlite3"), str(base / "cache")]


@pytest.mark.parametrize("line", ["DEMO=true", "export DEMO='on'"])
def test_settings_file_cannot_turn_the_demo_on(tmp_path, line):
    file = tmp_path / ".env"
    file.write_text(f"{line}\nSECRET_KEY=x\n")
    result = manage("check", MENTORNET_ENV_FILE=str(file))
    assert result.returncode == 1
    assert result.stderr.startswith("The file .env has the settings of a demo (DEMO=true).")


def test_start_without_a_secret_key_is_refused():
    result = manage("check", ALLOWED_HOSTS="mentornet.example")
    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


def test_check_of_migrations_needs_no_secret_key():
    result = manage("makemigrations", "--check", "--dry-run")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(("behind_proxy", "trusted"), [("true", 1), ("false", 0)])
def test_trusted_proxy_count_follows_behind_proxy(behind_proxy, trusted):
    words = "from allauth.app_settings import TRUSTED_PROXY_COUNT as count; print('count', count)"
    result = manage("shell", "--command", words, BEHIND_PROXY=behind_proxy, **REQUIRED)
    assert result.stdout.splitlines()[-1] == f"count {trusted}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/findes-ikke/", "/konto/login/"])
def test_security_headers_are_set_on_every_response(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert scripts.split() == ["script-src", "'self'"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
