"""Reading the lists of organisations and of volunteer groups: one record a row, known again by its name."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext_lazy as _

from imports.engine import cells
from imports.engine.fields import WordList, word_list
from imports.engine.issues import ERROR, WARNING, IssueKind, register_issues
from imports.engine.reader import RowReader
from people.enums import GroupKind, GroupStatus, OrganisationKind
from people.models import Organisation, VolunteerGroup

ORGANISATION_KINDS = word_list("organisation_kinds", OrganisationKind)
GROUP_KINDS = word_list("group_kinds", GroupKind)
GROUP_STATUSES = word_list("group_statuses", GroupStatus)

register_issues(
    {
        "group_closes_before_start": IssueKind(
            ERROR, _("The group closes before it was established. Correct one of the two dates.")
        ),
        "closing_date_wins": IssueKind(
            WARNING, _("There is a day on which the group closed. The date wins: stored as closed.")
        ),
    }
)


@dataclass
class OrganisationRecord:
    """What a row says about an organisation. `notes` are lines of what found no field of its own."""

    name: str = ""
    kind: str = OrganisationKind.PARTNER
    phone: str = ""
    email: str = ""
    address: str = ""
    agreed_on: dt.date | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class GroupRecord:
    """What a row says about a volunteer group; `partner` is the name of an organisation."""

    name: str = ""
    kind: str = GroupKind.OTHER
    status: str = GroupStatus.ESTABLISHED
    place: str = ""
    partner: str = ""
    opening_times: str = ""
    established_on: dt.date | None = None
    closed_on: dt.date | None = None
    notes: list[str] = field(default_factory=list)


def read_organisation(row: RowReader) -> OrganisationRecord:
    """All that the row says, with the issues left in the reader."""
    record = OrganisationRecord(name=row.line("name"))
    if not record.name:
        row.report("missing_name", "name")
    record.kind = read_word(row, record.notes, "kind", ORGANISATION_KINDS, OrganisationKind.PARTNER)
    read_phone(row, record)
    read_email(row, record)
    place = [row.line("postcode"), row.line("town")]
    parts = [row.line("address"), row.line("postcode_town") or " ".join(filter(None, place))]
    record.address = row.line("full_address") or ", ".join(filter(None, parts))
    record.agreed_on = read_day(row, record.notes, "agreed_on")
    for key in ("contact_name", "cvr", "website", "notes", "notes_2"):
        keep(row, record.notes, key)
    fit(row, record, Organisation, {"name": "name", "address": "address"})
    return record


def read_group(row: RowReader, today: dt.date) -> GroupRecord:
    """All that the row says, with the issues left in the reader."""
    record = GroupRecord(
        name=row.line("name"),
        place=row.line("place"),
        partner=row.line("partner"),
        opening_times=row.line("opening_times"),
    )
    if not record.name:
        row.report("missing_name", "name")
    record.kind = read_word(row, record.notes, "kind", GROUP_KINDS, GroupKind.OTHER)
    record.established_on = read_day(row, record.notes, "established_on")
    record.closed_on = read_day(row, record.notes, "closed_on")
    read_group_status(row, record, today)
    for key in ("notes", "notes_2"):
        keep(row, record.notes, key)
    fit(row, record, VolunteerGroup, {name: name for name in ("name", "place", "opening_times")})
    fit(row, record, Organisation, {"partner": "name"})
    return record


def read_group_status(row: RowReader, record: GroupRecord, today: dt.date) -> None:
    """The status that is said; for want of one, what the dates say. A day on which it closed wins over the word."""
    start, end = record.established_on, record.closed_on
    if start and end and end < start:
        row.report("group_closes_before_start", "closed_on")
    is_coming = start is not None and start > today
    usual = GroupStatus.PLANNED if is_coming else GroupStatus.ESTABLISHED
    record.status = read_word(row, record.notes, "status", GROUP_STATUSES, usual)
    if end and end <= today and record.status in (GroupStatus.PLANNED, GroupStatus.ESTABLISHED):
        if row.line("status"):
            row.report("closing_date_wins", "closed_on")
        record.status = GroupStatus.CLOSED


# ---------------------------------------------------------------- one cell


def read_word(row: RowReader, notes: list[str], key: str, words: WordList, usual: Choices) -> Choices:
    """What the word in the cell means; `usual` for a blank, and for another word, which is kept as a note."""
    text = row.line(key)
    meaning = words.meaning(text)
    if text and meaning is None:
        row.report("word_unknown", key, stored=str(usual.label))
        keep(row, notes, key)
    return meaning or usual


def read_day(row: RowReader, notes: list[str], key: str) -> dt.date | None:
    """The day in the cell. One that does not exist is an error; what is no full date is kept as a note."""
    found = row.day(key)
    if found.is_wrong:
        row.report("bad_date", key)
    elif found.year or found.is_unreadable:
        row.report("date_unreadable", key)
        keep(row, notes, key)
    return found.day


def read_phone(row: RowReader, record: OrganisationRecord) -> None:
    """The first number; the others, and what is no number, are kept as a note."""
    for key in ("phone", "phone_2"):
        phones, leftovers = cells.read_phones(row.cell(key))
        if leftovers and not phones:
            row.report("phone_unreadable", key)
        if leftovers or phones[1:] or (phones and record.phone):
            keep(row, record.notes, key)
        record.phone = record.phone or next(iter(phones), "")


def read_email(row: RowReader, record: OrganisationRecord) -> None:
    for key in ("email", "email_2"):
        emails = cells.read_emails(row.cell(key))
        if emails is None:
            row.report("bad_email", key)
        elif emails[1:] or (emails and record.email):
            keep(row, record.notes, key)
        record.email = record.email or next(iter(emails or ()), "")


def keep(row: RowReader, notes: list[str], key: str) -> None:
    """Keep a cell's own text as a note, under its heading."""
    if row.cell(key) is not None:
        notes.append(f"{row.title(key)}: {row.text(key)}")


def fit(row: RowReader, record: Any, model: type, names: dict[str, str]) -> None:
    """Cut what is longer than its field (attribute → field of the model), say so, and keep it whole in `notes`."""
    for name, stored in names.items():
        text, limit = getattr(record, name), model._meta.get_field(stored).max_length
        if len(text) > limit:
            row.report("shortened", name)
            record.notes.append(text)
            setattr(record, name, text[:limit])
