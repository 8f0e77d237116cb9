"""Two stored people made one, and one made two again.

Everything that refers to the other person moves to the kept one, whatever model it is. Rows of which only one may
stand are folded by the rules in `people.merging`. The journal of the merge holds each step, and undoing takes them
back one by one. Lock order: the people by ascending id (as matching does), then the merge.
"""

from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from common.templatetags.danish import danish_date
from people.merging import MergeRefused, rule_of, run_merge_checks, settle_merged
from people.merging.journal import Journal, Left, take_back, unpack
from people.merging.sides import joined_notes, united_values
from people.models import DistinctPeople, Enrolment, ImportRow, Person, PersonMerge
from people.services.permissions import require_work_in


@transaction.atomic
def merge_people(
    kept: Person, other: Person, *, by: User | None, chosen: Mapping[str, str] | None = None
) -> PersonMerge:
    """Make one person of two. `chosen`: see `people.merging.sides.united_values`.

    Raises PermissionDenied, MergeRefused when the two cannot be one, and ValidationError when a detail does not hold;
    then nothing is changed.
    """
    kept, other = _locked(kept, other, by)
    run_merge_checks(kept, other)
    journal = Journal()
    _carry(kept, other, journal)
    for row in ImportRow.objects.filter(other_person_id=other.pk):
        journal.change(row, {"other_person_id": kept.pk})
    _unite(kept, other, chosen or {}, journal)
    with journal.observed(Enrolment.objects.filter(person=kept)):
        settle_merged(kept)
    detail = _("%(other)s merged into %(kept)s") % {"other": other.case_number, "kept": kept.case_number}
    for person in (kept, other):
        _log(person, by, detail)
    merge = PersonMerge(branch=kept.home_branch, kept=kept, merged_case_number=other.case_number, merged_by=by)
    journal.remove(other)
    merge.journal = journal.pack()
    merge.full_clean()
    merge.save()
    PersonMerge.objects.filter(pk=merge.pk).update(merged_at=clock.now())  # the demo's day stands still
    _index(kept)
    return merge


@transaction.atomic
def undo_merge(merge: PersonMerge, *, by: User | None) -> list[str]:
    """Make two people of one again, with the other's old id and number, as far as nobody has touched it since.

    Returns, in sentences, what stays as it is now. Raises PermissionDenied, and MergeRefused when the kept person is
    gone, when it was undone already, or when a later merge into the same person has to be undone first.
    """
    merge = _lock_merge(merge, by)
    steps = unpack(merge.journal)
    try:
        with transaction.atomic():
            left = take_back(steps)
    except IntegrityError as error:
        raise MergeRefused(_("What was registered after the merge stands in the way. Nothing was changed.")) from error
    kept = Person.objects.get(pk=merge.kept_id)
    other = Person.objects.get(case_number=merge.merged_case_number)
    for person in (kept, other):
        settle_merged(person)
    merge.undone_by, merge.undone_at, merge.journal = by, clock.now(), None
    merge.full_clean()
    merge.save()
    detail = _("The merge of %(other)s into %(kept)s undone")
    _index(kept)
    for person in (kept, other):
        _log(person, by, detail % {"other": other.case_number, "kept": kept.case_number})
    return [_words_of(row) for row in left]


@transaction.atomic
def tell_apart(one: Person, other: Person, *, by: User | None) -> DistinctPeople:
    """Remember that two who look alike are two: nobody is asked again. Raises PermissionDenied and MergeRefused."""
    first, second = sorted(_locked(one, other, by), key=lambda person: person.pk)
    pair = DistinctPeople.objects.filter(first=first, second=second).first()
    if pair is None:
        pair = DistinctPeople(first=first, second=second, decided_by=by)
        pair.full_clean()
        pair.save()
        for person in (first, second):
            _log(person, by, _("%(one)s and %(other)s are two people") % _numbers(first, second))
    return pair


@transaction.atomic
def forget_difference(pair: DistinctPeople, *, by: User | None) -> None:
    """Ask about the two again. Raises PermissionDenied."""
    require_work_in([pair.first.home_branch_id], by)
    for person in (pair.first, pair.second):
        _log(person, by, _("%(one)s and %(other)s may be one person after all") % _numbers(pair.first, pair.second))
    pair.delete()


def refusal_of(kept: Person, other: Person) -> str:
    """Why the two cannot be merged, in words, or an empty text."""
    try:
        _refuse_unlike(kept, other)
        run_merge_checks(kept, other)
    except MergeRefused as refusal:
        return " ".join(refusal.messages)
    return ""


# ---------------------------------------------------------------- who, and whether they may


def _locked(one: Person, other: Person, by: User | None) -> tuple[Person, Person]:
    """Both as they are now, locked. Two who press at once come one after the other, and the second is told."""
    rows = Person.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    found = {person.pk: person for person in rows}
    for person in (one, other):
        if person.pk not in found:
            sentence = _("%(number)s is there no more: somebody has just merged or deleted it. Nothing was changed.")
            raise MergeRefused(sentence % {"number": person.case_number}, code="gone")
        require_work_in([found[person.pk].home_branch_id], by)
    _refuse_unlike(found[one.pk], found[other.pk])
    return found[one.pk], found[other.pk]


def _refuse_unlike(one: Person, other: Person) -> None:
    if one.pk == other.pk:
        raise MergeRefused(_("Choose somebody else: this is the same person."))
    if one.home_branch_id != other.home_branch_id:
        raise MergeRefused(_("The two belong to different branches. Only people of one branch can be merged."))


def _lock_merge(merge: PersonMerge, by: User | None) -> PersonMerge:
    list(Person.objects.select_for_update().filter(merges=merge.pk).values_list("pk", flat=True))
    locked = PersonMerge.objects.select_for_update().filter(pk=merge.pk).first()
    if locked is None:
        raise MergeRefused(_("The person is there no more, so the merge cannot be undone."))
    require_work_in([locked.branch_id], by)
    if locked.undone_at:
        raise MergeRefused(_("The merge was undone already."))
    if locked.journal is None:
        raise MergeRefused(_("What the merge changed is not known here, so it cannot be undone."))
    last = PersonMerge.objects.filter(kept=locked.kept_id, undone_at=None).first()
    if last != locked:
        sentence = _("Undo the merge with %(number)s of %(day)s first: it came later.")
        raise MergeRefused(sentence % {"number": last.merged_case_number, "day": danish_date(last.merged_at)})
    return locked


# ---------------------------------------------------------------- what follows


def _carry(kept: models.Model, other: models.Model, journal: Journal) -> None:
    """Let all that refers to `other` refer to `kept`."""
    for field in _references(type(other)):
        for row in field.model._base_manager.filter(**{field.name: other.pk}).order_by("pk"):
            _carry_row(row, field, kept, journal)


def _references(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Every foreign key to the model, those without a reverse name and of tables between two models too."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            yield relation.field


def _carry_row(row: models.Model, field: models.ForeignKey, kept: models.Model, journal: Journal) -> None:
    rule = rule_of(type(row))
    changes = rule.move(row, {field.attname: kept.pk})
    if changes is None:
        journal.remove(row)
        return
    _refuse_contradiction(row, changes)
    twin = _twin_of(row, changes)
    if twin is None:
        journal.change(row, changes)
        return
    values = rule.fold(twin, row, journal.remarks)
    _carry(twin, row, journal)
    journal.remove(row)
    journal.change(twin, values)


def _twin_of(row: models.Model, changes: dict) -> models.Model | None:
    """The row beside which a unique rule would not let this one stand."""
    values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields} | changes
    rows = type(row)._base_manager.exclude(pk=row.pk)
    for names, condition in _unique_rules(type(row)):
        columns = {row._meta.get_field(name).attname for name in names}
        if not columns & set(changes) or any(values[name] is None for name in columns):
            continue
        if condition is not None and not type(row)._base_manager.filter(condition, pk=row.pk).exists():
            continue
        twin = rows.filter(condition or models.Q(), **{name: values[name] for name in columns}).first()
        if twin is not None:
            return twin
    return None


def _unique_rules(model: type[models.Model]) -> Iterator[tuple[tuple[str, ...], models.Q | None]]:
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield constraint.fields, constraint.condition
    for names in model._meta.unique_together:
        yield names, None
    for column in model._meta.concrete_fields:
        if column.unique and not column.primary_key:
            yield (column.name,), None


def _refuse_contradiction(row: models.Model, changes: dict) -> None:
    """A check of the model that does not hold once the row has moved is a refusal in its own words."""
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


def _unite(kept: Person, other: Person, chosen: Mapping[str, str], journal: Journal) -> None:
    """What is known of the person: by choice, and a blank never erases."""
    values = united_values(kept, other, chosen)
    journal.change(kept, values | {"notes": joined_notes(kept, other, journal.remarks)})
    kept.full_clean()


# ---------------------------------------------------------------- afterwards


def _index(person: Person) -> None:
    """The search finds the person by every number, and the person counts as changed just now."""
    text, now = person.build_search_text(), timezone.now()
    Person.objects.filter(pk=person.pk).update(search_text=text, updated_at=now)
    person.search_text, person.updated_at = text, now


def _words_of(row: Left) -> str:
    what = row.model._meta.verbose_name
    if not row.names:
        return _("%(what)s: deleted after the merge, and does not come back.") % {"what": capfirst(what)}
    names = [str(row.model._meta.get_field(name).verbose_name) for name in row.names]
    sentence = _("%(what)s: %(fields)s changed after the merge, and stays as it is now.")
    return sentence % {"what": capfirst(what), "fields": get_text_list(names, _("and"))}


def _numbers(one: Person, other: Person) -> dict[str, str]:
    return {"one": one.case_number, "other": other.case_number}


def _log(person: Person, by: User | None, detail: str) -> None:
    record_access(by=by, kind=AccessKind.WRITE, subject=person, branch=person.home_branch_id, detail=detail)
