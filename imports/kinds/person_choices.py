"""The words of columns in lists of people that the code reads by more than a list of words."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common.folding import fold
from imports.engine import cells
from imports.engine.fields import Choice, add_choices
from people.enums import EnrolmentStatus

SAYS_NOT_YET = re.compile(r"^(?:nej|no|mangler|ikke|-)", re.I)


@dataclass(frozen=True)
class PatternChoice(Choice):
    """A word that the reader takes with other words around it, such as `ja, den 3/9-2009`."""

    pattern: re.Pattern = re.compile("")

    def covers(self, text: str) -> bool:
        return bool(self.pattern.search(text.strip()))


@dataclass(frozen=True)
class RoleChoice(Choice):
    """A role whose word stands in the answer, alone: an answer with both is a strange one, to be asked about."""

    def covers(self, text: str) -> bool:
        return cells.read_roles(text) == {self.word}


def gender_choices() -> tuple[Choice, ...]:
    """Each gender with its words, also in two languages: `Kvinde / Woman`."""
    choices = []
    for word in ("kvinde", "mand", "andet", "ikke kendt"):
        gender = cells.GENDER_WORDS[word]
        words = [spelling for spelling, meaning in cells.GENDER_WORDS.items() if meaning == gender]
        pairs = [f"{first}{slash}{second}" for first in words for second in words for slash in ("/", " / ")]
        spellings = frozenset(fold(text) for text in [*words, *(f"{spelling}." for spelling in words), *pairs])
        choices.append(Choice(word, gender.label, spellings))
    return tuple(choices)


def status_choices() -> tuple[Choice, ...]:
    """How far a mentee is."""
    choices = []
    for word in ("venteliste", "matchet", "afsluttet"):
        status = EnrolmentStatus(cells.STATUS_WORDS[word])
        words = [spelling for spelling, meaning in cells.STATUS_WORDS.items() if meaning == status]
        choices.append(Choice(word, status.label, frozenset(fold(spelling) for spelling in words)))
    return tuple(choices)


add_choices("gender", gender_choices())
add_choices("mentee_status", status_choices())
add_choices("sign_up_role", (RoleChoice("mentor", _("Mentor")), RoleChoice("mentee", _("Mentee"))))
add_choices(
    "consent",
    (
        PatternChoice("ja", _("Yes"), pattern=cells.SAYS_YES),
        PatternChoice("nej", _("No"), pattern=cells.SAYS_NO),
    ),
)
add_choices(
    "criminal_record",
    (
        PatternChoice("ja", _("In place"), pattern=cells.CHECK_IN_PLACE),
        PatternChoice("bestilt", _("Under way"), pattern=cells.CHECK_UNDER_WAY),
        PatternChoice("nej", _("Not asked for yet"), pattern=SAYS_NOT_YET),
    ),
)
