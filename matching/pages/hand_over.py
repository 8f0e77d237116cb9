"""The page *Overdrag*: what a user may hand over, to whom, and who has how much already."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import Branch, Membership, User
from accounts.open_work import OpenWork
from accounts.roles import Verb
from common import clock
from common.templatetags.danish import danish_number
from matching.models import FollowUp, Handover, Interview, Match
from matching.querysets import working_members


@dataclass(frozen=True)
class Away:
    """Matches of one giver that one deputy takes care of for one period. ``handover`` is one of them."""

    handover: Handover
    count: int


@dataclass(frozen=True)
class Receiver:
    """A user who can take over: open matches now, how many more are suggested, and the last day away, if any."""

    user: User
    count: int
    more: int = 0
    away_until: dt.date | None = None


def may_hand_over(user: User, match: Match) -> bool:
    """Whether a user may hand a match over: any, one's own, or one without an active coordinator (``with_active``)."""
    branch_id = match.programme.branch_id
    is_own = user.pk in {match.coordinator_id, match.acting_id} or not match.has_active
    return user.may(Verb.HAND_OVER, branch_id) or (is_own and user.may(Verb.WORK_CASES, branch_id))


def away_on(user: User, branch_id: int, day: dt.date) -> list[Away]:
    """Return who has given matches of a branch to deputies from a day or later on, in one query."""
    rows = Handover.objects.visible_to(user).in_branches([branch_id]).filter(until_on__gte=day, giver__isnull=False)
    groups: dict[tuple, list[Handover]] = {}
    for row in rows.select_related("giver", "receiver", "match__programme").order_by("from_on", "pk"):
        groups.setdefault((row.giver_id, row.receiver_id, row.from_on, row.until_on), []).append(row)
    return [Away(same[0], len(same)) for same in groups.values()]


def open_work(member: Membership, reader: User) -> OpenWork | None:
    """Return the open matches and planned interviews of a member in the branch, for the page of the user."""
    if not reader.may(Verb.HAND_OVER, member.branch_id):
        return None
    matches = Match.objects.visible_to(reader).in_branches([member.branch_id]).open().with_acting(clock.today())
    talks = Interview.objects.visible_to(reader).in_branches([member.branch_id])
    match_count = matches.filter(Q(coordinator=member.user) | Q(acting_id=member.user_id)).count()
    talk_count = talks.filter(held_on__isnull=True, interviewer=member.user).count()
    words = {
        ngettext("%(count)s open match", "%(count)s open matches", match_count): match_count,
        ngettext("%(count)s planned interview", "%(count)s planned interviews", talk_count): talk_count,
    }
    sentences = [sentence % {"count": danish_number(count)} for sentence, count in words.items() if count]
    url = reverse("matching:hand-over") + f"?fra={member.user_id}&afdeling={member.branch_id}"
    return OpenWork(sentences, url) if sentences else None


class HandoverPage:
    """Matches and planned interviews of a branch that ``by`` may hand over, read in a constant number of queries.

    They are those of ``giver``, those without an active coordinator if it is None, or the matches ``pks``. Raises
    PermissionDenied for a giver whose matches are not ``by``'s to hand over.
    """

    def __init__(self, by: User, branch: Branch, day: dt.date, *, giver: User | None = None, pks: Collection[int] = ()):
        self.by, self.branch, self.day, self.giver, self.pks = by, branch, day, giver, pks
        self.may_all = by.may(Verb.HAND_OVER, branch)
        if giver and giver != by and not self.may_all and not pks:
            raise PermissionDenied

    @cached_property
    def matches(self) -> list[Match]:
        """The open matches, with ``follow_up_count`` and ``next_due_on``."""
        rows = Match.objects.visible_to(self.by, Verb.WORK_CASES).in_branches([self.branch.pk])
        rows = rows.open().with_active(self.day).with_parties()
        if self.pks:
            rows = rows.filter(pk__in=self.pks)
        elif self.giver:
            rows = rows.filter(Q(coordinator=self.giver) | Q(acting_id=self.giver.pk))
        else:
            rows = rows.filter(has_active=False)
        found = rows.annotate(**_plan_of_match()).order_by("mentee__first_name", "mentee__last_name", "pk")
        return [match for match in found if self.may_all or may_hand_over(self.by, match)]

    @cached_property
    def interviews(self) -> list[Interview]:
        if self.pks:
            return []
        rows = Interview.objects.visible_to(self.by, Verb.WORK_CASES).in_branches([self.branch.pk])
        rows = rows.filter(held_on__isnull=True)
        working = working_members().filter(branch=self.branch).values("user")
        if self.giver:
            rows = rows.filter(interviewer=self.giver)
        else:
            rows = rows.filter(interviewer__isnull=False).exclude(interviewer__in=working)
        return list(rows.select_related("enrolment__person").order_by("planned_on", "planned_time", "pk"))

    @cached_property
    def users(self) -> list[User]:
        """The active users who work with cases in the branch, apart from the giver."""
        working = working_members().filter(branch=self.branch).values("user")
        users = User.objects.filter(pk__in=working)
        return list(users.exclude(pk=self.giver.pk) if self.giver else users)

    @cached_property
    def away(self) -> list[Away]:
        """The deputies of the branch, now and later."""
        return away_on(self.by, self.branch.pk, self.day)

    @property
    def own_away(self) -> list[Away]:
        """The deputies of the giver, and those for whom the giver is the deputy."""
        return [one for one in self.away if self.giver in {one.handover.giver, one.handover.receiver}]

    def receivers(self, suggested: Iterable[int] = ()) -> list[Receiver]:
        """Return who can take over, with the open matches of each and the number of those suggested."""
        more, until = Counter(suggested), self._away_until
        return [Receiver(user, self._load[user.pk], more[user.pk], until.get(user.pk)) for user in self.users]

    def suggest(self, rows: Sequence[Match | Interview]) -> list[int]:
        """Return a user's id for each row: who has fewest open matches, and is not away today."""
        load = {user.pk: self._load[user.pk] for user in self.users if user.pk not in self._away_until}
        suggested = []
        for _row in rows if load else ():
            lightest = min(load, key=lambda pk: load[pk])
            load[lightest] += 1
            suggested.append(lightest)
        return suggested

    @cached_property
    def _load(self) -> Counter[int]:
        rows = Match.objects.in_branches([self.branch.pk]).open().with_acting(self.day)
        return Counter(rows.values_list("acting_id", flat=True))

    @property
    def _away_until(self) -> dict[int, dt.date]:
        begun = (one.handover for one in self.away if one.handover.from_on <= self.day)
        return {handover.giver_id: handover.until_on for handover in begun}


def _plan_of_match() -> dict[str, Coalesce | Subquery]:
    plan: QuerySet[FollowUp] = FollowUp.objects.to_do().filter(match=OuterRef("pk")).order_by().values("match")
    count = Subquery(plan.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return {"follow_up_count": Coalesce(count, 0), "next_due_on": Subquery(plan.annotate(m=Min("due_on")).values("m"))}
