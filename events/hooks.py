"""What events adds to people: a person's timeline, merges."""

from events.merging import ATTENDANCE_RULE, merge_consequences
from events.models import Attendance
from events.timeline import event_entries
from people.merging import MERGE_CONSEQUENCES, MERGE_RULES
from people.timeline import TIMELINE_SOURCES

TIMELINE_SOURCES.add(event_entries)
MERGE_RULES.add(ATTENDANCE_RULE, key=Attendance)
MERGE_CONSEQUENCES.add(merge_consequences)
