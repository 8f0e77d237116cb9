"""Builds the search texts again, because names are folded differently.

The journal's marks of created people, and its values of search texts, follow, so that what was made or changed before
can still be undone.
"""

import datetime as dt
import hashlib

from django.db import migrations

from common.folding import fold, fold_number
from common.record_values import MARK_LENGTH, SEPARATOR, digest_of, plain

BATCH = 1000
PERSON = "people.person"
# The order of the values in a mark: that of the model, which is not that of the model's state in migrations.
VALUES = """
id home_branch_id case_number first_name last_name gender birth_date birth_year emails phones
office_phone best_reached address postcode town origin arrival_year livelihood education occupation
organisation_id last_contacted_on notes search_text created_by_id created_at updated_at
""".split()


def build_search_texts(apps, schema_editor):
    model = apps.get_model("people", "Person")
    numbers = former_numbers(apps)
    last = 0
    while people := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = people[-1].pk
        changed = {person.pk: person for person in people if person.search_text != new_text(person, numbers)}
        follow_marks(apps, changed, numbers)
        follow_values(apps, changed, numbers)
        for person in changed.values():
            person.search_text = new_text(person, numbers)
        model._base_manager.bulk_update(changed.values(), ["search_text"], batch_size=200)


def former_numbers(apps) -> dict[int, list[str]]:
    """Return person id → case numbers of the people merged into that person."""
    found = {}
    merges = apps.get_model("people", "PersonMerge")._base_manager.filter(undone_at=None).order_by("-merged_at", "-pk")
    for person_id, number in merges.values_list("kept_id", "merged_case_number"):
        found.setdefault(person_id, []).append(number)
    return found


def new_text(person, former_numbers) -> str:
    """Return what ``Person.build_search_text`` returns, which a migration cannot call."""
    digits = ["".join(c for c in phone if c.isdigit()) for phone in [*person.phones, person.office_phone]]
    numbers = map(fold_number, [person.case_number, *former_numbers.get(person.pk, ())])
    name = f"{person.first_name} {person.last_name}"
    return " ".join(filter(None, [fold(name), *numbers, *map(fold, person.emails), *digits]))


def follow_marks(apps, people, numbers):
    """Mark created people with their new values, unless they were changed since."""
    if not people:
        return
    made = apps.get_model("common", "Change")._base_manager.filter(model=PERSON, kind="made", marks__isnull=False)
    for entry in made.filter(record_id__lte=max(people), last_id__gte=min(people)):
        salt, marks = bytes(entry.salt), bytearray(entry.marks)
        for pk in range(max(entry.record_id, min(people)), min(entry.last_id, max(people)) + 1):
            place = slice((pk - entry.record_id) * MARK_LENGTH, (pk - entry.record_id + 1) * MARK_LENGTH)
            person = people.get(pk)
            if person and mark_with(person, salt, person.search_text) == marks[place]:
                marks[place] = mark_with(person, salt, new_text(person, numbers))
        if marks != bytes(entry.marks):
            entry.marks = bytes(marks)
            entry.digest = digest_of(salt, entry.before, entry.after, entry.marks)
            entry.save(update_fields=["marks", "digest"])


def mark_with(person, salt, search_text) -> bytes:
    """Return what ``mark_of`` returns for a person with this search text."""
    values = [search_text if name == "search_text" else person.__dict__[name] for name in VALUES]
    texts = [plain(value) if isinstance(value, dt.datetime) else str(value) for value in values]
    return hashlib.sha256(salt + SEPARATOR.join(texts).encode()).digest()[:MARK_LENGTH]


def follow_values(apps, people, numbers):
    """Give the last change of a search text the new one."""
    changes = apps.get_model("common", "Change")._base_manager.filter(
        model=PERSON, kind="changed", field="search_text", record_id__in=list(people), salt__isnull=False
    )
    for entry in changes:
        person = people[entry.record_id]
        if entry.after == person.search_text:
            entry.after = new_text(person, numbers)
            entry.digest = digest_of(bytes(entry.salt), entry.before, entry.after, None)
            entry.save(update_fields=["after", "digest"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_danish_order"),
        ("common", "0003_history_index"),
    ]

    operations = [migrations.RunPython(build_search_texts, migrations.RunPython.noop)]
