"""The lists of organisations, of volunteer groups and of the volunteers in them."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.bulk import build
from common.folding import fold
from common.phones import read_phones
from imports.engine import cells
from imports.engine.fields import word_list
from imports.engine.issues import ERROR, HINT, ISSUE_KINDS, WARNING, Issue, IssueKind
from imports.engine.kind import CheckedRow, RecordKind, Rows, Store
from imports.engine.reader import RowReader
from imports.kinds.known_people import KnownPeople
from imports.kinds.people import PersonKind, store_organisations_named, store_people
from imports.kinds.person_record import PersonRecord, read_criminal_record, read_offer
from imports.models import RowOrigin
from people.enums import GroupKind, GroupStatus, OrganisationKind
from people.models import Enrolment, Organisation, VolunteerGroup
from people.services.bulk import (
    bulk_add_to_groups,
    bulk_create_groups,
    bulk_create_organisations,
    find_or_create_groups,
)
from programmes.enums import ParticipantRole
from programmes.models import Programme

ORGANISATION_WORDS = word_list("organisation_kinds", OrganisationKind)
PARTNER_LIMIT = Organisation._meta.get_field("name").max_length
ADDRESS_LIMIT = Organisation._meta.get_field("address").max_length
KIND_WORDS = word_list("group_kinds", GroupKind)
STATUS_WORDS = word_list("group_statuses", GroupStatus)
GROUP_PARTS = re.compile(r"[;,\n]|\s[+&]\s")
LIMITS = {name: VolunteerGroup._meta.get_field(name).max_length for name in ("name", "place", "opening_times")}

ISSUE_KINDS.add_all(
    {
        "group_closes_before_start": IssueKind(
            ERROR, _("The group closes before it was established. Correct one of the two dates.")
        ),
        "closing_date_wins": IssueKind(
            WARNING, _("There is a day on which the group closed. The date wins: stored as closed.")
        ),
        "group_created": IssueKind(
            HINT, _("The volunteer group »%(group)s« is not known yet. It is created as established.")
        ),
    }
)


def known_groups(programme: Programme) -> list[str]:
    """Return the folded names of the programme's groups."""
    return [fold(name) for name in VolunteerGroup.objects.filter(programme=programme).values_list("name", flat=True)]


# ---------------------------------------------------------------- volunteer groups


@dataclass
class KnownNames:
    """The names of stored records and of the rows accepted so far: the folded name in a tuple → row, None if stored."""

    seen: dict[tuple, int | None] = field(default_factory=dict)


class OrganisationListKind(RecordKind):
    """Partners, companies, authorities and associations of the branch. Each row is an unsaved ``Organisation``."""

    code = "organisation"

    def load_known(self, programme: Programme) -> KnownNames:
        names = Organisation.objects.filter(branch=programme.branch_id).values_list("name", flat=True)
        return KnownNames({(fold(name),): None for name in names})

    def read(self, reader: RowReader, known: KnownNames, *, today: dt.date) -> Organisation:
        organisation = build(Organisation, name=reader.line("name"))
        if not organisation.name:
            reader.report("missing_name", "name")
        organisation.kind = reader.choice(ORGANISATION_WORDS, "kind", usual=OrganisationKind.PARTNER)
        read_phone(reader, organisation)
        read_email(reader, organisation)
        organisation.address = read_address(reader)
        organisation.agreed_on = reader.date("agreed_on")
        for key in ("contact_name", "cvr", "website", "notes", "notes_2"):
            reader.note(key)
        organisation.name = reader.fit(organisation.name, "name", PARTNER_LIMIT)
        organisation.address = reader.fit(organisation.address, "address", ADDRESS_LIMIT)
        organisation.notes = "\n".join(reader.notes)
        return organisation

    def key_of(self, record: Organisation) -> tuple:
        return (fold(record.name),)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        organisations = [row.record for row, _id in rows]
        bulk_create_organisations(organisations, branch=programme.branch)
        for row, row_id in rows:
            store.came_from(row_id, row.record)

    def list_url(self) -> str:
        return reverse("people:organisation-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(Organisation, row_ids, "pk", "people:organisation-detail")


def read_phone(row: RowReader, organisation: Organisation) -> None:
    """Read the first phone number. The others, and a cell without a number, become notes."""
    for key in ("phone", "phone_2"):
        phones, leftovers = read_phones(row.text(key))
        if leftovers and not phones:
            row.report("phone_unreadable", key)
        if leftovers or phones[1:] or (phones and organisation.phone):
            row.note(key)
        organisation.phone = organisation.phone or next(iter(phones), "")


def read_email(row: RowReader, organisation: Organisation) -> None:
    """Read the first e-mail address. The others become notes."""
    for key in ("email", "email_2"):
        emails = cells.read_emails(row.cell(key))
        if emails is None:
            row.report("bad_email", key)
        elif emails[1:] or (emails and organisation.email):
            row.note(key)
        organisation.email = organisation.email or next(iter(emails or ()), "")


def read_address(row: RowReader) -> str:
    town = row.line("postcode_town") or " ".join(filter(None, [row.line("postcode"), row.line("town")]))
    return row.line("full_address") or ", ".join(filter(None, [row.line("address"), town]))


@dataclass
class GroupRecord:
    """What a row says about a volunteer group, unsaved. ``partner`` is the name of an organisation."""

    group: VolunteerGroup
    partner: str


class GroupListKind(RecordKind):
    """Volunteer groups of the programme."""

    code = "group"

    def load_known(self, programme: Programme) -> KnownNames:
        return KnownNames({(name,): None for name in known_groups(programme)})

    def read(self, reader: RowReader, known: KnownNames, *, today: dt.date) -> GroupRecord:
        group = build(VolunteerGroup, **{name: reader.line(name) for name in LIMITS})
        if not group.name:
            reader.report("missing_name", "name")
        group.kind = reader.choice(KIND_WORDS, "kind", usual=GroupKind.OTHER)
        group.established_on = reader.date("established_on")
        group.closed_on = reader.date("closed_on")
        group.status = read_group_status(reader, group.established_on, group.closed_on, today)
        for key in ("notes", "notes_2"):
            reader.note(key)
        for name, limit in LIMITS.items():
            setattr(group, name, reader.fit(getattr(group, name), name, limit))
        partner = reader.fit(reader.line("partner"), "partner", PARTNER_LIMIT)
        group.notes = "\n".join(reader.notes)
        return GroupRecord(group, partner)

    def key_of(self, record: GroupRecord) -> tuple:
        return (fold(record.group.name),)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        names = [(row.record.partner, row_id) for row, row_id in rows]
        partners = store_organisations_named(programme.branch, names, store=store)
        for row, row_id in rows:
            row.record.group.partner = partners.get(row.record.partner)
            store.came_from(row_id, row.record.group)
        groups = [row.record.group for row, _id in rows]
        bulk_create_groups(groups, programme=programme)

    def list_url(self) -> str:
        return reverse("people:group-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(VolunteerGroup, row_ids, "pk", "people:group-detail")


def read_group_status(row: RowReader, start: dt.date | None, end: dt.date | None, today: dt.date) -> str:
    """Return the status in the row or, for a blank, by the dates. A closing day in the past wins over the word."""
    if start and end and end < start:
        row.report("group_closes_before_start", "closed_on")
    is_coming = start is not None and start > today
    status = row.choice(STATUS_WORDS, "status", usual=GroupStatus.PLANNED if is_coming else GroupStatus.ESTABLISHED)
    if not (end and end <= today and status in (GroupStatus.PLANNED, GroupStatus.ESTABLISHED)):
        return status
    if row.line("status"):
        row.report("closing_date_wins", "closed_on")
    return GroupStatus.CLOSED


# ---------------------------------------------------------------- volunteers


def read_volunteer(row: RowReader, record: PersonRecord) -> None:
    """Read the day on which a volunteer joined, and the texts of the group columns, which ``check_row`` splits."""
    for key in ("group", "group_2"):
        text = row.text(key)
        if len(text) > LIMITS["name"]:
            row.note(key)
        record.groups += [text] if text else []
    record.applied_on = row.date("joined_on")


def split_groups(text: str, known: Iterable[str]) -> list[str]:
    """Return the groups that a cell names: the whole text if a group has that name, otherwise its parts."""
    line = " ".join(text.split())
    parts = [line] if fold(line) in known else (" ".join(part.split()) for part in GROUP_PARTS.split(text))
    return [part[: LIMITS["name"]] for part in parts if part]


class VolunteerKind(PersonKind):
    """Volunteers of the programme, with the groups that they are in.

    Columns that are telling for a list of mentors are not telling here, because a list of volunteers names groups.
    """

    code = "volunteer"
    role = ParticipantRole.VOLUNTEER
    readers = (read_offer, read_criminal_record, read_volunteer)

    def load_known(self, programme: Programme) -> KnownPeople:
        known = super().load_known(programme)
        known.groups = set(known_groups(programme))
        return known

    def check_row(self, reader: RowReader, known: KnownPeople, *, today: dt.date) -> CheckedRow:
        row = super().check_row(reader, known, today=today)
        parts = [part for text in row.record.groups for part in split_groups(text, known.groups)]
        row.record.groups = list({fold(part): part for part in reversed(parts)}.values())[::-1]
        if row.is_accepted or row.is_merged:
            new = [name for name in row.record.groups if fold(name) not in known.groups]
            row.issues += [Issue("group_created", facts={"group": name}) for name in new]
            known.groups.update(map(fold, new))
        return row

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Store the people and add them to their groups. A merged row adds the known volunteer to its groups."""
        enrolments = store_people(programme, rows, by=by, store=store)
        named = [(name, row_id) for row, row_id in rows for name in row.record.groups]
        groups, new = find_or_create_groups((name for name, _id in named), programme=programme)
        created = {group.pk for group in new}
        for name, row_id in named:
            if groups[fold(name)].pk in created:
                store.came_from(row_id, groups[fold(name)])
        stored = Enrolment.objects.filter(programme=programme, role=ParticipantRole.VOLUNTEER)
        known = dict(stored.values_list("person", "pk"))
        links = []
        for row, _id in rows:
            enrolment = enrolments.get(row.known)
            enrolment_id = enrolment.pk if enrolment else known[row.known.person_id]
            links += [(enrolment_id, groups[fold(name)].pk) for name in row.record.groups]
        bulk_add_to_groups(links, programme=programme)


GROUP_KINDS = (GroupListKind(), VolunteerKind())  # in the order in which they build on each other
