"""The import of meetings, follow-ups and outcomes, and how headings identify each kind of list."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.factories import (
    EnrolmentFactory,
    FollowUpFactory,
    FollowUpStepFactory,
    MatchFactory,
    MeetingFactory,
    MentorFactory,
)
from imports import services
from imports.engine.recognition import recognise_kind
from imports.kinds import all_kinds, kind_of
from imports.services import ImportChanged, apply_import
from matching.models import FollowUp, Meeting, Outcome
from tests.imports.checks import assert_undone_without_a_trace
from tests.imports.samples import codes, import_list, import_list_while, row_of, stage_list, tables_locked

pytestmark = pytest.mark.django_db
MEETINGS = "Match nr.|Mentor|Mentors sagsnummer|Mentee|Dato|Timer|Minutter|Note"
FOLLOW_UPS = "Match|Med hvem|Frist|Udført|Opfølgning|Kanal|Hvordan går det|Føler sig støttet|Note"
OUTCOMES = "Mentee|Resultat|Dato|Fortalt af|Note"
TODAY = dt.date(2011, 9, 15)


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Mentor|Mentee|Dato|Timer", "meeting"),
        ("Match nr.|Mødedato|Antal timer|Bemærkninger", "meeting"),
        ("Mentor|Mentee|Date|Minutes|Notes", "meeting"),
        ("Match|Dato|Varighed", "meeting"),
        ("Mentor|Mentee|Frist|Udført|Kanal|Hvordan går det", "follow_up"),
        ("Frist|Opfølgning|Med hvem|Mentee|Mentees sagsnummer|Mentor|Mentors sagsnummer|Match|Telefon", "follow_up"),
        ("Mentor|Mentee|Due on|Done on|Channel|Mood", "follow_up"),
        ("Mentor|Mentee|Resultat|Dato|Fortalt af", "outcome"),
        ("Match number|Outcome|Date|Told by", "outcome"),
        ("Navn|Rolle|Dato|Interviewer|Resumé|Vurdering|Næste skridt", "interview"),
        ("Interview|Planlagt til|Klokken|Sted|Interviewer|Sagsnummer|Navn|Rolle|Indsats", "interview"),
        ("Name|Role|Held on|Interviewer|Summary|Assessment", "interview"),
        ("Match|Mentee|Mentees sagsnummer|Mentor|Mentors sagsnummer|Status|Foreslået|Første møde|Afsluttet", "match"),
        ("Mentor|Mentee|Foreslået den|Status", "match"),
        ("Mentor|Mentee|Proposed on|Introduced on|Started on|Ended on|Status", "match"),
        ("Navn|E-mail|Interviewdato|Interviewer|Status", "mentee"),
        ("Navn|Interviewdato|Interviewer", "mentee"),
    ],
)
def test_headings_identify_each_kind(headings, kind):
    found = recognise_kind(headings.split("|"), all_kinds())
    assert found.code == kind


# ---------------------------------------------------------------- meetings


def meeting(**values):
    row = {
        "number": "", "mentor": "Per Holm", "mentor_number": "", "mentee": "Ida Dam", "day": "05-07-2011",
        "hours": "2,5", "minutes": "", "note": "",
    } | values  # fmt: skip
    return "|".join(row.values())


def test_a_meeting_is_stored_on_its_match(programme, match, administrator):
    batch = import_list(MEETINGS, meeting(note="om cv"), programme=programme, by=administrator)
    stored = Meeting.objects.get()
    assert codes(batch) == {2: ("clean",)}
    assert (stored.match, stored.held_on, stored.hours) == (match, dt.date(2011, 7, 5), Decimal("2.5"))
    assert (stored.note, stored.recorded_by, row_of(stored)) == ("om cv", administrator, batch.rows.get())
    kind = kind_of("meeting")
    assert kind.stored_urls([row_of(stored).pk]) == {row_of(stored).pk: f"/match/{match.pk}/"}
    assert kind.list_url() == "/match/liste/?status=alle"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ("clean",)),
        ({"mentor": ""}, ("clean",)),
        ({"mentee": ""}, ("clean",)),
        ({"mentor": "", "mentee": "", "number": "m-2011-021"}, ("clean",)),
        ({"number": "M-2011-021"}, ("clean",)),
        ({"number": "17"}, ("clean",)),
        ({"number": "M-2011-021", "mentee": "Bo Lund"}, ("error", "match_of_others")),
        ({"number": "M-2011-021", "mentee": "Ida D."}, ("clean",)),
        ({"mentor": "", "mentee": "", "number": "17"}, ("error", "unknown_match")),
        ({"mentor": "", "mentee": ""}, ("error", "match_not_named")),
        ({"mentee": "Bo Lund"}, ("error", "unknown_match")),
        ({"mentee": "Hvem"}, ("error", "unknown_mentee")),
        ({"mentor": "Eva Lund", "mentee": ""}, ("error", "unknown_match")),
        ({"mentee": "Lis Vest"}, ("error", "match_not_begun")),
        ({"day": ""}, ("error", "day_missing")),
        ({"day": "31-06-2011"}, ("error", "bad_date")),
        ({"day": "forår"}, ("error", "day_unreadable")),
        ({"day": "01-01-2099"}, ("error", "day_ahead")),
        ({"day": "27-06-2011"}, ("warned", "before_match")),
        ({"hours": ""}, ("error", "hours_missing")),
        ({"hours": "", "minutes": "90"}, ("clean",)),
        ({"hours": "", "minutes": "90 min."}, ("clean",)),
        ({"hours": "", "minutes": "mange"}, ("error", "hours_unreadable")),
        ({"hours": "", "minutes": "\u200b"}, ("error", "hours_missing")),
        ({"hours": "\u200b", "minutes": "90"}, ("clean",)),
        ({"note": "\u200b\u200eher"}, ("clean",)),
        ({"hours": "længe"}, ("error", "hours_unreadable")),
        ({"hours": "25"}, ("error", "hours_unreadable")),
    ],
)
def test_states_of_meeting_rows(programme, match, values, found):
    EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Lund")
    MentorFactory(programme=programme, person__first_name="Eva", person__last_name="Lund")
    waiting = EnrolmentFactory(programme=programme, person__first_name="Lis", person__last_name="Vest").person
    MatchFactory(
        programme=programme,
        mentor=match.mentor,
        mentee=waiting,
        number="M-2011-900",
        status="proposed",
        started_on=None,
        mentor_place=2,
    )
    assert codes(stage_list(MEETINGS, meeting(**values), programme=programme)) == {2: found}


def test_the_day_decides_between_several_matches(programme, match):
    earlier = MatchFactory(
        programme=programme, mentor=match.mentor, mentee=match.mentee, status="ended", number="M-2010-003",
        proposed_on=None, started_on=dt.date(2010, 3, 1), ended_on=dt.date(2010, 12, 1),
    )  # fmt: skip
    batch = import_list(
        MEETINGS,
        meeting(day="05-04-2010"),
        meeting(day="05-04-2011"),
        meeting(day=""),
        meeting(day="05-12-2010", number="M-2010-003"),
        programme=programme,
    )
    assert codes(batch) == {
        2: ("clean",), 3: ("error", "ambiguous_match"), 4: ("error", "day_missing"), 5: ("warned", "after_match"),
    }  # fmt: skip
    assert batch.rows.get(number=3).issues[0]["facts"] == {"numbers": "M-2011-021, M-2010-003"}
    assert {meeting.match for meeting in Meeting.objects.all()} == {earlier}


def test_a_case_number_decides_between_namesakes(programme, match):
    other = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    rows = [
        meeting(mentee=""), meeting(mentee="", mentor_number=match.mentor.case_number),
        meeting(mentee="", mentor_number=other.case_number),
    ]  # fmt: skip
    assert codes(stage_list(MEETINGS, *rows, programme=programme)) == {
        2: ("error", "ambiguous_mentor"), 3: ("clean",), 4: ("error", "unknown_match"),
    }  # fmt: skip


def test_of_namesakes_the_one_in_a_match_with_the_other_is_found(programme, match):
    MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm")
    EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam")
    EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Dam")
    import_list(MEETINGS, meeting(), programme=programme)
    assert Meeting.objects.get().match == match
    batch = stage_list(MEETINGS, meeting(mentee="Bo Dam"), meeting(mentor=""), programme=programme)
    assert codes(batch) == {2: ("error", "ambiguous_mentor"), 3: ("error", "ambiguous_mentee")}


def test_undo_removes_meetings_and_a_repeated_import_finds_duplicates(programme, match, administrator):
    MeetingFactory(match=match, hours=2)
    rows = [
        meeting(hours="2"), meeting(hours="2:30"), meeting(hours="2½ time"), meeting(day="12-07-2011"),
        meeting(day="x"),
    ]  # fmt: skip
    figures = assert_undone_without_a_trace(MEETINGS, *rows, programme=programme, by=administrator)
    assert figures["row_list"] == [
        {"row": 2, "state": "duplicate_existing", "codes": []},
        {"row": 4, "state": "duplicate_in_file", "codes": []},
        {"row": 6, "state": "error", "codes": ["day_unreadable"]},
    ]


def test_storing_many_rows_needs_no_more_queries(programme, match, django_assert_max_num_queries):
    counts = []
    for days in (range(1, 4), range(1, 31)):
        month = f"{len(counts) + 7:02}"
        batch = stage_list(MEETINGS, *(meeting(day=f"{day:02}-{month}-2011") for day in days), programme=programme)
        with django_assert_max_num_queries(40) as captured:
            apply_import(batch, by=None)
        counts.append(len(captured))
    assert (Meeting.objects.count(), counts[0]) == (33, counts[1])


# ---------------------------------------------------------------- follow-ups


def contact(**values):
    row = {
        "match": "M-2011-021", "side": "mentee", "due": "", "done": "28-07-2011", "name": "", "channel": "telefon",
        "mood": "godt", "support": "", "note": "",
    } | values  # fmt: skip
    return "|".join(row.values())


@pytest.fixture
def plan(programme, match):
    """Planned follow-ups: with the mentee on the 28th of July, August and September, with the mentor in July."""
    step = FollowUpStepFactory(programme=programme, days_after_start=30, repeat_days=30, until_days=90, side="mentee")
    rows = [
        FollowUpFactory(match=match, step=step, side="mentee", due_on=dt.date(2011, month, 28)) for month in (7, 8, 9)
    ]
    FollowUpFactory(match=match, step=step, side="mentor", due_on=dt.date(2011, 7, 28))
    return rows


def test_a_contact_answers_the_planned_follow_up_due_nearest(programme, match, plan, administrator):
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


def test_a_contact_far_from_the_plan_is_a_new_follow_up(programme, match, plan):
    import_list(FOLLOW_UPS, contact(done="26-06-2011"), programme=programme)
    assert FollowUp.objects.get(done_on__isnull=False).step is None


def test_a_due_follow_up_is_stored_unless_the_plan_has_it(programme, match, plan):
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
def test_states_of_follow_up_rows(programme, match, values, found):
    assert codes(stage_list(FOLLOW_UPS, contact(**values), programme=programme)) == {2: found}


def test_a_list_without_days_of_contacts_needs_due_days(programme, match):
    batch = stage_list(
        "Match|Med hvem|Frist", "M-2011-021|mentor|", "M-2011-021|mentor|01-12-2011", programme=programme
    )
    assert codes(batch) == {2: ("error", "follow_up_day_missing"), 3: ("clean",)}


def test_undo_removes_follow_ups_and_a_repeated_import_finds_duplicates(programme, match, plan, administrator):
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


@pytest.mark.parametrize(
    "act",
    [
        lambda steps: steps.update(done_on=TODAY, channel="sms", note="hos mentee"),
        lambda steps: steps.update(side="both"),
        lambda steps: steps.delete(),
    ],
)
def test_an_import_is_refused_if_a_planned_follow_up_changed_since_the_check(programme, match, plan, monkeypatch, act):
    august, rows = FollowUp.objects.filter(pk=plan[1].pk), [contact(done="25-08-2011"), contact(done="15-12-2011")]
    with pytest.raises(ImportChanged):
        import_list_while(monkeypatch, lambda: act(august), FOLLOW_UPS, *rows, programme=programme)
    assert FollowUp.objects.count() == 4
    assert august.values_list("done_on", "side", "channel", "note").get() == (None, "mentee", "", "")


def test_planned_follow_ups_are_locked(programme, match, plan):
    batch = stage_list(FOLLOW_UPS, contact(), programme=programme)
    with CaptureQueriesContext(connection) as captured:
        services.apply_import(batch, by=None)
    assert tables_locked(captured) >= ({"matching_followup"} if connection.features.has_select_for_update else set())


# ---------------------------------------------------------------- outcomes


def outcome(**values):
    row = {"mentee": "Ida Dam", "kind": "job", "day": "01-08-2011", "told": "mentee", "note": ""} | values
    return "|".join(row.values())


def test_an_outcome_is_stored_on_its_match(programme, match, administrator):
    batch = import_list(OUTCOMES, outcome(note="social- og sundhedshjælper"), programme=programme, by=administrator)
    stored = Outcome.objects.get()
    assert codes(batch) == {2: ("clean",)}
    assert (stored.match, stored.kind, stored.on, stored.told_by) == (match, "job", dt.date(2011, 8, 1), "mentee")
    assert (stored.note, stored.recorded_by) == ("social- og sundhedshjælper", administrator)
    assert row_of(stored) == batch.rows.get()


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"told": ""}, ("clean",)),
        ({"kind": "I praktik."}, ("clean",)),
        ({"kind": "Bedre dansk"}, ("clean",)),
        ({"kind": ""}, ("error", "outcome_missing")),
        ({"kind": "vandt i lotto"}, ("error", "unknown_outcome")),
        ({"told": "naboen"}, ("error", "unknown_outcome_side")),
        ({"day": ""}, ("error", "day_missing")),
        ({"day": "01-01-2099"}, ("error", "day_ahead")),
        ({"day": "01-01-2011"}, ("warned", "before_match")),
        ({"note": "x" * 301}, ("error", "too_long")),
        ({"mentee": "Hvem"}, ("error", "unknown_mentee")),
    ],
)
def test_states_of_outcome_rows(programme, match, values, found):
    assert codes(stage_list(OUTCOMES, outcome(**values), programme=programme)) == {2: found}


def test_undo_removes_outcomes_and_a_repeated_import_finds_duplicates(programme, match, administrator):
    rows = [outcome(), outcome(kind="i job", told="mentor"), outcome(kind="netværk"), outcome(mentee="Hvem")]
    figures = assert_undone_without_a_trace(OUTCOMES, *rows, programme=programme, by=administrator)
    assert figures["accepted"] == 2
