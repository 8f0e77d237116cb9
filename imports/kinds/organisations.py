"""The list of organisations."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from accounts.models import User
from common.bulk import build
from common.folding import fold
from imports.engine import cells
from imports.engine.fields import word_list
from imports.engine.kind import RecordKind, Rows
from imports.engine.phones import read_phones
from imports.engine.reader import RowReader
from imports.engine.store import Store
from imports.origins import addresses_of
from people.enums import OrganisationKind
from people.models import Organisation
from people.services.bulk import bulk_create_organisations
from programmes.models import Programme

KIND_WORDS = word_list("organisation_kinds", OrganisationKind)
NAME_LIMIT = Organisation._meta.get_field("name").max_length
ADDRESS_LIMIT = Organisation._meta.get_field("address").max_length


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
        organisation.kind = reader.choice(KIND_WORDS, "kind", usual=OrganisationKind.PARTNER)
        read_phone(reader, organisation)
        read_email(reader, organisation)
        organisation.address = read_address(reader)
        organisation.agreed_on = reader.date("agreed_on")
        for key in ("contact_name", "cvr", "website", "notes", "notes_2"):
            reader.note(key)
        organisation.name = reader.fit(organisation.name, "name", NAME_LIMIT)
        organisation.address = reader.fit(organisation.address, "address", ADDRESS_LIMIT)
        organisation.notes = "\n".join(reader.notes)
        return organisation

    def key_of(self, record: Organisation) -> tuple:
        return (fold(record.name),)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        organisations = [row.record for row, _id in rows]
        bulk_create_organisations(organisations, branch=programme.branch, journal=store.journal)
        for row, row_id in rows:
            store.came_from(row_id, row.record)

    def list_url(self) -> str:
        return reverse("people:organisation-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(Organisation, row_ids, "pk", "people:organisation-detail")


def read_phone(row: RowReader, organisation: Organisation) -> None:
    """Read the first phone number. The others, and a cell without a number, become notes."""
    for key in ("phone", "phone_2"):
        phones, leftovers = read_phones(row.cell(key))
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
