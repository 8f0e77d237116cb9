"""Loading a programme from a file, by service and command."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessRecord, Branch
from common.models import Act
from demo.factories import FollowUpFactory, FollowUpStepFactory, MatchFactory, TargetFactory
from people.models import Person, Term
from programmes.models import FollowUpStep, Programme, ScreeningRequirement
from reporting.models import Target, TargetPhase
from reporting.programme_files import ProgrammeFileError, shipped_slugs
from reporting.services import load_programme

SMALL = """
[branch]
slug = "soenderborg"
name = "Sønderborg"
code = "S"

[programme]
slug = "soenderborg-2012"
name = "Mentornetværket Sønderborg"
starts_on = 2012-03-01
ends_on = 2013-12-31

[[target]]
key = "matches"
period = "year"
indicator = "matches_established"
label = "Match"
wording = "10 match om året"
value = 10
"""


@pytest.fixture
def load(tmp_path):
    def load_text(text):
        path = tmp_path / "indsats.toml"
        path.write_text(text, encoding="utf-8")
        return load_programme(str(path))

    return load_text


def test_shipped_programmes_can_be_loaded(db):
    assert shipped_slugs() == ["koebenhavn", "tingbjerg-2010"]
    assert [load_programme(slug).targets for slug in shipped_slugs()] == [0, 22]


def test_tingbjerg_has_the_rules_and_targets_of_the_application(db):
    programme = load_programme("tingbjerg-2010").programme
    branch = programme.branch
    assert (branch.code, branch.address, branch.postcode, branch.town) == ("T", "Midtfløjene 14", "2700", "Brønshøj")
    assert (programme.starts_on, programme.ends_on) == (dt.date(2010, 1, 1), dt.date(2011, 12, 31))
    assert (programme.min_duration_months, programme.harm_months) == (12, 3)
    assert (programme.meetings_per_month, programme.hours_per_meeting) == (2, 2)
    assert [str(area) for area in programme.policy_areas.all()] == [
        "1. Tryghed",
        "2. Beskæftigelse",
        "3. Sundhed og Omsorg",
    ]
    assert [funder.short_name for funder in programme.funders.all()] == ["KK", "INM"]
    assert [(row.kind, row.count, row.blocks_match) for row in programme.screening_requirements.all()] == [
        ("confidentiality", 1, True),
        ("criminal_record", 1, True),
        ("reference", 2, False),
        ("training", 1, False),
    ]
    assert [(s.side, s.kind, s.offsets()[0], len(s.offsets())) for s in programme.follow_up_steps.all()] == [
        ("mentor", "contact", 14, 1),
        ("mentee", "contact", 14, 1),
        ("mentee", "survey", 30, 1),
        ("mentee", "contact", 42, 12),
        ("mentor", "contact", 42, 12),
        ("both", "closing", 365, 1),
    ]
    promised = dict(programme.targets.values_list("key", "value"))
    assert promised == {
        **{f"mentees-men-{year}": 25 for year in (2010, 2011)},
        **{f"mentees-women-{year}": 30 for year in (2010, 2011)},
        **{f"contact-persons-{year}": 20 for year in (2010, 2011)},
        **{f"matches-men-{year}": 25 for year in (2010, 2011)},
        **{f"matches-women-{year}": 30 for year in (2010, 2011)},
        **{f"network-events-{year}": 5 for year in (2010, 2011)},
        **{f"other-branch-events-{year}": 4 for year in (2010, 2011)},
        **{f"mentor-courses-{year}": 2 for year in (2010, 2011)},
        **{f"mentee-courses-{year}": 2 for year in (2010, 2011)},
        **{f"exchange-meetings-{year}": 4 for year in (2010, 2011)},
        "matches-men-all": 50,
        "matches-women-all": 60,
    }
    phases = TargetPhase.objects.filter(target__programme=programme).values_list(
        "target__key", "starts_on__year", "value"
    )
    assert sorted(phases) == [
        ("matches-men-2010", 2010, 30),
        ("matches-men-2011", 2011, 20),
        ("matches-men-all", 2010, 30),
        ("matches-men-all", 2011, 20),
        ("matches-women-2010", 2010, 40),
        ("matches-women-2011", 2011, 20),
        ("matches-women-all", 2010, 40),
        ("matches-women-all", 2011, 20),
    ]
    assert Term.objects.exists()
    assert not Person.objects.exists()


def test_second_load_changes_nothing(loaded):
    def snapshot():
        models = (Branch, Programme, FollowUpStep, ScreeningRequirement, Target)
        return [list(model.objects.order_by("pk").values()) for model in models]

    before = snapshot()
    again = load_programme("tingbjerg-2010")
    assert (again.created, again.targets, again.own_targets) == (False, 22, [])
    assert snapshot() == before
    assert AccessRecord.objects.filter(subject="programmes.programme").count() == 2
    assert Act.objects.filter(name="load_programme").count() == 1


def test_the_journal_has_what_a_load_changes(loaded):
    targets = loaded.targets.all()
    targets.filter(pk=targets.first().pk).update(value=999)
    Branch.objects.update(town="Vanløse")
    load_programme("tingbjerg-2010")
    first, second = Act.objects.filter(name="load_programme").order_by("pk")
    made = first.changes.filter(kind="made", model="reporting.target")
    assert sum(change.last_id - change.record_id + 1 for change in made) == 22
    assert list(second.changes.values_list("model", "field", "before", "after")) == [
        ("accounts.branch", "town", "Vanløse", "Brønshøj"),
        ("reporting.target", "value", 999, targets.first().value),
    ]


def test_second_load_restores_rules_and_keeps_cases_and_own_targets(loaded):
    step = loaded.follow_up_steps.get(kind="survey")
    follow_up = FollowUpFactory(match=MatchFactory(programme=loaded), step=step)
    FollowUpStepFactory(programme=loaded, name="Ekstra")
    loaded.screening_requirements.filter(kind="training").delete()
    ScreeningRequirement.objects.create(programme=loaded, kind="child_certificate")
    step.days_after_start = 99
    step.save()
    own = TargetFactory(programme=loaded, key="egen")
    again = load_programme("tingbjerg-2010")
    assert again.own_targets == [own]
    follow_up.refresh_from_db()
    assert (follow_up.step_id, follow_up.step.days_after_start) == (step.pk, 30)
    assert not loaded.follow_up_steps.filter(name="Ekstra").exists()
    kinds = loaded.screening_requirements.values_list("kind", flat=True)
    assert list(kinds) == ["confidentiality", "criminal_record", "reference", "training"]


def test_year_targets_are_limited_to_the_programmes_period(db, load):
    programme = load(SMALL).programme
    assert list(programme.targets.values_list("key", "period_start", "period_end")) == [
        ("matches-2012", dt.date(2012, 3, 1), dt.date(2012, 12, 31)),
        ("matches-2013", dt.date(2013, 1, 1), dt.date(2013, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "S"', 'code = "small"', "indsats.toml: branch: code: "),
        ('code = "S"', "", "indsats.toml: branch: »code« mangler."),
        ('code = "S"', 'code = "S"\ncolour = "red"', "indsats.toml: branch, colour: Nøglen kendes ikke."),
        ("2013-12-31", "2011-12-31", "indsats.toml: programme: __all__: Sidste dag ligger før den første."),
        ("2013-12-31", '"snart"', "indsats.toml: programme, ends_on: »snart« er ikke en dato som 2010-01-31."),
        ("value = 10", "value = true", "indsats.toml: target 1, value: »True« er ikke et helt tal."),
        ("value = 10", "value = 0", "indsats.toml: target 1 (matches): value: "),
        ('"matches_established"', '"lykke"', "indsats.toml: target 1 (matches): indicator: »lykke« "),
        ('period = "year"', 'period = "month"', "indsats.toml: target 1 (matches), period: Skriv"),
        ('period = "year"\n', "", "indsats.toml: target 1 (matches): Angiv en periode, eller from og to."),
        ("value = 10", 'value = 10\nfilters = {gender = "x"}', "indsats.toml: target 1 (matches): filters: »x« "),
        ("value = 10", "value = 10\nrhythm = {months = 2}", "target 1 (matches), rhythm: »every_months« mangler."),
        ("[[target]]", "[target]", "indsats.toml: target: "),
        ("[branch]", "[branch", "indsats.toml: Filen kan ikke læses: "),
    ],
)
def test_wrong_file_is_refused_with_its_place_and_stores_nothing(db, load, old, new, message):
    with pytest.raises(ProgrammeFileError) as refusal:
        load(SMALL.replace(old, new))
    assert message in str(refusal.value)
    assert not Branch.objects.exists()


def test_duplicate_key_is_refused(db, load):
    with pytest.raises(ProgrammeFileError, match="target 2"):
        load(SMALL + SMALL[SMALL.index("[[target]]") :])


def test_programme_of_another_branch_is_refused(loaded, load):
    with pytest.raises(ProgrammeFileError, match="Tingbjerg"):
        load(SMALL.replace("soenderborg-2012", "tingbjerg-2010"))


def test_binary_file_is_refused(db, tmp_path):
    path = tmp_path / "indsats.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProgrammeFileError, match="UTF-8"):
        load_programme(str(path))


def test_command_is_refused_in_the_demo(db, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="--into-demo") as refusal:
        call_command("load_programme", "tingbjerg-2010")
    assert (refusal.value.returncode, Programme.objects.count()) == (2, 0)
    call_command("load_programme", "tingbjerg-2010", "--into-demo", stdout=StringIO())
    assert Programme.objects.count() == 1


def test_command_prints_the_result(db, settings):
    settings.DEMO = False
    TargetFactory(programme=load_programme("tingbjerg-2010").programme, key="egen", label="Egen")
    output = StringIO()
    call_command("load_programme", "tingbjerg-2010", stdout=output)
    assert output.getvalue() == (
        "Mentornetværket Tingbjerg er opdateret og har 22 mål.\nLadt i fred, står ikke i filen: Egen.\n"
    )


def test_command_refuses_an_unknown_programme(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError) as refusal:
        call_command("load_programme", "atlantis")
    assert refusal.value.returncode == 2
    assert "koebenhavn, tingbjerg-2010" in str(refusal.value)
