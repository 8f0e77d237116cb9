"""The person's own part of the timeline: application, waiting, pause, end."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from common import clock
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.timeline import EntryKind, TimelineEntry
from programmes.enums import ParticipantRole


def course_entries(person: Person, user: User, others: list[TimelineEntry]) -> list[TimelineEntry]:
    """Entries of the roles that ``user`` may see; ``others`` (from upper apps) tell when the waiting ended."""
    rows = list(
        Enrolment.objects.visible_to(user)
        .filter(person=person)
        .select_related("programme", "created_by")
        .order_by("pk")
    )
    entries = [entry for row in rows for entry in _entries_of(row, others, is_only=len(rows) == 1)]
    if not any(row.applied_on for row in rows):
        entries.append(_created(person))
    return [*entries, *_merged(person)]


def _merged(person: Person):
    """Which cases were merged into this one, and which of these merges were undone."""
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


def _entries_of(row: Enrolment, others: list[TimelineEntry], *, is_only: bool):
    if row.applied_on:
        yield _applied(row, is_only=is_only)
    if row.waiting_since:
        yield _waited(row, others)
    if row.paused_on and row.status == EnrolmentStatus.PAUSED:
        yield _entry(row.paused_on, pgettext("event", "Set on pause"), row.paused_reason, "pause")
    if row.ended_on:
        declined = row.status == EnrolmentStatus.DECLINED
        yield _entry(row.ended_on, _("Not accepted") if declined else _("Ended"), row.ended_reason, "flag", order=9)


def _entry(on, title, text="", icon="circle", order=0) -> TimelineEntry:
    return TimelineEntry(on=on, title=title, text=_sentence(text), icon=icon, kind=EntryKind.PERSON, order=order)


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def _applied(row: Enrolment, *, is_only: bool) -> TimelineEntry:
    if row.role == ParticipantRole.CONTACT:
        return _entry(row.applied_on, _("Became a contact person"), row.recruited_via, "person-plus", order=-9)
    title = _("Application received")
    if not is_only:
        title = _("Application as %(role)s received") % {"role": row.get_role_display().lower()}
    return _entry(row.applied_on, title, row.recruited_via, "envelope", order=-9)


def _waited(row: Enrolment, others: list[TimelineEntry]) -> TimelineEntry:
    """A wait ends with the first match that followed it; until then it is counted to today."""
    if row.role == ParticipantRole.MENTOR:
        return _entry(row.waiting_since, _("Ready to be matched"), "", "hourglass-split", order=4)
    text = ""
    matched = [entry.on for entry in others if entry.kind == EntryKind.MATCH and entry.on >= row.waiting_since]
    if row.status == EnrolmentStatus.WAITING:
        days = (clock.today() - row.waiting_since).days
        text = ngettext("Has waited %(count)s day.", "Has waited %(count)s days.", days) % {"count": days}
    elif matched:
        days = (min(matched) - row.waiting_since).days
        text = ngettext("Waited %(count)s day.", "Waited %(count)s days.", days) % {"count": days}
    return _entry(row.waiting_since, _("On the waiting list"), text, "hourglass-split", order=4)


def _created(person: Person) -> TimelineEntry:
    author = person.created_by.name if person.created_by else ""
    when = person.import_row.batch.applied_at if person.import_row else person.created_at
    return TimelineEntry(
        on=timezone.localdate(when),
        title=_("Person created"),
        author=author,
        icon="person-plus",
        kind=EntryKind.PERSON,
        order=-9,
    )
