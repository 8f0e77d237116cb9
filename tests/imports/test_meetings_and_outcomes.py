"""The lists of meetings and outcomes, and how each kind of list is told from the others."""

import datetime as dt
from decimal import Decimal

import pytest

from demo.factories import (
    EnrolmentFactory,
    MatchFactory,
    MeetingFactory,
    MentorFactory,
)
from imports.engine.recognition import recognise_kind
from imports.engine.times import read_hours
from imports.kinds import registry
from imports.services import apply_import
from matching.models import Meeting, Outcome
from tests.imports.checks import assert_undone_without_a_trace, check_at_once_and_in_halves
from tests.imports.samples import codes, import_list, row_of, stage_list

pytestmark = pytest.mark.django_db
MEETINGS = "Match nr.|Mentor|Mentors sagsnummer|Mentee|Dato|Timer|Minutter|Note"
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
def test_each_kind_is_told_by_its_own_headings(headings, kind):
    found = recognise_kind(headings.split("|"), registry.kinds())
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
    kind = registry.kind_of("meeting")
    assert kind.stored_urls([row_of(stored).pk]) == {row_of(stored).pk: f"/match/{match.pk}/"}
    assert kind.list_url() == "/match/liste/?status=all"


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
def test_single_meetings(programme, match, values, found):
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


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        (2, "2.00"), (2.5, "2.50"), (2.06, "2.06"), ("2,5", "2.50"), ("2,06", "2.06"), ("2.5", "2.50"),
        ("2.25", "2.25"), ("2:30", "2.50"), ("02:30:00", "2.50"), ("2½", "2.50"), ("½", "0.50"), ("2 ½ time", "2.50"),
        ("2½ time", "2.50"), ("90 min", "1.50"), ("90 min.", "1.50"), ("45 minutter", "0.75"), ("2 t", "2.00"),
        ("1,5 timer", "1.50"), ("1 time og 30 min", "1.50"), ("2 t 15 m", "2.25"), ("2 hours", "2.00"), ("24", "24.00"),
        ("15 min", "0.25"), (True, None), (0, None), (25, None), ("0", None), ("2.30", None), ("to timer", None),
        ("10 min", None), ("", None), ("2.30 t", None), ("2-3", None), ("99 timer", None), (float("inf"), None),
        (1e30, None), (float("nan"), None), (3, "3.00"),
    ],
)  # fmt: skip
def test_hours_as_people_write_them(cell, hours):
    assert read_hours(cell) == (hours and Decimal(hours))


def test_the_day_tells_which_of_several_matches(programme, match):
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


def test_a_case_number_tells_which_mentor(programme, match):
    other = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    rows = [
        meeting(mentee=""), meeting(mentee="", mentor_number=match.mentor.case_number),
        meeting(mentee="", mentor_number=other.case_number),
    ]  # fmt: skip
    assert codes(stage_list(MEETINGS, *rows, programme=programme)) == {
        2: ("error", "ambiguous_mentor"), 3: ("clean",), 4: ("error", "unknown_match"),
    }  # fmt: skip


def test_of_namesakes_the_one_in_a_match_with_the_other_is_meant(programme, match):
    MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm")
    EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam")
    EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Dam")
    import_list(MEETINGS, meeting(), programme=programme)
    assert Meeting.objects.get().match == match
    batch = stage_list(MEETINGS, meeting(mentee="Bo Dam"), meeting(mentor=""), programme=programme)
    assert codes(batch) == {2: ("error", "ambiguous_mentor"), 3: ("error", "ambiguous_mentee")}


def test_meetings_leave_no_trace_when_undone_and_are_known_again(programme, match, administrator):
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
    whole, pieces = check_at_once_and_in_halves(MEETINGS, *rows, programme=programme, kind="meeting", today=TODAY)
    assert pieces == whole


def test_storing_asks_no_more_for_many_rows(programme, match, django_assert_max_num_queries):
    counts = []
    for days in (range(1, 4), range(1, 31)):
        month = f"{len(counts) + 7:02}"
        batch = stage_list(MEETINGS, *(meeting(day=f"{day:02}-{month}-2011") for day in days), programme=programme)
        with django_assert_max_num_queries(40) as captured:
            apply_import(batch, by=None)
        counts.append(len(captured))
    assert (Meeting.objects.count(), counts[0]) == (33, counts[1])


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
        ({"told": "naboen"}, ("error", "unknown_teller")),
        ({"day": ""}, ("error", "day_missing")),
        ({"day": "01-01-2099"}, ("error", "day_ahead")),
        ({"day": "01-01-2011"}, ("warned", "before_match")),
        ({"note": "x" * 301}, ("error", "too_long")),
        ({"mentee": "Hvem"}, ("error", "unknown_mentee")),
    ],
)
def test_single_outcomes(programme, match, values, found):
    assert codes(stage_list(OUTCOMES, outcome(**values), programme=programme)) == {2: found}


def test_outcomes_leave_no_trace_when_undone_and_are_known_again(programme, match, administrator):
    rows = [outcome(), outcome(kind="i job", told="mentor"), outcome(kind="netværk"), outcome(mentee="Hvem")]
    figures = assert_undone_without_a_trace(OUTCOMES, *rows, programme=programme, by=administrator)
    assert figures["accepted"] == 2
    whole, pieces = check_at_once_and_in_halves(OUTCOMES, *rows, programme=programme, kind="outcome", today=TODAY)
    assert pieces == whole
