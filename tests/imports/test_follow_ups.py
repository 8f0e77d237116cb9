"""The list of follow-ups."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.factories import FollowUpFactory, FollowUpStepFactory
from imports import services
from imports.services import ImportChanged
from matching.models import FollowUp
from tests.imports.checks import assert_undone_without_a_trace, check_at_once_and_in_halves
from tests.imports.samples import codes, import_list, import_list_while, row_of, stage_list, tables_locked

pytestmark = pytest.mark.django_db
FOLLOW_UPS = "Match|Med hvem|Frist|Udført|Opfølgning|Kanal|Hvordan går det|Føler sig støttet|Note"
TODAY = dt.date(2011, 9, 15)


def contact(**values):
    row = {
        "match": "M-2011-021", "side": "mentee", "due": "", "done": "28-07-2011", "name": "", "channel": "telefon",
        "mood": "godt", "support": "", "note": "",
    } | values  # fmt: skip
    return "|".join(row.values())


@pytest.fixture
def plan(programme, match):
    """Open steps of the plan with the mentee on 28 July, 28 August and 28 September, and with the mentor in July."""
    step = FollowUpStepFactory(programme=programme, days_after_start=30, repeat_days=30, until_days=90, side="mentee")
    rows = [
        FollowUpFactory(match=match, step=step, side="mentee", due_on=dt.date(2011, month, 28)) for month in (7, 8, 9)
    ]
    FollowUpFactory(match=match, step=step, side="mentor", due_on=dt.date(2011, 7, 28))
    return rows


def test_a_contact_fulfils_the_step_of_the_plan_due_nearest(programme, match, plan, administrator):
    batch = import_list(
        FOLLOW_UPS,
        contact(done="25-08-2011", support="ja", note="alt vel"),
        contact(done="30-08-2011", due="28-07-2011"),
        contact(done="14-09-2011"),
        contact(done="15-09-2011", name="Ekstra"),
        contact(done="30-06-2011", side="begge"),
        programme=programme,
        by=administrator,
    )
    assert codes(batch) == dict.fromkeys(range(2, 7), ("clean",))
    july, august, september = (FollowUp.objects.get(pk=row.pk) for row in plan)
    assert (august.done_on, august.channel, august.mood, august.support) == (
        dt.date(2011, 8, 25), "phone", "good", "yes",
    )  # fmt: skip
    assert (august.note, august.done_by, row_of(august)) == ("alt vel", None, batch.rows.get(number=2))
    assert (july.done_on, september.done_on) == (dt.date(2011, 8, 30), dt.date(2011, 9, 14))
    own = FollowUp.objects.filter(step=None).order_by("pk").values_list("side", "name", "due_on", "done_on")
    assert list(own) == [
        ("mentee", "Ekstra", dt.date(2011, 9, 15), dt.date(2011, 9, 15)),
        ("both", "Opfølgning", dt.date(2011, 6, 30), dt.date(2011, 6, 30)),
    ]
    assert FollowUp.objects.get(side="mentor").done_on is None


def test_a_contact_far_from_the_plan_is_one_of_its_own(programme, match, plan):
    import_list(FOLLOW_UPS, contact(done="26-06-2011"), programme=programme)
    assert FollowUp.objects.get(done_on__isnull=False).step is None


def test_a_follow_up_to_come_is_stored_unless_the_plan_has_it(programme, match, plan):
    ahead = {"done": "", "channel": "", "mood": ""}
    batch = import_list(
        FOLLOW_UPS, contact(due="28-08-2011", **ahead), contact(due="01-12-2011", **ahead), programme=programme
    )
    assert codes(batch) == {2: ("duplicate_existing", "record_existing"), 3: ("clean",)}
    stored = FollowUp.objects.get(step=None)
    assert (stored.due_on, stored.done_on) == (dt.date(2011, 12, 1), None)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ("clean",)),
        ({"side": ""}, ("warned", "side_blank")),
        ({"side": "naboen"}, ("error", "unknown_side")),
        ({"done": "ja"}, ("error", "done_day_missing")),
        ({"done": "", "due": "28-07-2011"}, ("error", "done_day_missing")),
        ({"done": "", "channel": "", "mood": ""}, ("error", "follow_up_day_missing")),
        ({"done": "01-01-2099"}, ("error", "day_ahead")),
        ({"done": "01-06-2011"}, ("warned", "before_match")),
        ({"due": "31-06-2011"}, ("error", "bad_date")),
        ({"channel": "røgsignal"}, ("error", "unknown_channel")),
        ({"mood": "tja"}, ("error", "unknown_mood")),
        ({"support": "tja"}, ("error", "unknown_support")),
        ({"name": "x" * 81}, ("error", "too_long")),
        ({"match": "M-1"}, ("error", "unknown_match")),
    ],
)
def test_single_follow_ups(programme, match, values, found):
    assert codes(stage_list(FOLLOW_UPS, contact(**values), programme=programme)) == {2: found}


def test_a_list_without_a_day_of_the_contact_needs_the_day_it_falls_due(programme, match):
    batch = stage_list(
        "Match|Med hvem|Frist", "M-2011-021|mentor|", "M-2011-021|mentor|01-12-2011", programme=programme
    )
    assert codes(batch) == {2: ("error", "follow_up_day_missing"), 3: ("clean",)}


def test_follow_ups_leave_no_trace_when_undone_and_are_known_again(programme, match, plan, administrator):
    FollowUpFactory(match=match, side="mentor", due_on=dt.date(2011, 7, 1), done_on=dt.date(2011, 7, 2))
    rows = [
        contact(done="25-08-2011", note="n"), contact(done="26-08-2011"), contact(done="26-08-2011"),
        contact(done="02-07-2011", side="mentor"), contact(done="", due="01-12-2011", channel="", mood=""),
        contact(done="27-08-2011"), contact(done="28-08-2011"), contact(done="x"),
    ]  # fmt: skip
    figures = assert_undone_without_a_trace(FOLLOW_UPS, *rows, programme=programme, by=administrator)
    assert figures["row_list"] == [
        {"row": 4, "state": "duplicate_in_file", "codes": []},
        {"row": 5, "state": "duplicate_existing", "codes": []},
        {"row": 9, "state": "error", "codes": ["done_day_missing"]},
    ]
    whole, pieces = check_at_once_and_in_halves(FOLLOW_UPS, *rows, programme=programme, kind="follow_up", today=TODAY)
    assert pieces == whole


@pytest.mark.parametrize(
    "act",
    [
        lambda steps: steps.update(done_on=TODAY, channel="sms", note="hos mentee"),
        lambda steps: steps.update(side="both"),
        lambda steps: steps.delete(),
    ],
)
def test_a_step_that_somebody_registered_meanwhile_is_not_overwritten(programme, match, plan, monkeypatch, act):
    august, rows = FollowUp.objects.filter(pk=plan[1].pk), [contact(done="25-08-2011"), contact(done="15-12-2011")]
    with pytest.raises(ImportChanged):
        import_list_while(monkeypatch, lambda: act(august), FOLLOW_UPS, *rows, programme=programme)
    assert FollowUp.objects.count() == 4
    assert august.values_list("done_on", "side", "channel", "note").get() == (None, "mentee", "", "")


def test_the_steps_that_contacts_fulfil_are_locked(programme, match, plan):
    batch = stage_list(FOLLOW_UPS, contact(), programme=programme)
    with CaptureQueriesContext(connection) as captured:
        services.apply_import(batch, by=None)
    assert tables_locked(captured) >= ({"matching_followup"} if connection.features.has_select_for_update else set())
