import datetime as dt

import icalendar

from demo.factories import AttendanceFactory, EventFactory
from events.calendars import build_calendar
from tests.events.conftest import TODAY, at


def build_uri(path):
    return f"https://mentornet.example{path}"


def test_calendar_holds_facts_and_no_names(event):
    event.description = "Vi mødes kl. 17; tag børnene med, og gerne »en ven«."
    AttendanceFactory(event=event, person__first_name="Zainab")
    data = build_calendar([event], build_uri)
    assert b"Zainab" not in data
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")[0]
    assert found["UID"] == f"{event.uid}@mentornet"
    assert str(found["SUMMARY"]) == "Mød jobcentret"
    assert str(found["DESCRIPTION"]) == event.description
    assert found["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert found["DTSTART"].dt == at(TODAY, 17)
    assert found["STATUS"] == "CONFIRMED"
    assert found["URL"] == f"https://mentornet.example/arrangementer/{event.pk}/"


def test_calendar_marks_a_cancelled_event(event):
    event.is_cancelled = True
    found = icalendar.Calendar.from_ical(build_calendar([event], build_uri)).walk("VEVENT")[0]
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", 1)


def test_calendar_of_an_event_across_the_end_of_summer_time(programme):
    event = EventFactory(
        programme=programme, starts_at=at(dt.date(2011, 10, 29), 20), ends_at=at(dt.date(2011, 10, 30), 9), place=""
    )
    data = build_calendar([event], build_uri)
    assert b"BEGIN:VTIMEZONE" in data
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")[0]
    assert found["DTEND"].dt.astimezone(dt.UTC) == event.ends_at
    assert "LOCATION" not in found
