"""What matching adds to a person's page: the timeline, cards, and what is to be done next."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.hooks import Panel
from common.templatetags.danish import at_time, danish_date, due_words
from matching.criteria import TOLD_IN_ORDER
from matching.enums import Channel, MatchStatus, Mood
from matching.follow_up_rows import title_of
from matching.models import FollowUp, Interview, Match, MatchStep, Outcome, ScreeningCheck
from matching.screening import approved_checks
from matching.words import capital, check_words, joined, months_words
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.panels import NextAction
from people.timeline import EntryKind, TimelineEntry
from programmes.enums import ContactSide, ParticipantRole, ScreeningKind
from programmes.models import ScreeningRequirement

CHANNEL_ICONS = {
    Channel.PHONE: "telephone",
    Channel.MEETING: "people",
    Channel.SMS: "chat-dots",
    Channel.EMAIL: "envelope",
}
TALKED_WITH = [ParticipantRole.MENTOR, ParticipantRole.MENTEE]


def matches_of(person: Person, user: User):
    rows = Match.objects.visible_to(user).filter(Q(mentor=person) | Q(mentee=person))
    return rows.with_parties().order_by("pk")


def other_of(match: Match, person: Person) -> Person:
    return match.mentee if match.mentor_id == person.pk else match.mentor


def side_of(match: Match, person: Person) -> str:
    return ContactSide.MENTOR if match.mentor_id == person.pk else ContactSide.MENTEE


# --- timeline ----------------------------------------------------------------------------------------


def timeline_entries(person: Person, user: User) -> list[TimelineEntry]:
    """Interviews, checks, matches, follow-ups and results, in six queries."""
    matches = list(matches_of(person, user))
    entries = [*_interviews(person, user), *_checks(person, user)]
    for match in matches:
        entries += _milestones(match, person)
    by_id = {match.pk: match for match in matches}
    return [*entries, *_pauses(by_id, person), *_follow_ups(by_id, person), *_results(by_id)]


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
    """One line for all checks of a day with the same result."""
    rows = ScreeningCheck.objects.visible_to(user).filter(enrolment__person=person, checked_on__isnull=False)
    found: dict[tuple, list[ScreeningCheck]] = {}
    for row in rows.select_related("assessor"):
        found.setdefault((row.checked_on, row.outcome, row.assessor), []).append(row)
    for (day, _outcome, assessor), checks in found.items():
        counts = Counter(check.kind for check in checks)
        kinds = [check_words(kind, counts[kind]) for kind in TOLD_IN_ORDER if kind in counts]
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
    """Proposal, first meeting, end."""
    other = other_of(match, person).name
    common = {"kind": EntryKind.MATCH, "url": reverse("matching:match-detail", args=[match.pk])}
    coordinator = match.coordinator.name if match.coordinator else match.coordinator_note
    if match.proposed_on:
        title = _("Match with %(name)s proposed") % {"name": other}
        answers = _answer_words(match)
        yield TimelineEntry(
            on=match.proposed_on, title=title, text=answers, author=coordinator, ring="proposed", order=5, **common
        )
    if match.introduced_on and not match.started_on and match.is_open:
        words = {"on": match.introduced_on, "is_future": match.introduced_on > clock.today()}
        title = _("First meeting with %(name)s arranged") % {"name": other}
        yield TimelineEntry(title=title, text=match.first_meeting_place, ring="introduced", order=6, **words, **common)
    if match.started_on:
        title = _("First meeting with %(name)s") % {"name": other}
        text = _start_words(match)
        yield TimelineEntry(
            on=match.started_on, title=title, text=text, ring="active", is_first=True, order=7, **common
        )
    if match.ended_on:
        words = [match.get_end_reason_display(), match.end_note]
        yield TimelineEntry(
            on=match.ended_on,
            title=_("Match with %(name)s ended") % {"name": other},
            text=". ".join(str(word).rstrip(".") for word in words if word),
            ring="ended",
            order=8,
            **common,
        )


def _answer_words(match: Match) -> str:
    """``Birgitte sagde ja 21. juni. Hodan sagde ja 22. juni.``"""
    said = [(match.mentor, match.mentor_said_yes_on), (match.mentee, match.mentee_said_yes_on)]
    words = _("%(name)s said yes %(day)s.")
    return " ".join(words % {"name": who.first_name, "day": danish_date(on)} for who, on in said if on)


def _start_words(match: Match) -> str:
    """``Biblioteket. En af os var med. Alle har skrevet under på mindst et år.``"""
    words = [f"{match.first_meeting_place.rstrip('.')}."] if match.first_meeting_place else []
    if match.staff_present:
        words.append(_("One of us took part."))
    if match.agreement_signed_on:
        time = months_words(match.programme.min_duration_months)
        words.append(_("All have signed the agreement on at least %(time)s.") % {"time": time})
    return " ".join(words)


def _pauses(matches: dict[int, Match], person: Person) -> Iterator[TimelineEntry]:
    """Changes that leave no day on the match itself."""
    shown = [MatchStatus.PAUSED, MatchStatus.DECLINED, MatchStatus.TAKEN_BACK]
    words = {
        MatchStatus.PAUSED: _("Match with %(name)s on pause"),
        MatchStatus.DECLINED: _("Match with %(name)s declined"),
        MatchStatus.TAKEN_BACK: _("Match with %(name)s taken back"),
    }
    for step in MatchStep.objects.filter(match__in=list(matches), status__in=shown).select_related("by"):
        match = matches[step.match_id]
        yield TimelineEntry(
            on=step.on,
            title=words[MatchStatus(step.status)] % {"name": other_of(match, person).name},
            text=step.note,
            author=step.by.name if step.by else "",
            kind=EntryKind.MATCH,
            ring="paused" if step.status == MatchStatus.PAUSED else "ended",
            url=reverse("matching:match-detail", args=[match.pk]),
            order=8,
        )


def _follow_ups(matches: dict[int, Match], person: Person) -> Iterator[TimelineEntry]:
    """What was said, and the next talk of each match that runs."""
    announced = set()
    rows = FollowUp.objects.filter(match__in=list(matches)).select_related("done_by").order_by("due_on", "pk")
    for row in rows:
        match = row.match = matches[row.match_id]
        if row.side not in {side_of(match, person), ContactSide.BOTH}:
            continue
        if row.done_on:
            yield _done_entry(row)
        elif row.due_on > clock.today() and match.is_running and match.pk not in announced:
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


def _planned_entry(row: FollowUp, match: Match) -> TimelineEntry:
    text = _("Planned.")
    if row.side == ContactSide.BOTH:
        both = {"mentee": match.mentee.first_name, "mentor": match.mentor.first_name}
        with_both = _("With both %(mentee)s and %(mentor)s.") % both
        text = f"{text} {with_both}"
    return TimelineEntry(
        on=row.due_on, title=title_of(row), text=text, kind=EntryKind.FOLLOW_UP, icon="calendar3", is_future=True
    )


def _results(matches: dict[int, Match]) -> Iterator[TimelineEntry]:
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


# --- cards -------------------------------------------------------------------------------------------


def person_panels(person: Person, user: User) -> list[Panel]:
    """The open matches, the last interview, the checks."""
    today = clock.today()
    panels = []
    for match in matches_of(person, user).open().with_meetings():
        week = (today - match.started_on).days // 7 + 1 if match.started_on else None
        context = {"match": match, "other": other_of(match, person), "week": week, "weeks": _weeks(match)}
        panels.append(Panel(template="matching/_person_match.html", context=context, order=10))
    enrolments = Enrolment.objects.visible_to(user).filter(person=person, role__in=TALKED_WITH)
    enrolments = list(enrolments.select_related("programme"))
    can_work = user.may(Verb.WORK_CASES)
    checks = _check_lines(enrolments)
    if checks:
        context = {"lines": checks, "can_work": can_work}
        panels.append(Panel(template="matching/_person_checks.html", context=context, order=60))
    interview = Interview.objects.filter(enrolment__in=enrolments, held_on__isnull=False).first()
    if interview and any([interview.motivation, interview.wishes, interview.assessment, interview.next_step]):
        panels.append(Panel(template="matching/_person_interview.html", context={"interview": interview}, order=55))
    return panels


def _weeks(match: Match) -> int:
    return round(match.programme.min_duration_months * 52 / 12)


def _check_lines(enrolments: list[Enrolment]) -> list[dict]:
    """One line for each check that a programme asks of a role the person has."""
    programmes = {enrolment.programme_id for enrolment in enrolments}
    rules = ScreeningRequirement.objects.filter(programme__in=programmes) if enrolments else []
    found = approved_checks(enrolments) if rules else {}
    lines = []
    for enrolment in enrolments:
        for rule in rules:
            if (rule.programme_id, rule.role) == (enrolment.programme_id, enrolment.role):
                have = found[enrolment.pk, rule.kind]
                lines.append({"enrolment": enrolment, "rule": rule, "have": have, "is_in_place": have >= rule.count})
    return sorted(lines, key=lambda line: (line["enrolment"].pk, list(ScreeningKind).index(line["rule"].kind)))


# --- what is next -------------------------------------------------------------------------------------


def next_actions(person: Person, user: User) -> list[NextAction]:
    """Follow-ups, a planned interview, an unanswered proposal, an applicant without an interview."""
    if not user.may(Verb.WORK_CASES):
        return []
    today = clock.today()
    return [
        *_next_follow_ups(person, user, today),
        *_next_interviews(person, user, today),
        *_open_proposals(person, user),
    ]


def _priority(due_on: dt.date, today: dt.date) -> tuple[int, str]:
    if due_on < today:
        return 10, "overdue"
    return (20, "today") if due_on == today else (40, "soon")


def _next_follow_ups(person: Person, user: User, today: dt.date) -> Iterator[NextAction]:
    mine = Q(match__mentor=person, side=ContactSide.MENTOR) | Q(match__mentee=person, side=ContactSide.MENTEE)
    both = Q(side=ContactSide.BOTH) & (Q(match__mentor=person) | Q(match__mentee=person))
    row = FollowUp.objects.visible_to(user).to_do().filter(mine | both).with_parties().order_by("due_on", "pk").first()
    if row is None:
        return
    priority, badge = _priority(row.due_on, today)
    words = _("should have been done %(day)s.") if row.due_on < today else _("is planned for %(day)s.")
    here = reverse("people:person-detail", args=[person.pk])
    yield NextAction(
        priority=priority,
        badge=badge,
        badge_text=due_words(row.due_on),
        title=_("%(what)s with %(name)s") % {"what": title_of(row), "name": person.first_name or person.name},
        text=words % {"day": danish_date(row.due_on)},
        url=f"{reverse('matching:follow-up-log', args=[row.pk])}?next={here}",
        label=_("Register follow-up"),
    )


def _next_interviews(person: Person, user: User, today: dt.date) -> Iterator[NextAction]:
    name = person.first_name or person.name
    planned = Interview.objects.visible_to(user).filter(enrolment__person=person, held_on__isnull=True).last()
    if planned:
        priority, badge = _priority(planned.planned_on, today)
        where = ", ".join(filter(None, [danish_date(planned.planned_on), at_time(planned.planned_time), planned.place]))
        yield NextAction(
            priority=priority,
            badge=badge,
            badge_text=due_words(planned.planned_on),
            title=_("Interview with %(name)s") % {"name": name},
            text=f"{where}.",
            url=reverse("matching:interview-record", args=[planned.enrolment_id]),
            label=_("Register interview"),
        )
        return
    applied = Enrolment.objects.visible_to(user).filter(
        person=person, status=EnrolmentStatus.APPLIED, role__in=TALKED_WITH, interviews__isnull=True
    )
    enrolment = applied.filter(programme__requires_interview=True).first()
    if enrolment:
        yield NextAction(
            priority=50,
            badge="planned",
            badge_text=_("Has applied"),
            title=_("%(name)s has not been interviewed.") % {"name": name},
            url=reverse("matching:interview-plan", args=[enrolment.pk]),
            label=_("Plan interview"),
        )


def _open_proposals(person: Person, user: User) -> Iterator[NextAction]:
    waiting = matches_of(person, user).filter(status__in=[MatchStatus.PROPOSED, MatchStatus.INTRODUCED])
    for match in waiting:
        other = other_of(match, person).name
        if match.status == MatchStatus.INTRODUCED:
            title, text = _("First meeting with %(name)s"), f"{danish_date(match.introduced_on)}."
            badge = "overdue" if match.introduced_on < clock.today() else "soon"
        else:
            title, text = _("Match with %(name)s is proposed."), _("Ask both, and register what they say.")
            badge = "planned"
        yield NextAction(
            priority=30,
            badge=badge,
            badge_text=match.get_status_display(),
            title=title % {"name": other},
            text=text,
            url=reverse("matching:match-detail", args=[match.pk]),
            label=_("Open match"),
        )
