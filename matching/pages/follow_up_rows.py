"""A follow-up as a row of a list: whom to talk with, about which match, how it went last. Also for *I dag*."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common import clock
from common.templatetags.danish import danish_date, danish_weekday, due_words, late_words
from matching.enums import Mood
from matching.models import FollowUp
from people.models import Person
from programmes.enums import ContactSide, FollowUpKind

SOON = 7  # days ahead from which a row of the plan can be logged
COMING = 30  # days ahead within which the row says in how many days


def title_of(follow_up: FollowUp) -> str:
    """``Månedlig opfølgning``, ``Opfølgning efter 14 dage``: the plan's word in a sentence of its own."""
    name = follow_up.name
    if follow_up.kind != FollowUpKind.CONTACT or "opfølgning" in name.lower():
        return name
    if name.lower().startswith("efter "):
        return f"Opfølgning {name[0].lower()}{name[1:]}"
    return f"{name} opfølgning"


@dataclass
class FollowUpRow:
    """What ``matching/_follow_up_row.html`` shows. ``mode``: waiting, open (being logged) or saved."""

    follow_up: FollowUp
    on: dt.date
    mode: str = "waiting"
    form: object = None

    @property
    def pk(self) -> int:
        return self.follow_up.pk

    @cached_property
    def person(self) -> Person:
        """Whose phone rings: the mentor's, otherwise the mentee's."""
        match = self.follow_up.match
        return match.mentor if self.follow_up.side == ContactSide.MENTOR else match.mentee

    @property
    def name(self) -> str:
        match = self.follow_up.match
        if self.follow_up.side == ContactSide.BOTH:
            return _("%(mentee)s and %(mentor)s") % {"mentee": match.mentee.name, "mentor": match.mentor.name}
        return self.person.name

    @property
    def role(self) -> str:
        """``mentee, match med Karsten Friis``."""
        match = self.follow_up.match
        words = {
            ContactSide.MENTOR: _("mentor, match with %(name)s") % {"name": match.mentee.name},
            ContactSide.MENTEE: _("mentee, match with %(name)s") % {"name": match.mentor.name},
            ContactSide.PARENTS: _("parents, match with %(name)s") % {"name": match.mentor.name},
        }
        return words.get(self.follow_up.side, _("both in the match"))

    @property
    def title(self) -> str:
        return title_of(self.follow_up)

    @property
    def last(self) -> str:
        """``sidst 2. august: blandet``, or that it is the first contact, or that a questionnaire is unanswered."""
        if self.follow_up.kind == FollowUpKind.SURVEY:
            return _("not answered")
        last_done_on = getattr(self.follow_up, "last_done_on", None)
        if not last_done_on:
            return _("first contact")
        mood = getattr(self.follow_up, "last_mood", "")
        if not mood:
            return _("last %(day)s") % {"day": danish_date(last_done_on)}
        return _("last %(day)s: %(mood)s") % {"day": danish_date(last_done_on), "mood": str(Mood(mood).label).lower()}

    @property
    def is_overdue(self) -> bool:
        return self.follow_up.done_on is None and self.follow_up.due_on < self.on

    @property
    def when(self) -> str:
        """Nothing for today, the weekday within a week, else the day."""
        away = (self.follow_up.due_on - self.on).days
        if away <= 0:
            return ""
        return danish_weekday(self.follow_up.due_on) if away < 7 else danish_date(self.follow_up.due_on)

    @property
    def short_title(self) -> str:
        """The plan's own word: ``Månedlig``, ``Efter 14 dage``."""
        name = self.follow_up.name.removesuffix(" opfølgning").removeprefix("Opfølgning ")
        return name[:1].upper() + name[1:]

    @property
    def party(self) -> str:
        """``Hodan``, ``Birgitte``, *Both* or *Parents*: for the narrow column of a match's plan."""
        match = self.follow_up.match
        names = {ContactSide.MENTOR: match.mentor.first_name, ContactSide.MENTEE: match.mentee.first_name}
        return names.get(self.follow_up.side) or self.follow_up.get_side_display()

    @property
    def can_log(self) -> bool:
        """Due within the next days, or one is ahead of time: the button stands where it is needed."""
        return self.follow_up.due_on <= self.on + dt.timedelta(days=SOON) and self.follow_up.match.is_running

    @property
    def state(self) -> str:
        """A state of the ``badge`` tag."""
        one = self.follow_up
        if one.done_on:
            return "late" if one.done_on > one.due_on else "done"
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
            "planned": "",
        }
        return words.get(self.state, due_words(one.due_on))

    @property
    def row_class(self) -> str:
        if self.is_overdue:
            return "selected strong"
        return "muted" if self.state == "planned" else ""

    @property
    def saved_words(self) -> str:
        """``Telefon · godt.``"""
        words = [self.follow_up.get_channel_display(), str(self.follow_up.get_mood_display()).lower()]
        return f"{' · '.join(word for word in words if word)}."

    @cached_property
    def next_due_on(self) -> dt.date | None:
        """When the same side is due next."""
        ahead = FollowUp.objects.to_do().filter(match=self.follow_up.match, due_on__gt=self.follow_up.due_on)
        sides = [self.follow_up.side, ContactSide.BOTH]
        return ahead.filter(side__in=sides).order_by("due_on").values_list("due_on", flat=True).first()

    @property
    def log_url(self) -> str:
        return reverse("matching:follow-up-log", args=[self.pk])

    @property
    def row_url(self) -> str:
        return reverse("matching:follow-up-row", args=[self.pk])

    @property
    def undo_url(self) -> str:
        return reverse("matching:follow-up-undo", args=[self.pk])


@dataclass(frozen=True)
class FollowUpGroup:
    """Rows under one grey heading."""

    key: str
    label: str
    rows: list[FollowUpRow]


def group_rows(
    follow_ups: Iterable[FollowUp], on: dt.date, totals: dict[str, int] | None = None
) -> list[FollowUpGroup]:
    """Overdue, today, the rest of the week, later; empty groups are left out. One pass, no query of its own.

    ``totals`` (see ``group_totals``) says how many there are when not all rows are given.
    """
    week_ends = end_of_week(on)
    found: dict[str, list[FollowUpRow]] = {"overdue": [], "today": [], "week": [], "later": []}
    for follow_up in follow_ups:
        found[_group_of(follow_up.due_on, on, week_ends)].append(FollowUpRow(follow_up, on))
    words = {
        "overdue": _("Overdue · %(count)s"),
        "today": _("Today · %(count)s left"),
        "week": _("Rest of the week · %(count)s"),
        "later": _("Later · %(count)s"),
    }
    counts = totals or {key: len(rows) for key, rows in found.items()}
    return [FollowUpGroup(key, words[key] % {"count": counts[key]}, rows) for key, rows in found.items() if rows]


def group_totals(follow_ups, on: dt.date) -> dict[str, int]:
    """How many of a queryset fall in each group, in one query."""
    week_ends = end_of_week(on)
    return follow_ups.order_by().aggregate(
        overdue=Count("pk", filter=Q(due_on__lt=on)),
        today=Count("pk", filter=Q(due_on=on)),
        week=Count("pk", filter=Q(due_on__gt=on, due_on__lte=week_ends)),
        later=Count("pk", filter=Q(due_on__gt=week_ends)),
    )


def end_of_week(on: dt.date) -> dt.date:
    """The Sunday of the week."""
    return on + dt.timedelta(days=6 - on.weekday())


def _group_of(due_on: dt.date, on: dt.date, week_ends: dt.date) -> str:
    if due_on < on:
        return "overdue"
    if due_on == on:
        return "today"
    return "week" if due_on <= week_ends else "later"


def row_of(follow_up: FollowUp, mode: str = "waiting", form=None) -> FollowUpRow:
    return FollowUpRow(follow_up, clock.today(), mode, form)
