"""The data of the import: each text has both languages, each reference resolves, each key is known."""

import datetime as dt
from collections import Counter
from itertools import zip_longest

import pytest
from django.conf import settings
from django.utils import translation

from common.spreadsheets import Sheet
from imports.engine import fields
from imports.engine.fields import profiles
from imports.engine.kind import template_fields
from imports.engine.recognition import make_table, recognise_columns
from imports.kinds import all_kinds, kind_of
from tests.imports.checks import check_all

# Fields of a kind that share headings: the first of them gets the left column.
DECIDED_BY_ORDER = {
    "contact": {frozenset({"office_phone", "phone"}), frozenset({"contact_type", "record_type"})},
}
NO_EXPLANATION = {"da": "", "en": ""}  # takes none over from the field that is used
LANGUAGES = {code for code, _name in settings.LANGUAGES}
CODES = sorted(path.stem for path in (fields.DATA / "kinds").glob("*.toml"))
FIELD_KEYS = {
    "key", "use", "number", "label", "headings", "more_headings", "phrases", "is_telling", "choices", "explanation",
    "examples",
}  # fmt: skip
SHARED = fields.load_data("fields.toml")
KINDS = {code: fields.load_data(f"kinds/{code}.toml") for code in CODES}
ENTRIES = [("fields.toml", entry) for entry in SHARED.values()]
ENTRIES += [(code, entry) for code, kind in KINDS.items() for entry in kind["fields"]]
IDS = [f"{place}-{entry.get('key') or entry.get('use') or entry['label']['da']}" for place, entry in ENTRIES]


def is_in_both_languages(text: dict[str, str]) -> bool:
    return set(text) == LANGUAGES and all(value.strip() for value in text.values())


def test_each_kind_has_its_file():
    assert sorted(kind.code for kind in all_kinds()) == CODES


@pytest.mark.parametrize(("place", "entry"), ENTRIES, ids=IDS)
def test_keys_of_a_field_are_known_and_texts_have_both_languages(place, entry):
    assert set(entry) - FIELD_KEYS == set()
    assert is_in_both_languages(entry["label"]) if "label" in entry else "use" in entry
    explanation = entry.get("explanation", NO_EXPLANATION)
    assert explanation == NO_EXPLANATION or is_in_both_languages(explanation)


@pytest.mark.parametrize("code", CODES)
def test_keys_of_a_kind_are_known_and_texts_have_both_languages(code):
    kind = KINDS[code]
    assert set(kind) == {"label", "singular", "required", "fields"}
    assert is_in_both_languages(kind["label"])
    assert is_in_both_languages(kind["singular"])


@pytest.mark.parametrize(("place", "entry"), ENTRIES, ids=IDS)
def test_uses_and_choices_resolve(place, entry):
    own = {field["key"] for field in KINDS[place]["fields"] if "key" in field} if place in KINDS else set()
    assert {entry["use"]} <= set(SHARED) | own if "use" in entry else True
    assert fields.CHOICES[entry["choices"]]() if entry.get("choices") else True


@pytest.mark.parametrize("code", CODES)
def test_fields_of_a_kind_are_complete(code):
    kind = kind_of(code)
    keys = [field.key for field in kind.fields]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert {key for group in kind.required for key in group} <= set(keys)
    for field in kind.fields:
        assert field.words, field.key
        for language in LANGUAGES:
            with translation.override(language):
                assert str(field.label), field.key


@pytest.mark.parametrize("code", CODES)
def test_a_heading_means_one_field_of_a_kind(code):
    """Numbered columns, such as a second phone, share the headings of their field on purpose."""
    entries = [*({"key": key} | entry for key, entry in SHARED.items()), *KINDS[code]["fields"]]
    numbered = {entry["key"]: entry["use"] for entry in entries if "number" in entry}
    owners: dict[str, set[str]] = {}
    for field in kind_of(code).fields:
        for heading in {*field.words, *(f"… {phrase} …" for phrase in field.phrases)}:
            owners.setdefault(heading, set()).add(numbered.get(field.key, field.key))
    shared = {frozenset(keys) for keys in owners.values() if len(keys) > 1}
    assert shared == DECIDED_BY_ORDER.get(code, set())


def test_words_are_unique_within_their_list():
    for name, spellings in fields.load_data("words.toml").items():
        counts = Counter(fields.fold(word) for words in spellings.values() for word in words)
        assert [word for word, count in counts.items() if count > 1] == [], name


@pytest.mark.parametrize("code", CODES)
@pytest.mark.django_db
def test_examples_are_accepted(code, programme):
    """Each example in its own row, read under the Danish label of its field: no issue is about its cell."""
    kind = kind_of(code)
    with translation.override("da"):
        columns = template_fields(kind)
        labels = [str(field.label) for field in columns]
    rows = [list(cells) for cells in zip_longest(*(field.examples for field in columns))]
    table = make_table(Sheet("x", rows=[(1, labels), *enumerate(rows, start=2)]), 1)
    mapping = recognise_columns(table.headers, kind.fields)
    assert (mapping.columns, mapping.guesses) == ({field.key: index for index, field in enumerate(columns)}, set())
    today = dt.date(2011, 9, 15)
    for row in check_all(kind, table, mapping.columns, kind.load_known(programme), today=today):
        unread = {issue.code for issue in row.issues if issue.code.endswith(("_unreadable", "_unknown", "bad_email"))}
        assert unread == set()


def test_profiles_of_address_books_are_complete():
    keys = {field.key for kind in all_kinds() for field in kind.fields}
    for code, entry in fields.load_data("profiles.toml").items():
        assert set(entry) - {"label", "telling", "fields", "others", "numbered"} == set(), code
        assert entry["label"], code
        assert set(entry["fields"]) <= keys, code
    assert [profile.code for profile in profiles() if not all(profile.telling) or not profile.columns] == []
