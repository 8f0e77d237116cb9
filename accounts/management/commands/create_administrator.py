import getpass
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.commands import RealNetworkMixin
from accounts.models import Branch
from accounts.services import create_administrator


class Command(RealNetworkMixin, BaseCommand):
    help = "Create the first administrator of a branch. Asks for the password, or reads it as a line from a pipe."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--branch", required=True, help="The branch's short name, such as tingbjerg.")

    def handle(self, *, email, name, branch, **options):
        found = Branch.objects.filter(slug=branch).first()
        if found is None:
            known = ", ".join(Branch.objects.values_list("slug", flat=True)) or _(
                "none yet: run load_programme or create_branch first"
            )
            raise CommandError(
                _("There is no branch »%(slug)s«. Branches: %(known)s") % {"slug": branch, "known": known}
            )
        try:
            user = create_administrator(email=email, name=name, password=self._password(), branch=found)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(
            _("%(name)s is administrator of %(branch)s and signs in with %(email)s.")
            % {"name": user.name, "branch": found, "email": user.email}
        )

    def _password(self) -> str:
        if sys.stdin.isatty():
            return getpass.getpass(_("Password (at least 12 characters): "))
        return sys.stdin.readline().rstrip("\n")
