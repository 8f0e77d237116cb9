import socket
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from demo.builders import staff
from demo.older_database import OlderDatabase, replace_older_database
from demo.services import is_empty, load_demo


class Command(BaseCommand):
    help = (
        "Prepare to serve: migrate, collect static files if they changed, fill an empty demo database, print the "
        "address and the sign-ins."
    )

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port, **options):
        if not settings.DEMO:
            raise CommandError("start_demo starts the demo only: DEMO=true python manage.py start_demo, or make run.")
        self._check_port(port)
        self._replace_older_database()
        call_command("migrate", verbosity=0, interactive=False)
        if static_files_changed():
            call_command("collectstatic", verbosity=0, interactive=False)
        if is_empty():
            self.stdout.write("Inventing people (half a minute, the first time only) ...")
            load_demo()
        self.stdout.write(f"\nMentornet runs on http://localhost:{port}  (stop with Ctrl-C)\n")
        self._print_sign_ins()

    def _check_port(self, port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as taken:
                raise CommandError(f"Port {port} is in use. Choose another: make run PORT={port + 1}") from taken

    def _replace_older_database(self):
        try:
            kept = replace_older_database(connection)
        except OlderDatabase as older:
            raise CommandError(str(older)) from older
        if kept:
            self.stdout.write(
                f"An older version of Mentornet made the demo's database; it is kept as {_shown(kept)}, and a new demo "
                "takes its place."
            )

    def _print_sign_ins(self):
        self.stdout.write(f"Today is {settings.DEMO_TODAY} in the demo. Password for all: {staff.PASSWORD}")
        for branch, role, email in staff.sign_ins():
            self.stdout.write(f"  {branch:<11} {role:<14} {email}")
        self.stdout.write("")


def static_files_changed() -> bool:
    """Return whether a static file is new or has changed since they were collected."""
    if not staticfiles_storage.exists(staticfiles_storage.manifest_name):
        return True
    collected_at = staticfiles_storage.get_modified_time(staticfiles_storage.manifest_name)
    return any(
        path not in staticfiles_storage.hashed_files or storage.get_modified_time(path) > collected_at
        for finder in get_finders()
        for path, storage in finder.list([])
    )


def _shown(path: Path) -> Path:
    """Return a path relative to the checkout if it lies there."""
    return path.relative_to(settings.BASE_DIR) if path.is_relative_to(settings.BASE_DIR) else path
