"""Matches that need attention, each with the reason in a sentence.

Sources: CFBU criteria 1–3 (duration, intensity, emotional support), EEPM 4 (signed agreement) and 5 (contacts in the
first month, as many as the programme's plan has), and what users of such systems complain about: cases without
activity go unseen.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.templatetags.danish import danish_date, danish_number
from matching.enums import OPEN_STATUSES, MatchStatus, Mood
from matching.models import FollowUp, Match, MatchPause, Meeting
from matching.quality.attention_kinds import KINDS
from matching.rules.months import add_months
from matching.rules.pauses import after_pauses, has_pause_in, paused_days
from matching.rules.talks import read_talks
from people.models import Enrolment
from programmes.enums import ContactSide, FollowUpKind

AGREEMENT_DAYS = 14  # after the first meeting
ANSWER_DAYS = 14  # a proposal or an introduction without a next step
PAUSE_DAYS = 60
FIRST_MONTH_DAYS = 30
ENDING_DAYS = 30  # before the agreed duration is over

MOST_ROLES = 200  # roles on pause that are read


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """A match and the reason for attention. ``days`` is how long it has lasted, or 0."""

    match: Match
    kind: str
    days: int
    sentence: str

    @property
    def label(self) -> str:
        return str(KINDS[self.kind].label)


def attention_items(
    user: User, on: dt.date, *, programmes: Iterable | None = None, among: QuerySet[Match] | None = None
) -> list[AttentionItem]:
    """Return what ``attention_in`` finds in the open matches that the user may see, in three queries.

    ``programmes`` and ``among`` limit them.
    """
    matches = matches_with_facts(user, on)
    if among is not None:
        matches = matches.filter(pk__in=among.values("pk"))
    if programmes is not None:
        matches = matches.filter(programme__in=list(programmes))
    return attention_in(matches, on)


def attention_in(matches: Iterable[Match], on: dt.date) -> list[AttentionItem]:
    """Return the matches (``matches_with_facts``) that need attention, each with its most urgent reason.

    The most urgent come first.
    """
    found = [item for match in _with_talks(matches) if (item := next(_reasons(match, on), None))]
    ranks = {key: rank for rank, key in enumerate(KINDS)}
    return sorted(found, key=lambda item: (ranks[item.kind], -item.days, item.match.pk))


def roles_to_ask(user: User, on: dt.date, *, programmes: Iterable | None = None) -> list[Enrolment]:
    """Return the roles whose pause has lasted as long as expected, up to ``MOST_ROLES``, in one query."""
    rows = Enrolment.objects.visible_to(user).pause_over(on)
    if programmes is not None:
        rows = rows.filter(programme__in=list(programmes))
    return list(rows[:MOST_ROLES])


def attention_items_of(match: Match, user: User, on: dt.date) -> list[AttentionItem]:
    """Return all reasons why one match needs attention."""
    rows = _with_talks(matches_with_facts(user, on).filter(pk=match.pk))
    return [item for row in rows for item in _reasons(row, on)]


def _with_talks(matches: Iterable[Match]) -> list[Match]:
    """Read the talks of matches, and give each match its own as ``talks``."""
    rows = list(matches)
    talks = read_talks([match.pk for match in rows]) if rows else {}
    for match in rows:
        match.talks = talks.get(match.pk, [])
    return rows


def matches_with_facts(user: User, on: dt.date):
    """Return a user's open matches with the last meeting, what the plan has in the first month, and pauses."""
    meetings = Meeting.objects.filter(match=OuterRef("pk")).order_by("-held_on").values("held_on")
    return (
        Match.objects.visible_to(user)
        .filter(status__in=OPEN_STATUSES)
        .with_parties()
        .with_active(on)
        .annotate(
            last_met_on=Coalesce(Subquery(meetings[:1]), F("started_on")),
            asked_on=Coalesce("introduced_on", "proposed_on"),
            **_planned_with(ContactSide.MENTEE),
            **_planned_with(ContactSide.MENTOR),
        )
        .prefetch_related("pauses")
    )


def _planned_with(side: str) -> dict[str, Coalesce]:
    """Return the number of contacts with a side that the plan has in the first month, such as ``mentee_planned``."""
    month_end = OuterRef("started_on") + dt.timedelta(days=FIRST_MONTH_DAYS)
    planned = FollowUp.objects.filter(match=OuterRef("pk"), step__isnull=False, kind=FollowUpKind.CONTACT)
    planned = planned.filter(due_on__lte=month_end, skipped_reason="", side__in=[side, ContactSide.BOTH])
    counted = planned.order_by().values("match").annotate(n=Count("pk")).values("n")
    return {f"{side}_planned": Coalesce(Subquery(counted), 0)}


def _reasons(match: Match, on: dt.date) -> Iterator[AttentionItem]:
    if match.status in {MatchStatus.PROPOSED, MatchStatus.INTRODUCED}:
        rules: list[Callable] = [_no_coordinator, _unanswered]
    elif match.status == MatchStatus.PAUSED:
        rules = [_no_coordinator, _pause_over, _paused_long, _unsigned]
    else:
        rules = [_hard, _silent, _few_contacts, _no_coordinator, _unsigned, _ending]
    for rule in rules:
        if item := rule(match, on):
            yield item


def _hard(match: Match, on: dt.date) -> AttentionItem | None:
    """Mood *hard* twice in a row; the mentee's answers are checked first."""
    words = {
        ContactSide.MENTEE: _("The mentee has answered »hard« twice in a row."),
        ContactSide.MENTOR: _("The mentor has answered »hard« twice in a row."),
    }
    for side, sentence in words.items():
        moods = [talk.mood for talk in match.talks if talk.mood and talk.is_with(side)]
        if moods[-2:] == [Mood.HARD, Mood.HARD]:
            return AttentionItem(match, "hard", 0, sentence)
    return None


def _silent(match: Match, on: dt.date) -> AttentionItem | None:
    """Days without a meeting; days of pause do not count."""
    days = _days_run(match, match.last_met_on, on)
    if days <= match.programme.silence_days:
        return None
    words = ngettext(
        "%(count)s day without a registered meeting. The programme asks for at least %(rule)s a month.",
        "%(count)s days without a registered meeting. The programme asks for at least %(rule)s a month.",
        days,
    )
    rule = danish_number(match.programme.meetings_per_month)
    return AttentionItem(match, "silent", days, words % {"count": danish_number(days), "rule": rule})


def _few_contacts(match: Match, on: dt.date) -> AttentionItem | None:
    """Fewer contacts in the first month (EEPM 5) than its plan has. It is reported in the second month only."""
    days = (on - match.started_on).days
    month_end = match.started_on + dt.timedelta(days=FIRST_MONTH_DAYS)
    if not FIRST_MONTH_DAYS < days <= 2 * FIRST_MONTH_DAYS or has_pause_in(_pauses(match), match.started_on, month_end):
        return None
    counts = [
        (person.first_name, sum(talk.on <= month_end and talk.is_with(side) for talk in match.talks), planned)
        for side, person, planned in (
            (ContactSide.MENTEE, match.mentee, match.mentee_planned),
            (ContactSide.MENTOR, match.mentor, match.mentor_planned),
        )
    ]
    lacking = [
        _("%(name)s %(done)s of %(planned)s") % {"name": name, "done": done, "planned": planned}
        for name, done, planned in counts
        if done < planned
    ]
    if not lacking:
        return None
    words = _("Fewer contacts than planned in the first month: %(counts)s.") % {"counts": ", ".join(lacking)}
    return AttentionItem(match, "few_contacts", days - FIRST_MONTH_DAYS, words)


def _no_coordinator(match: Match, on: dt.date) -> AttentionItem | None:
    """No user who works in the branch takes care of the match, such as after the coordinator left."""
    if match.has_active:
        return None
    name = match.acting_name or match.coordinator_note
    words = _("No active coordinator: %(name)s works here no more.") if name else _("No active coordinator.")
    return AttentionItem(match, "no_coordinator", 0, words % {"name": name})


def _unsigned(match: Match, on: dt.date) -> AttentionItem | None:
    days = _days_run(match, match.started_on, on)
    if match.agreement_signed_on or not match.programme.requires_agreement or days <= AGREEMENT_DAYS:
        return None
    words = ngettext(
        "Lacks a signed agreement %(count)s day after the first meeting.",
        "Lacks a signed agreement %(count)s days after the first meeting.",
        days,
    )
    return AttentionItem(match, "unsigned", days, words % {"count": danish_number(days)})


def _days_run(match: Match, start: dt.date, on: dt.date) -> int:
    """Return the days from a day until today on which the match was not on pause."""
    return (on - start).days - paused_days(_pauses(match), start, on)


def _pauses(match: Match) -> list[MatchPause]:
    return list(match.pauses.all())


def _pause_over(match: Match, on: dt.date) -> AttentionItem | None:
    """The pause has lasted as long as expected: resume, agree on another day, or end the match."""
    if match.paused_until is None or match.paused_until > on:
        return None
    days = (on - match.paused_until).days
    if days:
        words = _("The pause was expected to end %(day)s. Ask the two whether they meet again.")
    else:
        words = _("The pause is expected to end today. Ask the two whether they meet again.")
    return AttentionItem(match, "pause_over", days, words % {"day": danish_date(match.paused_until)})


def _paused_long(match: Match, on: dt.date) -> AttentionItem | None:
    """A long pause whose end is not known."""
    days = (on - match.paused_on).days if match.paused_on and match.paused_until is None else 0
    if days <= PAUSE_DAYS:
        return None
    words = ngettext("On pause for %(count)s day.", "On pause for %(count)s days.", days)
    return AttentionItem(match, "paused_long", days, words % {"count": danish_number(days)})


def _unanswered(match: Match, on: dt.date) -> AttentionItem | None:
    days = (on - match.asked_on).days if match.asked_on else 0
    if days <= ANSWER_DAYS:
        return None
    if match.status == MatchStatus.INTRODUCED:
        words = ngettext(
            "Introduced %(count)s day ago, no first meeting yet.",
            "Introduced %(count)s days ago, no first meeting yet.",
            days,
        )
    else:
        words = ngettext(
            "Proposed %(count)s day ago, no answer yet.", "Proposed %(count)s days ago, no answer yet.", days
        )
    return AttentionItem(match, "unanswered", days, words % {"count": danish_number(days)})


def _ending(match: Match, on: dt.date) -> AttentionItem | None:
    """The agreed time ends soon or has ended: time for a closing talk, or an agreement to continue."""
    agreed = add_months(match.started_on, match.programme.min_duration_months)
    ends_on = after_pauses(_pauses(match), match.started_on, agreed, on)
    days = (ends_on - on).days
    if days > ENDING_DAYS:
        return None
    if days > 0:
        words = _("The agreed time ends on %(day)s. Arrange the closing talk.")
    elif days == 0:
        words = _("The agreed time ends today. Hold the closing talk, or agree to go on.")
    else:
        words = _("The agreed time was over on %(day)s. Hold the closing talk, or agree to go on.")
    return AttentionItem(match, "ending", max(0, -days), words % {"day": danish_date(ends_on)})
