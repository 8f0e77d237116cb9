"""Whose tasks the page Today shows: the whole branch's, one's own, or those of a colleague."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.templatetags.danish import danish_date
from matching.models import FollowUp, Match
from matching.pages.hand_over import away_on
from matching.querysets import working_members

DESK_KEY = "opgaver"  # of the address
ALL, OWN = "", "mine"


@dataclass(frozen=True)
class Desk:
    """The tasks of a user (None: of all). ``key`` is its value in the address, ``note`` says how long one is away."""

    key: str
    label: str | Promise
    user: User | None = None
    note: str = ""

    @property
    def is_colleagues(self) -> bool:
        return self.key not in {ALL, OWN}

    @property
    def is_in_front(self) -> bool:
        """Whether the desk is one click away: the branch's, one's own, and those of colleagues who are away."""
        return not self.is_colleagues or bool(self.note)

    def has_user(self, user_pk: int | None) -> bool:
        """Whether what a user takes care of is on the desk."""
        return self.user is None or self.user.pk == user_pk

    def has_match(self, match: Match) -> bool:
        """Whether a match (``with_acting``) is on the desk: cared for today, or a colleague's for good."""
        if self.user is None:
            return True
        return self.user.pk == match.acting_id or (self.is_colleagues and self.user.pk == match.coordinator_id)

    def matches(self, rows: QuerySet[Match], on: dt.date) -> QuerySet[Match]:
        """Return the matches for which ``has_match`` holds."""
        if self.user is None:
            return rows
        own = Q(acting_id=self.user.pk)
        return rows.with_acting(on).filter(own | Q(coordinator=self.user) if self.is_colleagues else own)

    def follow_ups(self, rows: QuerySet[FollowUp], on: dt.date) -> QuerySet[FollowUp]:
        """Return the follow-ups of the desk's matches."""
        if self.user is None:
            return rows
        return rows.filter(match__in=self.matches(Match.objects.begun(), on).values("pk"))


WHOLE_BRANCH = Desk(ALL, gettext_lazy("The whole branch"))


def desks_of(user: User, branch_id: int, today: dt.date) -> list[Desk]:
    """Return the desks to choose from, in two queries: all, one's own, and the colleagues', first of those away."""
    desks = {ALL: WHOLE_BRANCH, OWN: Desk(OWN, _("Mine"), user)}
    for one in away_on(user, branch_id, today):
        handover, giver = one.handover, one.handover.giver
        if handover.from_on <= today and giver != user:
            words = _("%(name)s is away until %(day)s.")
            note = words % {"name": giver.name, "day": danish_date(handover.until_on)}
            desks.setdefault(str(giver.pk), _desk_of(giver, note))
    members = working_members().filter(branch=branch_id).exclude(user=user)
    for colleague in User.objects.filter(pk__in=members.values("user")).order_by("name", "pk"):
        desks.setdefault(str(colleague.pk), _desk_of(colleague))
    return list(desks.values())


def _desk_of(colleague: User, note: str = "") -> Desk:
    label = _("Tasks of %(name)s") % {"name": colleague.get_short_name()}
    return Desk(str(colleague.pk), label, colleague, note)


def chosen_desk(desks: Sequence[Desk], asked: str) -> Desk:
    """Return the desk with a key, or the first one."""
    return next((desk for desk in desks if desk.key == asked), desks[0])
