"""Merging of attendances when two people are merged: each event keeps one attendance of the person."""

import itertools
from collections.abc import Iterator

from django.utils.translation import ngettext

from accounts.models import User
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.models import Attendance
from people.merging import MergeRule
from people.models import Person

# In ascending order of what a merge keeps.
STATUS_ORDER = [
    AttendanceStatus.CANCELLED,
    AttendanceStatus.INVITED,
    AttendanceStatus.ABSENT,
    AttendanceStatus.WAITING_LIST,
    AttendanceStatus.SIGNED_UP,
    AttendanceStatus.ATTENDED,
]


def fold_attendances(row: Attendance, twin: Attendance, remarks: list[str]) -> dict:
    """Return the merged values of two attendances at one event: the stronger status, its place, the earliest times.

    A note that gets too long is shortened to the first person's; ``remarks`` then gets the other note.
    """
    ahead, behind = sorted((row, twin), key=lambda attendance: -STATUS_ORDER.index(attendance.status))
    has_place = ahead.status in PLACE_STATUSES
    values = {
        "status": ahead.status,
        "place_number": (ahead.place_number or behind.place_number) if has_place else None,
    }
    for name in ("invited_on", "signed_up_at", "came_at"):
        times = [time for time in (getattr(row, name), getattr(twin, name)) if time]
        values[name] = min(times, default=None)
    note = ", ".join(dict.fromkeys(note for note in (row.note, twin.note) if note))
    if len(note) > Attendance._meta.get_field("note").max_length:
        remarks.append(f"{twin.event}: {twin.note}")
        note = row.note
    return values | {"note": note}


def take_free_places(attendances: list[Attendance]) -> list[str]:
    """Give each attendance that undoing restores the next free place if its own is taken by now.

    Returns the names of the fields.
    """
    given: dict[int, set[int]] = {}  # by event
    for row in (row for row in attendances if row.status in PLACE_STATUSES and row.place_number is not None):
        stored = Attendance.objects.filter(event=row.event_id, status__in=PLACE_STATUSES)
        stored = stored.exclude(pk__in=[other.pk for other in attendances]).values_list("place_number", flat=True)
        taken = {*stored, *given.setdefault(row.event_id, set())}
        if row.place_number in taken:
            row.place_number = next(place for place in itertools.count(1) if place not in taken)
        given[row.event_id].add(row.place_number)
    return ["place_number"]


def merge_consequences(kept: Person, other: Person, user: User) -> Iterator[str]:
    """Describe what a merge does with the attendances of ``other``, in sentences."""
    events = set(other.attendances.values_list("event_id", flat=True))
    both = len(events & set(kept.attendances.values_list("event_id", flat=True)))
    if len(events) > both:
        alone = len(events) - both
        yield ngettext(
            "The attendance at %(count)s event is moved too.",
            "The attendances at %(count)s events are moved too.",
            alone,
        ) % {"count": alone}
    if both:
        yield ngettext(
            "Both are on the list of %(count)s event: one attendance is kept, with the status that counts most.",
            "Both are on the lists of %(count)s events: one attendance is kept each, with the status that counts most.",
            both,
        ) % {"count": both}


ATTENDANCE_RULE = MergeRule(fold=fold_attendances)
