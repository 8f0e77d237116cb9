"""Whose tasks the page Today shows: the whole branch's, one's own, or those of a colleague who is away."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.templatetags.danish import danish_date
from matching.models import FollowUp, Interview, Match
from matching.pages.hand_over import away_on

DESK_KEY = "opgaver"  # of the address
ALL, OWN = "", "mine"


@dataclass(frozen=True)
class Desk:
    """The tasks of a user (None: of all). ``key`` is its value in the address, ``note`` says how long one is away."""

    key: str
    label: str | Promise
    user: User | None = None
    note: str = ""

    def matches(self, rows: QuerySet[Match], on: dt.date) -> QuerySet[Match]:
        """Return the user's matches: those cared for on the day, or a colleague's own."""
        if self.user is None:
            return rows
        return rows.cared_for_by(self.user, on) if self.key == OWN else rows.filter(coordinator=self.user)

    def follow_ups(self, rows: QuerySet[FollowUp], on: dt.date) -> QuerySet[FollowUp]:
        """Return the follow-ups of the user's matches."""
        if self.user is None:
            return rows
        return rows.filter(match__in=self.matches(Match.objects.running(), on).values("pk"))

    def has_match(self, match: Match) -> bool:
        """Whether a match (``with_acting``) is the user's: cared for today, or a colleague's own."""
        if self.user is None:
            return True
        return self.user.pk == (match.acting_id if self.key == OWN else match.coordinator_id)

    def interviews(self, rows: QuerySet[Interview]) -> QuerySet[Interview]:
        return rows if self.user is None else rows.filter(interviewer=self.user)


WHOLE_BRANCH = Desk(ALL, gettext_lazy("The whole branch"))


def desks_of(user: User, branch_id: int, today: dt.date) -> list[Desk]:
    """Return the desks to choose from, in one query: all, one's own, and those of the colleagues who are away today."""
    desks = {ALL: WHOLE_BRANCH, OWN: Desk(OWN, _("Mine"), user)}
    for one in away_on(user, branch_id, today):
        handover, giver = one.handover, one.handover.giver
        if handover.from_on <= today and giver != user:
            words = _("%(name)s is away until %(day)s.")
            note = words % {"name": giver.name, "day": danish_date(handover.until_on)}
            label = _("Tasks of %(name)s") % {"name": giver.get_short_name()}
            desks.setdefault(str(giver.pk), Desk(str(giver.pk), label, giver, note))
    return list(desks.values())


def chosen_desk(desks: Sequence[Desk], asked: str) -> Desk:
    """Return the desk with a key, or the first one."""
    return next((desk for desk in desks if desk.key == asked), desks[0])
