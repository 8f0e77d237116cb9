"""Follow-ups as rows of a list: *Hele planen*, *I dag* and a match's page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common import clock
from common.templatetags.danish import danish_date, danish_weekday, due_words, late_words
from matching.enums import ContactResult, MatchStatus, Mood, Side
from matching.models import Contact, FollowUp
from matching.rules.talks import PLANNED, Talk
from people.display import name_with_state, pause_until_words
from people.models import Person
from programmes.enums import ContactSide, FollowUpKind

SOON = 7  # days before the due day from which a follow-up can be recorded
MOST_TRIES = 3  # tries that a row names one by one
COMING = 30  # days before the due day from which the row shows the number of days


def title_of(follow_up: FollowUp) -> str:
    """Return the title of a follow-up: ``Månedlig opfølgning``, ``Opfølgning efter 14 dage``."""
    name = follow_up.name
    if follow_up.kind != FollowUpKind.CONTACT or "opfølgning" in name.lower():
        return name
    if name.lower().startswith("efter "):
        return f"Opfølgning {name[0].lower()}{name[1:]}"
    return f"{name} opfølgning"


@dataclass
class FollowUpRow:
    """The context of ``matching/_follow_up_row.html``. ``mode``: waiting, open (with the form) or saved."""

    follow_up: FollowUp
    on: dt.date
    mode: str = "waiting"
    form: object = None

    @property
    def pk(self) -> int:
        return self.follow_up.pk

    @cached_property
    def person(self) -> Person:
        """The person to call: the mentor if the follow-up is with the mentor, otherwise the mentee."""
        match = self.follow_up.match
        return match.mentor if self.follow_up.side == ContactSide.MENTOR else match.mentee

    @property
    def name(self) -> str:
        match = self.follow_up.match
        if self.follow_up.side == ContactSide.BOTH:
            return _("%(mentee)s and %(mentor)s") % {
                "mentee": name_with_state(match.mentee),
                "mentor": name_with_state(match.mentor),
            }
        return name_with_state(self.person)

    @property
    def role(self) -> str:
        """``mentee, match med Karsten Friis``."""
        match = self.follow_up.match
        words = {
            ContactSide.MENTOR: _("mentor, match with %(name)s") % {"name": name_with_state(match.mentee)},
            ContactSide.MENTEE: _("mentee, match with %(name)s") % {"name": name_with_state(match.mentor)},
            ContactSide.PARENTS: _("parents, match with %(name)s") % {"name": name_with_state(match.mentor)},
        }
        return words.get(self.follow_up.side, _("both in the match"))

    @property
    def title(self) -> str:
        return title_of(self.follow_up)

    @property
    def last(self) -> str:
        """``sidst 2. august: blandet``, *first contact*, or *not answered* for a questionnaire."""
        if self.follow_up.kind == FollowUpKind.SURVEY:
            return _("not answered")
        if self.tries:
            return self.try_words
        last_on, mood = self.last_talk
        if not last_on:
            return _("first contact")
        if not mood:
            return _("last %(day)s") % {"day": danish_date(last_on)}
        return _("last %(day)s: %(mood)s") % {"day": danish_date(last_on), "mood": str(Mood(mood).label).lower()}

    @cached_property
    def _contacts(self) -> list[Contact]:
        """The contacts outside the plan with the side of the follow-up; the mentee speaks for the parents."""
        sides = {ContactSide.MENTOR: {Side.MENTOR}, ContactSide.BOTH: {Side.MENTOR, Side.MENTEE}}
        wanted = sides.get(ContactSide(self.follow_up.side), {Side.MENTEE})
        return [contact for contact in self.follow_up.match.contacts.all() if contact.side in wanted]

    @cached_property
    def last_talk(self) -> tuple[dt.date | None, str]:
        """The day and mood of the last talk with the side, planned or not."""
        planned = getattr(self.follow_up, "last_done_on", None), getattr(self.follow_up, "last_mood", "") or ""
        talked = [(contact.on, contact.mood) for contact in self._contacts if contact.is_talk]
        if not talked or (planned[0] and planned[0] > talked[-1][0]):
            return planned
        return talked[-1]

    @cached_property
    def tries(self) -> list[Contact]:
        """The tries to reach the side since the last talk, if the follow-up is due soon or overdue."""
        if not self.can_log or not self.follow_up.is_open:
            return []
        since = self.last_talk[0] or dt.date.min
        return [contact for contact in self._contacts if not contact.is_talk and contact.on > since]

    @property
    def try_words(self) -> str:
        """``ikke truffet 8. september, lagde besked 12. september``; of many the number and the last one."""
        words = {
            ContactResult.NOT_REACHED: _("not reached %(day)s"),
            ContactResult.LEFT_MESSAGE: _("left a message %(day)s"),
        }
        said = [words[ContactResult(one.result)] % {"day": danish_date(one.on)} for one in self.tries]
        if len(said) <= MOST_TRIES:
            return ", ".join(said)
        return _("%(count)s tries, last: %(what)s") % {"count": len(said), "what": said[-1]}

    @property
    def moved_words(self) -> str:
        """``flyttet fra 6. september: ferie``; empty for one that was not moved."""
        if not self.follow_up.first_due_on:
            return ""
        words = {"day": danish_date(self.follow_up.first_due_on), "reason": self.follow_up.moved_reason}
        return _("moved from %(day)s: %(reason)s") % words

    @property
    def is_question(self) -> bool:
        """Whether it is the question about outcomes after the end of the match."""
        return self.follow_up.kind == FollowUpKind.OUTCOMES

    @property
    def is_resting(self) -> bool:
        """Whether the match is on pause, so that the plan rests."""
        return self.follow_up.is_open and self.follow_up.match.status == MatchStatus.PAUSED

    @property
    def is_missed(self) -> bool:
        """Whether the match has ended without it."""
        is_open = self.follow_up.is_open and self.follow_up.match.status == MatchStatus.ENDED
        return is_open and not self.is_question

    @property
    def is_overdue(self) -> bool:
        is_due = self.follow_up.is_open and self.follow_up.due_on < self.on
        return is_due and not self.is_resting and not self.is_missed

    @property
    def when(self) -> str:
        """The weekday within a week, later the date; empty for today and earlier days, and during a pause."""
        if self.is_resting:
            return ""
        away = (self.follow_up.due_on - self.on).days
        if away <= 0:
            return ""
        return danish_weekday(self.follow_up.due_on) if away < 7 else danish_date(self.follow_up.due_on)

    @property
    def short_title(self) -> str:
        """The name in the plan: ``Månedlig``, ``Efter 14 dage``."""
        name = self.follow_up.name.removesuffix(" opfølgning").removeprefix("Opfølgning ")
        return name[:1].upper() + name[1:]

    @property
    def party(self) -> str:
        """The name in a narrow column: ``Hodan``, ``Birgitte``, *Both* or *Parents*."""
        match = self.follow_up.match
        names = {ContactSide.MENTOR: match.mentor.first_name, ContactSide.MENTEE: match.mentee.first_name}
        return names.get(self.follow_up.side) or self.follow_up.get_side_display()

    @property
    def can_log(self) -> bool:
        """Whether the row has a button to record: the match runs, and the follow-up is due soon or overdue."""
        is_soon = self.follow_up.due_on <= self.on + dt.timedelta(days=SOON)
        is_asked = self.follow_up.match.is_running or self.is_question
        return is_soon and is_asked and not self.follow_up.is_skipped

    @property
    def can_move(self) -> bool:
        """Whether the follow-up can be moved or skipped, or taken into the plan again."""
        return self.follow_up.done_on is None and self.follow_up.match.is_running

    @property
    def state(self) -> str:
        """The state for the ``badge`` tag."""
        one = self.follow_up
        if one.done_on:
            return "late" if one.done_on > one.due_on else "done"
        if self.is_resting:
            return "on_pause"
        if self.is_missed or one.is_skipped:
            return "planned"
        if self.is_overdue:
            return "overdue"
        if one.due_on == self.on:
            return "today"
        return "soon" if one.due_on <= self.on + dt.timedelta(days=COMING) else "planned"

    @property
    def state_words(self) -> str:
        """``Udført 11. juli``, ``6 dage for sent``, ``9 dage over``, ``Om 19 dage``, ``Planlagt``."""
        one = self.follow_up
        words = {
            "late": late_words(one.done_on, one.due_on),
            "done": _("Done %(day)s") % {"day": danish_date(one.done_on)},
            "planned": self._planned_words,
            "on_pause": self.pause_words,
        }
        return words.get(self.state, due_words(one.due_on))

    @property
    def _planned_words(self) -> str:
        if self.follow_up.is_skipped:
            return _("Skipped")
        return _("Not done") if self.is_missed else ""

    @property
    def pause_words(self) -> str:
        """``På pause til 1. oktober``, or ``På pause``."""
        return pause_until_words(self.follow_up.match.paused_until)

    @property
    def row_class(self) -> str:
        if self.is_overdue:
            return "selected strong"
        return "muted" if self.state in {"planned", "on_pause"} else ""

    @property
    def saved_words(self) -> str:
        """``Telefon · godt.``"""
        words = [self.follow_up.get_channel_display(), str(self.follow_up.get_mood_display()).lower()]
        return f"{' · '.join(word for word in words if word)}."

    @cached_property
    def next_due_on(self) -> dt.date | None:
        """The next due day for the same side."""
        ahead = FollowUp.objects.to_do().filter(match=self.follow_up.match, due_on__gt=self.follow_up.due_on)
        sides = [self.follow_up.side, ContactSide.BOTH]
        return ahead.filter(side__in=sides).order_by("due_on").values_list("due_on", flat=True).first()

    @property
    def next_words(self) -> str:
        """``Næste opfølgning 12. oktober.``, or that the next one is overdue; empty if none is to do."""
        if self.next_due_on is None:
            return ""
        is_overdue = self.next_due_on < self.on
        words = _("The next follow-up was due %(day)s.") if is_overdue else _("Next follow-up %(day)s.")
        return words % {"day": danish_date(self.next_due_on)}

    @property
    def log_url(self) -> str:
        return reverse("matching:follow-up-log", args=[self.pk])

    @property
    def row_url(self) -> str:
        return reverse("matching:follow-up-row", args=[self.pk])

    @property
    def move_url(self) -> str:
        return reverse("matching:follow-up-move", args=[self.pk])

    @property
    def skip_url(self) -> str:
        return reverse("matching:follow-up-skip", args=[self.pk])

    @property
    def restore_url(self) -> str:
        return reverse("matching:follow-up-restore", args=[self.pk])

    @property
    def undo_url(self) -> str:
        return reverse("matching:follow-up-undo", args=[self.pk])


def set_last_talk(follow_up: FollowUp, talks: list[Talk]) -> None:
    """Give a follow-up the day and mood of the last planned talk with its side, as ``for_rows`` annotates them."""
    sides = {follow_up.side, ContactSide.BOTH}
    earlier = [talk for talk in talks if talk.side in sides and talk.place == PLANNED and talk.pk != follow_up.pk]
    follow_up.last_done_on, follow_up.last_mood = (earlier[-1].on, earlier[-1].mood) if earlier else (None, "")


@dataclass(frozen=True)
class FollowUpGroup:
    """Rows under one heading."""

    key: str
    label: str
    rows: list[FollowUpRow]


def group_rows(
    follow_ups: Iterable[FollowUp], on: dt.date, totals: dict[str, int] | None = None
) -> list[FollowUpGroup]:
    """Group follow-ups by due day: overdue, today, the rest of the week, later, on pause. Empty groups are left out.

    The headings count the rows, or show ``totals`` (see ``group_totals``) if not all rows are given.
    """
    week_ends = end_of_week(on)
    found: dict[str, list[FollowUpRow]] = {"overdue": [], "today": [], "week": [], "later": [], "resting": []}
    for row in (FollowUpRow(follow_up, on) for follow_up in follow_ups):
        found["resting" if row.is_resting else _group_of(row.follow_up.due_on, on, week_ends)].append(row)
    words = {
        "overdue": _("Overdue · %(count)s"),
        "today": _("Today · %(count)s left"),
        "week": _("Rest of the week · %(count)s"),
        "later": _("Later · %(count)s"),
        "resting": _("Match on pause · %(count)s"),
    }
    counts = totals or {key: len(rows) for key, rows in found.items()}
    return [FollowUpGroup(key, words[key] % {"count": counts[key]}, rows) for key, rows in found.items() if rows]


def group_totals(follow_ups, on: dt.date) -> dict[str, int]:
    """Count the follow-ups of a queryset in each group, in one query."""
    week_ends = end_of_week(on)
    is_resting = Q(match__status=MatchStatus.PAUSED)
    return follow_ups.order_by().aggregate(
        overdue=Count("pk", filter=Q(due_on__lt=on) & ~is_resting),
        today=Count("pk", filter=Q(due_on=on) & ~is_resting),
        week=Count("pk", filter=Q(due_on__gt=on, due_on__lte=week_ends) & ~is_resting),
        later=Count("pk", filter=Q(due_on__gt=week_ends) & ~is_resting),
        resting=Count("pk", filter=is_resting),
    )


def end_of_week(on: dt.date) -> dt.date:
    """Return the Sunday of the week."""
    return on + dt.timedelta(days=6 - on.weekday())


def _group_of(due_on: dt.date, on: dt.date, week_ends: dt.date) -> str:
    if due_on < on:
        return "overdue"
    if due_on == on:
        return "today"
    return "week" if due_on <= week_ends else "later"


def row_of(follow_up: FollowUp, mode: str = "waiting", form=None) -> FollowUpRow:
    return FollowUpRow(follow_up, clock.today(), mode, form)
