"""A person's timeline: everything that happened around a person, newest first.

Upper apps add sources to ``TIMELINE_SOURCES``. A source returns only entries that rest on rows ``visible_to(user)``,
in a constant number of queries.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.choices import SluggedChoices
from common.hooks import Hook
from common.templatetags.danish import danish_date
from people.enums import EnrolmentStatus
from people.models import Enrolment, EnrolmentPeriod, Person
from people.origins import origin_of
from programmes.enums import ParticipantRole


class EntryKind(SluggedChoices):
    """The segments above the timeline."""

    FOLLOW_UP = "follow_up", "opfoelgninger", gettext_lazy("Follow-ups")
    MATCH = "match", "match", gettext_lazy("Match")
    EVENT = "event", "arrangementer", gettext_lazy("Events")
    PERSON = "person", "person", gettext_lazy("Person")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One entry of the timeline. Texts are ready to be shown, in the user's language."""

    on: dt.date
    title: str
    kind: str
    text: str = ""
    author: str = ""
    icon: str = "circle"  # name of an icon, see the ``icon`` tag
    ring: str = ""  # a match's state instead of the icon, see the ``ring`` tag
    badge: str = ""  # a state of the ``badge`` tag, such as "good"
    badge_text: str = ""
    is_future: bool = False
    is_first: bool = False  # the first meeting: a filled circle
    url: str = ""
    correct_url: str = ""  # the page that corrects the day, for those who may
    order: int = 0  # within a day, higher numbers come first


TimelineSource = Callable[[Person, User], Iterable[TimelineEntry]]
TIMELINE_SOURCES: Hook[TimelineSource] = Hook()


def entries_for(person: Person, user: User, kind: str | None = None) -> list[TimelineEntry]:
    """Return the entries that ``user`` may see, newest first; ``kind`` is a value of ``EntryKind``."""
    entries = [entry for source in TIMELINE_SOURCES for entry in source(person, user)]
    entries += own_entries(person, user, entries)
    if kind:
        entries = [entry for entry in entries if entry.kind == kind]
    return sorted(entries, key=lambda entry: (entry.is_future, entry.on, entry.order), reverse=True)


@dataclass(frozen=True, slots=True)
class TimelineBlock:
    """Entries under one heading: planned ones, this year's, or those of an earlier year."""

    entries: list[TimelineEntry]
    year: int | None = None  # shown in a grey row above the entries
    has_today: bool = False  # the dot "Today" comes before the entries


def blocks_of(entries: list[TimelineEntry]) -> list[TimelineBlock]:
    """Group sorted entries into blocks: planned ones, this year's, and one block for each earlier year."""
    this_year = clock.today().year
    future = [entry for entry in entries if entry.is_future]
    blocks = [TimelineBlock(future)] if future else []
    past = [entry for entry in entries if not entry.is_future]
    by_year = {year: list(rows) for year, rows in groupby(past, key=lambda entry: entry.on.year)}
    if future or this_year in by_year:
        blocks.append(TimelineBlock(by_year.pop(this_year, []), has_today=bool(future)))
    return blocks + [TimelineBlock(rows, year=year) for year, rows in by_year.items()]


# ---------------------------------------------------------------- the entries of people itself


def own_entries(person: Person, user: User, others: list[TimelineEntry]) -> list[TimelineEntry]:
    """Return the entries of enrolments and merges: application, waits, pauses, ends, merge.

    ``others`` are the entries of upper apps; a match among them ends the time on the waiting list.
    """
    rows = list(
        Enrolment.objects.visible_to(user)
        .filter(person=person)
        .select_related("programme", "created_by")
        .prefetch_related("periods")
        .order_by("pk")
    )
    entries = []
    for row in rows:
        may_correct = user.may(Verb.WORK_CASES, row.programme.branch_id)
        entries += _enrolment_entries(row, others, is_only=len(rows) == 1, may_correct=may_correct)
    if not any(row.applied_on for row in rows):
        entries.append(_created_entry(person, user))
    return [*entries, *_merge_entries(person), *_state_entries(person)]


def _enrolment_entries(
    row: Enrolment, others: list[TimelineEntry], *, is_only: bool, may_correct: bool
) -> Iterator[TimelineEntry]:
    if row.applied_on:
        yield _applied_entry(row, is_only=is_only)
    periods = list(row.periods.all())
    if row.waiting_since and not any(period.status == EnrolmentStatus.WAITING for period in periods):
        yield _waiting_entry(row, EnrolmentPeriod(began_on=row.waiting_since), others)
    for period in periods:
        may_open = may_correct and period.status != EnrolmentStatus.WAITING
        url = reverse("people:period-correct", args=[period.pk]) if may_open else ""
        if period.began_on:
            yield replace(_begin_entry(row, period, others), correct_url=url)
        if period.ended_on and period.status != EnrolmentStatus.WAITING:
            is_pause = period.status == EnrolmentStatus.PAUSED
            title = pgettext("event", "The pause was over") if is_pause else _("Role reopened")
            entry = _entry(period.ended_on, title, period.end_reason, icon="arrow-counterclockwise", order=9)
            yield replace(entry, correct_url=url)


def _begin_entry(row: Enrolment, period: EnrolmentPeriod, others: list[TimelineEntry]) -> TimelineEntry:
    if period.status == EnrolmentStatus.WAITING:
        return _waiting_entry(row, period, others)
    if period.status == EnrolmentStatus.PAUSED:
        return _entry(period.began_on, pgettext("event", "Set on pause"), _pause_words(period), icon="pause")
    title = _("Not accepted") if period.status == EnrolmentStatus.DECLINED else _("Ended")
    return _entry(period.began_on, title, period.reason, icon="flag", order=9)


def _pause_words(period: EnrolmentPeriod) -> str:
    if period.expected_on is None:
        return period.reason
    was_expected = period.ended_on is not None or period.expected_on < clock.today()
    words = _("Was expected until %(day)s.") if was_expected else _("Expected until %(day)s.")
    until = words % {"day": danish_date(period.expected_on)}
    return " ".join(filter(None, [_sentence(period.reason), until]))


def _entry(on: dt.date, title: str, text: str = "", icon: str = "circle", order: int = 0) -> TimelineEntry:
    return TimelineEntry(on=on, title=title, text=_sentence(text), icon=icon, kind=EntryKind.PERSON, order=order)


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def _applied_entry(row: Enrolment, *, is_only: bool) -> TimelineEntry:
    if row.role == ParticipantRole.CONTACT:
        return _entry(row.applied_on, _("Became a contact person"), row.recruited_via, icon="person-plus", order=-9)
    title = _("Application received")
    if not is_only:
        title = _("Application as %(role)s received") % {"role": row.get_role_display().lower()}
    return _entry(row.applied_on, title, row.recruited_via, icon="envelope", order=-9)


def _waiting_entry(row: Enrolment, wait: EnrolmentPeriod, others: list[TimelineEntry]) -> TimelineEntry:
    """Count the days of a wait. One without an end lasts until today, or until the first match after it began."""
    if row.role == ParticipantRole.MENTOR:
        return _entry(wait.began_on, _("Ready to be matched"), icon="hourglass-split", order=4)
    text = ""
    matched = [entry.on for entry in others if entry.kind == EntryKind.MATCH and entry.on >= wait.began_on]
    ended_on = wait.ended_on or min(matched, default=None)
    if row.status == EnrolmentStatus.WAITING and wait.ended_on is None:
        days = (clock.today() - (row.wait_counted_from or wait.began_on)).days
        text = ngettext("Has waited %(count)s day.", "Has waited %(count)s days.", days) % {"count": days}
    elif ended_on:
        days = (ended_on - wait.began_on).days
        text = ngettext("Waited %(count)s day.", "Waited %(count)s days.", days) % {"count": days}
    return _entry(wait.began_on, _("On the waiting list"), text, icon="hourglass-split", order=4)


def _created_entry(person: Person, user: User) -> TimelineEntry:
    author = person.created_by.name if person.created_by else ""
    origin = origin_of(person, user)
    when = origin.imported_at if origin else person.created_at
    return TimelineEntry(
        on=timezone.localdate(when),
        title=_("Person created"),
        author=author,
        icon="person-plus",
        kind=EntryKind.PERSON,
        order=-9,
    )


def _merge_entries(person: Person) -> Iterator[TimelineEntry]:
    """Yield an entry for each merge into this person, and one for each undone merge."""
    common = {"kind": EntryKind.PERSON, "icon": "union"}
    for merge in person.merges.all():
        words = {"number": merge.merged_case_number}
        yield TimelineEntry(
            on=timezone.localdate(merge.merged_at),
            title=_("Merged with %(number)s") % words,
            author=merge.merged_by.name if merge.merged_by else "",
            **common,
        )
        if merge.undone_at:
            yield TimelineEntry(
                on=timezone.localdate(merge.undone_at),
                title=_("The merge with %(number)s was undone") % words,
                author=merge.undone_by.name if merge.undone_by else "",
                order=1,
                **common,
            )


def _state_entries(person: Person) -> Iterator[TimelineEntry]:
    """Yield an entry for each state of the person, and one for each that was lifted."""
    common = {"kind": EntryKind.PERSON, "icon": "dash-circle"}
    for state in person.states.all():
        title, author = state.get_kind_display(), state.recorded_by.name if state.recorded_by else ""
        yield TimelineEntry(on=state.on, title=title, text=_sentence(state.note), author=author, order=10, **common)
        if state.lifted_on:
            yield TimelineEntry(
                on=state.lifted_on,
                title=_("No longer: %(state)s") % {"state": title.lower()},
                text=_sentence(state.lifted_reason),
                author=state.lifted_by.name if state.lifted_by else "",
                order=11,
                **common,
            )
