"""Merge two stored people into one, and undo a merge.

Every row that refers to the other person is moved to the kept one, in all models. Where a unique constraint allows
only one of two rows, a ``MergeRule`` folds them. Undoing a merge reverts its act. The merge itself remains, because it
is not in the journal. Lock order: the people by ascending id (as in matching), then the merge.
"""

from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from common.journal import Remaining, act, current_journal, delete, revert, save
from common.templatetags.danish import danish_date
from people.merging import MERGE_FOLLOWERS, MergeRefused, rule_of, run_merge_checks
from people.merging.values import merged_notes, merged_values
from people.models import DistinctPeople, Enrolment, Person, PersonMerge
from people.services.permissions import require_work_in
from people.services.states import copy_state
from people.statuses import OpenMatchLeft, refuse_lost_roles, settle


@act
def merge_people(
    kept: Person, other: Person, *, by: User | None, chosen: Mapping[str, str] | None = None
) -> PersonMerge:
    """Merge ``other`` into ``kept`` and log it for both. ``chosen``: see ``people.merging.values.merged_values``.

    Raises PermissionDenied, MergeRefused when the two cannot be merged, and ValidationError when a merged value is
    invalid; then nothing is changed.
    """
    kept, other = _lock_people(kept, other, by)
    run_merge_checks(kept, other)
    remarks: list[str] = []
    _move_references(kept, other, remarks)
    for follow in MERGE_FOLLOWERS:
        follow(kept, other)
    _merge_details(kept, other, chosen or {}, remarks)
    copy_state(kept)
    _settle(kept)
    for person in (kept, other):
        _log(person, by, "people_merged", kept=kept, other=other)
    merge = _store_merge(kept, other, by)
    delete(other)
    _update_search(kept)
    return merge


@act
def undo_merge(merge: PersonMerge, *, by: User | None) -> list[str]:
    """Restore the merged person under the old id and case number, and revert what has not been changed since.

    Returns sentences about what could not be reverted. Raises PermissionDenied, and MergeRefused when the kept person
    no longer exists, when the merge is undone already, or when a later merge of the same person has to be undone first.
    """
    merge = _lock_merge(merge, by)
    try:
        with transaction.atomic():
            remaining = revert(merge.act)
    except IntegrityError as error:
        raise MergeRefused(_("Later changes conflict with undoing the merge. Nothing was changed.")) from error
    kept = Person.objects.get(pk=merge.kept_id)
    other = Person.objects.get(case_number=merge.merged_case_number)
    _refuse_lost_roles(kept, other)
    for person in (kept, other):
        copy_state(person)
    _settle(kept, other)
    merge.undone_by, merge.undone_at = by, clock.now()
    merge.full_clean()
    merge.save()
    _update_search(kept)
    for person in (kept, other):
        _log(person, by, "merge_undone", kept=kept, other=other)
    return [_sentence_about(row) for row in remaining]


@act
def mark_distinct(one: Person, other: Person, *, by: User | None, is_household: bool = False) -> DistinctPeople:
    """Record that two people who look alike are distinct, so that they are no longer suggested as duplicates.

    ``is_household``: they are of the same household. Raises PermissionDenied and MergeRefused.
    """
    first, second = sorted(_lock_people(one, other, by), key=lambda person: person.pk)
    pair = DistinctPeople.objects.filter(first=first, second=second).first()
    if pair is None or pair.is_household != is_household:
        pair = pair or DistinctPeople(first=first, second=second, decided_by=by)
        pair.is_household = is_household
        save(pair)
        for person in (first, second):
            _log(
                person,
                by,
                "people_marked_household" if is_household else "people_marked_distinct",
                one=first,
                other=second,
            )
    return pair


@act
def unmark_distinct(pair: DistinctPeople, *, by: User | None) -> None:
    """Suggest the two as duplicates again. Raises PermissionDenied."""
    require_work_in([pair.first.home_branch_id], by)
    for person in (pair.first, pair.second):
        _log(person, by, "people_unmarked_distinct", one=pair.first, other=pair.second)
    delete(pair)


def merge_refusal_text(kept: Person, other: Person) -> str:
    """Return why the two cannot be merged, as a sentence, or an empty text."""
    try:
        _refuse_pair(kept, other)
        run_merge_checks(kept, other)
    except MergeRefused as refusal:
        return " ".join(refusal.messages)
    return ""


# ---------------------------------------------------------------- locks and checks


def _lock_people(one: Person, other: Person, by: User | None) -> tuple[Person, Person]:
    """Lock and reload both people. The second of two simultaneous requests waits and is then refused."""
    rows = Person.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    found = {person.pk: person for person in rows}
    for person in (one, other):
        if person.pk not in found:
            sentence = _("%(number)s no longer exists: a colleague has just merged or deleted it. Nothing was changed.")
            raise MergeRefused(sentence % {"number": person.case_number}, code="gone")
        require_work_in([found[person.pk].home_branch_id], by)
    _refuse_pair(found[one.pk], found[other.pk])
    return found[one.pk], found[other.pk]


def _refuse_pair(one: Person, other: Person) -> None:
    if one.pk == other.pk:
        raise MergeRefused(_("Choose another person: this is the same one."))
    if one.home_branch_id != other.home_branch_id:
        raise MergeRefused(_("The two belong to different branches. Only people of one branch can be merged."))


def _lock_merge(merge: PersonMerge, by: User | None) -> PersonMerge:
    list(Person.objects.select_for_update().filter(merges=merge.pk).values_list("pk", flat=True))
    locked = PersonMerge.objects.select_for_update().filter(pk=merge.pk).first()
    if locked is None:
        raise MergeRefused(_("The person no longer exists, so the merge cannot be undone."))
    require_work_in([locked.branch_id], by)
    if Person.objects.filter(pk=locked.kept_id).exclude(home_branch=locked.branch_id).exists():
        raise MergeRefused(_("The person belongs to another branch by now, so the merge cannot be undone."))
    if locked.undone_at:
        raise MergeRefused(_("The merge was undone already."))
    if locked.act is None:
        raise MergeRefused(_("What the merge changed is not known here, so it cannot be undone."))
    last = PersonMerge.objects.filter(kept=locked.kept_id, undone_at=None).first()
    if last != locked:
        sentence = _("Undo the merge with %(number)s of %(day)s first: it came later.")
        raise MergeRefused(sentence % {"number": last.merged_case_number, "day": danish_date(last.merged_at)})
    return locked


def _store_merge(kept: Person, other: Person, by: User | None) -> PersonMerge:
    act = current_journal().begin()
    merge = PersonMerge(branch=kept.home_branch, kept=kept, merged_case_number=other.case_number, merged_by=by, act=act)
    merge.full_clean()
    merge.save()
    return merge


# ---------------------------------------------------------------- moving rows


def _move_references(kept: models.Model, other: models.Model, remarks: list[str]) -> None:
    """Let every row that refers to ``other`` refer to ``kept``."""
    for field in foreign_keys_to(type(other)):
        for row in field.model._base_manager.filter(**{field.name: other.pk}).order_by("pk"):
            _move_row(row, field, kept, remarks)


def foreign_keys_to(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Yield every foreign key to the model, including those without a reverse name and of many-to-many tables."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            yield relation.field


def _move_row(row: models.Model, field: models.ForeignKey, kept: models.Model, remarks: list[str]) -> None:
    rule = rule_of(type(row))
    changes = rule.move(row, {field.attname: kept.pk})
    if changes is None:
        delete(row)
        return
    _refuse_broken_check(row, changes)
    twin = _twin_of(row, changes)
    if twin is None:
        current_journal().change(row, changes)
        return
    values = rule.fold(twin, row, remarks)
    _move_references(twin, row, remarks)
    delete(row)
    current_journal().change(twin, values)


def _twin_of(row: models.Model, changes: dict) -> models.Model | None:
    """Return the row that a unique constraint does not allow together with the changed row."""
    values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields} | changes
    rows = type(row)._base_manager.exclude(pk=row.pk)
    for names, condition in _unique_constraints(type(row)):
        columns = {row._meta.get_field(name).attname for name in names}
        if not columns & set(changes) or any(values[name] is None for name in columns):
            continue
        if condition is not None and not condition.check(_by_name(row, values)):
            continue
        twin = rows.filter(condition or models.Q(), **{name: values[name] for name in columns}).first()
        if twin is not None:
            return twin
    return None


def _by_name(row: models.Model, values: dict) -> dict:
    """Return the values by the names of their fields, without references, as conditions name them."""
    own = (column for column in row._meta.concrete_fields if not column.is_relation)
    return {column.name: models.Value(values[column.attname], output_field=column) for column in own}


def _unique_constraints(model: type[models.Model]) -> Iterator[tuple[tuple[str, ...], models.Q | None]]:
    """Yield the field names and the condition of each unique constraint, ``unique_together`` and unique field."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield constraint.fields, constraint.condition
    for names in model._meta.unique_together:
        yield names, None
    for column in model._meta.concrete_fields:
        if column.unique and not column.primary_key:
            yield (column.name,), None


def _refuse_broken_check(row: models.Model, changes: dict) -> None:
    """Raise MergeRefused with the message of a check constraint that the changed row would break."""
    moved = type(row)._base_manager.get(pk=row.pk)
    for name, value in changes.items():
        setattr(moved, name, value)
    names = {row._meta.get_field(name).name for name in changes}
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and names & set(constraint.condition.referenced_base_fields):
            try:
                constraint.validate(type(row), moved)
            except ValidationError as error:
                raise MergeRefused(error.messages) from error


def _merge_details(kept: Person, other: Person, chosen: Mapping[str, str], remarks: list[str]) -> None:
    values = merged_values(kept, other, chosen)
    current_journal().change(kept, values | {"notes": merged_notes(kept, other, remarks)})
    kept.full_clean()


def _refuse_lost_roles(*people: Person) -> None:
    """Raise MergeRefused if a match made since needs a role that its person no longer has."""
    try:
        refuse_lost_roles(people)
    except OpenMatchLeft as error:
        raise MergeRefused(error.messages[0]) from error


def _settle(*people: Person) -> None:
    try:
        settle(Enrolment.objects.filter(person__in=people))
    except OpenMatchLeft as error:
        raise MergeRefused(error.messages[0]) from error


def _update_search(person: Person) -> None:
    """Let the search find the person by every case number. ``updated_at`` changes as well."""
    current_journal().change(person, {"search_text": person.build_search_text(), "updated_at": clock.now()})


def _sentence_about(remaining: Remaining) -> str:
    meta = remaining.model._meta
    if not remaining.names:
        return _("%(what)s: deleted after the merge, and not restored.") % {"what": capfirst(meta.verbose_name)}
    names = [str(meta.get_field(name).verbose_name) for name in remaining.names]
    sentence = _("%(what)s: %(fields)s changed after the merge, and not restored.")
    return sentence % {"what": capfirst(meta.verbose_name), "fields": get_text_list(names, _("and"))}


def _numbers(one: Person, other: Person) -> dict[str, str]:
    return {"one": one.case_number, "other": other.case_number}


def _log(person: Person, by: User | None, code: str, **pair: Person) -> None:
    branch, values = person.home_branch_id, {name: one.case_number for name, one in pair.items()}
    record_access(by=by, kind=AccessKind.WRITE, subject=person, branch=branch, code=code, values=values)
