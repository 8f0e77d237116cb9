"""Person page: the panels that matching adds."""

from collections import defaultdict

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.hooks import Panel
from matching.enums import CheckOutcome
from matching.models import Interview, Match, ScreeningCheck
from matching.rules.pauses import paused_days
from matching.rules.screening import INTERVIEWED_ROLES
from people.models import Enrolment, Person
from programmes.enums import ScreeningKind
from programmes.models import ScreeningRequirement


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
