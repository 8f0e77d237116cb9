"""What commands share that act in a branch: who acts, and one form of the answer."""

import json
import sys
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from common.spreadsheets import FileRefused

REFUSED = 2  # exit status: nothing was stored


class ActingCommand(BaseCommand):
    """A command that does something in a branch and answers in words or, with --json, in figures.

    A refusal has the exit status 2 and says why in one sentence; with --json it is ``{"refused": sentence}``.
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
            self.tell(result, options)

    def act(self, options: dict) -> Any:
        """Do it. Raises FileRefused and ValidationError with a sentence for whoever called."""
        raise NotImplementedError

    def tell(self, result: Any, options: dict) -> None:
        """Say in words what was done."""
        raise NotImplementedError

    def figures(self, result: Any) -> dict:
        """What was done, for programs."""
        return result

    def _refuse(self, message: str, options: dict) -> NoReturn:
        if options["json"]:
            self.stdout.write(json.dumps({"refused": message}, ensure_ascii=False))
            sys.exit(REFUSED)
        raise CommandError(message, returncode=REFUSED)


def acting_user(email: str, verb: str, branch: Branch | None) -> User | None:
    """The user named or, without a name, the first administrator of the branch.

    None while there are no users yet, and for a branch that is still to be made (`branch` None) when nobody is named.
    Raises ValidationError for a user who is not active or may not do ``verb`` there, and when nobody is named in a
    branch without an administrator.
    """
    if email:
        return _named_user(email, verb, branch)
    if branch is None:
        return None
    user = User.objects.administrators_of(branch).first()
    if user is None and User.objects.exists():
        raise ValidationError(
            _("%(branch)s has no active administrator. Name who does it with --by.") % {"branch": branch}
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
