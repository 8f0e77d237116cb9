"""The lists of organisations, of volunteer groups, and of the volunteers in them."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.folding import fold
from imports.engine import fields as f
from imports.engine.fields import make_field, more_of
from imports.engine.guidance import guided
from imports.engine.issues import HINT, Issue, IssueKind, register_issues
from imports.engine.kind import CheckedRow, RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.store import Store
from imports.kinds import persons
from imports.kinds import records_of_groups as records
from imports.kinds.people import PHONES, WHERE, WHO, PersonKind
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

    code, label, singular = "organisation", _("Organisations and companies"), _("organisation")
    fields = guided("organisation", (
        make_field(
            "name",
            _("Name of the organisation"),
            "navn|organisation|organisationen|organisationens navn|organisationsnavn|navn på organisation|virksomhed"
            "|virksomheden|virksomhedens navn|virksomhedsnavn|navn på virksomhed|firma|firmanavn|forening"
            "|foreningens navn|institution|samarbejdspartner|partner|arbejdsplads|name|organization|organisation name"
            "|organization name|name of the organisation|company|company name|partner name",
            explanation=_("Known again by its name: one that is here already is not stored twice."),
            examples=("Biblioteket i Tingbjerg", "Café Ruten"),
        ),
        make_field(
            "kind",
            _("Kind"),
            "type|slags|art|kategori|organisationstype|virksomhedstype|type organisation|kind|category"
            "|type of organisation",
            choices=records.ORGANISATION_KINDS.choices,
            explanation=_("Blank: partner organisation."),
            examples=("samarbejdspartner", "virksomhed"),
        ),
        f.PHONE,
        f.PHONE_2,
        f.EMAIL,
        f.EMAIL_2,
        f.ADDRESS,
        f.POSTCODE_TOWN,
        f.POSTCODE,
        f.TOWN,
        f.FULL_ADDRESS,
        make_field(
            "agreed_on",
            _("Agreement made on"),
            "aftale indgået|aftale indgået den|aftale|aftaledato|dato for aftale|samarbejdsaftale|aftale fra"
            "|partner siden|samarbejde siden|agreement made on|agreement|agreement date|agreed on|partner since",
            is_telling=True,
            explanation=_("The day the agreement was made, for a company that takes part."),
            examples=("", "01-03-2011"),
        ),
        make_field(
            "contact_name",
            _("Contact person"),
            "kontaktperson|kontaktpersoner|kontakt|navn på kontaktperson|kontaktpersonens navn|contact person|contact"
            "|contact name",
            explanation=_("A name; kept as a note. Contact persons have a list of their own."),
            examples=("Lise Nørgaard", "Kim Vang"),
        ),
        make_field("cvr", _("CVR number"), "cvr|cvr-nr|cvr nr|cvr nummer|cvr-nummer|cvr number", is_telling=True,
            explanation=_("Of a company; kept as a note."), examples=("", "12345679"),
        ),
        make_field("website", _("Website"), "hjemmeside|web|webside|website|web page|url"),
        f.NOTES,
        f.NOTES_2,
    ))  # fmt: skip
    required = (("name",),)

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

    code, label, singular = "group", _("Volunteer groups"), _("volunteer group")
    fields = (
        make_field(
            "name",
            _("Name of the group"),
            "navn|gruppe|gruppen|gruppens navn|gruppenavn|navn på gruppe|frivilliggruppe|frivillig gruppe"
            "|name|group|group name|name of the group|volunteer group",
            explanation=_("Known again by its name: one that is here already is not stored twice."),
            examples=("Lektiecaféen", "Drengeklubben i Ruten"),
        ),
        make_field(
            "kind",
            _("Kind of group"),
            "type|slags|art|kategori|gruppetype|type gruppe|slags gruppe|kind|kind of group|category|type of group",
            choices=records.GROUP_KINDS.choices,
            explanation=_("Blank: another kind."),
            examples=("lektiecafé", "drengeklub"),
        ),
        make_field(
            "status",
            _("Status"),
            "status|tilstand|stade|state",
            choices=records.GROUP_STATUSES.choices,
            explanation=_("Blank: the dates say it, and without dates it is established."),
            examples=("etableret", "lukket"),
        ),
        make_field(
            "place",
            _("Place"),
            "sted|lokale|lokation|mødested|hvor|adresse|place|location|venue",
            explanation=_("Where the group meets."),
            examples=("Ruten 12", "Biblioteket"),
        ),
        make_field(
            "partner",
            _("Partner"),
            "samarbejdspartner|samarbejdspart|partner|samarbejder med|i samarbejde med|organisation|forening|partner"
            "|organisation name|together with",
            explanation=_("An organisation. One that is not known yet is created."),
            examples=("Biblioteket i Tingbjerg", ""),
        ),
        make_field(
            "opening_times",
            _("Opening times"),
            "åbningstider|åbningstid|åbent|åbner|tider|ugedage|mødetider|opening times|opening hours|open",
            is_telling=True,
            explanation=_("The days and hours, in your own words."),
            examples=("tirsdag og torsdag kl. 16–18", ""),
        ),
        make_field(
            "established_on",
            _("Established on"),
            "etableret|etableret den|etableret d|oprettet|oprettet den|startet|startet den|gruppen startede"
            "|established|established on|started",
            explanation=_("The day the group began."),
            examples=("01-09-2009", "01-03-2008"),
        ),
        make_field(
            "closed_on",
            _("Closed on"),
            "lukket|lukket den|lukket d|nedlagt|nedlagt den|ophørt|closed|closed on",
            explanation=_("The day it closed; a group with such a day is stored as closed."),
            examples=("", "30-06-2010"),
        ),
        f.NOTES,
        f.NOTES_2,
    )
    required = (("name",),)

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


GROUP = make_field(
    "group",
    _("Volunteer group"),
    "gruppe|grupper|frivilliggruppe|frivilliggrupper|frivillig gruppe|frivillige grupper|frivillig i"
    "|group|groups|volunteer group|volunteer groups|volunteers in",
    is_telling=True,
)
JOINED_ON = make_field(
    "joined_on",
    _("Volunteer since"),
    "frivillig siden|frivillig fra|med siden|startet som frivillig|begyndt som frivillig|volunteer since"
    "|volunteering since|joined|joined on",
    is_telling=True,
)


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

    code, label, singular = "volunteer", _("Volunteers"), _("volunteer")
    role = ParticipantRole.VOLUNTEER
    fields = guided("volunteer", (
        *WHO, GROUP, more_of(GROUP, 2, _("Volunteer group 2")), JOINED_ON, *PHONES, *WHERE, f.OCCUPATION,
        f.EDUCATION, f.LANGUAGES, replace(f.HELP, is_telling=False), replace(f.CRIMINAL_RECORD, is_telling=False),
        f.RECRUITED_VIA, f.NOTES, f.NOTES_2,
    ))  # fmt: skip
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
