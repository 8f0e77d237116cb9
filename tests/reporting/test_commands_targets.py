"""The command ``targets``."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from demo.factories import MatchFactory, PersonFactory


def run(*arguments):
    output = StringIO()
    call_command("targets", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def match(loaded):
    mentee = PersonFactory(home_branch=loaded.branch, gender="man", case_number="T-2010-001")
    return MatchFactory(
        programme=loaded, mentee=mentee, number="M-2010-001", proposed_on=None, started_on=dt.date(2010, 3, 1)
    )


def test_json_of_a_year(match):
    content = json.loads(run("tingbjerg-2010", "--year", "2010", "--json", "--on", "2010-09-15"))
    targets = {target["key"]: target for target in content.pop("targets")}
    assert content == {"programme": "tingbjerg-2010", "year": 2010, "on": "2010-09-15"}
    assert len(targets) == 10
    assert targets["matches-men-2010"] == {
        "key": "matches-men-2010",
        "label": "Match, mænd",
        "wording": "Etablering af 25 mandlige match",
        "indicator": "matches_established",
        "filters": {"gender": "man"},
        "period": {"from": "2010-01-01", "to": "2010-12-31"},
        "rule": "Tæller: første møde er holdt i 2010, og mentee er en mand. Hvert match tæller én gang.",
        "promised": 25,
        "phased_plan": [{"from": "2010-01-01", "to": "2010-12-31", "value": 30}],
        "value": 1,
        "plan_today": 21,
        "forecast": {"low": 1, "mid": 1, "high": 3},
        "state": "unlikely",
        "rhythm": [],
        "evidence": [{"id": match.pk, "case_number": "M-2010-001", "other": "T-2010-001", "on": "2010-03-01"}],
    }
    assert targets["mentor-courses-2010"]["rhythm"] == [
        {"from": "2010-01-01", "to": "2010-06-30", "count": 0, "state": "missed"},
        {"from": "2010-07-01", "to": "2010-12-31", "count": 0, "state": "coming"},
    ]


def test_table_is_danish(match):
    lines = run("tingbjerg-2010", "--year", "2010", "--on", "2010-09-15").splitlines()
    assert lines[0].replace("\xa0", " ") == "Mentornetværket Tingbjerg · 2010 · 15. september 2010"
    assert lines[1].split() == ["Løfte", "Nået", "Plan", "i", "dag", "Forventet", "Tilstand"]
    assert lines[5].split() == ["Match,", "mænd", "2010", "1", "af", "25", "21", "1–3", "Nås", "næppe"]


def test_without_a_year_all_targets_are_shown(loaded):
    assert len(json.loads(run("tingbjerg-2010", "--json"))["targets"]) == 22


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tingbjerg"], "Der er ingen indsats »tingbjerg«. Der er: tingbjerg-2010."),
        (["tingbjerg-2010", "--year", "2009"], "Indsatsen løber ikke i 2009, men fra 2010 til 2011."),
        (["tingbjerg-2010", "--on", "i går"], "»i går« er ikke en dato som 2010-09-15."),
    ],
)
def test_wrong_arguments_are_refused(loaded, arguments, message):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert (str(refusal.value), refusal.value.returncode) == (message, 2)
