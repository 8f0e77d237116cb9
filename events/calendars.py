"""Calendar files (RFC 5545). They hold facts of events and never the name of a participant."""

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from django.urls import reverse

from common.lazy import LazyModule
from events.models import Event

icalendar = LazyModule("icalendar")

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def build_calendar(events: Iterable[Event], build_uri: Callable[[str], str]) -> bytes:
    """Return the calendar file of some events; ``build_uri`` makes an absolute address of a path.

    An event keeps its UID, so that a calendar which reads the file again updates the event instead of adding another.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Mentornet//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(_fill(icalendar.Event(), event, build_uri))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _fill(component, event: Event, build_uri: Callable[[str], str]):
    """Add the facts of an event to its component, an ``icalendar.Event``; return it."""
    component.add("uid", f"{event.uid}@mentornet")
    component.add("dtstamp", event.created_at)
    component.add("dtstart", event.starts_at.astimezone(COPENHAGEN))
    component.add("dtend", event.ends_at.astimezone(COPENHAGEN))
    component.add("summary", event.title)
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    component.add("sequence", 1 if event.is_cancelled else 0)
    if event.place:
        component.add("location", event.place)
    if event.description:
        component.add("description", event.description)
    component.add("url", build_uri(reverse("events:event-detail", args=[event.pk])))
    component.add("categories", [str(event.get_kind_display())])
    return component
