"""Many records at once: the stored values are the given ones, on both databases."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from common.bulk import BATCH, FEW, build, clean_columns, store_changed, store_new, store_rows
from common.models import Act, Change
from people.models import Organisation, Person, Term
from reporting.models import StatusReport

pytestmark = pytest.mark.django_db
TEXTS = [
    "", " ", '"', '""', "'", ",", ";", "\\", "\\.", "\\N", "NULL", "\t", "a\nb", "a\r\nb", "a\rb", "a\n\\.\nb", '",\n"',
    "Ågård · »citat«", "👩‍🎓", "{}", "%s %(a)s", "é", "e\u0301",
]  # fmt: skip


def person(branch, number: int, **values) -> Person:
    return Person(home_branch=branch, case_number=f"{branch.code}-2010-{number:04}", first_name="Åse", **values)


def people(branch, **values) -> list[Person]:
    texts = [*TEXTS, *["plain"] * BATCH]
    return [person(branch, number, town=text, **values) for number, text in enumerate(texts)]


def test_texts_are_stored_unchanged(tingbjerg):
    records = people(tingbjerg)
    stored = store_new(Person, records)
    assert [record.town for record in Person.objects.order_by("pk")] == [*TEXTS, *["plain"] * BATCH]
    assert [record.pk for record in stored] == sorted(Person.objects.values_list("pk", flat=True))
    assert {(record._state.adding, record._state.db) for record in stored} == {(False, "default")}


def test_values_of_all_types_are_stored_unchanged(tingbjerg):
    values = {
        "birth_date": dt.date(1972, 2, 29),
        "birth_year": None,
        "emails": ["a@example.dk", 'q"uo,te@example.dk'],
        "phones": [],
        "arrival_year": 2001,
        "notes": "En linje\n\n»To«",
    }
    stored = store_new(Person, people(tingbjerg, **values))[-1]
    found = Person.objects.get(pk=stored.pk)
    assert {name: getattr(found, name) for name in values} == values
    assert (found.created_at, found.updated_at) == (stored.created_at, stored.updated_at)
    assert found.created_at.tzinfo is not None
    assert (found.created_by_id, found.home_branch_id, found.gender) == (None, tingbjerg.pk, "unknown")


def test_json_and_null_are_stored(programme, administrator):
    cells, facts = [["a", None, 1.5, {"b": ['"', "\\"]}]], [None, {"name": "Å"}]
    day = dt.date(2010, 1, 1)
    store_new(
        StatusReport,
        [
            StatusReport(
                programme=programme, created_by=administrator, title=f"{number}", period_start=day, period_end=day,
                sections=cells[0], frozen=facts[number % 2], status=("draft", "sent")[number % 2],
                sent_at=(None, dt.datetime(2011, 1, 1, tzinfo=dt.UTC))[number % 2],
            )
            for number in range(100, 120)
        ],
    )  # fmt: skip
    rows = StatusReport.objects.order_by("title")[:2]
    assert [(row.sections, row.frozen) for row in rows] == [(cells[0], None), (cells[0], facts[1])]
    assert StatusReport.objects.filter(frozen__isnull=True).count() == 10


@pytest.mark.parametrize("count", [2, 21])
def test_failed_constraint_stores_nothing(tingbjerg, count):
    records = [person(tingbjerg, number) for number in range(count - 1)] + [person(tingbjerg, 0)]
    with pytest.raises(IntegrityError), transaction.atomic():
        store_new(Person, records)
    assert Person.objects.count() == 0


def test_existing_records_can_be_skipped():
    store_new(Term, [Term(kind="language", name="Klingon")])
    store_new(Term, [Term(kind="language", name=f"Sprog {n}") for n in range(20)] * 2, ignore_conflicts=True)
    assert Term.objects.filter(name__startswith="Sprog").count() == 20


def test_values_are_cleaned_column_by_column(tingbjerg):
    records = [
        person(tingbjerg, number, birth_date="1972-02-29", best_reached=text) for number, text in enumerate("ab")
    ]
    clean_columns(Person._meta.concrete_fields, records)
    assert [record.birth_date for record in records] == [dt.date(1972, 2, 29)] * 2
    records[1].gender = "nonsense"
    with pytest.raises(ValidationError) as caught:
        clean_columns(Person._meta.concrete_fields, records)
    assert list(caught.value.message_dict) == ["gender"]


@pytest.mark.parametrize("store", [store_new, store_rows])
def test_bytes_are_stored_unchanged(store):
    values = {"act": Act.objects.create(name="test_act"), "model": "x", "record_id": 1, "last_id": 1, "kind": "made"}
    salts = [bytes(range(256)), b"", b"\\x41", b'"', None]
    store(Change, [Change(**values, salt=salt, digest=b"\0") for salt in salts])
    stored = Change.objects.order_by("pk").values_list("salt", "digest")
    assert [(salt if salt is None else bytes(salt), bytes(digest)) for salt, digest in stored] == [
        (salt, b"\0") for salt in salts
    ]


def test_rows_are_stored_without_their_ids(tingbjerg):
    organisations = [Organisation(branch=tingbjerg, name=name) for name in ("VIDIT", 'Ærø; "Café"')]
    store_rows(Organisation, organisations)
    assert list(Organisation.objects.order_by("pk").values_list("name", "agreed_on")) == [
        ("VIDIT", None), ('Ærø; "Café"', None),
    ]  # fmt: skip
    assert [organisation.pk for organisation in organisations] == [None, None]
    store_rows(Organisation, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        store_rows(Organisation, organisations)


def test_build_returns_what_the_model_class_would(tingbjerg):
    values = {"home_branch_id": tingbjerg.pk, "case_number": "TIN-2010-0001", "emails": ["a@example.dk"]}
    built, made = build(Person, **values), Person(**values)
    names = [field.attname for field in Person._meta.concrete_fields]
    assert [getattr(built, name) for name in names] == [getattr(made, name) for name in names]
    assert (built.phones is not build(Person).phones, built._state.adding) == (True, True)
    with pytest.raises(TypeError, match="Person has no nickname"):
        build(Person, nickname="Åse")


def test_store_changed_stores_only_the_named_fields(tingbjerg):
    records = store_new(Person, people(tingbjerg, birth_year=1970, notes="Før"))
    changed_before = Person.objects.order_by("pk").first().updated_at
    for record, text in zip(records, TEXTS, strict=False):
        record.town, record.emails, record.birth_year, record.notes = text[::-1], [text], None, "Nej"
    store_changed(Person, records, ["town", "emails", "birth_year"])
    found = list(Person.objects.order_by("pk"))
    assert [(person.town, person.emails, person.birth_year) for person in found[: len(TEXTS)]] == [
        (text[::-1], [text], None) for text in TEXTS
    ]
    assert {(person.town, person.birth_year) for person in found[len(TEXTS) :]} == {("plain", 1970)}
    assert {person.notes for person in found} == {"Før"}
    assert (found[0].updated_at, records[0].updated_at) == (changed_before, changed_before)
    store_changed(Person, [], ["town"])
    # auto_now fields are stored as given, to the microsecond, on both databases
    times = [dt.datetime(2010, 5, 14, 12, 30, 1, 234567 + number, tzinfo=dt.UTC) for number in range(len(records))]
    for record, at in zip(records, times, strict=True):
        record.updated_at = at
    store_changed(Person, records, ["town", "updated_at"])
    assert list(Person.objects.order_by("pk").values_list("updated_at", flat=True)) == times
    assert [record.updated_at for record in records] == times
    records[0].gender = "nonsense"
    with pytest.raises(IntegrityError), transaction.atomic():
        store_changed(Person, records, ["gender"])


def test_store_changed_stores_few_records_one_by_one(tingbjerg):
    records = store_new(Person, people(tingbjerg))[: FEW - 1]
    at = dt.datetime(2010, 5, 14, 12, 30, 1, 234567, tzinfo=dt.UTC)
    for record, text in zip(records, TEXTS, strict=False):
        record.town, record.emails, record.birth_year, record.updated_at = text, [text], 1970, at
    store_changed(Person, records, ["town", "emails", "birth_year", "updated_at"])
    found = Person.objects.filter(birth_year=1970).order_by("pk")
    assert [(person.town, person.emails, person.updated_at) for person in found] == [
        (text, [text], at) for text in TEXTS[: FEW - 1]
    ]
    records[0].gender = "nonsense"
    with pytest.raises(IntegrityError), transaction.atomic():
        store_changed(Person, records[:1], ["gender"])
