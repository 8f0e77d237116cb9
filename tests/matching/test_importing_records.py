"""The lists of interviews, meetings, follow-ups and outcomes."""

import datetime as dt
from decimal import Decimal

import pytest

from demo.factories import (
    EnrolmentFactory,
    FollowUpFactory,
    FollowUpStepFactory,
    InterviewFactory,
    MatchFactory,
    MeetingFactory,
    MentorFactory,
)
from matching.models import FollowUp, Interview, Meeting, Outcome
from people.importing import registry
from people.importing.recognition import recognise_kind
from people.importing.record_cells import read_hours
from people.models import Enrolment
from people.services.importing import apply_import
from tests.people.importing_checks import assert_undone_without_a_trace, check_at_once_and_in_halves
from tests.people.importing_samples import codes, import_list, stage_list

pytestmark = pytest.mark.django_db
MEETINGS = "Match nr.|Mentor|Mentors sagsnummer|Mentee|Dato|Timer|Minutter|Note"
FOLLOW_UPS = "Match|Med hvem|Frist|Udført|Opfølgning|Kanal|Hvordan går det|Føler sig støttet|Note"
OUTCOMES = "Mentee|Resultat|Dato|Fortalt af|Note"
INTERVIEWS = (
    "Sagsnummer|Navn|Rolle|Planlagt til|Kl.|Interviewdato|Sted|Interviewer|Resumé|Vurdering|Om vurderingen|Næste skridt"
)
TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def match(programme):
    """Per Holm and Ida Dam, from 28 June 2011."""
    mentor = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    mentee = EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam").person
    return MatchFactory(programme=programme, mentor=mentor, mentee=mentee, number="M-2011-021")


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
    assert (stored.note, stored.recorded_by, stored.import_row) == ("om cv", administrator, batch.rows.get())
    kind = registry.kind_of("meeting")
    assert kind.stored_urls([stored.import_row_id]) == {stored.import_row_id: f"/match/{match.pk}/"}
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
        ({"hours": "længe"}, ("error", "hours_unreadable")),
        ({"hours": "25"}, ("error", "hours_unreadable")),
    ],
)
def test_single_meetings(programme, match, values, found):
    EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Lund")
    MentorFactory(programme=programme, person__first_name="Eva", person__last_name="Lund")
    waiting = EnrolmentFactory(programme=programme, person__first_name="Lis", person__last_name="Vest").person
    MatchFactory(
        programme=programme, mentor=match.mentor, mentee=waiting, status="proposed", started_on=None, mentor_place=2
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
    assert batch.rows.get(number=3).findings[0]["facts"] == {"numbers": "M-2011-021, M-2010-003"}
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


def test_meetings_leave_no_trace_when_undone_and_are_known_again(programme, match, administrator):
    MeetingFactory(match=match, hours=2)
    rows = [
        meeting(hours="2"), meeting(hours="2:30"), meeting(hours="2½ time"), meeting(day="12-07-2011"),
        meeting(day="x"),
    ]  # fmt: skip
    batch = assert_undone_without_a_trace(MEETINGS, *rows, programme=programme, by=administrator)
    assert batch.counts["row_list"] == [
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
    assert stored.import_row == batch.rows.get()


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
    batch = assert_undone_without_a_trace(OUTCOMES, *rows, programme=programme, by=administrator)
    assert batch.counts["accepted"] == 2
    whole, pieces = check_at_once_and_in_halves(OUTCOMES, *rows, programme=programme, kind="outcome", today=TODAY)
    assert pieces == whole


# ---------------------------------------------------------------- follow-ups


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
    assert (august.note, august.done_by, august.import_row) == ("alt vel", None, batch.rows.get(number=2))
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
    batch = assert_undone_without_a_trace(FOLLOW_UPS, *rows, programme=programme, by=administrator)
    assert batch.counts["row_list"] == [
        {"row": 4, "state": "duplicate_in_file", "codes": []},
        {"row": 5, "state": "duplicate_existing", "codes": []},
        {"row": 9, "state": "error", "codes": ["done_day_missing"]},
    ]
    whole, pieces = check_at_once_and_in_halves(FOLLOW_UPS, *rows, programme=programme, kind="follow_up", today=TODAY)
    assert pieces == whole


# ---------------------------------------------------------------- interviews


def interview(**values):
    row = {
        "number": "", "name": "Ida Dam", "role": "", "planned": "", "time": "", "held": "02-04-2011", "place": "",
        "interviewer": "Mette S.", "summary": "", "assessment": "", "about": "", "next": "",
    } | values  # fmt: skip
    return "|".join(row.values())


@pytest.fixture
def ida(programme):
    return EnrolmentFactory(
        programme=programme, person__first_name="Ida", person__last_name="Dam", status="applied", waiting_since=None
    )


def test_an_interview_is_stored_and_moves_the_applicant_on(programme, ida, administrator):
    batch = import_list(
        INTERVIEWS,
        interview(
            summary="Vil i arbejde", assessment="Klar til match", about="motiveret", next="Find mentor",
            place="Biblioteket", planned="01-04-2011", time="kl. 16.30",
        ),
        programme=programme,
        by=administrator,
    )  # fmt: skip
    stored = Interview.objects.get()
    assert codes(batch) == {2: ("clean",)}
    assert (stored.enrolment, stored.held_on, stored.planned_on) == (ida, dt.date(2011, 4, 2), dt.date(2011, 4, 1))
    assert (stored.planned_time, stored.place, stored.interviewer_note) == (dt.time(16, 30), "Biblioteket", "Mette S.")
    assert (stored.summary, stored.assessment, stored.assessment_note) == ("Vil i arbejde", "suitable", "motiveret")
    assert (stored.next_step, stored.import_row) == ("Find mentor", batch.rows.get())
    ida.refresh_from_db()
    assert (ida.status, ida.waiting_since) == ("waiting", dt.date(2011, 4, 2))
    kind = registry.kind_of("interview")
    assert kind.stored_urls([stored.import_row_id]) == {stored.import_row_id: f"/personer/{ida.person_id}/"}
    assert kind.list_url() == "/personer/"


def test_the_last_assessment_decides_and_nobody_is_moved_back(programme, ida):
    matched = EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Dam", status="matched")
    later = EnrolmentFactory(programme=programme, person__first_name="Lis", person__last_name="Dam", status="applied")
    rows = [
        interview(held="05-04-2011", assessment="ikke egnet", about="flytter"),
        interview(held="01-04-2011", assessment="klar"),
        interview(name="Bo Dam", assessment="nej"),
        interview(name="Lis Dam", assessment="ikke endnu"),
    ]
    import_list(INTERVIEWS, *rows, programme=programme)
    for enrolment in (ida, matched, later):
        enrolment.refresh_from_db()
    assert (ida.status, ida.ended_on, ida.ended_reason) == ("declined", dt.date(2011, 4, 5), "flytter")
    assert (matched.status, later.status) == ("matched", "applied")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ("clean",)),
        ({"name": "Hvem"}, ("error", "unknown_person")),
        ({"role": "mentee"}, ("clean",)),
        ({"role": "mentor"}, ("error", "not_in_role")),
        ({"role": "chef"}, ("error", "unknown_role_word")),
        ({"name": "Per Holm"}, ("error", "role_missing")),
        ({"name": "Per Holm", "role": "Mentor"}, ("clean",)),
        ({"held": ""}, ("error", "day_missing")),
        ({"held": "31-04-2011"}, ("error", "bad_date")),
        ({"held": "02-04-2009"}, ("warned", "before_programme")),
        ({"held": "02-04-2099"}, ("clean",)),
        ({"held": "02-04-2099", "planned": "02-04-2011"}, ("error", "day_ahead")),
        ({"held": "", "planned": "02-04-2099", "time": "16"}, ("clean",)),
        ({"held": "", "planned": "02-04-2099", "time": "eftermiddag"}, ("error", "time_unreadable")),
        ({"assessment": "tja"}, ("error", "unknown_assessment")),
        ({"next": "x" * 201}, ("error", "too_long")),
    ],
)
def test_single_interviews(programme, ida, values, found):
    person = EnrolmentFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    MentorFactory(programme=programme, person=person)
    assert codes(stage_list(INTERVIEWS, interview(**values), programme=programme)) == {2: found}


def test_without_a_column_for_the_role_one_is_asked_for(programme, ida):
    MentorFactory(programme=programme, person=ida.person)
    batch = stage_list("Navn|Planlagt til|Interviewer|Vurdering", "Ida Dam|02-04-2099||", programme=programme)
    assert batch.rows.get().findings[0]["facts"] == {"name": "Ida Dam", "words": "mentor, mentee"}


def test_a_time_may_stand_behind_the_day_that_is_planned(programme, ida):
    import_list(INTERVIEWS, interview(held="", planned="02-04-2099 16:30"), programme=programme)
    interview_ahead = Interview.objects.get()
    assert (interview_ahead.planned_on, interview_ahead.planned_time) == (dt.date(2099, 4, 2), dt.time(16, 30))
    assert interview_ahead.held_on is None


def test_a_known_interview_is_filled_in_and_nothing_in_it_changed(programme, ida):
    held = InterviewFactory(enrolment=ida, held_on=dt.date(2011, 4, 2), interviewer_note="Karen", summary="")
    planned = InterviewFactory(enrolment=ida, held_on=None, planned_on=dt.date(2011, 5, 2))
    batch = import_list(
        INTERVIEWS,
        interview(summary="Vil i arbejde"),
        interview(summary="Noget andet"),
        interview(held="03-05-2011", planned="02-05-2011", interviewer=""),
        interview(interviewer=""),
        programme=programme,
    )
    assert codes(batch) == {
        2: ("clean", "interview_completed"), 3: ("duplicate_in_file", "record_in_file"),
        4: ("clean", "interview_completed"), 5: ("duplicate_existing", "record_existing"),
    }  # fmt: skip
    held.refresh_from_db()
    planned.refresh_from_db()
    assert (held.interviewer_note, held.summary, held.import_row) == (
        "Karen",
        "Vil i arbejde",
        batch.rows.get(number=2),
    )
    assert (planned.planned_on, planned.held_on) == (dt.date(2011, 5, 2), dt.date(2011, 5, 3))
    assert Interview.objects.count() == 2


def test_interviews_leave_no_trace_when_undone_and_are_known_again(programme, ida, administrator):
    first = import_list("Navn|Interviewdato|Ankomstår", "Bo Dam|02-04-2011|2001", programme=programme)
    InterviewFactory(enrolment=ida, held_on=dt.date(2011, 4, 2))
    assert Interview.objects.get(import_row=first.rows.get()).held_on == dt.date(2011, 4, 2)
    rows = [
        interview(summary="s", assessment="klar"), interview(), interview(held="01-05-2011", assessment="nej"),
        interview(name="Bo Dam", summary="t"), interview(held="", planned="02-04-2099"),
        interview(held="", planned="02-04-2099"), interview(name="Hvem"),
    ]  # fmt: skip
    batch = assert_undone_without_a_trace(INTERVIEWS, *rows, programme=programme, by=administrator)
    assert (batch.counts["accepted"], batch.counts["duplicates_in_file"]) == (4, 2)
    assert Enrolment.objects.get(pk=ida.pk).status == "applied"
    whole, pieces = check_at_once_and_in_halves(INTERVIEWS, *rows, programme=programme, kind="interview", today=TODAY)
    assert pieces == whole
