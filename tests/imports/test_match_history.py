"""The import of matches with status and history: proposed, introduced, started, paused, ended."""

import datetime as dt

import pytest

from common import clock
from common.templatetags.danish import danish_date
from demo.factories import EnrolmentFactory, MatchFactory, MentorFactory
from imports.engine.issues import Issue
from imports.models import RowOrigin
from matching.models import FollowUp, Match
from people.models import Enrolment
from tests.imports.checks import assert_undone_without_a_trace
from tests.imports.samples import came_from, codes, import_list, stage_list

pytestmark = pytest.mark.django_db
HEADINGS = (
    "Match nr.|Mentor|Mentors sagsnummer|Mentee|Status|Foreslået|Introduceret|Første møde|På pause|Genoptaget|Slut"
    "|Aftale underskrevet|Afsluttende samtale|Årsag"
)
TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def mentor(programme):
    return MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm", capacity=9).person


@pytest.fixture
def mentee(programme):
    return EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam").person


def row(**values):
    fields = {
        "number": "", "mentor": "Per Holm", "mentor_number": "", "mentee": "Ida Dam", "status": "", "proposed": "",
        "introduced": "", "started": "", "paused": "", "resumed": "", "ended": "", "signed": "", "closing": "",
        "reason": "",
    } | values  # fmt: skip
    return "|".join(fields.values())


WHOLE = {
    "number": "M-2010-077", "proposed": "01-03-2010", "introduced": "10-03-2010", "started": "15-03-2010",
    "paused": "01-06-2010", "resumed": "01-08-2010", "ended": "20-03-2011", "signed": "15-03-2010",
    "closing": "25-03-2011", "status": "afsluttet", "reason": "Målet blev nået",
}  # fmt: skip


def test_a_whole_history_becomes_days_and_steps_in_order(programme, mentor, mentee, administrator):
    batch = import_list(HEADINGS, row(**WHOLE), programme=programme, by=administrator)
    match = Match.objects.get()
    assert codes(batch) == {2: ("clean",)}
    assert (match.number, match.status, match.note) == ("M-2010-077", "ended", "")
    assert (match.proposed_on, match.introduced_on, match.started_on, match.ended_on) == (
        dt.date(2010, 3, 1), dt.date(2010, 3, 10), dt.date(2010, 3, 15), dt.date(2011, 3, 20),
    )  # fmt: skip
    assert (match.agreement_signed_on, match.closing_talk_on) == (dt.date(2010, 3, 15), dt.date(2011, 3, 25))
    assert (match.end_reason, match.end_note) == ("goal_reached", "Målet blev nået")
    assert [(step.status, step.on, step.by) for step in match.steps.all()] == [
        ("proposed", dt.date(2010, 3, 1), administrator),
        ("introduced", dt.date(2010, 3, 10), administrator),
        ("active", dt.date(2010, 3, 15), administrator),
        ("paused", dt.date(2010, 6, 1), administrator),
        ("active", dt.date(2010, 8, 1), administrator),
        ("ended", dt.date(2011, 3, 20), administrator),
    ]


@pytest.mark.parametrize(
    ("values", "status", "steps"),
    [
        ({"proposed": "01-09-2011"}, "proposed", ["proposed"]),
        ({"proposed": "01-09-2011", "status": "Foreslået"}, "proposed", ["proposed"]),
        ({"introduced": "20-09-2011"}, "introduced", ["introduced"]),
        (
            {"proposed": "01-09-2011", "introduced": "20-09-2011", "status": "introduceret"},
            "introduced",
            ["proposed", "introduced"],
        ),
        ({"proposed": "01-09-2010", "status": "afvist"}, "declined", ["proposed", "declined"]),
        ({"proposed": "01-09-2010", "ended": "08-09-2010", "status": "afslag"}, "declined", ["proposed", "declined"]),
        ({"ended": "08-09-2010", "status": "afvist"}, "declined", ["declined"]),
        ({"proposed": "01-09-2010", "status": "taget tilbage"}, "withdrawn", ["proposed", "withdrawn"]),
        ({"started": "01-09-2010", "paused": "01-12-2010"}, "paused", ["active", "paused"]),
        (
            {"started": "01-09-2010", "paused": "01-12-2010", "resumed": "01-02-2011"},
            "active",
            ["active", "paused", "active"],
        ),
    ],
)  # fmt: skip
def test_days_and_word_give_the_status(programme, mentor, mentee, values, status, steps):
    batch = import_list(HEADINGS, row(**values), programme=programme)
    match = Match.objects.get()
    assert codes(batch) == {2: ("clean",)}
    assert (match.status, [step.status for step in match.steps.all()]) == (status, steps)
    assert match.mentor_place == (1 if match.is_open else None)
    assert (match.started_on, match.ended_on) == (match.started_on if "started" in values else None, None)
    settled = Enrolment.objects.get(role="mentee").status
    assert settled == ("matched" if match.is_open else "waiting")
    assert FollowUp.objects.count() == 0


def test_pages_show_the_origin_of_a_match_and_an_enrolment(programme, mentor, mentee, coordinator, client_of):
    batch = import_list(HEADINGS, row(**WHOLE), programme=programme)
    day = danish_date(clock.today()).replace("\xa0", " ")
    page = " ".join(client_of(coordinator).get(f"/match/{Match.objects.get().pk}/").text.split())
    assert f"Fra »liste.csv«, række 2, importeret {day}." in page
    came_from(Enrolment.objects.get(person=mentor), batch.rows.get())
    page = " ".join(client_of(coordinator).get(f"/personer/{mentor.pk}/").text.split())
    assert f"Mentor: fra »liste.csv«, række 2, importeret {day}." in page
    by_hand = MatchFactory(programme=programme, created_by=coordinator)
    page = " ".join(client_of(coordinator).get(f"/match/{by_hand.pk}/").text.split())
    assert f"Oprettet af Mette Sørensen {day}." in page


def test_a_declined_match_keeps_the_day_of_the_refusal(programme, mentor, mentee):
    import_list(
        HEADINGS, row(proposed="01-09-2010", ended="08-09-2010", status="afvist"), programme=programme
    )  # fmt: skip
    assert Match.objects.get().steps.get(status="declined").on == dt.date(2010, 9, 8)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ("error", "start_missing")),
        ({"status": "foreslået"}, ("error", "proposal_missing")),
        ({"status": "afvist"}, ("error", "proposal_missing")),
        ({"status": "introduceret", "proposed": "01-09-2011"}, ("error", "introduction_missing")),
        ({"status": "foreslået", "proposed": "31-09-2011"}, ("error", "bad_date")),
        ({"status": "introduceret", "introduced": "31-09-2011"}, ("error", "bad_date")),
        ({"status": "foreslået", "proposed": "01-09-2011", "ended": "05-09-2011"}, ("error", "end_without_start")),
        ({"proposed": "01-09-2011", "ended": "05-09-2011"}, ("error", "start_missing")),
        ({"status": "afvist", "started": "01-09-2010"}, ("error", "declined_but_started")),
        ({"status": "foreslået", "started": "01-09-2010"}, ("warned", "not_begun_with_start")),
        ({"status": "aktiv", "started": "01-09-2010", "paused": "01-10-2010"}, ("warned", "active_but_paused")),
        (
            {"status": "pause", "started": "01-09-2010", "paused": "01-10-2010", "resumed": "01-11-2010"},
            ("error", "paused_but_resumed"),
        ),
        ({"started": "01-09-2010", "resumed": "01-11-2010"}, ("error", "resumed_without_pause")),
        ({"started": "01-09-2010", "paused": "31-09-2010", "resumed": "01-11-2010"}, ("error", "bad_date")),
        ({"started": "01-09-2010", "proposed": "efteråret"}, ("warned", "date_unreadable")),
        ({"started": "01-09-0210"}, ("error", "year_unlikely")),
        ({"started": "01-12-2099"}, ("warned", "starts_ahead")),
        ({"started": "01-09-2010", "proposed": "02-09-2010"}, ("error", "days_out_of_order")),
        ({"started": "01-09-2010", "signed": "01-05-2010", "proposed": "01-06-2010"}, ("error", "days_out_of_order")),
        ({"started": "01-09-2010", "closing": "01-05-2010"}, ("error", "days_out_of_order")),
        ({"mentor_number": "T-1999-001", "started": "01-09-2010"}, ("warned", "case_number_unknown")),
        ({"mentor": "", "mentor_number": "X", "started": "01-09-2010"}, ("error", "unknown_mentor")),
    ],
)
def test_contradictions_are_reported(programme, mentor, mentee, values, found):
    batch = stage_list(HEADINGS, row(**values), programme=programme)
    assert codes(batch) == {2: found}


def test_an_issue_about_the_order_names_both_days(programme, mentor, mentee):
    batch = stage_list(HEADINGS, row(started="01-09-2010", paused="01-08-2010"), programme=programme)
    issue = Issue(**batch.rows.get().issues[0])
    assert (issue.cell, issue.value) == ("I2", "01-08-2010")
    assert issue.facts == {
        "first": "Første møde", "first_day": "01-09-2010", "second": "På pause", "second_day": "01-08-2010",
    }  # fmt: skip


def test_unreadable_days_are_kept_as_notes(programme, mentor, mentee):
    import_list(HEADINGS, row(number="12", started="01-09-2010", proposed="foråret"), programme=programme)
    match = Match.objects.get()
    assert (match.number, match.note) == ("M-2010-001", "Match nr.: 12\nForeslået: foråret")


def test_a_number_that_is_taken_is_kept_as_a_note(programme, mentor, mentee):
    MatchFactory(programme=programme, number="M-2010-077")
    EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Dam")
    import_list(
        HEADINGS,
        row(number="M-2010-077", started="01-09-2010"),
        row(number="m-2010-001", mentee="Bo Dam", started="01-09-2010"),
        programme=programme,
    )
    numbers = (
        Match.objects.filter(pk__in=RowOrigin.objects.filter(model="matching.match").values("object_id"))
        .order_by("pk")
        .values_list("number", "note")
    )
    assert list(numbers) == [("M-2010-002", "Match nr.: M-2010-077"), ("M-2010-001", "")]


def test_a_match_that_has_started_since_is_a_duplicate(programme, mentor, mentee):
    import_list(HEADINGS, row(proposed="01-09-2010", introduced="08-09-2010"), programme=programme)
    batch = stage_list(
        HEADINGS,
        row(proposed="01-09-2010"),
        row(introduced="08-09-2010"),
        row(proposed="01-09-2010", started="15-09-2010"),
        row(proposed="02-09-2010", started="15-09-2010", ended="15-09-2011"),
        programme=programme,
    )
    assert codes(batch) == {
        2: ("duplicate_existing", "match_existing"), 3: ("duplicate_existing", "match_existing"),
        4: ("duplicate_existing", "match_existing"), 5: ("clean",),
    }  # fmt: skip


def test_a_later_match_of_the_same_people_is_new(programme, mentor, mentee):
    MatchFactory(
        programme=programme, mentor=mentor, mentee=mentee, status="ended", proposed_on=dt.date(2010, 3, 1),
        started_on=dt.date(2010, 3, 15), ended_on=dt.date(2011, 3, 15),
    )  # fmt: skip
    batch = stage_list(HEADINGS, row(proposed="01-03-2010", started="01-04-2011"), programme=programme)
    assert codes(batch) == {2: ("clean",)}


def test_undo_removes_matches_and_a_repeated_import_finds_duplicates(programme, mentor, mentee, administrator):
    for name in ("Bo", "Lis", "Åse"):
        EnrolmentFactory(programme=programme, person__first_name=name, person__last_name="Dam", status="applied")
    rows = [
        row(**WHOLE), row(mentee="Bo Dam", proposed="01-09-2011"), row(mentee="Lis Dam", started="01-09-2010"),
        row(mentee="Lis Dam", proposed="01-10-2010", started="01-10-2010"), row(mentee="Bo Dam", proposed="01-09-2011"),
        row(mentee="Åse Dam", proposed="01-01-2010", status="afvist"),
    ]  # fmt: skip
    figures = assert_undone_without_a_trace(HEADINGS, *rows, programme=programme, by=administrator)
    assert figures["row_list"] == [
        {"row": 5, "state": "error", "codes": ["mentee_has_running_match"]},
        {"row": 6, "state": "duplicate_in_file", "codes": []},
    ]
