from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.commands import RealNetworkMixin
from accounts.services import create_branch


class Command(RealNetworkMixin, BaseCommand):
    help = "Create a branch, without programmes and users."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("name", help="such as Tingbjerg")
        parser.add_argument("--slug", required=True, help="short name in commands and addresses, such as tingbjerg")
        parser.add_argument("--code", required=True, help="one to three capital letters that begin its case numbers")

    def handle(self, *, name, slug, code, **options):
        try:
            branch = create_branch(name=name, slug=slug, code=code)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(
            _("%(branch)s is created. Case numbers begin with %(code)s.") % {"branch": branch, "code": branch.code}
        )
