"""Builds the search texts again, because names are folded differently."""

from django.db import migrations

from common.folding import fold, fold_number

BATCH = 1000


def build_search_texts(apps, schema_editor):
    model = apps.get_model("people", "Person")
    numbers = former_numbers(apps)
    last = 0
    while people := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = people[-1].pk
        for person in people:
            person.search_text = new_text(person, numbers)
        model._base_manager.bulk_update(people, ["search_text"], batch_size=200)


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


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_danish_order"),
    ]

    operations = [migrations.RunPython(build_search_texts, migrations.RunPython.noop)]
