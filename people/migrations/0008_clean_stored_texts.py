"""Cleans the texts and phones stored before forms and lists cleaned them, and builds the search texts again.

The journal stays as it is, with its digests. Undoing an act therefore takes a cleaned value for one that was changed
since, and keeps it.
"""

import re

from django.db import DatabaseError, migrations, models, transaction

from common.folding import fold, fold_number
from common.phones import phones_and_words
from common.searching import phone_digits
from common.texts import clean_text

BATCH = 1000
APPS = ("programmes", "people", "matching", "events")
OTHER_MODELS = (("accounts", "Branch"), ("accounts", "User"))
NOT_TYPED = {"search_text", "password"}
STORED_PHONE = re.compile(r"\+[0-9]+")


def clean_stored_texts(apps, schema_editor):
    found = [model for label in APPS for model in apps.get_app_config(label).get_models()]
    for model in [*found, *(apps.get_model(*names) for names in OTHER_MODELS)]:
        clean_model(model)
    build_search_texts(apps)


def clean_model(model) -> None:
    """Clean the typed texts of all records of a model."""
    names = [field.attname for field in model._meta.concrete_fields if is_typed(field)]
    rows = model._base_manager.order_by("pk").values_list("pk", *names)
    cleaned = [(pk, cleaned_values(dict(zip(names, values, strict=True)))) for pk, *values in rows.iterator()]
    for pk, values in cleaned:
        if values:
            store(model, pk, values)


def is_typed(field: models.Field) -> bool:
    is_list = field.name in LISTS and isinstance(field, models.JSONField)
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return is_list or (is_text and field.name not in NOT_TYPED)


def cleaned_values(values: dict) -> dict:
    """Return the values that change, by the names of their fields."""
    cleaned = {name: LISTS.get(name, cleaned_text)(value) for name, value in values.items() if value}
    return {name: value for name, value in cleaned.items() if value != values[name]}


def cleaned_text(text: str) -> str:
    cleaned = clean_text(text)
    return text if cleaned == text else cleaned.strip()


def cleaned_emails(emails: list[str]) -> list[str]:
    return list(dict.fromkeys(clean_text(email).strip().lower() for email in emails))


def cleaned_phones(phones: list[str]) -> list[str]:
    """Return numbers as they are stored: +4520123456. A phone with other words stays a text."""
    return list(dict.fromkeys(number for phone in phones for number in cleaned_phone(phone)))


def cleaned_phone(phone: str) -> list[str]:
    if STORED_PHONE.fullmatch(phone):
        return [phone]
    numbers, words = phones_and_words(phone)
    return numbers if numbers and not words else [cleaned_text(phone)]


LISTS = {"phones": cleaned_phones, "emails": cleaned_emails}


def store(model, pk: int, values: dict) -> None:
    """Store cleaned values, unless a rule of the database refuses them: another record may have the name already."""
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=pk).update(**values)
    except DatabaseError:
        pass


def build_search_texts(apps) -> None:
    """Build the search texts again: names may have changed, and the digits of office phones have a country code."""
    model, numbers, last = apps.get_model("people", "Person"), former_numbers(apps), 0
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
    digits = [number for phone in [*person.phones, person.office_phone] for number in phone_digits(phone)]
    numbers = map(fold_number, [person.case_number, *former_numbers.get(person.pk, ())])
    name = f"{person.first_name} {person.last_name}"
    return " ".join(filter(None, [fold(name), *numbers, *map(fold, person.emails), *digits]))


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_intake_draft"),
        ("accounts", "0005_danish_order"),
        ("programmes", "0002_danish_order"),
        ("matching", "0003_end_reason_died"),
        ("events", "0002_danish_order"),
    ]

    operations = [migrations.RunPython(clean_stored_texts, migrations.RunPython.noop)]
