"""The Danish order is the same in both databases and in Python, and every list of names uses it."""

import random
import unicodedata
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.paginator import Paginator
from django.db import IntegrityError, connection, models, transaction
from django.db.models.constants import LOOKUP_SEP
from django.urls import get_resolver

from common.danish_order import DANISH, compare, danish_key
from common.lists import ListTable
from demo.factories import PersonFactory
from people.models import Person
from programmes.models import Funder

IN_ORDER = [
    "", "-", "'Abdi", "’Abdi", "(Anna)", "10", "2", "2 B", "A", "a", "AbdI", "Abdi", "Abdi Ali", "Abdi-Ali",
    "Abdi'Ali", "Abdiali", "Adam", "AE", "ae", "Ane", "ane", "Ané", "B", "b", "Cabdi", "Çelik", "Celil", "D",
    "d", "Đ", "ð", "E", "e", "É", "é", "F", "Faber", "Frida", "Faadumo", "Fårup", "I", "i", "ı", "Kaj", "Kzz",
    "KÅ", "KAA", "Kå", "Kaa", "Kåre", "Kaare", "L", "Łukasz", "Lz", "Muller", "Mylius", "Myller", "Müller",
    "Myz", "Møller", "Möller", "O", "oe", "Œuvre", "P", "ß", "Strasse", "Straße", "Su", "Th", "th", "þ", "U",
    "Y", "y", "Ü", "ü", "Yde", "Z", "zz", "Æ", "æ", "Ä", "ä", "Ægir", "Ærø", "Ø", "ø", "Ö", "ö", "Øster",
    "Öster", "Å", "AA", "Aa", "å", "aa", "Ågård", "Aagaard", "Aakjær", "Åse", "Aase", "Åz", "Α", "Борис",
    "أحمد", "بدر", "يوسف",
]  # fmt: skip
ALPHABET = (
    "aAåÅäÄæÆøØöÖoOeEéÉèüÜyYsSßdDđðÐþÞthTHœŒłŁlčçñňńšžğışİIiıħHwWv"
    " -'’.,&/()\"_0123456789\u00a0\u200dابتثةحخدرزسشصعغفقكلمنهويىءأإآؤئپگکیـабвгдежзйΑαβγδ"
)
# What lists sort by, others names: codes of choices and numbers, in which there is nothing Danish.
NOT_NAMES = {"case_number", "number", "slug", "field", "word", "kind", "status", "role"}


def sort_in_database(words):
    """Return the words as the database sorts them, in the last names of people."""
    branch = PersonFactory().home_branch
    Person.objects.all().delete()
    words = list(words)
    Person.objects.bulk_create(
        Person(home_branch=branch, case_number=f"N{number}", first_name="x", last_name=word)
        for number, word in enumerate(words)
    )
    return list(Person.objects.order_by("last_name", "pk").values_list("last_name", flat=True))


def shuffled(words):
    return random.Random(17).sample(words, len(words))


def test_danish_key_sorts_as_expected():
    assert sorted(shuffled(IN_ORDER), key=danish_key) == IN_ORDER


@pytest.mark.django_db
def test_the_database_sorts_as_expected():
    assert sort_in_database(shuffled(IN_ORDER)) == IN_ORDER


@pytest.mark.django_db
def test_the_database_and_the_key_sort_random_words_alike():
    chance = random.Random(17)
    words = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 5))) for _ in range(3000)]
    assert sort_in_database(words) == sorted(words, key=danish_key)


@pytest.mark.parametrize("decomposed", ["A\u030agård", "Mu\u0308ller", "Jose\u0301"])
def test_letters_in_two_parts_sort_next_to_those_in_one(decomposed):
    composed = unicodedata.normalize("NFC", decomposed)
    assert danish_key(composed).split("\0")[:3] == danish_key(decomposed).split("\0")[:3]
    assert compare(composed, decomposed) == -compare(decomposed, composed) != 0


def test_characters_that_are_not_listed_have_a_place():
    words = ["²", "☃", "㎏", "ﬁ", "漢", "Ɓ", "\ufeff", "\U0001f600", "٣"]
    assert sorted(words, key=danish_key) == ["\ufeff", "☃", "\U0001f600", "²", "٣", "ﬁ", "㎏", "Ɓ", "漢"]


@pytest.mark.django_db
def test_different_spellings_stay_different_values():
    Funder.objects.bulk_create(Funder(name=name) for name in ("Å", "Aa", "aa", "å", "A\u030a", "Aå"))
    assert [funder.name for funder in Funder.objects.filter(name="Å")] == ["Å"]
    assert [funder.name for funder in Funder.objects.filter(name__startswith="Å")] == ["Å"]
    assert Funder.objects.filter(name__icontains="a").count() == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        Funder.objects.bulk_create([Funder(name="Aa")])


@pytest.mark.django_db
def test_people_of_one_name_are_on_one_page_each():
    people = PersonFactory.create_batch(
        7, last_name="Ågård", home_branch=PersonFactory(last_name="Aagaard").home_branch
    )
    pages = Paginator(Person.objects.order_by("last_name", "first_name", "pk"), 3)
    found = [person.pk for page in pages for person in page]
    assert found[:7] == [person.pk for person in people]
    assert len(found) == 8


@pytest.mark.django_db
def test_postgresql_has_one_deterministic_collation():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no stored collations.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT collprovider, collisdeterministic FROM pg_collation WHERE collname = %s", [DANISH])
        assert cursor.fetchall() == [("i", True)]


def field_at(model, path):
    """Return the field at the end of a path such as ``branch__name``; None for an annotation."""
    for name in path.lstrip("-").split(LOOKUP_SEP):
        if name not in {field.name for field in model._meta.get_fields()}:
            return None
        field = model._meta.get_field(name)
        model = field.related_model
    return field


def list_tables(kind=ListTable):
    return [found for below in kind.__subclasses__() for found in (below, *list_tables(below))]


def orders_of_tables():
    assert get_resolver().url_patterns  # imports the views, and with them all tables
    for table in list_tables():
        for name, column in table.base_columns.items():
            if column.orderable is not False and not table.__module__.startswith("tests."):
                yield f"{table.__name__}.{name}", table._meta.model, column.order_by


def test_lists_sort_names_in_danish():
    own = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    orders = [(model._meta.label, model, model._meta.ordering) for app in own for model in app.get_models()]
    orders += orders_of_tables()
    other = {
        f"{title}: {path}"
        for title, model, order in orders
        for path in order or ()
        if isinstance(field := field_at(model, path), models.CharField)
        and field.db_collation != DANISH
        and field.name not in NOT_NAMES
    }
    assert other == set()


def test_orders_of_lists_end_with_the_key_so_that_pages_never_overlap():
    orders = list(orders_of_tables())
    assert len(orders) > 20
    assert [title for title, _model, order in orders if not order or tuple(order)[-1] != "pk"] == []
