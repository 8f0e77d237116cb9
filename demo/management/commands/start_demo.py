import socket

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo.builders import staff
from demo.services import is_empty, load_demo


class Command(BaseCommand):
    help = "Get ready to serve: migrate, make the font, fill an empty database, say where and how to sign in."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port, **options):
        self._check_port(port)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("make_fonts", verbosity=0)
        if settings.DEMO and is_empty():
            self.stdout.write("Inventing people (half a minute, the first time only) ...")
            load_demo()
        self.stdout.write(f"\nMentornet runs on http://localhost:{port}  (stop with Ctrl-C)\n")
        if settings.DEMO:
            self._say_sign_ins()

    def _check_port(self, port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as taken:
                raise CommandError(f"Port {port} is in use. Choose another: make run PORT={port + 1}") from taken

    def _say_sign_ins(self):
        self.stdout.write(f"Today is {settings.DEMO_TODAY} in the demo. Password for all: {staff.PASSWORD}")
        for branch, role, email in staff.sign_ins():
            self.stdout.write(f"  {branch:<11} {role:<14} {email}")
        self.stdout.write("")
