"""Rows of the task list on the page Today, other than follow-ups."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common.templatetags.danish import at_time, danish_date, danish_weekday
from events.lists import counted_words
from events.models import Event
from matching.models import Interview, PlannedMeeting
from matching.words import capital
from people.models import Draft


class TimedRow:
    """A row with a day and perhaps a time, shown on the day ``on``."""

    on: dt.date

    @property
    def day(self) -> dt.date:
        raise NotImplementedError

    @property
    def time(self) -> dt.time | None:
        raise NotImplementedError

    @property
    def pk(self) -> int:
        raise NotImplementedError

    @property
    def is_overdue(self) -> bool:
        return self.day < self.on

    @property
    def when(self) -> str:
        """Day and time as text: ``Kl. 16.30`` (or empty) today, ``Fredag kl. 13`` within a week, else with the date."""
        time = at_time(self.time)
        if self.day == self.on:
            return time[:1].upper() + time[1:]
        is_near = 0 < (self.day - self.on).days < 7
        return f"{danish_weekday(self.day) if is_near else danish_date(self.day)} {time}".strip()


@dataclass(frozen=True)
class InterviewRow(TimedRow):
    """A planned interview."""

    interview: Interview
    on: dt.date
    template = "desk/_interview_row.html"

    @property
    def day(self) -> dt.date:
        return self.interview.planned_on

    @property
    def time(self) -> dt.time | None:
        return self.interview.planned_time

    @property
    def pk(self) -> int:
        return self.interview.pk


@dataclass(frozen=True)
class MeetingRow(TimedRow):
    """A planned meeting of mentor and mentee, for the ``reader``."""

    plan: PlannedMeeting
    on: dt.date
    reader: User
    template = "desk/_meeting_row.html"

    @property
    def day(self) -> dt.date:
        return self.plan.on

    @property
    def time(self) -> dt.time | None:
        return self.plan.time

    @property
    def pk(self) -> int:
        return self.plan.pk

    @property
    def what(self) -> str:
        """``Tingbjerg Bibliotek · du er med · tag aftalen med til underskrift``; empty if none of it is known."""
        plan, words = self.plan, [self.plan.place]
        if plan.staff_id == self.reader.pk:
            words.append(_("you take part"))
        elif plan.staff:
            words.append(_("%(name)s takes part") % {"name": plan.staff.name})
        match = plan.match
        if plan.is_first and match.programme.requires_agreement and not match.agreement_signed_on:
            words.append(_("bring the agreement to be signed"))
        return capital(" · ".join(word for word in words if word))

    @property
    def url(self) -> str:
        """The page that records the meeting."""
        return reverse(
            "matching:match-start" if self.plan.is_first else "matching:meeting-create", args=[self.match_pk]
        )

    @property
    def match_pk(self) -> int:
        return self.plan.match_id


@dataclass(frozen=True)
class EventRow:
    """An event that is over and not confirmed as held, annotated by ``with_counts``."""

    event: Event

    @property
    def counted(self) -> str:
        return capital(counted_words(self.event))


@dataclass(frozen=True)
class DraftRow:
    """A draft of an intake or an interview. ``name`` may be empty."""

    draft: Draft
    name: str

    @property
    def url(self) -> str:
        """The page that goes on with the draft."""
        if self.draft.interview_of:
            return reverse("matching:interview-record", args=[self.draft.interview_of])
        return reverse("people:person-create-draft", args=[self.draft.key])

    @property
    def missing(self) -> str:
        """What is missing first, as text."""
        if self.draft.interview_of:
            return _("the assessment is missing") if self.draft.lacks("assessment") else _("ready to be saved")
        if not self.name:
            return _("the name is missing")
        if self.draft.lacks("role"):
            return _("the role is missing")
        return _("consent is missing") if self.draft.lacks("store") else _("ready to be saved")
