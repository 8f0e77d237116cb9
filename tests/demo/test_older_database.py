"""An older demo database is kept under another name; any other older database is refused."""

import datetime as dt
import sqlite3

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.utils import timezone

from demo.older_database import OlderDatabase, move_aside, replace_older_database, unknown_migrations

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def older(tmp_path):
    """The path of an SQLite file with a migration that the code does not have."""
    path = tmp_path / "mentornet.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT, applied TEXT)")
        rows = [("people", "0001_initial", "2026-01-01 00:00:00"), ("people", "0002_older", "2026-01-01 00:00:00")]
        database.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", rows)
    database.close()
    return path


@pytest.fixture
def connect():
    """A function that returns a connection to another SQLite file than the tests' database."""

    def to_file(path):
        sqlite = {"ENGINE": "django.db.backends.sqlite3"}
        connections["other"] = ConnectionHandler({"default": sqlite, "other": sqlite | {"NAME": str(path)}})["other"]
        return connections["other"]

    yield to_file
    connections["other"].close()
    del connections["other"]


def test_unknown_migrations_are_those_of_own_apps_without_code():
    assert unknown_migrations(connection) == []
    for app, name in (("people", "0002_older"), ("accounts", "0009_older"), ("mfa", "9999_of_a_package")):
        MigrationRecorder(connection).record_applied(app, name)
    assert unknown_migrations(connection) == ["accounts.0009_older", "people.0002_older"]


def test_new_file_is_not_older(connect, tmp_path, settings):
    settings.DEMO = True
    path = tmp_path / "mentornet.sqlite3"
    assert replace_older_database(connect(path)) is None


def test_older_demo_file_is_moved_aside(connect, older, settings):
    settings.DEMO = True
    content = older.read_bytes()
    kept = replace_older_database(connect(older))
    assert kept == older.with_name(f"mentornet.before-{timezone.localdate()}.sqlite3")
    assert kept.read_bytes() == content
    assert list(older.parent.iterdir()) == [kept]


def test_older_file_is_refused_outside_the_demo(connect, older, settings):
    settings.DEMO = False
    with pytest.raises(OlderDatabase, match=r"people\.0002_older"):
        replace_older_database(connect(older))
    assert list(older.parent.iterdir()) == [older]


def test_move_aside_takes_the_files_of_the_write_ahead_log_along(tmp_path):
    path = tmp_path / "mentornet.sqlite3"
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).write_text(f"old{suffix}")
    assert move_aside(path, DAY).name == "mentornet.before-2026-03-01.sqlite3"
    path.write_text("second")
    assert move_aside(path, DAY).name == "mentornet.before-2026-03-01-2.sqlite3"
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "mentornet.before-2026-03-01.sqlite3": "old",
        "mentornet.before-2026-03-01.sqlite3-wal": "old-wal",
        "mentornet.before-2026-03-01.sqlite3-shm": "old-shm",
        "mentornet.before-2026-03-01-2.sqlite3": "second",
    }


def test_start_demo_is_refused_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("start_demo", port=0)


def test_start_demo_says_what_to_do_with_an_older_database(settings, monkeypatch):
    """Only an SQLite file can be moved."""
    settings.DEMO = True
    monkeypatch.setattr(connection, "vendor", "postgresql")
    MigrationRecorder(connection).record_applied("people", "0002_older")
    with pytest.raises(CommandError) as refusal:
        call_command("start_demo", port=0)
    assert str(refusal.value) == (
        "An older version of Mentornet made this database. It has migrations that this version does not have, such as "
        "people.0002_older, and cannot be migrated. Nothing was changed. Create an empty database, name it in "
        "DATABASE_URL, and start again. To keep a branch, export it with the older version (manage.py export_branch) "
        "and read its file into the new database (manage.py import_branch)."
    )
