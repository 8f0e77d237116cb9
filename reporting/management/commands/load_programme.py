"""``manage.py load_programme NAME``: a programme with its rules and targets, without people."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.commands import RealNetworkMixin
from reporting.programme_files import ProgrammeFileError, shipped_slugs
from reporting.services import load_programme


class Command(RealNetworkMixin, BaseCommand):
    help = "Sets up a programme from a readable file: branch, rules, follow-up plan and targets, no people."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("name", help=f"a shipped programme ({', '.join(shipped_slugs())}) or the path of a file")

    def handle(self, *args, name, **options):
        try:
            loaded = load_programme(name)
        except ProgrammeFileError as error:
            raise CommandError(str(error), returncode=2) from error
        words = {"name": loaded.programme.name, "count": loaded.targets}
        sentence = (
            _("%(name)s is set up, with %(count)s targets.")
            if loaded.created
            else _("%(name)s is up to date, with %(count)s targets.")
        )
        self.stdout.write(sentence % words)
        for target in loaded.own_targets:
            self.stdout.write(_("Unchanged, not in the file: %(target)s.") % {"target": target.label})
