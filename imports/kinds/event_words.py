"""Words of old lists for kinds of events and for what became of an invitation."""

from events.enums import AttendanceStatus, EventKind
from imports.engine.fields import word_list

KINDS = word_list("event_kinds", EventKind)
STATES = word_list("event_states")
STATUSES = word_list("attendance_statuses", AttendanceStatus)
