"""The lists of organisations, of volunteer groups, and of the volunteers in them."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.folding import fold
from imports.engine.issues import HINT, Issue, IssueKind, register_issues
from imports.engine.kind import CheckedRow, RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.store import Store
from imports.kinds import persons
from imports.kinds import records_of_groups as records
from imports.kinds.people import PersonKind
from imports.kinds.persons import PersonRecord
from imports.known.people import Register
from imports.origins import addresses_of
from people.models import Organisation, VolunteerGroup
from programmes.enums import ParticipantRole
from programmes.models import Programme

GROUP_PARTS = re.compile(r"[;,\n]|\s[+&]\s")

register_issues(
    {
        "group_created": IssueKind(
            HINT, _("The volunteer group »%(group)s« is not known yet. It is created as established.")
        ),
    }
)


@dataclass
class KnownNames:
    """The records stored already, by folded name, and those of the rows accepted so far."""

    seen: dict[tuple, int | None] = field(default_factory=dict)


class OrganisationList(RecordKind):
    """Partners, companies, authorities and associations of the branch."""

    code = "organisation"

    def load_known(self, programme: Programme) -> KnownNames:
        names = Organisation.objects.filter(branch=programme.branch_id).values_list("name", flat=True)
        return KnownNames({(fold(name),): None for name in names})

    def read(self, reader: RowReader, known: KnownNames, *, today: dt.date) -> records.OrganisationRecord:
        return records.read_organisation(reader)

    def key_of(self, record: records.OrganisationRecord) -> tuple:
        return (fold(record.name),)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_groups import store_organisations  # noqa: PLC0415 - becomes one file

        store_organisations(programme, rows, store=store)

    def list_url(self) -> str:
        return reverse("people:organisation-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(Organisation, row_ids, "pk", "people:organisation-detail")


class GroupList(RecordKind):
    """Groups of volunteers in the programme."""

    code = "group"

    def load_known(self, programme: Programme) -> KnownNames:
        names = VolunteerGroup.objects.filter(programme=programme).values_list("name", flat=True)
        return KnownNames({(fold(name),): None for name in names})

    def read(self, reader: RowReader, known: KnownNames, *, today: dt.date) -> records.GroupRecord:
        return records.read_group(reader, today)

    def key_of(self, record: records.GroupRecord) -> tuple:
        return (fold(record.name),)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_groups import store_groups  # noqa: PLC0415 - becomes one file

        store_groups(programme, rows, store=store)

    def list_url(self) -> str:
        return reverse("people:group-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(VolunteerGroup, row_ids, "pk", "people:group-detail")


def read_groups(row: RowReader, person: PersonRecord) -> None:
    """Names of the groups, as they stand; which of them are one group is seen when they are compared with the known."""
    limit = VolunteerGroup._meta.get_field("name").max_length
    for key in ("group", "group_2"):
        text = row.text(key)
        if len(text) > limit:
            persons.note(row, person, key)
        person.groups += [text] if text else []
    person.applied_on = persons.read_plain_day(row, person, "joined_on")


def split_groups(text: str, known: Iterable[str]) -> list[str]:
    """The groups that a cell names: itself, when there is a group of that name, or its parts."""
    limit = VolunteerGroup._meta.get_field("name").max_length
    line = " ".join(text.split())
    parts = [line] if fold(line) in known else (" ".join(part.split()) for part in GROUP_PARTS.split(text))
    return [part[:limit] for part in parts if part]


class VolunteerKind(PersonKind):
    """People who are volunteers of the programme, and the groups they are in.

    Columns that tell a list of mentors are not telling here: a list without groups is hardly one of volunteers.
    """

    code = "volunteer"
    role = ParticipantRole.VOLUNTEER
    readers = (persons.read_offer, persons.read_criminal_record, read_groups)

    def load_known(self, programme: Programme) -> Register:
        known = super().load_known(programme)
        names = VolunteerGroup.objects.filter(programme=programme).values_list("name", flat=True)
        known.groups = {fold(name) for name in names}
        return known

    def check_row(self, reader: RowReader, known: Register, *, today: dt.date) -> CheckedRow:
        row = super().check_row(reader, known, today=today)
        parts = [part for text in row.record.groups for part in split_groups(text, known.groups)]
        row.record.groups = list({fold(part): part for part in reversed(parts)}.values())[::-1]
        if row.lesson is not None:
            new = [name for name in row.record.groups if fold(name) not in known.groups]
            row.issues += [Issue("group_created", facts={"group": name}) for name in new]
            row.lesson["groups"] = [fold(name) for name in new]
            known.groups.update(row.lesson["groups"])
        return row

    def replay(self, known: Register, number: int, lesson: dict) -> None:
        super().replay(known, number, lesson)
        known.groups.update(lesson["groups"])

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_groups import store_volunteers  # noqa: PLC0415 - becomes one file

        store_volunteers(programme, rows, by=by, store=store)


# In the order in which they build on each other.
RECORD_KINDS = (OrganisationList(), GroupList(), VolunteerKind())
