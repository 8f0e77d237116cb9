"""The import of interviews."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.factories import EnrolmentFactory, InterviewFactory, MatchFactory, MentorFactory
from imports import services
from imports.kinds import kind_of
from imports.models import RowOrigin
from imports.services import ImportChanged
from matching.models import Interview, Match
from people.models import Enrolment
from tests.imports.checks import assert_undone_without_a_trace
from tests.imports.samples import codes, import_list, import_list_while, row_of, stage_list, tables_locked

pytestmark = pytest.mark.django_db
INTERVIEWS = (
    "Sagsnummer|Navn|Rolle|Planlagt til|Kl.|Interviewdato|Sted|Interviewer|Resumé|Vurdering|Om vurderingen|Næste skridt"
)
TODAY = dt.date(2011, 9, 15)


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


def test_an_interview_is_stored_and_sets_the_status_of_the_applicant(programme, ida, administrator):
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
    assert (stored.next_step, row_of(stored)) == ("Find mentor", batch.rows.get())
    ida.refresh_from_db()
    assert (ida.status, ida.waiting_since) == ("waiting", dt.date(2011, 4, 2))
    kind = kind_of("interview")
    assert kind.stored_urls([row_of(stored).pk]) == {row_of(stored).pk: f"/personer/{ida.person_id}/"}
    assert kind.list_url() == "/personer/"


def test_the_last_assessment_sets_the_status(programme, ida):
    ready = MentorFactory(programme=programme, person__first_name="Bo", person__last_name="Dam", waiting_since=None)
    later = EnrolmentFactory(programme=programme, person__first_name="Lis", person__last_name="Dam", status="applied")
    rows = [
        interview(held="05-04-2011", assessment="ikke egnet", about="flytter"),
        interview(held="01-04-2011", assessment="klar"),
        interview(name="Bo Dam", assessment="nej"),
        interview(name="Lis Dam", assessment="ikke endnu"),
    ]
    import_list(INTERVIEWS, *rows, programme=programme)
    for enrolment in (ida, ready, later):
        enrolment.refresh_from_db()
    assert (ida.status, ida.ended_on, ida.ended_reason) == ("declined", dt.date(2011, 4, 5), "flytter")
    assert (ready.status, later.status) == ("declined", "applied")


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
        ({"held": "02-04-2099"}, ("clean", "held_ahead")),
        ({"held": "02-04-2099", "planned": "02-04-2011"}, ("error", "day_ahead")),
        ({"held": "", "planned": "02-04-2099", "time": "16"}, ("clean",)),
        ({"held": "", "planned": "02-04-2099", "time": "eftermiddag"}, ("error", "time_unreadable")),
        ({"assessment": "tja"}, ("error", "unknown_assessment")),
        ({"next": "x" * 201}, ("error", "too_long")),
    ],
)
def test_states_of_interview_rows(programme, ida, values, found):
    person = EnrolmentFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    MentorFactory(programme=programme, person=person)
    assert codes(stage_list(INTERVIEWS, interview(**values), programme=programme)) == {2: found}


def test_several_roles_without_a_role_column_are_an_error(programme, ida):
    MentorFactory(programme=programme, person=ida.person)
    batch = stage_list("Navn|Planlagt til|Interviewer|Vurdering", "Ida Dam|02-04-2099||", programme=programme)
    assert batch.rows.get().issues[0]["facts"] == {"name": "Ida Dam", "words": "mentor, mentee"}


def test_a_planned_day_may_include_a_time(programme, ida):
    import_list(INTERVIEWS, interview(held="", planned="02-04-2099 16:30"), programme=programme)
    interview_ahead = Interview.objects.get()
    assert (interview_ahead.planned_on, interview_ahead.planned_time) == (dt.date(2099, 4, 2), dt.time(16, 30))
    assert interview_ahead.held_on is None


def test_only_blank_fields_of_a_known_interview_are_filled_in(programme, ida):
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
    assert (held.interviewer_note, held.summary, row_of(held)) == (
        "Karen",
        "Vil i arbejde",
        batch.rows.get(number=2),
    )
    assert (planned.planned_on, planned.held_on) == (dt.date(2011, 5, 2), dt.date(2011, 5, 3))
    assert Interview.objects.count() == 2


def test_undo_removes_interviews_and_a_repeated_import_finds_duplicates(programme, ida, administrator):
    first = import_list("Navn|Interviewdato|Ankomstår", "Bo Dam|02-04-2011|2001", programme=programme)
    InterviewFactory(enrolment=ida, held_on=dt.date(2011, 4, 2))
    assert Interview.objects.get(
        pk=RowOrigin.objects.get(model="matching.interview", row=first.rows.get()).object_id
    ).held_on == dt.date(2011, 4, 2)
    rows = [
        interview(summary="s", assessment="klar"), interview(), interview(held="01-05-2011", assessment="nej"),
        interview(name="Bo Dam", summary="t"), interview(held="", planned="02-04-2099"),
        interview(held="", planned="02-04-2099"), interview(name="Hvem"),
    ]  # fmt: skip
    figures = assert_undone_without_a_trace(INTERVIEWS, *rows, programme=programme, by=administrator)
    assert (figures["accepted"], figures["duplicates_in_file"]) == (4, 2)
    assert Enrolment.objects.get(pk=ida.pk).status == "applied"


@pytest.mark.parametrize(
    "act",
    [
        lambda stored: Interview.objects.update(summary="Vil på skole"),
        lambda stored: Interview.objects.update(held_on=dt.date(2011, 4, 3)),
        lambda stored: stored.delete(),
        lambda stored: stored.enrolment.delete(),
    ],
)
def test_an_import_is_refused_if_a_known_interview_changed_since_the_check(programme, ida, monkeypatch, act):
    stored = InterviewFactory(enrolment=ida, held_on=dt.date(2011, 4, 2), summary="")
    with pytest.raises(ImportChanged):
        import_list_while(
            monkeypatch, lambda: act(stored), INTERVIEWS, interview(summary="Vil i arbejde"), programme=programme
        )
    assert Interview.objects.values_list("summary", "held_on").get() == ("", dt.date(2011, 4, 2))


def test_two_rows_can_complete_one_interview(programme, ida):
    stored = InterviewFactory(
        enrolment=ida, held_on=None, planned_on=dt.date(2011, 4, 1), interviewer_note="", summary="", next_step=""
    )
    rows = [
        interview(planned="01-04-2011", held="02-04-2011", summary="Vil i arbejde", interviewer=""),
        interview(planned="01-04-2011", held="", next="Find mentor"),
    ]
    batch = import_list(INTERVIEWS, *rows, programme=programme)
    assert codes(batch) == dict.fromkeys((2, 3), ("clean", "interview_completed"))
    stored.refresh_from_db()
    assert (stored.held_on, stored.summary, stored.next_step, stored.interviewer_note) == (
        dt.date(2011, 4, 2), "Vil i arbejde", "Find mentor", "Mette S.",
    )  # fmt: skip


def test_only_people_who_are_still_applicants_get_a_new_status(programme, ida, monkeypatch):
    rows = [interview(assessment="klar"), interview(name="Bo Dam", assessment="klar")]
    bo = EnrolmentFactory(programme=programme, person__first_name="Bo", person__last_name="Dam", status="applied")
    with monkeypatch.context() as patch, pytest.raises(ImportChanged):
        import_list_while(patch, Enrolment.objects.filter(pk=bo.pk).delete, INTERVIEWS, *rows, programme=programme)
    assert Interview.objects.count() == 0

    def act():
        Enrolment.objects.filter(pk=ida.pk).update(status="declined", ended_reason="flyttet")
        Enrolment.objects.filter(pk=bo.pk).update(wish="en kvinde")

    changed = bo.updated_at
    import_list_while(monkeypatch, act, INTERVIEWS, *rows, programme=programme)
    found = Enrolment.objects.order_by("pk").values_list("status", "waiting_since", "ended_reason", "wish")
    assert list(found) == [
        ("declined", ida.waiting_since, "flyttet", ida.wish), ("waiting", dt.date(2011, 4, 2), "", "en kvinde"),
    ]  # fmt: skip
    bo.refresh_from_db()
    assert bo.updated_at > changed


def test_not_suited_of_a_person_in_a_match_is_an_error_unless_assessed_later(programme, ida, monkeypatch):
    mentor = MentorFactory(programme=programme, person__first_name="Bo", person__last_name="Dam", capacity=2)
    MatchFactory(programme=programme, mentor=mentor.person, mentee=ida.person)
    Enrolment.objects.filter(pk=ida.pk).update(status="matched")
    InterviewFactory(enrolment=mentor, held_on=dt.date(2011, 5, 2), assessment="suitable")
    rows = [interview(assessment="ikke egnet"), interview(name="Bo Dam", assessment="ikke egnet")]
    batch = import_list(INTERVIEWS, *rows, programme=programme)
    assert codes(batch) == {2: ("error", "in_open_match"), 3: ("clean",)}
    found = Enrolment.objects.filter(pk__in=[ida.pk, mentor.pk]).order_by("pk")
    assert list(found.values_list("status", flat=True)) == ["matched", "waiting"]

    def start_match():
        MatchFactory(programme=programme, mentor=mentor.person, mentor_place=2)
        Interview.objects.filter(held_on=dt.date(2011, 5, 2)).delete()

    later = interview(name="Bo Dam", held="03-05-2011", assessment="ikke egnet")
    Match.objects.all().delete()
    with pytest.raises(ImportChanged):
        import_list_while(monkeypatch, start_match, INTERVIEWS, later, programme=programme)


def test_interviews_and_enrolments_are_locked(programme, ida):
    InterviewFactory(enrolment=ida, held_on=dt.date(2011, 4, 2), assessment="", summary="")
    batch = stage_list(INTERVIEWS, interview(summary="Vil i arbejde", assessment="klar"), programme=programme)
    with CaptureQueriesContext(connection) as captured:
        services.apply_import(batch, by=None)
    assert tables_locked(captured) >= (
        {"matching_interview", "people_enrolment"} if connection.features.has_select_for_update else set()
    )
