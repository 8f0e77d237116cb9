"""Reading one person from a row of any of the four lists of people."""

import datetime as dt
import re
from dataclasses import dataclass, field

from common.folding import fold
from imports.engine import cells
from imports.engine.reader import RowReader
from people.details import PERSON_DETAILS, DetailKind
from people.enums import EnrolmentStatus, Gender
from people.models import Enrolment, LanguageSkill, Organisation, Term
from people.names import name_key

LOST_CHARACTER = re.compile("[?\ufffd]")
NO_PERSON = re.compile(r"organi[sz]ation|household|virksomhed|hushold|husstand", re.I)
NOT_DEAD = re.compile(r"^(?:0|nej|no|n|false|falsk|-)\.?$", re.I)
STATUSES = {fold(word): status for word, status in cells.STATUS_WORDS.items()}
HIGHEST_CAPACITY = 50  # a larger figure is no number of mentees


@dataclass
class PersonRecord:
    """What a row says about a person, ready to be stored. `notes` are lines of what found no field of its own."""

    first_name: str = ""
    last_name: str = ""
    gender: str = Gender.UNKNOWN
    birth_date: dt.date | None = None
    birth_year: int | None = None
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    office_phone: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""
    origin: str = ""
    arrival_year: int | None = None
    livelihood: str = ""
    education: str = ""
    occupation: str = ""
    organisation: str = ""
    last_contacted_on: dt.date | None = None
    notes: list[str] = field(default_factory=list)
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
    criminal_record: str = ""  # as it stands in the list, when it is in place or under way
    criminal_record_on: dt.date | None = None
    interview_on: dt.date | None = None
    interviewer: str = ""
    groups: list[str] = field(default_factory=list)  # volunteer groups, by name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


# ---------------------------------------------------------------- who


def read_name(row: RowReader, person: PersonRecord) -> None:
    first, last, whole = row.line("first_name"), row.line("last_name"), row.line("full_name")
    key = "first_name" if "first_name" in row.columns else "full_name"
    said = first
    if not first and not last:
        (first, last), said = cells.split_name(whole), whole
    middle = row.line("middle_name")
    if middle and f" {name_key(middle)} " not in f" {name_key(said)} ":  # it may stand there as well
        first = f"{first} {middle}".strip()
    person.first_name, person.last_name = first, last
    if not person.name:
        row.report("missing_name", key)
    elif not first or not last:
        row.report("one_name", key)
    for name_column in ("first_name", "middle_name", "last_name", "full_name"):
        if LOST_CHARACTER.search(row.line(name_column)):
            row.report("lost_character", name_column)
    read_whether_one_can_be_met(row)


def read_whether_one_can_be_met(row: RowReader) -> None:
    """Hold back what an address book has beside living people: organisations, households and the dead."""
    if NO_PERSON.search(row.line("record_type")):
        row.report("no_person", "record_type")
    if row.line("deceased") and not NOT_DEAD.match(row.line("deceased")):
        row.report("deceased", "deceased")


def read_gender(row: RowReader, person: PersonRecord) -> None:
    if not row.line("gender"):
        return
    gender = cells.read_gender(row.cell("gender"))
    if gender is None:
        row.report("gender_unknown", "gender")
    else:
        person.gender = gender


def read_birth(row: RowReader, person: PersonRecord, today: dt.date) -> None:
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
        note(row, person, "birth")


def read_contact(row: RowReader, person: PersonRecord) -> None:
    for key in ("phone", "phone_2", "phone_3"):
        if row.cell(key) is not None:
            read_phones(row, person, key)
    has_bad_email = False
    for key in ("email", "email_2"):
        if row.cell(key) is None:
            continue
        emails = cells.read_emails(row.cell(key))
        if emails is None:
            row.report("bad_email", key)
            has_bad_email = True
        person.emails += [email for email in emails or () if email not in person.emails]
    person.office_phone = row.line("office_phone")
    if not person.phones and not person.emails and not has_bad_email:
        row.report("no_contact")


def read_phones(row: RowReader, person: PersonRecord, key: str) -> None:
    phones, leftovers = cells.read_phones(row.cell(key))
    person.phones += [phone for phone in phones if phone not in person.phones]
    if leftovers and not phones:
        row.report("phone_unreadable", key)
    elif leftovers and cells.says_more_than_phones(row.cell(key)):
        row.report("phone_says_more", key)
    if leftovers:
        note(row, person, key)


def read_address(row: RowReader, person: PersonRecord) -> None:
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
            note(row, person, key)


# ---------------------------------------------------------------- what they offer and seek


def read_background(row: RowReader, person: PersonRecord) -> None:
    person.origin, person.livelihood = row.line("origin"), row.line("livelihood")
    person.education, person.occupation = row.line("education"), row.line("occupation")
    person.industry, person.organisation = row.line("industry"), row.line("organisation")
    person.languages = cells.read_languages(row.cell("languages"))
    if row.cell("arrival_year") is not None:
        person.arrival_year = cells.read_year(row.cell("arrival_year"))
        if person.arrival_year is None:
            row.report("year_unreadable", "arrival_year")
        if row.line("arrival_year") != str(person.arrival_year):
            note(row, person, "arrival_year")
    for key in ("danish_level", "department", "contact_type", "notes", "notes_2"):
        if row.cell(key) is not None:
            note(row, person, key)


def read_offer(row: RowReader, person: PersonRecord) -> None:
    person.topics = [*cells.read_list(row.cell("help")), *cells.read_list(row.cell("wish"))]
    person.wish = "\n".join(text for text in (row.text("help"), row.text("wish")) if text)
    person.recruited_via = row.line("recruited_via")
    if row.cell("capacity") is not None:
        number = cells.read_number(row.cell("capacity"))
        person.capacity = number if number is not None and 0 <= number <= HIGHEST_CAPACITY else None
        if person.capacity is None:
            row.report("number_unreadable", "capacity")
            note(row, person, "capacity")
    read_available_from(row, person)


def read_available_from(row: RowReader, person: PersonRecord) -> None:
    if row.cell("available_from") is None or cells.is_at_once(row.cell("available_from")):
        return
    found = row.day("available_from")
    person.available_from = found.day
    if found.is_wrong:
        row.report("bad_date", "available_from")
    elif not found.day:
        row.report("available_from_unreadable", "available_from")
        person.availability_note = f"{row.title('available_from')}: {row.line('available_from')}"


def read_criminal_record(row: RowReader, person: PersonRecord) -> None:
    """In place when the cell begins with ja, x, ok or indhentet; under way when it says that it is waited for."""
    text = row.line("criminal_record")
    person.has_criminal_record = bool(cells.CHECK_IN_PLACE.match(text))
    if person.has_criminal_record or cells.CHECK_UNDER_WAY.match(text):
        person.criminal_record = text
        person.criminal_record_on = cells.read_day(text.partition(" ")[2], century=2000, may_be_bare=False).day
    if text:
        note(row, person, "criminal_record")


# ---------------------------------------------------------------- where they stand


def read_plain_day(row: RowReader, person: PersonRecord, key: str) -> dt.date | None:
    """The day of a date column that is not a birth date; what cannot be read is kept as a note."""
    found = row.day(key)
    if found.is_wrong:
        row.report("bad_date", key)
    elif found.year or found.is_unreadable:
        row.report("date_unreadable", key)
        note(row, person, key)
    return found.day


def read_interview(row: RowReader, person: PersonRecord) -> None:
    person.interview_on = read_plain_day(row, person, "interview_on")
    person.interviewer = row.line("interviewer")


def read_contact_person(row: RowReader, person: PersonRecord) -> None:
    if not person.organisation:
        row.report("no_organisation", "organisation")
    person.last_contacted_on = read_plain_day(row, person, "last_contacted")


def read_status(row: RowReader, person: PersonRecord) -> None:
    """The mentee's place: waiting list, matched, ended, or nothing said."""
    word = fold(row.line("status"))
    if word not in STATUSES:
        row.report("unknown_status", "status")
        return
    person.status = STATUSES[word]
    if person.status == EnrolmentStatus.WAITING and row.cell("interview_on") is None:
        row.report("not_interviewed", "interview_on")


def read_sign_up(row: RowReader, person: PersonRecord) -> None:
    """Role, consent and day of a sign-up form's answer."""
    roles = cells.read_roles(row.cell("role"))
    if len(roles) == 1:
        person.role = roles.pop()
    else:
        row.report("both_roles" if roles else "unknown_role", "role")
    answer = row.line("consent")
    if cells.SAYS_NO.match(answer):
        row.report("no_consent", "consent")
    person.consents = True if cells.SAYS_YES.match(answer) else None
    person.applied_on = read_plain_day(row, person, "timestamp")


# ---------------------------------------------------------------- keeping everything


def note(row: RowReader, person: PersonRecord, key: str) -> None:
    """Keep a cell's own text with the person, under its heading."""
    line = f"{row.title(key)}: {row.text(key)}"
    if line not in person.notes:
        person.notes.append(line)


def fit_lengths(row: RowReader, person: PersonRecord) -> None:
    """Cut what is longer than its field, say so, and keep the whole text as a note."""
    for name, limit in TEXT_LIMITS.items():
        text = getattr(person, name)
        if len(text) > limit:
            row.report("shortened", name)
            if not any(text in line for line in person.notes):
                person.notes.append(text)
            setattr(person, name, text[:limit])
    if any(len(text) > LONGEST_LANGUAGE for language in person.languages for text in language):
        row.report("shortened", "languages")
        note(row, person, "languages")
        person.languages = [(name[:LONGEST_LANGUAGE], remark[:LONGEST_LANGUAGE]) for name, remark in person.languages]


LONGEST_LANGUAGE = LanguageSkill._meta.get_field("note").max_length  # of its name as well
TEXT_LIMITS = {
    **{
        detail.name: detail.max_length
        for detail in PERSON_DETAILS
        if detail.kind == DetailKind.TEXT and detail.is_imported
    },
    "organisation": Organisation._meta.get_field("name").max_length,
    "industry": Term._meta.get_field("name").max_length,
    **{name: Enrolment._meta.get_field(name).max_length for name in ("recruited_via", "availability_note")},
    "interviewer": 100,  # this and the next are stored by the app of the matches
    "criminal_record": 120,
}  # fmt: skip
