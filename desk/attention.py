"""Matches that need attention, and why, in a sentence (CFBU criteria 1–3; EEPM 4 and 5)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.templatetags.danish import danish_number
from matching.enums import MatchStatus, Mood
from matching.models import FollowUp, Match, Meeting
from programmes.enums import ContactSide
from programmes.models import Programme

AGREEMENT_DAYS = 14  # a signed agreement is expected so many days after the first meeting
ANSWER_DAYS = 14  # a proposal or an introduction without a next step is brought up after so many days
MOST_CONCERNS = 200

HARD_TWICE, SILENT, UNSIGNED, UNANSWERED = range(4)  # most worrying first


@dataclass(frozen=True, slots=True)
class Concern:
    """A match and why it needs attention. ``days`` is how long it has been so, as far as days tell."""

    match: Match
    kind: int
    days: int
    reason: str


def concerns_of_branch(user: User, programmes: Iterable[Programme], today: dt.date) -> list[Concern]:
    """What needs attention in the programmes, most worrying first, at most ``MOST_CONCERNS``; one query."""
    rows = matches_to_watch(user, list(programmes), today)[:MOST_CONCERNS]
    found = [_concern(match, today) for match in rows]
    return sorted(found, key=lambda concern: (concern.kind, -concern.days, concern.match.pk))


def matches_to_watch(user: User, programmes: list[Programme], today: dt.date) -> QuerySet[Match]:
    """Open matches that a rule of their programme brings up, annotated with what the reasons need."""
    meetings = Meeting.objects.filter(match=OuterRef("pk")).order_by("-held_on").values("held_on")
    rows = Match.objects.visible_to(user).with_parties().filter(programme__in=programmes)
    rows = rows.annotate(
        last_met_on=Coalesce(Subquery(meetings[:1]), F("started_on")),
        asked_on=Coalesce("introduced_on", "proposed_on"),
        **_moods_of(ContactSide.MENTEE),
        **_moods_of(ContactSide.MENTOR),
    )
    return rows.filter(_is_hard_twice() | _is_silent(programmes, today) | _is_unsigned(today) | _is_unanswered(today))


def _moods_of(side: str) -> dict[str, Subquery]:
    """``mentee_mood`` and ``mentee_mood_before``: the last two answers of a side."""
    answers = FollowUp.objects.filter(match=OuterRef("pk"), side=side, done_on__isnull=False).exclude(mood="")
    answers = answers.order_by("-done_on", "-pk").values("mood")
    return {f"{side}_mood": Subquery(answers[:1]), f"{side}_mood_before": Subquery(answers[1:2])}


def _is_hard_twice() -> Q:
    mentee = Q(mentee_mood=Mood.HARD, mentee_mood_before=Mood.HARD)
    return Q(status=MatchStatus.ACTIVE) & (mentee | Q(mentor_mood=Mood.HARD, mentor_mood_before=Mood.HARD))


def _is_silent(programmes: list[Programme], today: dt.date) -> Q:
    """No meeting for longer than the programme allows; a match on pause is left in peace."""
    silent = Q(pk__in=[])
    for programme in programmes:
        silent |= Q(programme=programme, last_met_on__lt=today - dt.timedelta(days=programme.silence_days))
    return Q(status=MatchStatus.ACTIVE) & silent


def _is_unsigned(today: dt.date) -> Q:
    return Q(
        status=MatchStatus.ACTIVE,
        programme__requires_agreement=True,
        agreement_signed_on__isnull=True,
        started_on__lt=today - dt.timedelta(days=AGREEMENT_DAYS),
    )


def _is_unanswered(today: dt.date) -> Q:
    return Q(
        status__in=[MatchStatus.PROPOSED, MatchStatus.INTRODUCED],
        asked_on__lt=today - dt.timedelta(days=ANSWER_DAYS),
    )


def _concern(match: Match, today: dt.date) -> Concern:
    """The most worrying of the reasons that brought the match up."""
    if match.status in {MatchStatus.PROPOSED, MatchStatus.INTRODUCED}:
        return _unanswered(match, today)
    for side, who in ((ContactSide.MENTEE, _("The mentee")), (ContactSide.MENTOR, _("The mentor"))):
        if getattr(match, f"{side}_mood") == getattr(match, f"{side}_mood_before") == Mood.HARD:
            return Concern(match, HARD_TWICE, 0, _("%(who)s has answered »hard« twice in a row.") % {"who": who})
    silence = (today - match.last_met_on).days
    if silence > match.programme.silence_days:
        return Concern(match, SILENT, silence, _silence_words(match, silence))
    days = (today - match.started_on).days
    words = ngettext(
        "No signed agreement %(count)s day after the first meeting.",
        "No signed agreement %(count)s days after the first meeting.",
        days,
    )
    return Concern(match, UNSIGNED, days, words % {"count": danish_number(days)})


def _silence_words(match: Match, days: int) -> str:
    words = ngettext(
        "%(count)s day without a registered meeting. The programme asks for at least %(rule)s a month.",
        "%(count)s days without a registered meeting. The programme asks for at least %(rule)s a month.",
        days,
    )
    return words % {"count": danish_number(days), "rule": danish_number(match.programme.meetings_per_month)}


def _unanswered(match: Match, today: dt.date) -> Concern:
    days = (today - match.asked_on).days
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
    return Concern(match, UNANSWERED, days, words % {"count": danish_number(days)})
