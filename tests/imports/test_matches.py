"""The import of matches, and of interviews and checks in lists of people."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.factories import EnrolmentFactory, FollowUpStepFactory, MatchFactory, MentorFactory
from imports import services
from imports.models import RowOrigin
from matching.models import FollowUp, Interview, Match, ScreeningCheck
from people.models import Enrolment, Person
from tests.imports.samples import (
    EXPECTED,
    codes,
    expected_figures,
    figures_of,
    import_list,
    import_list_while,
    import_sample,
    row_of,
    stage_list,
    tables_locked,
)

pytestmark = pytest.mark.django_db
HEADINGS = "Mentor|Mentor e-mail|Mentee|Mentee e-mail|Startdato|Slutdato|Status|Antal møder|Afslutningsårsag"


@pytest.fixture
def mentor(programme):
    return MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm", capacity=1)


def mentee(programme, name="Ida Dam", **fields):
    first, _blank, last = name.partition(" ")
    return EnrolmentFactory(programme=programme, person__first_name=first, person__last_name=last, **fields)


def row(mentor="Per Holm", mentee="Ida Dam", start="14-05-2010", end="", status="aktiv", **fields):
    values = {"mentor_email": "", "mentee_email": "", "meetings": "16", "reason": ""} | fields
    return "|".join([
        mentor, values["mentor_email"], mentee, values["mentee_email"], start, end, status, values["meetings"],
        values["reason"],
    ])  # fmt: skip


def test_the_sample_gives_the_expected_figures_and_only_duplicates_when_repeated(programme, administrator):
    for name in EXPECTED["import_order"]:
        counts = figures_of(import_sample(name, programme, administrator))
    assert counts == expected_figures("matches_2010.xlsx")
    facts = EXPECTED["files"]["matches_2010.xlsx"]["facts_of_accepted_rows"]
    assert Match.objects.filter(status="active").count() == facts["status=active"]
    assert Match.objects.filter(status="ended").count() == facts["status=ended"]
    assert Match.objects.exclude(over_capacity_reason="").count() == 2
    again = import_sample("matches_2010.xlsx", programme, administrator).counts
    assert (again["accepted"], again["duplicates_existing"], again["error_rows"]) == (0, 62, 11)
    assert Match.objects.count() == 60


def test_a_running_match_gets_a_place_and_its_future_follow_ups(programme, administrator, mentor):
    FollowUpStepFactory(programme=programme, days_after_start=30, repeat_days=30, until_days=720, side="mentee")
    waiting = mentee(programme)
    batch = import_list(HEADINGS, row(), programme=programme, by=administrator)
    match = Match.objects.get()
    assert codes(batch) == {2: ("clean",)}
    assert (match.number, match.status, match.mentor_place) == ("M-2010-001", "active", 1)
    assert (match.mentor, match.mentee, match.started_on) == (mentor.person, waiting.person, dt.date(2010, 5, 14))
    assert (row_of(match), match.created_by) == (batch.rows.get(), administrator)
    assert match.note == "Antal møder: 16"
    assert FollowUp.objects.order_by("due_on").first().due_on >= dt.date(2011, 9, 15)
    assert [step.status for step in match.steps.all()] == ["active"]
    statuses = Enrolment.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["matched", "matched"]


def test_an_ended_match_keeps_the_text_about_its_end(programme, mentor):
    mentee(programme)
    import_list(
        HEADINGS, row(end="14-05-2011", status="afsluttet", reason="mentee i job", meetings=""), programme=programme
    )
    match = Match.objects.get()
    assert (match.status, match.ended_on, match.mentor_place) == ("ended", dt.date(2011, 5, 14), None)
    assert (match.end_reason, match.end_note) == ("goal_reached", "mentee i job")
    assert [step.status for step in match.steps.order_by("pk")] == ["active", "ended"]
    assert FollowUp.objects.count() == 0


def test_matches_over_capacity_are_stored_with_a_reason(programme, mentor):
    MatchFactory(programme=programme, mentor=mentor.person, mentor_place=2)
    mentee(programme)
    batch = import_list(HEADINGS, row(status="på pause"), programme=programme)
    match = Match.objects.get(pk=RowOrigin.objects.get(model="matching.match").object_id)
    assert codes(batch) == {2: ("warned", "over_capacity")}
    assert (match.status, match.mentor_place) == ("paused", 1)
    assert match.over_capacity_reason == "Matchet var i gang, da listen blev importeret."
    assert [step.status for step in match.steps.order_by("pk")] == ["active", "paused"]


def test_a_mentor_without_capacity_gives_no_warning(programme):
    MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm", capacity=None)
    mentee(programme)
    mentee(programme, "Bo Dam")
    batch = import_list(HEADINGS, row(), row(mentee="Bo Dam"), programme=programme)
    assert codes(batch) == {2: ("clean",), 3: ("clean",)}
    reasons = [bool(match.over_capacity_reason) for match in Match.objects.order_by("mentor_place")]
    assert reasons == [False, True]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"mentor": "Kirsten Ukendt"}, ("error", "unknown_mentor")),
        ({"mentee": ""}, ("error", "unknown_mentee")),
        ({"mentor": "Ida Dam"}, ("error", "unknown_mentor")),
        ({"mentor": "Holm, Per"}, ("clean",)),
        ({"mentor_email": "ny@example.dk"}, ("warned", "email_differs")),
        ({"mentor_email": "per.example.dk"}, ("error", "bad_email")),
        ({"start": "31.06.2010"}, ("error", "bad_date")),
        ({"start": ""}, ("error", "start_missing")),
        ({"start": "2010"}, ("error", "start_missing")),
        ({"end": "13-05-2010", "status": "afsluttet"}, ("error", "end_before_start")),
        ({"end": "31-02-2011", "status": "afsluttet"}, ("error", "bad_date")),
        ({"end": "13-08-2010", "status": "afsluttet"}, ("warned", "ended_within_three_months")),
        ({"end": "14-08-2010", "status": "afsluttet"}, ("clean",)),
        ({"end": "14-08-2010"}, ("warned", "active_with_end_date")),
        ({"status": "afsluttet"}, ("error", "end_missing")),
        ({"status": "måske"}, ("error", "unknown_match_status")),
        ({"end": "14-08-2010", "status": ""}, ("clean",)),
        ({"status": ""}, ("clean",)),
        ({"meetings": "12-15"}, ("warned", "number_unreadable")),
    ],
)
def test_states_of_match_rows(programme, mentor, fields, found):
    mentee(programme)
    batch = stage_list(HEADINGS, row(**fields), programme=programme)
    assert codes(batch) == {2: found}


def test_a_long_coordinator_name_is_cut_and_kept_as_a_note(programme, mentor):
    mentee(programme)
    mentee(programme, "Bo Dam")
    long = "Mette " * 16 + "Holms"
    lines = [f"Per Holm|{name}|14-05-2010|{who}" for name, who in (("Ida Dam", long), ("Bo Dam", long[:100]))]
    batch = import_list("Mentor|Mentee|Startdato|Koordinator", *lines, programme=programme)
    assert codes(batch) == {2: ("warned", "shortened"), 3: ("warned", "over_capacity")}
    assert list(Match.objects.order_by("pk").values_list("coordinator_note", "note")) == [
        (long[:100], long), (long[:100], ""),
    ]  # fmt: skip


def test_namesakes_need_an_e_mail(programme, mentor):
    other = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    first, second = mentee(programme), mentee(programme)
    address = other.emails[0].upper()
    batch = stage_list(
        HEADINGS,
        row(),
        row(mentor_email=address, mentee_email=first.person.email),
        row(mentor_email=mentor.person.email, mentee_email=second.person.email),
        programme=programme,
    )
    assert codes(batch) == {
        2: ("error", "ambiguous_mentee", "ambiguous_mentor"), 3: ("clean",), 4: ("clean",),
    }  # fmt: skip


def test_of_two_who_share_an_e_mail_the_name_decides(programme, mentor):
    shared = mentor.person.emails
    MentorFactory(programme=programme, person__first_name="Eva", person__last_name="Holm", person__emails=shared)
    mentee(programme)
    services.apply_import(stage_list(HEADINGS, row(mentor_email=shared[0]), programme=programme), by=None)
    assert Match.objects.get().mentor == mentor.person


def test_a_match_with_oneself_is_an_error(programme, mentor):
    EnrolmentFactory(programme=programme, person=mentor.person)
    batch = stage_list(HEADINGS, row(mentee="Per Holm"), programme=programme)
    assert codes(batch) == {2: ("error", "oneself")}


def test_a_mentee_has_one_running_match(programme, mentor):
    MentorFactory(programme=programme, person__first_name="Eva", person__last_name="Lund")
    mentee(programme)
    batch = stage_list(
        HEADINGS,
        row(),
        row(),
        row(mentor="Eva Lund"),
        row(mentor="Eva Lund", end="14-05-2011", status="afsluttet"),
        programme=programme,
    )
    assert codes(batch) == {
        2: ("clean",),
        3: ("duplicate_in_file", "match_in_file"),
        4: ("error", "mentee_has_running_match"),
        5: ("clean",),
    }


def test_used_match_numbers_are_skipped(programme, mentor):
    MatchFactory(programme=programme, number="M-2010-001")
    mentee(programme)
    import_list(HEADINGS, row(), programme=programme)
    assert Match.objects.get(pk=RowOrigin.objects.get(model="matching.match").object_id).number == "M-2010-002"


def test_results_link_to_the_matches(programme, mentor, administrator, client_of):
    mentee(programme)
    batch = import_list(HEADINGS, row(), programme=programme, by=administrator)
    page = client_of(administrator).get(f"/personer/import/{batch.pk}/")
    assert f'<a href="/match/{Match.objects.get().pk}/">Per Holm · Ida Dam</a>' in page.text
    assert page.context["list_url"] == "/match/liste/"


# ---------------------------------------------------------------- interviews and checks of people


def test_an_interview_date_becomes_an_interview(programme):
    import_list(
        "Navn|E-mail|Interviewdato|Interviewer|Status",
        "Ida Dam|i@d.dk|15-05-2009|Mette S.|venteliste",
        "Bo Dam|b@d.dk|01-12-2011|Mette S.|",
        programme=programme,
    )
    held, planned = Interview.objects.order_by("pk")
    assert (held.held_on, held.planned_on, held.interviewer_note) == (dt.date(2009, 5, 15), None, "Mette S.")
    assert (planned.held_on, planned.planned_on) == (None, dt.date(2011, 12, 1))
    assert held.enrolment.waiting_since == dt.date(2009, 5, 15)


def test_long_texts_of_interviews_and_checks_are_cut_and_kept_as_notes(programme):
    interviewer, text = "Mette " * 16 + "Holms", "ja " + "x" * 118
    import_list(
        "Navn|E-mail|Interviewdato|Interviewer|Status",
        f"Ida Dam|i@d.dk|15-05-2009|{interviewer}|venteliste",
        programme=programme,
    )
    import_list("Fornavn|Efternavn|E-mail|Branche|Straffeattest", f"Per|Holm|p@h.dk|It|{text}", programme=programme)
    assert Interview.objects.get().interviewer_note == interviewer[:100]
    assert ScreeningCheck.objects.get().note == text[:120]
    assert list(Person.objects.order_by("pk").values_list("notes", flat=True)) == [
        interviewer, f"Straffeattest: {text}",
    ]  # fmt: skip


def test_a_criminal_record_becomes_a_check(programme):
    texts = ["ja 12/10-09", "indhentet 3.9.2009", "x", "afventer", "mangler", "nej", ""]
    rows = [f"Per{index}|Holm|p{index}@h.dk|It|{text}" for index, text in enumerate(texts)]
    import_list("Fornavn|Efternavn|E-mail|Branche|Straffeattest", *rows, programme=programme)
    found = ScreeningCheck.objects.order_by("pk").values_list("outcome", "checked_on", "note")
    assert list(found) == [
        ("approved", dt.date(2009, 10, 12), "ja 12/10-09"),
        ("approved", dt.date(2009, 9, 3), "indhentet 3.9.2009"),
        ("approved", None, "x"),
        ("pending", None, "afventer"),
    ]


# ---------------------------------------------------------------- changes since the check


def test_people_and_enrolments_of_matches_are_locked(programme, mentor):
    mentee(programme)
    batch = stage_list(HEADINGS, row(), programme=programme)
    with CaptureQueriesContext(connection) as captured:
        services.apply_import(batch, by=None)
    assert tables_locked(captured) >= (
        {"people_person", "people_enrolment"} if connection.features.has_select_for_update else set()
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda mentor, mentee: MatchFactory(programme=mentor.programme, mentee=mentee.person),
        lambda mentor, mentee: (mentor.delete(), mentor.person.delete()),
    ],
)
def test_an_import_is_refused_if_its_people_changed_since_the_check(programme, mentor, monkeypatch, act):
    waiting = mentee(programme)
    with pytest.raises(services.ImportChanged):
        import_list_while(monkeypatch, lambda: act(mentor, waiting), HEADINGS, row(), programme=programme)
    assert Match.objects.count() == 0


def test_imported_matches_settle_enrolments_and_undo_restores_them(programme, mentor):
    Enrolment.objects.update(status="applied", applied_on=dt.date(2010, 3, 1), waiting_since=None)
    mentee(programme, status="paused")
    batch = import_list(HEADINGS, row(), programme=programme)
    assert list(Enrolment.objects.order_by("pk").values_list("status", "waiting_since")) == [
        ("matched", dt.date(2010, 3, 1)), ("paused", None),
    ]  # fmt: skip
    services.undo_import(batch, by=None)
    assert list(Enrolment.objects.order_by("pk").values_list("status", "waiting_since")) == [
        ("applied", None), ("paused", None),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["ended", "declined"])
def test_a_running_match_of_a_role_that_has_ended_is_an_error(programme, mentor, monkeypatch, status):
    ida = mentee(programme, status=status)
    rows = [row(), row(start="14-05-2009", end="14-05-2010", status="afsluttet")]
    assert codes(import_list(HEADINGS, *rows, programme=programme)) == {2: ("error", "role_has_ended"), 3: ("clean",)}
    Enrolment.objects.filter(pk=ida.pk).update(status="waiting")

    def end():
        Enrolment.objects.filter(pk=ida.pk).update(status=status)

    with pytest.raises(services.ImportChanged):
        import_list_while(monkeypatch, end, HEADINGS, row(), programme=programme)
    assert Match.objects.get().status == "ended"


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_imports_one_is_stored_and_the_others_are_refused(programme, administrator):
    """One batch applied by two users, and the same list staged twice and applied by two others."""
    headings, line = "Fornavn|Efternavn|E-mail|Branche", "Per|Holm|p@h.dk|It"
    batch, twin = (stage_list(headings, line, programme=programme, by=administrator) for _time in range(2))
    start, refused, failed = threading.Barrier(4), [], []

    def press(wanted):
        try:
            start.wait()
            services.apply_import(wanted, by=administrator)
        except (services.ImportRefused, services.ImportChanged) as refusal:
            refused.append(type(refusal).__name__)
        except Exception as error:  # noqa: BLE001 - any other error fails the test
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(wanted,)) for wanted in (batch, batch, twin, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(refused) == 3
    assert Person.objects.count() == 1
