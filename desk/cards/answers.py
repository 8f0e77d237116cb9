"""The card *Venter på svar* of the page Today: proposals that the mentor, the mentee or both have not answered."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from desk.desks import Desk
from matching.enums import MatchStatus, Side
from matching.models import Match
from matching.words import given_name
from people.models import Person

MOST_SHOWN = 4


@dataclass(frozen=True)
class SideAnswer:
    """What one side of a proposal has said: yes on a day, or nothing yet."""

    side: str
    person: Person
    said_yes_on: dt.date | None

    @property
    def first_name(self) -> str:
        return given_name(self.person)


@dataclass(frozen=True)
class ProposalRow:
    """A proposal that waits for an answer, or for its first meeting to be arranged, on the day ``on``."""

    match: Match
    on: dt.date

    @cached_property
    def answers(self) -> list[SideAnswer]:
        """Mentee and mentor, who has said yes first."""
        match = self.match
        both = [
            SideAnswer(Side.MENTEE, match.mentee, match.mentee_said_yes_on),
            SideAnswer(Side.MENTOR, match.mentor, match.mentor_said_yes_on),
        ]
        return sorted(both, key=lambda answer: answer.said_yes_on is None)

    @property
    def missing(self) -> list[SideAnswer]:
        return [answer for answer in self.answers if answer.said_yes_on is None]

    @property
    def said(self) -> list[tuple[str, str]]:
        """State of the ``badge`` tag and words: ``Karin sagde ja``, ``Nimo mangler``, ``Begge mangler``."""
        if len(self.missing) != 1:
            return [("soon", _("Both answers are missing")) if self.missing else ("done", _("Both said yes"))]
        words = {True: ("done", _("%(name)s said yes")), False: ("soon", _("%(name)s's answer is missing"))}
        found = [(words[answer.said_yes_on is not None], answer.first_name) for answer in self.answers]
        return [(state, text % {"name": name}) for (state, text), name in found]

    @property
    def days(self) -> int | None:
        """Days since the proposal; None if its day is not known."""
        return (self.on - self.match.proposed_on).days if self.match.proposed_on else None

    @property
    def first_meeting_url(self) -> str:
        return reverse("matching:match-start", args=[self.match.pk])


def proposals_waiting(user: User, branch_id: int, today: dt.date, desk: Desk) -> tuple[list[ProposalRow], int]:
    """Return the oldest proposals of a desk without an arranged first meeting, and their number, in one query."""
    rows = Match.objects.visible_to(user).in_branches([branch_id]).filter(status=MatchStatus.PROPOSED)
    rows = desk.matches(rows, today).with_parties().annotate(total=Window(Count("pk")))
    shown = list(rows.order_by("proposed_on", "pk")[:MOST_SHOWN])
    return [ProposalRow(match, today) for match in shown], shown[0].total if shown else 0
