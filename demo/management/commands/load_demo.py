import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from demo.services import DemoRefused, load_demo


class Command(BaseCommand):
    help = "Fill an empty database with invented people, at the size of the real network."

    def add_arguments(self, parser):
        parser.add_argument("--today", type=dt.date.fromisoformat, help="The day of the demo, YYYY-MM-DD.")
        parser.add_argument("--size", type=float, default=1.0, help="Share of branch København's people, 1 for all.")

    def handle(self, *, today, size, **options):
        try:
            people = load_demo(today=today, size=size)
        except DemoRefused as refused:
            raise CommandError(str(refused)) from refused
        for branch, count in people.items():
            self.stdout.write(f"{branch}: {count} people")
