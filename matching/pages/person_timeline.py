"""Timeline of a person: the entries that matching adds."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.templatetags.danish import at_time, danish_date
from matching.enums import Channel, Mood
from matching.models import Contact, FollowUp, Interview, Match, MatchStep, Outcome, ScreeningCheck
from matching.pages.follow_up_rows import title_of
from matching.pages.steps import StepKind, steps_with_kinds
from matching.rules.screening import CHECK_ORDER
from matching.words import capital, check_words, joined, months_words
from people.display import name_with_state
from people.models import Person
from people.timeline import EntryKind, TimelineEntry
from programmes.enums import ContactSide

CHANNEL_ICONS = {
    Channel.PHONE: "telephone",
    Channel.MEETING: "people",
    Channel.SMS: "chat-dots",
    Channel.EMAIL: "envelope",
}


def timeline_entries(person: Person, user: User) -> list[TimelineEntry]:
    """Return the interviews, checks, matches, follow-ups, contacts and outcomes of a person, in eight queries."""
    matches = list(Match.objects.visible_to(user).of_person(person).prefetch_related("endings"))
    entries = [*_interviews(person, user), *_checks(person, user), *_contacts(person, user)]
    for match in matches:
        entries += _milestones(match, person)
    by_id = {match.pk: match for match in matches}
    return [*entries, *_status_changes(by_id, person), *_follow_ups(by_id, person), *_outcomes(by_id)]


def _interviews(person: Person, user: User) -> Iterator[TimelineEntry]:
    rows = Interview.objects.visible_to(user).filter(enrolment__person=person).select_related("interviewer")
    for row in rows:
        author = row.interviewer.name if row.interviewer else row.interviewer_note
        common = {"kind": EntryKind.PERSON, "icon": "chat-left-text", "author": author, "order": 3}
        if row.held_on:
            yield TimelineEntry(on=row.held_on, title=_("Interview"), text=row.summary, **common)
        else:
            words = " · ".join(filter(None, [at_time(row.planned_time), row.place]))
            ahead = row.planned_on > clock.today()
            yield TimelineEntry(on=row.planned_on, title=_("Interview planned"), text=words, is_future=ahead, **common)


def _checks(person: Person, user: User) -> Iterator[TimelineEntry]:
    """Yield one entry for all checks of a day with the same result and assessor."""
    rows = ScreeningCheck.objects.visible_to(user).filter(enrolment__person=person, checked_on__isnull=False)
    found: dict[tuple, list[ScreeningCheck]] = {}
    for row in rows.select_related("assessor"):
        found.setdefault((row.checked_on, row.outcome, row.assessor), []).append(row)
    for (day, _outcome, assessor), checks in found.items():
        counts = Counter(check.kind for check in checks)
        kinds = [check_words(kind, counts[kind]) for kind in CHECK_ORDER if kind in counts]
        yield TimelineEntry(
            on=day,
            title=f"{capital(joined(kinds))}: {checks[0].get_outcome_display().lower()}",
            text=" ".join(check.note for check in checks if check.note),
            author=assessor.name if assessor else "",
            kind=EntryKind.PERSON,
            icon="shield-check",
            order=1,
        )


def _milestones(match: Match, person: Person) -> Iterator[TimelineEntry]:
    """Yield the proposal, the first meeting and the end of a match."""
    name = {"name": name_with_state(match.other_party(person))}
    common = {"kind": EntryKind.MATCH, "url": reverse("matching:match-detail", args=[match.pk])}
    if match.proposed_on:
        yield TimelineEntry(
            on=match.proposed_on,
            title=_("Match with %(name)s proposed") % name,
            text=_answer_words(match),
            author=match.coordinator_name,
            ring="proposed",
            order=5,
            **common,
        )
    yield from _first_meeting(match, name, common)
    for ending in match.endings.all():
        words = [ending.get_reason_display(), ending.note]
        yield TimelineEntry(
            on=ending.on,
            title=_("Match with %(name)s ended") % name,
            text=". ".join(str(word).rstrip(".") for word in words if word),
            ring="ended",
            order=8,
            **common,
        )
        if ending.reopened_on:
            title = _("Match with %(name)s reopened") % name
            yield TimelineEntry(
                on=ending.reopened_on, title=title, text=ending.reopened_reason, ring="active", order=8, **common
            )


def _first_meeting(match: Match, name: dict, common: dict) -> Iterator[TimelineEntry]:
    """Yield the arranged first meeting of a match or, once it was held, the first meeting."""
    if match.started_on:
        title, words = _("First meeting with %(name)s") % name, _start_words(match)
        yield TimelineEntry(
            on=match.started_on, title=title, text=words, ring="active", is_first=True, order=7, **common
        )
    elif match.introduced_on and match.is_open:
        yield TimelineEntry(
            on=match.introduced_on,
            is_future=match.introduced_on > clock.today(),
            title=_("First meeting with %(name)s arranged") % name,
            text=match.first_meeting_place,
            ring="introduced",
            order=6,
            **common,
        )


def _answer_words(match: Match) -> str:
    """Return ``Birgitte sagde ja 21. juni. Hodan sagde ja 22. juni.``"""
    said = [(match.mentor, match.mentor_said_yes_on), (match.mentee, match.mentee_said_yes_on)]
    words = _("%(name)s said yes %(day)s.")
    return " ".join(words % {"name": who.first_name, "day": danish_date(on)} for who, on in said if on)


def _start_words(match: Match) -> str:
    """Return ``Biblioteket. En af os var med. Alle har underskrevet aftalen om mindst et år.``"""
    words = [f"{match.first_meeting_place.rstrip('.')}."] if match.first_meeting_place else []
    if match.staff_present:
        words.append(_("One of us took part."))
    if match.agreement_signed_on:
        time = months_words(match.programme.min_duration_months)
        words.append(_("All have signed the agreement on at least %(time)s.") % {"time": time})
    return " ".join(words)


def _status_changes(matches: dict[int, Match], person: Person) -> Iterator[TimelineEntry]:
    """Yield the changes of status whose day is stored on the step only: pause, resumption, decline, withdrawal."""
    words = {
        StepKind.PAUSED: _("Match with %(name)s on pause"),
        StepKind.RESUMED: _("Match with %(name)s resumed"),
        StepKind.DECLINED: _("Match with %(name)s declined"),
        StepKind.WITHDRAWN: _("Match with %(name)s withdrawn"),
    }
    rings = {StepKind.PAUSED: "paused", StepKind.RESUMED: "active"}
    steps = MatchStep.objects.filter(match__in=list(matches)).select_related("by")
    for step, kind in steps_with_kinds(steps):
        if kind not in words:
            continue
        match = matches[step.match_id]
        yield TimelineEntry(
            on=step.on,
            title=words[kind] % {"name": name_with_state(match.other_party(person))},
            text=step.note,
            author=step.by.name if step.by else "",
            kind=EntryKind.MATCH,
            ring=rings.get(kind, "ended"),
            url=reverse("matching:match-detail", args=[match.pk]),
            order=8,
        )


def _follow_ups(matches: dict[int, Match], person: Person) -> Iterator[TimelineEntry]:
    """Yield the follow-ups that were done, moved or skipped, and the next planned one of each running match."""
    announced = set()
    rows = FollowUp.objects.filter(match__in=list(matches)).select_related("done_by").order_by("due_on", "pk")
    for row in rows:
        match = row.match = matches[row.match_id]
        if row.side not in {match.side_of(person), ContactSide.BOTH}:
            continue
        yield from plan_changes(row)
        if row.done_on:
            yield _done_entry(row)
        elif row.is_open and row.due_on > clock.today() and match.is_running and match.pk not in announced:
            announced.add(match.pk)
            yield _planned_entry(row, match)


def _done_entry(row: FollowUp) -> TimelineEntry:
    return TimelineEntry(
        on=row.done_on,
        title=title_of(row),
        text=row.note,
        author=row.done_by.name if row.done_by else "",
        kind=EntryKind.FOLLOW_UP,
        icon=CHANNEL_ICONS.get(row.channel, "telephone"),
        badge=row.mood,
        badge_text=Mood(row.mood).label if row.mood else "",
        order=9,
    )


def plan_changes(row: FollowUp) -> Iterator[TimelineEntry]:
    """Yield that a follow-up was moved, on its first day, or skipped."""
    what, common = title_of(row), {"kind": EntryKind.FOLLOW_UP, "icon": "calendar3", "order": 9}
    if row.first_due_on:
        title = _("%(what)s moved to %(day)s") % {"what": what, "day": danish_date(row.due_on)}
        ahead = row.first_due_on > clock.today()
        yield TimelineEntry(on=row.first_due_on, title=title, text=row.moved_reason, is_future=ahead, **common)
    if row.is_skipped:
        title = _("%(what)s skipped") % {"what": what}
        ahead = row.due_on > clock.today()
        yield TimelineEntry(on=row.due_on, title=title, text=row.skipped_reason, is_future=ahead, **common)


def _contacts(person: Person, user: User) -> Iterator[TimelineEntry]:
    """Yield the contacts outside the plan: talks and tries."""
    rows = Contact.objects.visible_to(user).filter(enrolment__person=person)
    may_correct = user.branch_ids_for(Verb.WORK_CASES)
    for row in rows.select_related("recorded_by", "enrolment__programme"):
        may_open = row.enrolment.programme.branch_id in may_correct
        yield TimelineEntry(
            on=row.on,
            title=row.get_result_display(),
            text=row.note,
            author=row.recorded_by.name if row.recorded_by else "",
            kind=EntryKind.FOLLOW_UP,
            icon=CHANNEL_ICONS[row.channel],
            badge=row.mood,
            badge_text=row.get_mood_display(),
            correct_url=reverse("matching:contact-correct", args=[row.pk]) if may_open else "",
            order=9,
        )


def _planned_entry(row: FollowUp, match: Match) -> TimelineEntry:
    text = _("Planned.")
    if row.side == ContactSide.BOTH:
        both = {"mentee": match.mentee.first_name, "mentor": match.mentor.first_name}
        with_both = _("With both %(mentee)s and %(mentor)s.") % both
        text = f"{text} {with_both}"
    return TimelineEntry(
        on=row.due_on, title=title_of(row), text=text, kind=EntryKind.FOLLOW_UP, icon="calendar3", is_future=True
    )


def _outcomes(matches: dict[int, Match]) -> Iterator[TimelineEntry]:
    for row in Outcome.objects.filter(match__in=list(matches)).select_related("recorded_by"):
        yield TimelineEntry(
            on=row.on,
            title=row.get_kind_display(),
            text=row.note,
            author=row.recorded_by.name if row.recorded_by else "",
            kind=EntryKind.MATCH,
            icon="award",
            url=reverse("matching:match-detail", args=[row.match_id]),
            order=9,
        )
