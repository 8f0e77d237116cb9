"""Storing the accepted rows of lists of organisations, of volunteer groups, and of the volunteers in them."""

from collections.abc import Iterator

from accounts.models import User
from common.bulk import store_new
from common.folding import fold
from imports.engine.kind import CheckedRow, Rows
from imports.engine.store import Store
from imports.kinds.store_people import organisations_by_name, store_people
from people.enums import GroupStatus
from people.models import Enrolment, Organisation, VolunteerGroup
from programmes.enums import ParticipantRole
from programmes.models import Programme


def store_organisations(programme: Programme, rows: Rows, *, store: Store) -> None:
    """Store each row as an organisation of the branch. Raises ValidationError when a value does not hold."""
    records = [
        Organisation(
            branch=programme.branch,
            notes="\n".join(row.record.notes),
            **{name: getattr(row.record, name) for name in ("name", "kind", "phone", "email", "address", "agreed_on")},
        )
        for row, _id in rows
    ]
    store.create(Organisation, records, [row_id for _row, row_id in rows])


GROUP_FIELDS = ("name", "kind", "status", "place", "opening_times", "established_on", "closed_on")


def store_groups(programme: Programme, rows: Rows, *, store: Store) -> None:
    """Store each row as a volunteer group; a partner that the branch does not know becomes an organisation.

    Raises ValidationError when a value does not hold.
    """
    wanted = ((row.record.partner, row_id) for row, row_id in rows)
    partners = organisations_by_name(programme.branch, wanted, store)
    records = [
        VolunteerGroup(
            programme=programme,
            partner=partners.get(row.record.partner),
            notes="\n".join(row.record.notes),
            **{name: getattr(row.record, name) for name in GROUP_FIELDS},
        )
        for row, _id in rows
    ]
    store.create(VolunteerGroup, records, [row_id for _row, row_id in rows])


def store_volunteers(programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
    """Store people as of any list, and put each volunteer into the groups that the row names.

    A group that the programme does not know is created as established: somebody is in it. A merged row gives a
    known volunteer the groups that it names. Raises ValidationError when a value does not hold.
    """
    enrolments = store_people(programme, rows, by=by, store=store)
    groups = _groups(programme, rows, store)
    through = Enrolment.groups.through
    links = {
        (enrolment_id, groups[fold(name)].pk)
        for row, enrolment_id in _volunteers(programme, rows, enrolments)
        for name in row.record.groups
    }
    links -= set(
        through.objects.filter(enrolment__programme=programme).values_list("enrolment_id", "volunteergroup_id")
    )
    new = [through(enrolment_id=enrolment, volunteergroup_id=group) for enrolment, group in sorted(links)]
    store.journal.made(store_new(through, new))


def _volunteers(programme: Programme, rows: Rows, enrolments: dict[int, int]) -> Iterator[tuple[CheckedRow, int]]:
    """Each row with the id of the enrolment that it gave or, when it was merged, that the person has."""
    stored = Enrolment.objects.filter(programme=programme, role=ParticipantRole.VOLUNTEER)
    by_person = dict(stored.values_list("person", "pk"))
    by_known = {id(row.known): enrolments[row_id] for row, row_id in rows if row.is_accepted}
    for row, _id in rows:
        yield row, by_known.get(id(row.known)) or by_person[row.known.person_id]


def _groups(programme: Programme, rows: Rows, store: Store) -> dict[str, VolunteerGroup]:
    """The programme's groups by folded name; those not known yet are created."""
    found = {fold(group.name): group for group in VolunteerGroup.objects.filter(programme=programme)}
    wanted = {fold(name): (name, row_id) for row, row_id in reversed(rows) for name in reversed(row.record.groups)}
    named = [entry for key, entry in reversed(wanted.items()) if key not in found]
    missing = [VolunteerGroup(programme=programme, name=name, status=GroupStatus.ESTABLISHED) for name, _id in named]
    store.create(VolunteerGroup, missing, [row_id for _name, row_id in named])
    return found | {fold(group.name): group for group in missing}
