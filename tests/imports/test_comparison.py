"""The comparison of a row with a known person shows the values that a merge stores."""

import datetime as dt

import pytest

from demo.factories import MentorFactory, OrganisationFactory, PersonFactory, TermFactory
from imports import services
from imports.engine.issues import Issue
from imports.row_detail import comparison_of
from people.details import DETAIL_GROUPS
from people.merging.comparison import group_text
from people.models import LanguageSkill, Organisation, Person
from tests.imports.samples import stage_list

pytestmark = pytest.mark.django_db
GROUPS = {group.key: group for group in DETAIL_GROUPS}
HEADINGS = "Navn|Født|Mobil|E-mail|Adresse|Postnr. og by|Stilling|Organisation"


@pytest.fixture
def known(programme):
    """Anne Kjær, a person with few values."""
    person = PersonFactory(
        home_branch=programme.branch, case_number="K-1", first_name="Anne", last_name="Kjær", gender="unknown",
        birth_date=None, birth_year=1968, phones=["+4550252858"], emails=[],
    )  # fmt: skip
    MentorFactory(programme=programme, person=person)
    person.enrolments.update(role="contact")
    return person


def compare(batch, administrator):
    row = batch.rows.get()
    return comparison_of(batch, row, [Issue(**values) for values in row.issues], administrator)


def lay_together(batch, known, chosen=()):
    services.decide_row(batch, by=None, number=2, decision="same", person_id=known.pk, chosen=chosen)
    services.apply_import(batch, by=None)
    return Person.objects.get()


CASES = [
    ({}, "Anne Kjær|3-9-1968|50252858|||||"),
    ({"birth_year": 1967}, "Anne Kjær|3-9-1968|50252858|||||"),
    ({"birth_date": dt.date(1968, 9, 3), "birth_year": None}, "Anne Kjær|1968|50252858|||||"),
    ({"address": "Ruten 14"}, "Anne Kjær||50252858|a@b.dk|Vesterbrogade 3|1620 København V|Lærer|"),
    ({"address": "Ruten 14"}, "Anne Kjær||50252858|a@b.dk|ruten 14|2700 Brønshøj||"),
    ({"emails": ["x@b.dk"], "occupation": "lærer"}, "Anne Kjær||50252858 / 60606060|a@b.dk|||LÆRER|VIDIT"),
    ({"phones": ["+4550252858", "+4560606060"]}, "Anne Kjaer||60606060||||Rektor|"),
    ({"last_name": ""}, "Anne Kjær||50252858|||||"),
]


@pytest.mark.parametrize("takes_from_row", [False, True])
@pytest.mark.parametrize(("stored", "row"), CASES)
def test_the_comparison_shows_the_values_that_are_stored(programme, administrator, known, stored, row, takes_from_row):
    Person.objects.filter(pk=known.pk).update(**stored)
    comparison = compare(stage_list(HEADINGS, row, programme=programme, kind="contact"), administrator)
    offered = [line for line in comparison.lines if line.outcome == "choose"]
    wanted = {line.key: line.result for line in comparison.lines if line.key in GROUPS}
    if takes_from_row:
        wanted |= {line.key: dict(line.options)["other"] for line in offered if not line.is_list}
    batch = stage_list(HEADINGS, row, programme=programme, kind="contact")
    person = lay_together(batch, known, [line.key for line in offered] if takes_from_row else [])
    found = {key: group_text(GROUPS[key], person) for key in wanted}
    for line in offered:
        if line.is_list and takes_from_row:  # both are kept, the row's first
            assert found[line.key].startswith(line.other)
            assert sorted(found[line.key].split(", ")) == sorted(wanted[line.key].split(", "))
            del found[line.key], wanted[line.key]
    assert found == wanted


def test_a_birth_date_in_the_known_birth_year_is_added_without_a_choice(programme, administrator, known):
    batch = stage_list(HEADINGS, "Anne Kjær|3-9-1968|50252858|||||", programme=programme, kind="contact")
    line = next(line for line in compare(batch, administrator).lines if line.key == "birth")
    assert (line.kept, line.other, line.outcome, line.result.replace("\xa0", " ")) == (
        "1968",
        "3.\xa0september 1968",
        "added",
        "3. september 1968",
    )
    assert lay_together(batch, known).birth_date == dt.date(1968, 9, 3)


def test_an_organisation_is_compared_as_it_is_stored(programme, administrator, known):
    """Accents do not matter; an unknown name is another organisation."""
    organisation = OrganisationFactory(branch=programme.branch, name="Café Ruten")
    Person.objects.filter(pk=known.pk).update(organisation=organisation)
    found = {}
    for name in ("Cafe Ruten", "VIDIT", ""):
        batch = stage_list(HEADINGS, f"Anne Kjær||50252858||||Lærer|{name}", programme=programme, kind="contact")
        lines = {line.key: line for line in compare(batch, administrator).lines}
        line = lines["organisation"]
        found[name] = (line.other, line.kept, line.outcome)
    assert found == {
        "Cafe Ruten": ("Café Ruten", "Café Ruten", "same"),
        "VIDIT": ("VIDIT", "Café Ruten", "choose"),
        "": ("", "Café Ruten", "kept"),
    }
    assert Organisation.objects.count() == 1


def test_a_language_is_compared_by_its_term(programme, administrator, known):
    danish = TermFactory(kind="language", name="Dansk", name_en="Danish", aliases=["dk"])
    LanguageSkill.objects.create(person=known, language=danish)
    batch = stage_list("Navn|Mobil|Sprog|Branche", "Anne Kjær|50252858|Danish, dk, norsk|It", programme=programme)
    lines = {line.key: line for line in compare(batch, administrator).lines}
    line = lines["languages"]
    assert (line.kept, line.other, line.outcome, line.result) == ("Dansk", "Dansk, Norsk", "joined", "Dansk, Norsk")
    person = lay_together(batch, known)
    assert [str(skill.language) for skill in person.spoken] == ["Dansk", "Norsk"]


def test_the_choices_are_shown_when_the_row_is_opened_again(programme, administrator, known):
    Person.objects.filter(pk=known.pk).update(occupation="Lærer")
    batch = stage_list(HEADINGS, "Anne Kjær||50252858||||Rektor|", programme=programme, kind="contact")
    services.decide_row(batch, by=None, number=2, decision="same", person_id=known.pk, chosen=["occupation"])
    line = next(line for line in compare(batch, administrator).lines if line.key == "occupation")
    assert (line.default, line.options_other_first) == ("other", [("other", "Rektor"), ("kept", "Lærer")])
