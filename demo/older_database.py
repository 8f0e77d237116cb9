"""What becomes of a database that an older version of Mentornet made.

Before the first release, each app's migrations were replaced by a single ``0001_initial``. A database with the older
migrations cannot be migrated: the demo starts with a new one and keeps the older file.
"""

import datetime as dt
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone


class OlderDatabase(Exception):
    """The database has migrations that the code does not have. The message says what to do."""


def replace_older_database(connection: BaseDatabaseWrapper) -> Path | None:
    """Move an older demo database aside, and return its new path; None when the database is not older.

    Only an SQLite file of the demo is moved. Raises OlderDatabase for any other older database.
    """
    unknown = unknown_migrations(connection)
    if not unknown:
        return None
    if not settings.DEMO or connection.vendor != "sqlite":
        raise OlderDatabase(
            "An older version of Mentornet made this database. It has migrations that this version does not have, such "
            f"as {unknown[-1]}, and cannot be migrated. Nothing was changed. Create an empty database, name it in "
            "DATABASE_URL, and start again. To keep a branch, export it with the older version (manage.py "
            "export_branch) and read its file into the new database (manage.py import_branch)."
        )
    connection.close()
    return move_aside(Path(connection.settings_dict["NAME"]), timezone.localdate())


def unknown_migrations(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the applied migrations of the project's own apps that the code does not have, as ``app.name``."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    own = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app in own and (app, name) not in known)


def move_aside(path: Path, day: dt.date) -> Path:
    """Rename an SQLite file with its ``-wal`` and ``-shm`` files, and return its new path.

    The new name has the day, such as ``mentornet.before-2026-03-01.sqlite3``, and a number when that name is taken.
    """
    stem = f"{path.stem}.before-{day}"
    target, number = path.with_name(f"{stem}{path.suffix}"), 1
    while target.exists():
        number += 1
        target = path.with_name(f"{stem}-{number}{path.suffix}")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(f"{path.name}{suffix}")
        if part.exists():
            part.rename(target.with_name(f"{target.name}{suffix}"))
    return target
