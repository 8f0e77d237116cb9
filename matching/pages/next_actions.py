"""Person page: the next action, one for every state of a person in the roles that are matched."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.templatetags.danish import at_time, danish_date, due_words
from matching.enums import OPEN_STATUSES, MatchStatus
from matching.models import FollowUp, Interview, Match
from matching.pages.follow_up_rows import title_of
from matching.rules.screening import INTERVIEWED_ROLES, missing_checks_of
from people.display import days_waited, name_with_state
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.panels import NextAction
from programmes.enums import ContactSide, FollowUpKind, ParticipantRole


def next_actions(person: Person, user: User) -> list[NextAction]:
    """Return the next follow-up, the planned or missing interview, and what open matches wait for.

    Without any of these, what the person's roles or last match lack. A person in a state has no next action.
    """
    if person.state or not user.may(Verb.WORK_CASES):
        return []
    today = clock.today()
    follow_ups = list(_next_follow_ups(person, user, today))
    matches = _of_matches(person, user, today, with_active=not follow_ups)
    found = [*follow_ups, *_next_interviews(person, user, today), *matches]
    return found or [*_of_roles(person, user)][:1] or [*_of_last_match(person, user)]


def _priority(due_on: dt.date, today: dt.date) -> tuple[int, str]:
    if due_on < today:
        return 10, "overdue"
    return (20, "today") if due_on == today else (40, "soon")


def _next_follow_ups(person: Person, user: User, today: dt.date) -> Iterator[NextAction]:
    mine = Q(match__mentor=person, side=ContactSide.MENTOR) | Q(match__mentee=person, side=ContactSide.MENTEE)
    both = Q(side=ContactSide.BOTH) & (Q(match__mentor=person) | Q(match__mentee=person))
    rows = FollowUp.objects.visible_to(user).to_do().filter(mine | both).with_parties()
    rows = rows.exclude(kind=FollowUpKind.OUTCOMES, due_on__gt=today)  # months after the end: not the next thing to do
    row = rows.order_by("due_on", "pk").first()
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
        person=person, status=EnrolmentStatus.APPLIED, role__in=INTERVIEWED_ROLES, interviews__isnull=True
    )
    enrolment = applied.filter(programme__requires_interview=True).first()
    if enrolment:
        yield NextAction(
            priority=50,
            badge="planned",
            badge_text=EnrolmentStatus.APPLIED.label,
            title=_("%(name)s has not been interviewed.") % {"name": name},
            text=_("Applied %(day)s.") % {"day": danish_date(enrolment.applied_on)} if enrolment.applied_on else "",
            url=reverse("matching:interview-plan", args=[enrolment.pk]),
            label=_("Plan interview"),
        )


# --- matches -----------------------------------------------------------------------------------------


def _of_matches(person: Person, user: User, today: dt.date, *, with_active: bool) -> Iterator[NextAction]:
    """Yield what each open match waits for. An active one waits for its follow-ups, if there are any."""
    statuses = [status for status in OPEN_STATUSES if with_active or status != MatchStatus.ACTIVE]
    rows = Match.objects.visible_to(user).of_person(person).filter(status__in=statuses)
    actions = {
        MatchStatus.PROPOSED: _answers,
        MatchStatus.INTRODUCED: _first_meeting,
        MatchStatus.ACTIVE: _next_meeting,
        MatchStatus.PAUSED: _end_of_pause,
    }
    for match in rows:
        yield actions[MatchStatus(match.status)](match, name_with_state(match.other_party(person)), today)


def _answers(match: Match, other: str, today: dt.date) -> NextAction:
    return NextAction(
        priority=30,
        badge="planned",
        badge_text=match.get_status_display(),
        title=_("Match with %(name)s is proposed.") % {"name": other},
        text=_("Ask both, and register what they say."),
        url=reverse("matching:match-start", args=[match.pk]),
        label=_("Register the answers"),
    )


def _first_meeting(match: Match, other: str, today: dt.date) -> NextAction:
    is_past = match.introduced_on < today
    words = _("was arranged for %(day)s.") if is_past else _("is arranged for %(day)s.")
    return NextAction(
        priority=30,
        badge="overdue" if is_past else "soon",
        badge_text=match.get_status_display(),
        title=_("First meeting with %(name)s") % {"name": other},
        text=words % {"day": danish_date(match.introduced_on)},
        url=reverse("matching:match-start", args=[match.pk]),
        label=_("Register first meeting"),
    )


def _next_meeting(match: Match, other: str, today: dt.date) -> NextAction:
    return NextAction(
        priority=60,
        badge="planned",
        badge_text=match.get_status_display(),
        title=_("Meetings with %(name)s") % {"name": other},
        text=_("No follow-up is planned. Register the meetings they hold."),
        url=reverse("matching:meeting-create", args=[match.pk]),
        label=_("Register meeting"),
    )


def _end_of_pause(match: Match, other: str, today: dt.date) -> NextAction:
    until = match.paused_until
    is_over = until is not None and until <= today
    if until is None:
        words = _("It is not known how long.")
    else:
        words = (_("Was expected until %(day)s.") if is_over else _("Expected until %(day)s.")) % {
            "day": danish_date(until)
        }
    return NextAction(
        priority=30 if is_over else 40,
        badge="overdue" if is_over else "on_pause",
        badge_text=due_words(until) if is_over else "",
        title=_("The match with %(name)s is on pause.") % {"name": other},
        text=words,
        url=reverse("matching:match-resume", args=[match.pk]),
        label=_("Go on with the match"),
    )


def _of_last_match(person: Person, user: User) -> Iterator[NextAction]:
    """Yield the question for outcomes of the last match, if it has no answer yet and no role is open."""
    asked = FollowUp.objects.filter(kind=FollowUpKind.OUTCOMES, done_on__isnull=False)
    match = (
        Match.objects.visible_to(user)
        .of_person(person)
        .filter(status=MatchStatus.ENDED, outcomes__isnull=True)
        .exclude(pk__in=asked.values("match"))
        .order_by("-ended_on", "-pk")
        .first()
    )
    roles = Enrolment.objects.visible_to(user).filter(person=person)
    if match and not roles.exclude(status=EnrolmentStatus.ENDED).exists():
        yield NextAction(
            priority=60,
            badge="idle",
            badge_text=match.get_status_display(),
            title=_("What came of the match with %(name)s?") % {"name": name_with_state(match.other_party(person))},
            text=_("It ended %(day)s, and no result is registered.") % {"day": danish_date(match.ended_on)},
            url=reverse("matching:outcome-create", args=[match.pk]),
            label=_("Register result"),
        )


# --- roles -------------------------------------------------------------------------------------------


def _of_roles(person: Person, user: User) -> Iterator[NextAction]:
    """Yield what each open role without a match lacks: a check, an interview, or the other party."""
    statuses = [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITING]
    roles = Enrolment.objects.visible_to(user).filter(person=person, role__in=INTERVIEWED_ROLES, status__in=statuses)
    enrolments = list(roles.select_related("programme", "person").order_by("pk"))
    missing = missing_checks_of(enrolments)
    for enrolment in enrolments:
        name = {"name": person.first_name or person.name}
        is_waiting = enrolment.status == EnrolmentStatus.WAITING
        checks = [check for check in missing[enrolment.pk] if check.blocks_match or not is_waiting]
        if checks:
            words = ", ".join(check.words for check in checks)
            address = reverse("matching:check-create", args=[enrolment.pk])
            yield NextAction(
                priority=50,
                badge="planned",
                badge_text=enrolment.get_status_display(),
                title=_("%(name)s lacks: %(checks)s.") % (name | {"checks": words}),
                text=_("Register it as soon as it is in place."),
                url=f"{address}?type={checks[0].kind}",
                label=_("Register check"),
            )
        elif is_waiting:
            yield _other_party(enrolment, name)
        else:
            yield NextAction(
                priority=50,
                badge="planned",
                badge_text=enrolment.get_status_display(),
                title=_("%(name)s is not ready for a match yet.") % name,
                text=_("An interview says when."),
                url=reverse("matching:interview-record", args=[enrolment.pk]),
                label=_("Register interview"),
            )


def _other_party(enrolment: Enrolment, name: dict[str, str]) -> NextAction:
    days = days_waited(enrolment) or 0
    waited = ngettext("Has waited %(count)s day", "Has waited %(count)s days", days) % {"count": days}
    desk = reverse("matching:desk")
    if enrolment.role == ParticipantRole.MENTEE:
        title, url, label = _("Find a mentor for %(name)s.") % name, f"{desk}?mentee={enrolment.pk}", _("Find mentor")
    else:
        title, url, label = _("%(name)s is ready for a mentee.") % name, desk, _("See who is waiting")
    return NextAction(priority=50, badge="idle", badge_text=waited, title=title, url=url, label=label)
