"""A row of a list of people as a typed record, and the functions that read it cell by cell."""

import datetime as dt
import functools
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from common import clock
from common.bulk import build
from common.folding import fold
from common.phones import has_unread_numbers, read_phones
from imports.engine import cells
from imports.engine.fields import CHOICES, Choice
from imports.engine.reader import RowReader
from matching.enums import CheckOutcome
from matching.models import Interview, ScreeningCheck
from people.details import PERSON_DETAILS, DetailKind
from people.enums import ConsentKind, EnrolmentStatus, Gender, TermKind
from people.models import Consent, Enrolment, LanguageSkill, Organisation, Person, Term
from people.names import name_key
from programmes.enums import ScreeningKind
from programmes.models import Programme

LOST_CHARACTER = re.compile("[?\ufffd]")
NO_PERSON = re.compile(r"organi[sz]ation|household|virksomhed|hushold|husstand", re.I)
NOT_DEAD = re.compile(r"^(?:0|nej|no|n|false|falsk|-)\.?$", re.I)
SAYS_NOT_YET = re.compile(r"^(?:nej|no|mangler|ikke|-)", re.I)
STATUSES = {fold(word): status for word, status in cells.STATUS_WORDS.items()}
HIGHEST_CAPACITY = 50  # a larger figure is no number of mentees

TEXT_DETAILS = [detail for detail in PERSON_DETAILS if detail.kind == DetailKind.TEXT and detail.is_imported]
LINE_DETAILS = [detail.name for detail in TEXT_DETAILS if not detail.group]  # each is the text of its own column
DETAIL_LIMITS = {detail.name: detail.max_length for detail in TEXT_DETAILS}
LANGUAGE_LIMIT = LanguageSkill._meta.get_field("note").max_length  # also of the language's name
OTHER_LIMITS = {
    "organisation": Organisation._meta.get_field("name").max_length,
    "industry": Term._meta.get_field("name").max_length,
    "recruited_via": Enrolment._meta.get_field("recruited_via").max_length,
    "availability_note": Enrolment._meta.get_field("availability_note").max_length,
    "interviewer": Interview._meta.get_field("interviewer_note").max_length,
    "criminal_record": ScreeningCheck._meta.get_field("note").max_length,
}


@dataclass
class PersonRecord:
    """What a row says about a person. ``person`` is unsaved and holds the details and the notes."""

    person: Person
    organisation: str = ""  # the name
    languages: list[tuple[str, str]] = field(default_factory=list)
    industry: str = ""
    topics: list[str] = field(default_factory=list)
    role: str = ""
    status: str | None = None
    applied_on: dt.date | None = None
    wish: str = ""
    capacity: int | None = None
    available_from: dt.date | None = None
    availability_note: str = ""
    recruited_via: str = ""
    consents: bool | None = None
    has_criminal_record: bool = False
    criminal_record: str = ""  # the text of the cell, if the record is in place or under way
    criminal_record_on: dt.date | None = None
    interview_on: dt.date | None = None
    interviewer: str = ""
    groups: list[str] = field(default_factory=list)  # names of volunteer groups

    @property
    def term_words(self) -> list[tuple[str, str]]:
        """The words of the enrolment that may be terms, each with its kind of term."""
        return [(TermKind.TOPIC, topic) for topic in self.topics] + [(TermKind.INDUSTRY, self.industry)]

    def make_enrolment(self, programme: Programme, person: Person) -> Enrolment:
        """Build the enrolment. Without a day of application, the day of the interview counts as that.

        A person in a match waits until the list of matches is imported.
        """
        is_waiting = self.status in {EnrolmentStatus.WAITING, EnrolmentStatus.MATCHED}
        return build(
            Enrolment,
            person_id=person.pk,
            programme_id=programme.pk,
            role=self.role,
            status=EnrolmentStatus.WAITING if is_waiting else self.status,
            applied_on=self.applied_on or self.interview_on,
            waiting_since=(self.interview_on or self.applied_on) if is_waiting else None,
            recruited_via=self.recruited_via,
            wish=self.wish,
            capacity=self.capacity,
            available_from=self.available_from,
            availability_note=self.availability_note,
        )

    def make_consent(self, person: Person) -> Consent:
        on = self.applied_on or clock.today()
        return Consent(person=person, kind=ConsentKind.STORE, is_given=True, on=on, source="Tilmelding")

    def make_interview(self, enrolment: Enrolment, today: dt.date) -> Interview:
        """Build the interview; planned if its day is ahead."""
        key = "held_on" if self.interview_on <= today else "planned_on"
        values = {"interviewer_note": self.interviewer, key: self.interview_on}
        return build(Interview, enrolment_id=enrolment.pk, **values)

    def make_check(self, enrolment: Enrolment) -> ScreeningCheck:
        return build(
            ScreeningCheck,
            enrolment_id=enrolment.pk,
            kind=ScreeningKind.CRIMINAL_RECORD,
            outcome=CheckOutcome.APPROVED if self.has_criminal_record else CheckOutcome.PENDING,
            checked_on=self.criminal_record_on,
            note=self.criminal_record,
        )


# ---------------------------------------------------------------- details of the person


def read_name(row: RowReader, person: Person) -> None:
    first, last, whole = row.line("first_name"), row.line("last_name"), row.line("full_name")
    key = "first_name" if "first_name" in row.columns else "full_name"
    read = first
    if not first and not last:
        (first, last), read = cells.split_name(whole), whole
    middle = row.line("middle_name")
    if middle and f" {name_key(middle)} " not in f" {name_key(read)} ":  # some address books repeat it
        first = f"{first} {middle}".strip()
    person.first_name, person.last_name = first, last
    if not person.name:
        row.report("missing_name", key)
    elif not first or not last:
        row.report("one_name", key)
    for name_column in ("first_name", "middle_name", "last_name", "full_name"):
        if LOST_CHARACTER.search(row.line(name_column)):
            row.report("lost_character", name_column)
    report_no_living_person(row)


def report_no_living_person(row: RowReader) -> None:
    """Report an error for the entries of an address book that are organisations, households or dead people."""
    if NO_PERSON.search(row.line("record_type")):
        row.report("no_person", "record_type")
    if row.line("deceased") and not NOT_DEAD.match(row.line("deceased")):
        row.report("deceased", "deceased")


def read_gender(row: RowReader, person: Person) -> None:
    if not row.line("gender"):
        return
    gender = cells.read_gender(row.cell("gender"))
    if gender is None:
        row.report("gender_unknown", "gender")
    else:
        person.gender = gender


def read_birth(row: RowReader, person: Person, today: dt.date) -> None:
    found = cells.read_birth(row.cell("birth"), today=today)
    person.birth_date, person.birth_year = found.day, found.year
    row.report_counted("birth", found)
    if found.is_wrong:
        row.report("bad_date", "birth")
    elif found.year:
        row.report("year_only", "birth", year=found.year)
    elif found.is_unreadable:
        row.report("date_unreadable", "birth")
    if found.is_unreadable:
        row.note("birth")


def read_contact(row: RowReader, person: Person) -> None:
    for key in ("phone", "phone_2", "phone_3"):
        if row.cell(key) is not None:
            read_phone_cell(row, person, key)
    has_bad_email = False
    for key in ("email", "email_2"):
        if row.cell(key) is None:
            continue
        emails = cells.read_emails(row.cell(key))
        if emails is None:
            row.report("bad_email", key)
            has_bad_email = True
        person.emails += [email for email in emails or () if email not in person.emails]
    if not person.phones and not person.emails and not has_bad_email:
        row.report("no_contact")


def read_phone_cell(row: RowReader, person: Person, key: str) -> None:
    phones, leftovers = read_phones(row.text(key))
    person.phones += [phone for phone in phones if phone not in person.phones]
    if leftovers and not phones:
        row.report("phone_unreadable", key)
    elif leftovers and has_unread_numbers(row.text(key)):
        row.report("phone_says_more", key)
    if leftovers:
        row.note(key)


def read_address(row: RowReader, person: Person) -> None:
    if row.cell("full_address"):
        person.address, person.postcode, person.town = cells.split_address(row.cell("full_address"))
        return
    person.address, person.town = row.line("address"), row.line("town")
    for key in ("postcode", "postcode_town"):
        if row.cell(key) is None:
            continue
        person.postcode, town = cells.read_postcode(row.cell(key))
        person.town = person.town or town
        if not person.postcode:
            row.report("postcode_unreadable", key)
            row.note(key)


def read_background(row: RowReader, record: PersonRecord) -> None:
    person = record.person
    for name in LINE_DETAILS:
        setattr(person, name, row.line(name))
    record.industry, record.organisation = row.line("industry"), row.line("organisation")
    record.languages = cells.read_languages(row.cell("languages"))
    if row.cell("arrival_year") is not None:
        person.arrival_year = cells.read_year(row.cell("arrival_year"))
        if person.arrival_year is None:
            row.report("year_unreadable", "arrival_year")
        if row.line("arrival_year") != str(person.arrival_year):
            row.note("arrival_year")
    for key in ("danish_level", "department", "contact_type", "notes", "notes_2"):
        row.note(key)


# ---------------------------------------------------------------- the role in the programme


def read_offer(row: RowReader, record: PersonRecord) -> None:
    """Read what a person offers or wishes, and from when."""
    record.topics = [*cells.read_list(row.cell("help")), *cells.read_list(row.cell("wish"))]
    record.wish = "\n".join(text for text in (row.text("help"), row.text("wish")) if text)
    record.recruited_via = row.line("recruited_via")
    record.capacity = row.number("capacity", 0, HIGHEST_CAPACITY)
    read_available_from(row, record)


def read_available_from(row: RowReader, record: PersonRecord) -> None:
    if row.cell("available_from") is None or cells.is_at_once(row.cell("available_from")):
        return
    found = row.day("available_from")
    record.available_from = found.day
    if found.is_wrong:
        row.report("bad_date", "available_from")
    elif not found.day:
        row.report("available_from_unreadable", "available_from")
        record.availability_note = f"{row.title('available_from')}: {row.line('available_from')}"


def read_criminal_record(row: RowReader, record: PersonRecord) -> None:
    """Read a criminal record: in place if the cell begins with ja, x, ok or indhentet; under way if it is awaited."""
    text = row.line("criminal_record")
    record.has_criminal_record = bool(cells.CHECK_IN_PLACE.match(text))
    if record.has_criminal_record or cells.CHECK_UNDER_WAY.match(text):
        record.criminal_record = text
        record.criminal_record_on = cells.read_day(text.partition(" ")[2], century=2000, may_be_bare=False).day
    row.note("criminal_record")


def read_interview(row: RowReader, record: PersonRecord) -> None:
    record.interview_on = row.date("interview_on")
    record.interviewer = row.line("interviewer")


def read_contact_person(row: RowReader, record: PersonRecord) -> None:
    if not record.organisation:
        row.report("no_organisation", "organisation")
    record.person.last_contacted_on = row.date("last_contacted")


def read_status(row: RowReader, record: PersonRecord) -> None:
    """Read the status of a mentee: waiting list, matched, ended, or None for a blank."""
    word = fold(row.line("status"))
    if word not in STATUSES:
        row.report("unknown_status", "status")
        return
    record.status = STATUSES[word]
    if record.status == EnrolmentStatus.WAITING and row.cell("interview_on") is None:
        row.report("not_interviewed", "interview_on")


def read_sign_up(row: RowReader, record: PersonRecord) -> None:
    """Read the role, the consent and the day of a sign-up."""
    roles = cells.read_roles(row.cell("role"))
    if len(roles) == 1:
        record.role = roles.pop()
    else:
        row.report("both_roles" if roles else "unknown_role", "role")
    answer = row.line("consent")
    if cells.SAYS_NO.match(answer):
        row.report("no_consent", "consent")
    record.consents = True if cells.SAYS_YES.match(answer) else None
    record.applied_on = row.date("timestamp")


def fit_lengths(row: RowReader, record: PersonRecord) -> None:
    """Cut each text that is longer than its field, with a warning; the whole text becomes a note."""
    for limits, holder in ((DETAIL_LIMITS, record.person), (OTHER_LIMITS, record)):
        for name, limit in limits.items():
            text = getattr(holder, name)
            if len(text) > limit:
                setattr(holder, name, row.fit(text, name, limit))
    if any(len(text) > LANGUAGE_LIMIT for language in record.languages for text in language):
        row.report("shortened", "languages")
        row.note("languages")
        record.languages = [(name[:LANGUAGE_LIMIT], note[:LANGUAGE_LIMIT]) for name, note in record.languages]


# ---------------------------------------------------------------- choices that the TOML files name


@dataclass(frozen=True)
class PatternChoice(Choice):
    """A choice that may have other words around it, such as ``ja, den 3/9-2009``."""

    pattern: re.Pattern = re.compile("")

    def covers(self, text: str) -> bool:
        return bool(self.pattern.search(text.strip()))


@dataclass(frozen=True)
class RoleChoice(Choice):
    """A role. An answer with both words is no choice, so the user is asked what it means."""

    def covers(self, text: str) -> bool:
        return cells.read_roles(text) == {self.word}


@functools.cache
def gender_choices() -> tuple[Choice, ...]:
    """Return each gender with its words, also in two languages: ``Kvinde / Woman``."""
    choices = []
    for word in ("kvinde", "mand", "andet", "ikke kendt"):
        gender = cells.GENDER_WORDS[word]
        words = [spelling for spelling, meaning in cells.GENDER_WORDS.items() if meaning == gender]
        pairs = [f"{first}{slash}{second}" for first in words for second in words for slash in ("/", " / ")]
        spellings = frozenset(fold(text) for text in [*words, *(f"{spelling}." for spelling in words), *pairs])
        choices.append(Choice(word, Gender(gender).label, spellings))
    return tuple(choices)


@functools.cache
def status_choices() -> tuple[Choice, ...]:
    """Return the statuses of a mentee."""
    choices = []
    for word in ("venteliste", "matchet", "afsluttet"):
        status = EnrolmentStatus(cells.STATUS_WORDS[word])
        words = [spelling for spelling, meaning in cells.STATUS_WORDS.items() if meaning == status]
        choices.append(Choice(word, status.label, frozenset(fold(spelling) for spelling in words)))
    return tuple(choices)


CHOICES.add_all(
    {
        "gender": gender_choices,
        "mentee_status": status_choices,
        "sign_up_role": lambda: (RoleChoice("mentor", _("Mentor")), RoleChoice("mentee", _("Mentee"))),
        "consent": lambda: (
            PatternChoice("ja", _("Yes"), pattern=cells.SAYS_YES),
            PatternChoice("nej", _("No"), pattern=cells.SAYS_NO),
        ),
        "criminal_record": lambda: (
            PatternChoice("ja", _("In place"), pattern=cells.CHECK_IN_PLACE),
            PatternChoice("bestilt", _("Under way"), pattern=cells.CHECK_UNDER_WAY),
            PatternChoice("nej", _("Not asked for yet"), pattern=SAYS_NOT_YET),
        ),
    }
)
