"""The lists of events and of attendances."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.spreadsheets import Sheet
from demo.factories import AttendanceFactory, EnrolmentFactory, EventFactory, ProgrammeFactory
from events import services
from events.models import Attendance, Event
from imports.engine.recognition import make_table, recognise_columns, recognise_kind
from imports.kinds import all_kinds, kind_of
from imports.services import ImportChanged, apply_import
from people.models import Person, PersonMerge
from tests.events.conftest import at
from tests.imports.checks import assert_undone_without_a_trace, check_all
from tests.imports.samples import codes, import_list, import_list_while, row_of, stage_list, tables_locked

pytestmark = pytest.mark.django_db
EVENTS = "Arrangement|Type|Dato|Kl.|Slut|Sted|Pladser|Andre uden navn|Status|Beskrivelse"
LIST = "Arrangement|Dato|Type|Navn|E-mail|Status|Antal uden navn|Note"
TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def asha(programme):
    return EnrolmentFactory(
        programme=programme, person__first_name="Asha", person__last_name="Omar", person__emails=["asha@example.dk"]
    ).person


@pytest.fixture
def emina(programme):
    return EnrolmentFactory(programme=programme, person__first_name="Emina", person__last_name="Softic").person


def evening(**values):
    row = {
        "title": "Mød jobcentret", "kind": "netværksarrangement", "day": "22-09-2010", "start": "17.00",
        "end": "19.30", "place": "Biblioteket", "capacity": "", "others": "", "state": "", "text": "",
    } | values  # fmt: skip
    return "|".join(row.values())


def line(name="Asha Omar", status="deltog", **values):
    row = {
        "title": "Sommerfest", "day": "18-06-2011", "kind": "netværk", "name": name, "email": "", "status": status,
        "others": "", "note": "",
    } | values  # fmt: skip
    return "|".join(row.values())


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Titel|Type|Dato|Start|Slut|Sted|Pladser", "event"),
        ("Arrangement|Dato|Sted", "event"),
        ("Title|Kind|Date|Start time|End time|Venue|Capacity", "event"),
        ("Arrangement|Type|Indsats|Begynder|Slutter|Sted|Pladser|Tilstand|Inviteret|Tilmeldt", "event"),
        ("Arrangement|Dato|Navn|E-mail|Status", "attendance"),
        ("Event|Date|Name|Email|Attended", "attendance"),
        ("Arrangement|Deltager|Deltog", "attendance"),
        ("Titel|Navn|E-mail|Telefon", "contact"),
    ],
)
def test_kind_is_recognised_from_its_headings(headings, kind):
    found = recognise_kind(headings.split("|"), all_kinds())
    assert found.code == kind


# ---------------------------------------------------------------- events


def test_events_are_stored(programme, administrator):
    batch = import_list(
        EVENTS,
        evening(capacity="40", others="7", text="Med mad"),
        evening(title="Kursus", kind="mentorkursus", day="01-12-2011", state="aflyst", start="9", end="12:15"),
        programme=programme,
        by=administrator,
    )
    assert codes(batch) == {2: ("clean",), 3: ("clean",)}
    first, second = Event.objects.order_by("pk")
    assert (first.title, first.kind, first.place, first.capacity) == ("Mød jobcentret", "network", "Biblioteket", 40)
    assert (first.starts_at, first.ends_at) == (
        at(dt.date(2010, 9, 22), 17), at(dt.date(2010, 9, 22), 19, 30),
    )  # fmt: skip
    assert (first.unnamed_guests, first.description, first.is_cancelled) == (7, "Med mad", False)
    assert (row_of(first), first.created_by) == (batch.rows.get(number=2), administrator)
    assert (second.kind, second.is_cancelled, second.capacity) == ("mentor_course", True, None)
    assert (second.starts_at, second.ends_at) == (at(dt.date(2011, 12, 1), 9), at(dt.date(2011, 12, 1), 12, 15))
    assert kind_of("event").stored_urls([row.pk for row in batch.rows.all()]) == {
        row_of(first).pk: f"/arrangementer/{first.pk}/", row_of(second).pk: f"/arrangementer/{second.pk}/",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ("clean",)),
        ({"title": ""}, ("error", "title_missing")),
        ({"title": "x" * 151}, ("error", "too_long")),
        ({"kind": ""}, ("warned", "event_kind_blank")),
        ({"kind": "bal"}, ("error", "unknown_event_kind")),
        ({"day": ""}, ("error", "day_missing")),
        ({"day": "31-02-2011"}, ("error", "bad_date")),
        ({"day": "2011"}, ("error", "day_unreadable")),
        ({"day": "01-01-0201"}, ("error", "year_unlikely")),
        ({"day": "22-09-2009"}, ("warned", "before_programme")),
        ({"start": "", "end": ""}, ("warned", "no_start_time")),
        ({"end": ""}, ("warned", "no_end_time")),
        ({"start": "aften"}, ("error", "time_unreadable")),
        ({"end": "sent"}, ("error", "time_unreadable")),
        ({"end": "16.00"}, ("error", "event_ends_first")),
        ({"end": "23-09-2010 kl. 01.00"}, ("clean",)),
        ({"end": "21-09-2010 01.00"}, ("error", "event_ends_first")),
        ({"start": "17.00-19.00", "end": ""}, ("clean",)),
        ({"start": "", "day": "22-09-2010 17.00"}, ("clean",)),
        ({"capacity": "mange"}, ("warned", "capacity_unreadable")),
        ({"capacity": "0"}, ("warned", "capacity_unreadable")),
        ({"others": "nogle"}, ("warned", "guests_unreadable")),
        ({"state": "måske"}, ("error", "unknown_event_state")),
        ({"start": "02.10", "end": "03.05", "day": "27-03-2011"}, ("error", "event_ends_first")),
    ],
)
def test_issues_of_an_event(programme, values, found):
    assert codes(stage_list(EVENTS, evening(**values), programme=programme)) == {2: found}


def test_missing_facts_of_an_event_are_assumed(programme):
    rows = [
        evening(title="a", start="", end="", capacity="mange", others="nogle"),
        evening(title="b", end=""),
        evening(title="c", start="kl. 17-19", end=""),
        evening(title="d", start="", day="22-09-2010 18:30", end="23-09-2010 01:00"),
    ]
    import_list(EVENTS, *rows, programme=programme)
    day = dt.date(2010, 9, 22)
    times = {event.title: (event.starts_at, event.ends_at) for event in Event.objects.all()}
    assert times == {
        "a": (at(day, 0), at(day, 23, 59)), "b": (at(day, 17), at(day, 19)), "c": (at(day, 17), at(day, 19)),
        "d": (at(day, 18, 30), at(dt.date(2010, 9, 23), 1)),
    }  # fmt: skip
    assert Event.objects.get(title="a").description == "Pladser: mange\nAndre uden navn: nogle"


def test_events_are_undone_without_trace_and_recognised_again(programme, administrator):
    EventFactory(programme=programme, title="Mød Jobcentret", starts_at=at(dt.date(2010, 9, 22), 10))
    rows = [evening(), evening(title="Fest"), evening(title="FEST"), evening(title="Fest", day="23-09-2010")]
    figures = assert_undone_without_a_trace(EVENTS, *rows, programme=programme, by=administrator)
    assert figures["row_list"] == [
        {"row": 2, "state": "duplicate_existing", "codes": []}, {"row": 4, "state": "duplicate_in_file", "codes": []},
    ]  # fmt: skip


def test_date_cell_may_hold_the_time(programme):
    kind = kind_of("event")
    rows = [(1, ["Arrangement", "Begynder", "Slutter", "Type"])]
    start, end = dt.datetime(2011, 5, 3, 17, 30), dt.datetime(2011, 5, 3, 20)
    rows += [(2, ["Fest", start, end, "erfa"]), (3, ["Møde", dt.date(2011, 5, 3), 0.75, "erfa"])]
    table = make_table(Sheet("x", rows=rows), 1)
    columns = recognise_columns(table.headers, kind.fields).columns
    first, second = check_all(kind, table, columns, kind.load_known(programme), today=TODAY)
    assert (first.state, first.record.starts_at, first.record.ends_at) == ("clean", start, end)
    assert (second.state, second.codes) == ("warned", ["no_start_time"])


# ---------------------------------------------------------------- attendances


def test_unknown_event_is_created_once(programme, asha, emina, administrator):
    batch = import_list(
        LIST,
        line(note="med børn"),
        line("Emina Softic", "afbud"),
        line("7 andre", others="7"),
        programme=programme,
        by=administrator,
    )
    assert codes(batch) == {2: ("warned", "event_created"), 3: ("clean",), 4: ("clean",)}
    event = Event.objects.get()
    assert (event.title, event.kind, event.unnamed_guests, event.capacity) == ("Sommerfest", "network", 7, None)
    assert (event.starts_at, event.ends_at) == (at(dt.date(2011, 6, 18), 0), at(dt.date(2011, 6, 18), 23, 59))
    assert (row_of(event), event.created_by) == (batch.rows.get(number=2), administrator)
    came, cancelled = Attendance.objects.order_by("pk")
    assert (came.person, came.status, came.came_at, came.note) == (asha, "attended", event.starts_at, "med børn")
    assert (cancelled.person, cancelled.status, cancelled.came_at) == (emina, "cancelled", None)
    assert row_of(came) == batch.rows.get(number=2)
    urls = kind_of("attendance").stored_urls([row.pk for row in batch.rows.all()])
    assert urls == dict.fromkeys([row_of(came).pk, row_of(cancelled).pk], f"/arrangementer/{event.pk}/")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ("clean",)),
        ({"name": "", "email": "ASHA@example.dk"}, ("clean",)),
        ({"name": "Omar, Asha"}, ("clean",)),
        ({"name": "Ukendt"}, ("error", "unknown_person")),
        ({"name": "Ida Dam"}, ("error", "ambiguous_person")),
        ({"name": "7 andre"}, ("error", "unknown_person")),
        ({"name": "7 andre", "others": "7"}, ("clean",)),
        ({"name": "andre", "others": "mange"}, ("error", "unknown_person")),
        ({"others": "2"}, ("clean",)),
        ({"others": "mange"}, ("warned", "guests_unreadable")),
        ({"title": ""}, ("error", "title_missing")),
        ({"day": ""}, ("clean",)),
        ({"day": "", "title": "Ny fest"}, ("error", "day_missing")),
        ({"day": "", "title": "Jul"}, ("error", "event_day_missing")),
        ({"day": "31-02-2011"}, ("error", "bad_date")),
        ({"title": "Ny fest", "kind": ""}, ("warned", "event_created", "event_kind_blank")),
        ({"status": "måske"}, ("error", "unknown_attendance")),
        ({"status": ""}, ("warned", "attendance_blank")),
        ({"title": "Kommende", "day": "01-12-2099"}, ("error", "came_ahead")),
        ({"title": "Kommende", "day": "01-12-2099", "status": "tilmeldt"}, ("clean",)),
        ({"title": "Kommende", "day": "01-12-2099", "status": ""}, ("warned", "attendance_blank")),
        ({"title": "Kommende", "day": "01-12-2099", "name": "x", "others": "3"}, ("error", "came_ahead")),
        ({"note": "x" * 121}, ("error", "too_long")),
        ({"note": "x" * 96, "others": "mange"}, ("warned", "guests_unreadable")),
        ({"note": "x" * 97, "others": "mange"}, ("error", "too_long")),
    ],
)
def test_issues_of_an_attendance(programme, asha, values, found):
    for day in (dt.date(2010, 12, 20), dt.date(2011, 1, 6)):
        EventFactory(programme=programme, title="Jul", starts_at=at(day, 17))
        EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam")
    EventFactory(programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14))
    EventFactory(programme=programme, title="Kommende", starts_at=at(dt.date(2099, 12, 1), 14))
    assert codes(stage_list(LIST, line(**values), programme=programme)) == {2: found}


def test_namesakes_are_found_by_case_number(programme, asha):
    namesake = EnrolmentFactory(programme=programme, person__first_name="Asha", person__last_name="Omar").person
    EventFactory(programme=programme, title="Fest", starts_at=at(dt.date(2011, 6, 18), 14))
    PersonMerge.objects.create(branch=programme.branch, kept=asha, merged_case_number="T-2009-007")
    headings = "Arrangement|Sagsnummer|Navn|Deltog"
    rows = [
        f"Fest|{namesake.case_number.lower()}|Asha Omar|ja",
        "Fest||Asha Omar|ja",
        f"Fest|{asha.case_number}|Per Holm|ja",
        "Fest|t-2009-007|Asha O.|ja",
        "Fest|T-1999-999|Per Holm|ja",
    ]
    EnrolmentFactory(programme=programme, person__first_name="Per", person__last_name="Holm")
    batch = import_list(headings, *rows, programme=programme)
    assert codes(batch) == {
        2: ("clean",), 3: ("error", "ambiguous_person"), 4: ("error", "case_number_of_another"), 5: ("clean",),
        6: ("warned", "case_number_unknown"),
    }  # fmt: skip
    people = Attendance.objects.order_by("pk").values_list("person__first_name", "person_id")
    assert list(people)[:2] == [("Asha", namesake.pk), ("Asha", asha.pk)]


def test_status_changes_only_to_one_of_higher_weight(programme, asha, emina):
    event = EventFactory(programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14), capacity=2)
    stored = AttendanceFactory(event=event, person=asha, status="signed_up", place_number=1, invited_on=TODAY)
    batch = import_list(
        LIST,
        line(),
        line(status="inviteret"),
        line("Emina Softic", "tilmeldt"),
        line("Emina Softic", "tilmeldt"),
        line("Emina Softic", "udeblev"),
        programme=programme,
    )
    assert codes(batch) == {
        2: ("clean", "attendance_moved"), 3: ("duplicate_in_file", "record_in_file"), 4: ("clean",),
        5: ("duplicate_in_file", "record_in_file"), 6: ("clean", "attendance_moved"),
    }  # fmt: skip
    stored.refresh_from_db()
    assert (stored.status, stored.place_number, stored.came_at) == ("attended", 1, event.starts_at)
    absent = Attendance.objects.get(person=emina)
    assert (absent.status, absent.place_number, absent.signed_up_at) == ("absent", None, event.starts_at)


def test_places_are_numbered_and_sign_ups_beyond_them_wait(programme):
    names = ["Asha", "Emina", "Leyla", "Nadia", "Ida"]
    for name in names:
        EnrolmentFactory(programme=programme, person__first_name=name, person__last_name="Y")
    event = EventFactory(programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14), capacity=2)
    AttendanceFactory(event=event, person=Person.objects.get(first_name="Asha"), status="attended", place_number=2)
    batch = import_list(
        LIST,
        *(line(f"{name} Y", status) for name, status in zip(
            names[1:], ["tilmeldt", "tilmeldt", "deltog", "inviteret"], strict=True,
        )),
        programme=programme,
    )  # fmt: skip
    assert codes(batch) == {2: ("clean",), 3: ("warned", "event_full"), 4: ("clean",), 5: ("clean",)}
    rows = Attendance.objects.order_by("pk").values_list("person__first_name", "status", "place_number", "invited_on")
    assert list(rows) == [
        ("Asha", "attended", 2, None),
        ("Emina", "signed_up", 1, None),
        ("Leyla", "waiting_list", None, None),
        ("Nadia", "attended", 3, None),
        ("Ida", "invited", None, dt.date(2011, 6, 18)),
    ]
    again = stage_list(LIST, line("Leyla Y", "tilmeldt"), programme=programme)
    assert codes(again) == {2: ("duplicate_existing", "record_existing")}


def test_days_of_invitation_and_sign_up_are_stored(programme, asha):
    headings = "Arrangement|Dato|Navn|Status|Inviteret den|Tilmeldt den|Type"
    import_list(headings, "Fest|18-06-2011|Asha Omar|deltog|01-06-2011|05-06-2011|erfa", programme=programme)
    attendance = Attendance.objects.get()
    assert attendance.invited_on == dt.date(2011, 6, 1)
    assert timezone.localtime(attendance.signed_up_at) == at(dt.date(2011, 6, 5), 0)


def test_attendances_are_undone_without_trace_and_recognised_again(programme, asha, emina, administrator):
    event = EventFactory(
        programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14), capacity=5, unnamed_guests=0
    )
    AttendanceFactory(event=event, person=asha, status="signed_up", place_number=1)
    rows = [
        line(), line("Emina Softic", "tilmeldt", others="2"), line("7 andre", others="7"), line("børn", others="3"),
        line("7 andre", others="7"), line(title="Ny"), line("5 andre", others="5", title="Ny"),
        line("Emina Softic", "deltog"),
    ]  # fmt: skip
    figures = assert_undone_without_a_trace(LIST, *rows, programme=programme, by=administrator)
    assert figures["row_list"] == [
        {"row": 6, "state": "duplicate_in_file", "codes": []},
        {"row": 7, "state": "warned", "codes": ["event_created"]},
    ]
    assert figures["accepted"] == 7
    import_list(LIST, *rows, programme=programme, by=administrator)
    counts = dict(Event.objects.values_list("title", "unnamed_guests"))
    assert counts == {"Sommerfest": 12, "Ny": 5}
    again = stage_list(LIST, *rows, programme=programme)
    found = codes(again)
    assert (found[4], found[5], found[8]) == (("duplicate_existing", "guests_counted"),) * 3


def test_rows_are_compared_with_the_rows_above_them(programme, asha, emina):
    event = EventFactory(
        programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14), capacity=1, unnamed_guests=8
    )
    AttendanceFactory(event=event, person=asha, status="waiting_list")
    rows = [
        line("7 andre", others="7"), line("7 andre", others="7"), line("3 andre", others="3"), line(status="tilmeldt"),
        line("Emina Softic", "tilmeldt"), line("Emina Softic", "tilmeldt"), line("Emina Softic", "deltog"),
        line(title="Ny", day=""), line(title="Ny"), line("Emina Softic", title="Ny"), line(title="Ny", day=""),
    ]  # fmt: skip
    found = codes(stage_list(LIST, *rows, programme=programme))
    assert [(number, state) for number, (state, *_rest) in found.items()] == [
        (2, "duplicate_existing"), (3, "duplicate_existing"), (4, "clean"), (5, "clean"), (6, "warned"),
        (7, "duplicate_in_file"), (8, "clean"), (9, "error"), (10, "warned"), (11, "clean"),
        (12, "duplicate_in_file"),
    ]  # fmt: skip


def test_apply_takes_the_same_queries_for_any_number_of_rows(programme, django_assert_max_num_queries):
    counts = []
    for size in (3, 30):
        names = [f"Navn{size}x{number}" for number in range(size)]
        for name in names:
            EnrolmentFactory(programme=programme, person__first_name=name, person__last_name="Y")
        batch = stage_list(
            LIST, *(line(f"{name} Y", title=f"Fest {name}") for name in names), programme=programme
        )  # fmt: skip
        with django_assert_max_num_queries(60) as captured:
            apply_import(batch, by=None)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# ---------------------------------------------------------------- changes between check and apply


@pytest.mark.parametrize(
    "act",
    [
        lambda row: services.tick_attendance(row, by=None),
        lambda row: row.delete(),
        lambda row: row.event.delete(),
        lambda row: Event.objects.update(title="Efterårsfest"),
        lambda row: Event.objects.update(programme=ProgrammeFactory()),
    ],
)
def test_attendance_changed_meanwhile_stops_the_import(programme, asha, monkeypatch, act):
    event = EventFactory(programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14))
    stored = AttendanceFactory(event=event, person=asha, status="signed_up")
    with pytest.raises(ImportChanged):
        import_list_while(monkeypatch, lambda: act(stored), LIST, line(status="udeblev"), programme=programme)
    assert list(Attendance.objects.values_list("status", "came_at")) == [("signed_up", None)]


def test_event_changed_meanwhile_stops_the_import(programme, asha, emina, monkeypatch):
    event = EventFactory(
        programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14), capacity=1, unnamed_guests=0
    )
    acts = [
        (line(status="tilmeldt"), lambda: AttendanceFactory(event=event, person=asha, status="invited")),
        (
            line(status="tilmeldt"),
            lambda: AttendanceFactory(event=event, person=emina, status="signed_up", place_number=1),
        ),
        (line("7 andre", others="7"), lambda: services.set_unnamed_guests(event, by=None, count=7)),
        (line(title="Ny"), lambda: EventFactory(programme=programme, title="NY", starts_at=event.starts_at)),
    ]
    for row, act in acts:
        with monkeypatch.context() as patch, pytest.raises(ImportChanged):
            import_list_while(patch, act, LIST, row, programme=programme)
        assert (Event.objects.count(), Attendance.objects.count()) == (1, 0)
    import_list(LIST, *(row for row, _act in acts), programme=programme)
    assert list(Attendance.objects.order_by("pk").values_list("event__title", "status")) == [
        ("Sommerfest", "signed_up"), ("Ny", "attended"),
    ]  # fmt: skip
    event.refresh_from_db()
    assert event.unnamed_guests == 7


def test_other_values_changed_meanwhile_are_kept(programme, asha, monkeypatch):
    event = EventFactory(
        programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14), capacity=3, place="Hallen"
    )
    stored = AttendanceFactory(event=event, person=asha, status="signed_up", place_number=3, note="med børn")

    def act():
        Attendance.objects.update(note="uden børn", place_number=2)
        Event.objects.update(place="Biblioteket", capacity=4)

    rows = [line(note="kørestol"), line("7 andre", others="7")]
    import_list_while(monkeypatch, act, LIST, *rows, programme=programme)
    stored.refresh_from_db()
    event.refresh_from_db()
    assert (stored.status, stored.place_number, stored.note) == ("attended", 2, "uden børn")
    assert (event.place, event.capacity, event.unnamed_guests) == ("Biblioteket", 4, 7)


def test_changed_events_and_their_lists_are_locked(programme, asha):
    event = EventFactory(programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 18), 14))
    AttendanceFactory(event=event, person=asha, status="signed_up")
    batch = stage_list(LIST, line(), programme=programme)
    with CaptureQueriesContext(connection) as captured:
        apply_import(batch, by=None)
    assert tables_locked(captured) >= (
        {"events_event", "events_attendance"} if connection.features.has_select_for_update else set()
    )
