"""Lists of events, and of who was invited to them, signed up and came."""

from events.importing.attendance import AttendanceKind
from events.importing.events import EventList

EVENT_KINDS = (EventList(), AttendanceKind())
