"""The four criteria of an effective match, each judged with its evidence.

Source: Det Kriminalpræventive Råd 2012, quoted by CFBU 2013: duration, intensity, emotional support, screening.
The programme sets the requirements. A criterion without facts is *unknown*, not *not met*.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.danish import danish_date, danish_number
from matching.enums import CheckOutcome, MatchStatus, Support
from matching.models import Contact, FollowUp, Match, MatchPause, Meeting, ScreeningCheck
from matching.rules.months import add_months, first_of_month
from matching.rules.pauses import after_pauses, has_pause_in, paused_days
from matching.rules.screening import CHECK_ORDER
from matching.rules.talks import contacts_with_people, talks_of
from matching.words import capital, check_words, joined, month_word, months_words, time_words
from programmes.enums import ContactSide, FollowUpKind, ParticipantRole
from programmes.models import ScreeningRequirement

MET, UNDER_WAY, NOT_MET, UNKNOWN = "met", "under_way", "not_met", "unknown"
JUDGED_MONTHS = 2  # intensity is judged on this many full months before the current one


@dataclass(frozen=True)
class Criterion:
    """A judged criterion: state (of the ``badge`` tag), evidence in a sentence, requirement, and a link to an act."""

    key: str
    title: str
    state: str
    evidence: str
    requirement: str = ""
    url: str = ""
    url_label: str = ""


@dataclass
class MatchEvidence:
    """The facts on which the criteria are judged, read in seven queries."""

    match: Match
    on: dt.date
    meetings: list[Meeting]
    follow_ups: list[FollowUp]
    requirements: list[ScreeningRequirement]
    checks: list[ScreeningCheck]
    pauses: list[MatchPause] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def after_pauses(self, months: int) -> dt.date:
        """Return the day on which the match has run for some months; days of pause do not count."""
        start = self.match.started_on
        return after_pauses(self.pauses, start, add_months(start, months), self.on)

    @classmethod
    def read(cls, match: Match, on: dt.date) -> "MatchEvidence":
        mentor = {"enrolment__person_id": match.mentor_id, "enrolment__programme_id": match.programme_id}
        prefetch_related_objects([match], contacts_with_people("contacts"))
        requirements = match.programme.screening_requirements.filter(role=ParticipantRole.MENTOR)
        checks = ScreeningCheck.objects.filter(
            **mentor, enrolment__role=ParticipantRole.MENTOR, outcome=CheckOutcome.APPROVED
        )
        return cls(
            match=match,
            on=min(on, match.ended_on) if match.ended_on else on,
            meetings=list(match.meetings.all()),
            follow_ups=list(match.follow_ups.all()),
            requirements=sorted(requirements, key=lambda rule: CHECK_ORDER.index(rule.kind)),
            checks=list(checks.order_by("checked_on", "pk")),
            pauses=list(match.pauses.all()),
            contacts=list(match.contacts.all()),
        )


def judge_match(evidence: MatchEvidence) -> list[Criterion]:
    """Return the four criteria: duration, intensity, emotional support, screening."""
    return [
        judge_duration(evidence),
        judge_intensity(evidence),
        judge_support(evidence),
        judge_screening(evidence),
    ]


def _not_begun(key: str, title: str, requirement: str) -> Criterion:
    return Criterion(key, title, UNKNOWN, _("The first meeting has not been held."), requirement)


def judge_duration(evidence: MatchEvidence) -> Criterion:
    """Judge CFBU criterion 1: the match lasts at least as long as the programme requires."""
    match, rules = evidence.match, evidence.match.programme
    title = _("Duration")
    requirement = _("Required: at least %(time)s") % {"time": months_words(rules.min_duration_months)}
    if match.started_on is None:
        return _not_begun("duration", title, requirement)
    goal = evidence.after_pauses(rules.min_duration_months)
    state = MET if evidence.on >= goal else NOT_MET if match.ended_on else UNDER_WAY
    return Criterion("duration", title, state, _duration_words(evidence, goal), requirement)


def _duration_words(evidence: MatchEvidence, goal: dt.date) -> str:
    match, rules = evidence.match, evidence.match.programme
    harm = evidence.after_pauses(rules.harm_months)
    days = (evidence.on - match.started_on).days - paused_days(evidence.pauses, match.started_on, evidence.on)
    words = {
        "days": ngettext("%(count)s day", "%(count)s days", days) % {"count": danish_number(days)},
        "harm_time": months_words(rules.harm_months),
        "harm_day": danish_date(harm),
        "time": months_words(rules.min_duration_months),
        "goal": danish_date(goal, "year" if goal.year != evidence.on.year else ""),
    }
    if ended_early(match, evidence.pauses):
        return _("Ended after %(days)s. An end within %(harm_time)s can do harm: talk with both.") % words
    if match.ended_on:
        return _("Lasted %(days)s.") % words
    if evidence.on >= goal:
        return _("%(days)s. Reached %(time)s %(goal)s.") % words
    if evidence.on >= harm:
        return _("%(days)s. Passed %(harm_time)s %(harm_day)s, reaches %(time)s %(goal)s.") % words
    return _("%(days)s. Passes %(harm_time)s %(harm_day)s and %(time)s %(goal)s.") % words


def ended_early(match: Match, pauses: Iterable[MatchPause] = ()) -> bool:
    """Return whether the match ended so early that it can do harm (CFBU criterion 1: within three months).

    Days of its ``pauses`` do not count.
    """
    if match.status != MatchStatus.ENDED or match.started_on is None:
        return False
    harm = add_months(match.started_on, match.programme.harm_months)
    return match.ended_on < after_pauses(pauses, match.started_on, harm, match.ended_on)


def judge_intensity(evidence: MatchEvidence) -> Criterion:
    """Judge CFBU criterion 2: enough meetings in each of the last full months, long enough on average."""
    rules, title = evidence.match.programme, _("Intensity")
    requirement = _("Required: %(meetings)s a month, %(hours)s") % {
        "meetings": _meetings(rules.meetings_per_month),
        "hours": time_words(rules.hours_per_meeting),
    }
    if evidence.match.started_on is None:
        return _not_begun("intensity", title, requirement)
    months = full_months(evidence.match.started_on, evidence.on, evidence.pauses)
    if not months:
        words = _("%(meetings)s since %(day)s. Judged after the first full month.") % {
            "meetings": _meetings(len(evidence.meetings)),
            "day": danish_date(evidence.match.started_on),
        }
        return Criterion("intensity", title, UNKNOWN, capital(words), requirement)
    counts = [sum(first_of_month(m.held_on) == month for m in evidence.meetings) for month in months]
    judged = [m for m in evidence.meetings if first_of_month(m.held_on) in months]
    average = mean_hours(judged)
    is_met = min(counts) >= rules.meetings_per_month and average >= rules.hours_per_meeting
    words = _month_words(months, counts)
    if judged:
        words = _("%(meetings)s, %(time)s on average") % {"meetings": words, "time": time_words(average)}
    return Criterion("intensity", title, MET if is_met else NOT_MET, f"{capital(words)}.", requirement)


def full_months(started_on: dt.date, on: dt.date, pauses: Iterable[MatchPause] = ()) -> list[dt.date]:
    """Return the first days of the last full calendar months between the first meeting and a day.

    A month with a day of pause is not a full one.
    """
    first = first_of_month(started_on)
    if started_on.day > 1:
        first = add_months(first, 1)
    last = first_of_month(on)
    months = []
    while (last := add_months(last, -1)) >= first and len(months) < JUDGED_MONTHS:
        if not has_pause_in(pauses, last, add_months(last, 1) - dt.timedelta(days=1)):
            months.insert(0, last)
    return months


def mean_hours(meetings: list[Meeting]) -> Decimal:
    return sum((m.hours for m in meetings), Decimal(0)) / len(meetings) if meetings else Decimal(0)


def _meetings(count: int | Decimal) -> str:
    words = ngettext("%(count)s meeting", "%(count)s meetings", 1 if count == 1 else 2)
    return words % {"count": danish_number(count)}


def _month_words(months: list[dt.date], counts: list[int]) -> str:
    """Return ``3 møder i både juli og august``, ``ingen møder i juli og 3 i august``."""
    names = [month_word(month) for month in months]
    if len(months) == 1 or counts[0] != counts[-1]:
        first = _in_month(counts[0], names[0])
        if len(months) == 1:
            return first
        return joined([first, _("%(count)s in %(month)s") % {"count": counts[1] or _("none"), "month": names[1]}])
    if counts[0] == 0:
        return _("no meetings in %(months)s") % {"months": joined(names)}
    return _("%(meetings)s in both %(months)s") % {"meetings": _meetings(counts[0]), "months": joined(names)}


def _in_month(count: int, month: str) -> str:
    if count == 0:
        return _("no meetings in %(months)s") % {"months": month}
    return _("%(meetings)s in %(month)s") % {"meetings": _meetings(count), "month": month}


def judge_support(evidence: MatchEvidence) -> Criterion:
    """Judge CFBU criterion 3: the mentee's last answer about support."""
    match, title = evidence.match, _("Emotional support")
    if match.started_on is None:
        return _not_begun("support", title, "")
    answers = [talk for talk in talks_of(evidence.follow_ups, evidence.contacts) if talk.support]
    if not answers:
        return _support_unknown(evidence, title)
    last = answers[-1]
    words = {"name": match.mentee.first_name, "day": danish_date(last.on)}
    state, sentence = {
        Support.YES: (MET, _("%(name)s feels supported, asked %(day)s.")),
        Support.PARTLY: (UNDER_WAY, _("%(name)s feels partly supported, asked %(day)s.")),
        Support.NO: (NOT_MET, _("%(name)s does not feel supported, asked %(day)s.")),
    }[Support(last.support)]
    return Criterion("support", title, state, sentence % words, _("Required: the mentee feels supported"))


def _support_unknown(evidence: MatchEvidence, title: str) -> Criterion:
    """Return the criterion without an answer: it says when the mentee can be asked and links to the follow-up."""
    name = evidence.match.mentee.first_name
    sides = {ContactSide.MENTEE, ContactSide.BOTH}
    waiting = sorted((f for f in evidence.follow_ups if f.is_open and f.side in sides), key=lambda f: f.due_on)
    survey = next((f for f in waiting if f.kind == FollowUpKind.SURVEY and f.due_on <= evidence.on), None)
    if survey:
        words = _("The questionnaire to %(name)s is from %(day)s. No answer.")
        words = words % {"name": name, "day": danish_date(survey.due_on)}
    else:
        words = _("%(name)s has not been asked yet.") % {"name": name}
    ask = survey or next(iter(waiting), None)
    if ask is None or not evidence.match.is_running:
        return Criterion("support", title, UNKNOWN, words, _("Required: the mentee feels supported"))
    if not survey:
        is_overdue = ask.due_on < evidence.on
        when = _("The follow-up of %(day)s is overdue.") if is_overdue else _("Can be asked at the follow-up %(day)s.")
        words = f"{words} {when % {'day': danish_date(ask.due_on)}}"
    return Criterion(
        "support",
        title,
        UNKNOWN,
        words,
        url=reverse("matching:follow-up-log", args=[ask.pk]),
        url_label=_("Register answer"),
    )


def judge_screening(evidence: MatchEvidence) -> Criterion:
    """Judge CFBU criterion 4: the required checks of the mentor are in place before the first meeting."""
    match, title = evidence.match, _("Screening and match")
    needed = sum(rule.count for rule in evidence.requirements)
    if not needed:
        return Criterion("screening", title, UNKNOWN, _("The programme asks for no checks of the mentor."))
    missing, late = [], []
    for rule in evidence.requirements:
        approved = [check for check in evidence.checks if check.kind == rule.kind]
        if len(approved) < rule.count:
            missing.append(check_words(rule.kind, rule.count - len(approved)))
        elif match.started_on and (approved[rule.count - 1].checked_on or match.started_on) > match.started_on:
            late.append(check_words(rule.kind, rule.count))
    return Criterion(
        "screening",
        title,
        _screening_state(match, missing),
        _screening_words(evidence, missing, late),
        url=f"{reverse('people:person-detail', args=[match.mentor_id])}#tjek",
        url_label=ngettext("See the check", "See the %(count)s checks", needed) % {"count": needed},
    )


def _screening_state(match: Match, missing: list[str]) -> str:
    if not missing:
        return MET
    return NOT_MET if match.started_on else UNDER_WAY


def _screening_words(evidence: MatchEvidence, missing: list[str], late: list[str]) -> str:
    if missing:
        return _("Still missing: %(checks)s.") % {"checks": joined(missing)}
    if late:
        return _("All in place, but %(checks)s only after the first meeting.") % {"checks": joined(late)}
    checks = capital(joined([check_words(rule.kind, rule.count) for rule in evidence.requirements]))
    if evidence.match.started_on is None:
        return _("%(checks)s in place.") % {"checks": checks}
    return _("%(checks)s in place before the first meeting.") % {"checks": checks}
