"""The parts of a status report that users write, in the order of the report."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.enums import EventKind
from reporting.documents.contents import Section


class Area(models.TextChoices):
    """An area of a report, which holds its text, targets and events together."""

    RECRUITMENT = "recruitment", _("Recruitment")
    MATCHING = "matching", _("Matches")
    NETWORK_EVENTS = "network_events", _("Network events")
    COURSES = "courses", _("Courses and exchange of experience")


AREA_OF_EVENT = {
    EventKind.NETWORK: Area.NETWORK_EVENTS,
    EventKind.MENTOR_COURSE: Area.COURSES,
    EventKind.MENTEE_COURSE: Area.COURSES,
    EventKind.EXCHANGE: Area.COURSES,
    EventKind.INTRODUCTION: Area.RECRUITMENT,
    EventKind.OUTREACH: Area.RECRUITMENT,
}

LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Part:
    """A part to write, with its heading and a hint on its content."""

    key: str
    heading: str
    hint: str


PARTS = (
    Part("introduction", _("Introduction and main conclusions"), _("What the reader should remember, in a few lines.")),
    Part("purpose", _("Purpose and target groups"), _("From the agreement; correct it if the programme has changed.")),
    Part(Area.RECRUITMENT, Area.RECRUITMENT.label, _("Where did mentors and mentees come from? What worked?")),
    Part(Area.MATCHING, Area.MATCHING.label, _("How did the interviews and matches go? What were the outcomes?")),
    Part(
        Area.NETWORK_EVENTS,
        Area.NETWORK_EVENTS.label,
        _("Themes, partners, and anything that replaced what was planned."),
    ),
    Part(
        Area.COURSES,
        Area.COURSES.label,
        _("Courses for mentors and mentees, exchange meetings, how satisfied people were."),
    ),
    Part("lessons", _("Challenges and lessons"), _("What was harder than expected, and what do you do about it?")),
    Part("next_steps", _("Next steps"), _("What happens in the next period.")),
)
KEYS = tuple(part.key for part in PARTS)
FIRST_KEYS = ("introduction", "purpose")  # before the targets
LAST_KEYS = ("lessons", "next_steps")


def written(texts: dict[str, str]) -> list[Section]:
    """Return every part in order with its text, which may be empty."""
    return [Section(str(part.key), str(part.heading), texts.get(part.key, "")) for part in PARTS]
