from django.core.management.base import BaseCommand, CommandError

from demo.services import DemoRefused, empty_demo


class Command(BaseCommand):
    help = "Remove the demo: all invented people with their records, and the demo's branches and users."

    def handle(self, **options):
        try:
            removed = empty_demo()
        except DemoRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Removed {removed} invented people. The network is empty.")
