"""What the columns of a list of people may hold, for templates and for whoever chooses the columns.

Explanations hold for all lists of people, examples for one list each. A column without an example is another way to
write what a column of the template says already, and stands in no template.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.folding import fold
from imports.engine import cells
from imports.engine.fields import ADDRESS_BOOK, FIRST_NAME, Choice, Field
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


CHOICES: dict[str, tuple[Choice, ...]] = {
    "gender": gender_choices(),
    "status": status_choices(),
    "role": (
        RoleChoice("mentor", _("Mentor")),
        RoleChoice("mentee", _("Mentee")),
    ),
    "consent": (
        PatternChoice("ja", _("Yes"), pattern=cells.SAYS_YES),
        PatternChoice("nej", _("No"), pattern=cells.SAYS_NO),
    ),
    "criminal_record": (
        PatternChoice("ja", _("In place"), pattern=cells.CHECK_IN_PLACE),
        PatternChoice("bestilt", _("Under way"), pattern=cells.CHECK_UNDER_WAY),
        PatternChoice("nej", _("Not asked for yet"), pattern=SAYS_NOT_YET),
    ),
}

PHONE = _("Eight digits, or + and the country code. Several are split by a semicolon.")
EXPLANATIONS: dict[str, str | Promise] = {
    "first_name": _("First name and middle names."),
    "last_name": _("Last name."),
    "full_name": _("First name first; or the last name, a comma and the first name."),
    "gender": _("Blank when you do not know it."),
    "birth": _("Day, month and year. A year alone will do."),
    "phone": PHONE,
    "phone_2": PHONE,
    "phone_3": PHONE,
    "office_phone": _("Of the workplace; it may be shared by many."),
    "email": _("Written as name@place.dk. Several are split by a semicolon."),
    "email_2": _("Written as name@place.dk. Several are split by a semicolon."),
    "address": _("Street and number."),
    "full_address": _("Street, number, postcode and town in one cell."),
    "postcode": _("Four digits."),
    "postcode_town": _("Postcode and town in one cell."),
    "town": _("The town alone, without the postcode."),
    "occupation": _("What the person works as."),
    "industry": _("The line of business, such as health care or IT."),
    "education": _("The highest that was finished."),
    "languages": _("Split by commas. What stands in brackets is kept as the level."),
    "help": _("Topics split by commas. Those we know can be searched for; the whole text is kept."),
    "wish": _("In the person's own words. Topics we know can be searched for."),
    "available_from": _("A date, or nu for at once."),
    "capacity": _("One whole number. Blank: as the programme says."),
    "criminal_record": _("ja when it is in place; a date may stand after it."),
    "notes": _("Anything else. Never a CPR number: it is removed."),
    "notes_2": _("Anything else. Never a CPR number: it is removed."),
    "origin": _("A country."),
    "arrival_year": _("The year the person came to Denmark."),
    "livelihood": _("What the person lives on, such as kontanthjælp."),
    "danish_level": _("In the words you use; kept as a note."),
    "interview_on": _("The day of the interview. Needed for the waiting list."),
    "interviewer": _("Who held the interview."),
    "status": _("How far the mentee is. Blank: applied."),
    "organisation": _("The place of work. One that is not known yet is created."),
    "department": _("The department there; kept as a note."),
    "contact_type": _("In the words you use; kept as a note."),
    "last_contacted": _("The day you last talked with the person."),
    "timestamp": _("The day of the sign-up; it counts in the targets."),
    "role": _("Needed: mentor or mentee."),
    "recruited_via": _("Such as: referred by the neighbourhood mothers, a poster, a friend"),
    "consent": _("With nej nothing of the row is stored."),
    "group": _("The group the volunteer is in. Several are split by a semicolon. One that is not known is created."),
    "group_2": _("One more group."),
    "joined_on": _("The day the person became a volunteer; it counts in the targets."),
}

EXAMPLES: dict[str, dict[str, tuple[str, str]]] = {
    "mentor": {
        "first_name": ("Birgitte", "Per"),
        "last_name": ("Holm", "Lund"),
        "gender": ("kvinde", "mand"),
        "birth": ("14-05-1962", "1958"),
        "phone": ("50 50 25 28", "+46701234567"),
        "email": ("birgitte@example.dk", "per@example.dk"),
        "address": ("Frederikssundsvej 12, 3. th.", "Mosesvinget 8"),
        "postcode": ("2700", "2400"),
        "town": ("Brønshøj", "København NV"),
        "occupation": ("Sygeplejerske", "Driftschef"),
        "industry": ("Sundhed", "It"),
        "education": ("Sygeplejerske", "Civilingeniør"),
        "languages": ("dansk, engelsk", "dansk, tysk (lidt)"),
        "help": ("Jobsøgning, uddannelse", "Netværk"),
        "available_from": ("nu", "01-09-2011"),
        "capacity": ("1", "2"),
        "criminal_record": ("ja", "bestilt"),
        "recruited_via": ("Oplæg på biblioteket", ""),
        "notes": ("Helst om aftenen", ""),
    },
    "mentee": {
        "first_name": ("Amina", "Leyla"),
        "last_name": ("Yusuf", "Demir"),
        "gender": ("kvinde", "kvinde"),
        "birth": ("03-09-1979", "1985"),
        "phone": ("50 50 31 07", "50 50 31 08"),
        "email": ("amina@example.dk", "leyla@example.dk"),
        "address": ("Ruten 14, 1. tv.", "Langhusvej 3"),
        "postcode": ("2700", "2700"),
        "town": ("Brønshøj", "Brønshøj"),
        "origin": ("Somalia", "Tyrkiet"),
        "arrival_year": ("2001", "2006"),
        "languages": ("somali, dansk (Prøve i Dansk 2)", "tyrkisk, dansk (lidt)"),
        "livelihood": ("kontanthjælp", "SU"),
        "education": ("Gymnasium fra Somalia", ""),
        "occupation": ("", "Studerende"),
        "danish_level": ("Prøve i Dansk 2", ""),
        "wish": ("Job som social- og sundhedshjælper", "Praktikplads"),
        "interview_on": ("02-04-2011", "14-04-2011"),
        "interviewer": ("Mette S.", "Mette S."),
        "status": ("venteliste", "matchet"),
        "recruited_via": ("Bydelsmødrene", "Jobcentret"),
        "notes": ("", "Kan bedst om formiddagen"),
    },
    "contact": {
        "first_name": ("Lise", "Omar"),
        "last_name": ("Nørgaard", "Farah"),
        "gender": ("kvinde", "mand"),
        "birth": ("", ""),
        "phone": ("50 50 44 10", "50 50 44 11"),
        "office_phone": ("38 60 00 00", ""),
        "email": ("lise@example.dk", "omar@example.dk"),
        "address": ("", ""),
        "postcode": ("", ""),
        "town": ("", ""),
        "occupation": ("Bibliotekar", "Formand"),
        "organisation": ("Biblioteket", "Københavns Internationale Forening"),
        "department": ("Børn og unge", ""),
        "contact_type": ("rekruttering", ""),
        "last_contacted": ("15-08-2011", "01-06-2011"),
        "notes": ("", "Ring helst efter kl. 17"),
    },
    "signup": {
        "timestamp": ("12-08-2011", "13-08-2011"),
        "first_name": ("Fatima", "Jens"),
        "last_name": ("Haddad", "Krogh"),
        "gender": ("kvinde", "mand"),
        "birth": ("21-01-1981", "1970"),
        "phone": ("50 50 52 01", "50 50 52 02"),
        "email": ("fatima@example.dk", "jens@example.dk"),
        "address": ("Ruten 30", "Islevhusvej 5"),
        "postcode": ("2700", "2700"),
        "town": ("Brønshøj", "Brønshøj"),
        "role": ("mentee", "mentor"),
        "languages": ("arabisk, dansk", "dansk, engelsk"),
        "wish": ("Lære flere danskere at kende", "Hjælpe en i job"),
        "occupation": ("", "Lærer"),
        "education": ("", "Læreruddannelsen"),
        "recruited_via": ("En veninde", "En plakat"),
        "consent": ("ja", "ja"),
        "notes": ("", ""),
    },
    "volunteer": {
        "first_name": ("Ida", "Yusuf"),
        "last_name": ("Bech", "Ali"),
        "gender": ("kvinde", "mand"),
        "birth": ("30-11-1990", "1987"),
        "group": ("Lektiecaféen", "Lektiecaféen; Drengeklubben i Ruten"),
        "joined_on": ("01-09-2009", "01-02-2010"),
        "phone": ("50 50 63 01", "50 50 63 02"),
        "email": ("ida@example.dk", "yusuf@example.dk"),
        "address": ("Terrasserne 7", ""),
        "postcode": ("2700", "2700"),
        "town": ("Brønshøj", "Brønshøj"),
        "occupation": ("Studerende", "Pædagog"),
        "education": ("", "Pædagoguddannelsen"),
        "languages": ("dansk, engelsk", "somali, dansk"),
        "help": ("Lektiehjælp", "Sport"),
        "criminal_record": ("ja", "bestilt"),
        "recruited_via": ("Frivilligbørsen", ""),
        "notes": ("Hver tirsdag", ""),
    },
    "organisation": {
        "phone": ("38 60 00 00", "50 50 70 01"),
        "email": ("bibliotek@example.dk", "cafe@example.dk"),
        "address": ("Ruten 16", "Ruten 2"),
        "postcode": ("2700", "2700"),
        "town": ("Brønshøj", "Brønshøj"),
    },
}


def guided(kind: str, fields: Iterable[Field]) -> tuple[Field, ...]:
    """The fields of a list of people with what they may hold, and with the list's own examples.

    A field that explains itself keeps its words. Where a first name is asked for, the fields that only address books
    have are added.
    """
    examples: Mapping[str, tuple[str, str]] = EXAMPLES[kind]
    fields = list(fields)
    if FIRST_NAME in fields:
        fields += ADDRESS_BOOK
    return tuple(
        replace(
            field,
            explanation=field.explanation or EXPLANATIONS.get(field.key, ""),
            choices=field.choices or CHOICES.get(field.key, ()),
            examples=examples.get(field.key, field.examples),
        )
        for field in fields
    )
