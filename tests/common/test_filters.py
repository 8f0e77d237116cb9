"""Filters and headings whose values in the address are Danish; those of earlier addresses still work."""

import django_filters
import django_tables2 as tables
import pytest

from common.choices import SluggedChoices, danish_slug
from common.filters import SlugFilter
from common.lists import ListTable
from people.models import Person


class Light(SluggedChoices):
    RED = "red", "roed", "Rød"
    GREEN = "green", "groen", "Grøn"


class LightFilter(django_filters.FilterSet):
    lys = SlugFilter(choices=Light, empty_label="Alle")
    andet = SlugFilter(choices=lambda: [("ingen", "Ingen"), (Light.RED, "Rødt")])


class LightTable(ListTable):
    slugs = {"title": "titel"}
    title = tables.Column(order_by=("title",))


def form_of(**query):
    return LightFilter(query, queryset=Person.objects.none()).form


@pytest.mark.parametrize("asked", ["roed", "red"])
def test_a_filter_reads_the_slug_and_the_stored_value_and_shows_the_slug(asked):
    form = form_of(lys=asked, andet=asked)
    assert form.is_valid()
    assert form.cleaned_data == {"lys": "red", "andet": "red"}
    assert '<option value="roed" selected>Rød</option>' in str(form["lys"])
    assert '<option value="roed" selected>Rødt</option>' in str(form["andet"])


def test_a_filter_refuses_other_values():
    form = form_of(lys="Rød", andet="ingen")
    assert (list(form.errors), form.cleaned_data) == (["lys"], {"andet": "ingen"})


@pytest.mark.parametrize(("asked", "titles"), [("titel", ["A", "B"]), ("-titel", ["B", "A"]), ("-title", ["B", "A"])])
def test_a_table_is_sorted_by_slug_or_by_the_name_of_the_column(asked, titles):
    table = LightTable([{"title": "B"}, {"title": "A"}], order_by=asked)
    assert [row.get_cell("title") for row in table.rows] == titles
    column = table.columns["title"]
    assert table.sort_value(column) == ("-titel" if asked == "titel" else "titel")


def test_the_slug_of_a_label_has_no_danish_letters():
    assert danish_slug("Opfølgninger på Ærø") == "opfoelgninger-paa-aeroe"
