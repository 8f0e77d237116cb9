"""Person page: the panels and next actions that matching adds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.hooks import Panel
from common.templatetags.danish import at_time, danish_date, due_words
from matching.enums import CheckOutcome, MatchStatus
from matching.models import FollowUp, Interview, Match, ScreeningCheck
from matching.pages.follow_up_rows import title_of
from matching.rules.pauses import paused_days
from matching.rules.screening import INTERVIEWED_ROLES
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.panels import NextAction
from programmes.enums import ContactSide, ScreeningKind
from programmes.models import ScreeningRequirement

# --- panels ------------------------------------------------------------------------------------------


def person_panels(person: Person, user: User) -> list[Panel]:
    """Return the panels of a person's open matches, last interview and checks."""
    today = clock.today()
    panels = []
    for match in Match.objects.visible_to(user).of_person(person).open().with_meetings().prefetch_related("pauses"):
        rested = paused_days(match.pauses.all(), match.started_on, today) if match.started_on else 0
        week = match.week_on(today, rested)
        context = {"match": match, "other": match.other_party(person), "week": week, "weeks": match.agreed_weeks}
        panels.append(Panel(template="matching/_person_match.html", context=context, order=10))
    enrolments = Enrolment.objects.visible_to(user).filter(person=person, role__in=INTERVIEWED_ROLES)
    enrolments = list(enrolments.select_related("programme"))
    can_work = user.may(Verb.WORK_CASES)
    checks = _check_lines(enrolments)
    if checks:
        context = {"lines": checks, "can_work": can_work}
        panels.append(Panel(template="matching/_person_checks.html", context=context, order=60))
    interview = Interview.objects.filter(enrolment__in=enrolments, held_on__isnull=False).first()
    if interview and any([interview.motivation, interview.wishes, interview.assessment, interview.next_step]):
        panels.append(
            Panel(
                template="matching/_person_interview.html",
                context={"interview": interview, "can_work": can_work},
                order=55,
            )
        )
    return panels


def _check_lines(enrolments: list[Enrolment]) -> list[dict]:
    """Return one line for each check that a programme requires of one of the enrolments."""
    programmes = {enrolment.programme_id for enrolment in enrolments}
    rules = ScreeningRequirement.objects.filter(programme__in=programmes) if enrolments else []
    found: dict[tuple[int, str], list[ScreeningCheck]] = defaultdict(list)
    for check in ScreeningCheck.objects.filter(enrolment__in=enrolments) if rules else ():
        found[check.enrolment_id, check.kind].append(check)
    lines = []
    for enrolment in enrolments:
        for rule in rules:
            if (rule.programme_id, rule.role) == (enrolment.programme_id, enrolment.role):
                checks = found[enrolment.pk, rule.kind]
                have = sum(check.outcome == CheckOutcome.APPROVED for check in checks)
                is_in_place = have >= rule.count
                line = {"enrolment": enrolment, "rule": rule, "have": have, "is_in_place": is_in_place}
                lines.append(line | {"checks": checks})
    return sorted(lines, key=lambda line: (line["enrolment"].pk, list(ScreeningKind).index(line["rule"].kind)))


# --- next actions ------------------------------------------------------------------------------------


def next_actions(person: Person, user: User) -> list[NextAction]:
    """Return the next follow-up, the planned or missing interview, and the open proposals."""
    if not user.may(Verb.WORK_CASES):
        return []
    today = clock.today()
    return [
        *_next_follow_ups(person, user, today),
        *_next_interviews(person, user, today),
        *_proposals(person, user),
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
        person=person, status=EnrolmentStatus.APPLIED, role__in=INTERVIEWED_ROLES, interviews__isnull=True
    )
    enrolment = applied.filter(programme__requires_interview=True).first()
    if enrolment:
        yield NextAction(
            priority=50,
            badge="planned",
            badge_text=EnrolmentStatus.APPLIED.label,
            title=_("%(name)s has not been interviewed.") % {"name": name},
            url=reverse("matching:interview-plan", args=[enrolment.pk]),
            label=_("Plan interview"),
        )


def _proposals(person: Person, user: User) -> Iterator[NextAction]:
    waiting = (
        Match.objects.visible_to(user)
        .of_person(person)
        .filter(status__in=[MatchStatus.PROPOSED, MatchStatus.INTRODUCED])
    )
    for match in waiting:
        other = match.other_party(person).name
        if match.status == MatchStatus.INTRODUCED:
            is_past = match.introduced_on < clock.today()
            words = _("was arranged for %(day)s.") if is_past else _("is arranged for %(day)s.")
            title, text = _("First meeting with %(name)s"), words % {"day": danish_date(match.introduced_on)}
            badge = "overdue" if is_past else "soon"
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
