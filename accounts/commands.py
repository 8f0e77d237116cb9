"""Base of the commands that change data in a branch: the acting user, and the answer in words or JSON."""

import json
import sys
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from common.spreadsheets import FileRefused

REFUSED = 2  # exit status: nothing was stored


class RealNetworkMixin:
    """A command for a real network. In the demo it refuses, so that real people are not mixed with invented ones."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--into-demo", action="store_true", help="run in the demo, with invented data only")

    def execute(self, *args, **options):
        if settings.DEMO and not options["into_demo"]:
            sentence = _(
                "This is the demo; the command is for a real network. Run it without DEMO=true or with --into-demo."
            )
            raise CommandError(sentence, returncode=REFUSED)
        return super().execute(*args, **options)


class ActingCommand(BaseCommand):
    """A command that changes data in a branch and prints the result in words or, with ``--json``, as figures.

    A refusal prints one sentence, or ``{"refused": sentence}`` with ``--json``, and exits with status 2.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument(
            "--by", default="", metavar="EMAIL", help="who does it; default: the first administrator of the branch"
        )

    def handle(self, *args, **options) -> None:
        try:
            result = self.act(options)
        except FileRefused as refusal:
            self._refuse(str(refusal), options)
        except ValidationError as error:
            self._refuse(" ".join(error.messages), options)
        if options["json"]:
            self.stdout.write(json.dumps(self.figures(result), ensure_ascii=False, indent=1))
        else:
            self.print_result(result, options)

    def act(self, options: dict) -> Any:
        """Run the command and return its result. Raises FileRefused or ValidationError with a sentence for the user."""
        raise NotImplementedError

    def print_result(self, result: Any, options: dict) -> None:
        """Print the result in words."""
        raise NotImplementedError

    def figures(self, result: Any) -> dict:
        """Return the result as JSON data."""
        return result

    def _refuse(self, message: str, options: dict) -> NoReturn:
        if options["json"]:
            self.stdout.write(json.dumps({"refused": message}, ensure_ascii=False))
            sys.exit(REFUSED)
        raise CommandError(message, returncode=REFUSED)


def acting_user(email: str, verb: str, branch: Branch | None) -> User | None:
    """Return the active user with this e-mail or, when it is empty, the first administrator of the branch.

    Without an e-mail the answer is None as long as there are no users, and for a branch that does not exist yet
    (``branch`` None). Raises ValidationError for an unknown or disabled user, for one who may not do ``verb`` in the
    branch, and without an e-mail for a branch without an administrator.
    """
    if email:
        return _named_user(email, verb, branch)
    if branch is None:
        return None
    user = User.objects.administrators_of(branch).first()
    if user is None and User.objects.exists():
        raise ValidationError(
            _("%(branch)s has no active administrator. Name the acting user with --by.") % {"branch": branch}
        )
    return user


def _named_user(email: str, verb: str, branch: Branch | None) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise ValidationError(_("There is no active user %(email)s.") % {"email": email})
    if not user.may(verb, branch):
        sentence = _("%(email)s may not do this in %(branch)s.") if branch else _("%(email)s may not do this.")
        raise ValidationError(sentence % {"email": email, "branch": branch})
    return user
