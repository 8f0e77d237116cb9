"""Adds to Tingbjerg a coordinator on leave with a deputy, one who has left, and names from an old list."""

import datetime as dt

from accounts.enums import Role
from accounts.models import Membership, User
from common import clock
from demo.builders.staff import email_of
from matching.enums import MatchStatus
from matching.models import Handover, Match, PlannedMeeting
from programmes.models import Programme

ON_LEAVE, LEFT, WRITTEN = "Nina Holst", "Jens Toft", "Nina H."
AWAY_DAYS = (3, 15)  # before and after the day of the demo
DEPUTISED, ORPHANED, NAMED = 5, 3, 6  # matches


def add_colleagues(programme: Programme, deputy: User, today: dt.date) -> None:
    """Give some matches of the programme to two more users, who are shown no sign-in, and some to a written name."""
    nina = User.objects.create(name=ON_LEAVE, email=email_of("nina", programme.branch.slug))
    jens = User.objects.create(name=LEFT, email=email_of("jens", programme.branch.slug), is_active=False)
    branch = {"branch": programme.branch, "role": Role.COORDINATOR, "accepted_at": clock.now()}
    Membership.objects.create(user=nina, **branch)
    active = list(Match.objects.filter(programme=programme, status=MatchStatus.ACTIVE).order_by("number"))
    hers, his = active[1::5][:DEPUTISED], active[3::7][:ORPHANED]
    _give(hers, nina)
    _give(his, jens)
    before, after = (dt.timedelta(days=days) for days in AWAY_DAYS)
    period = {"from_on": today - before, "until_on": today + after, "reason": "Ferie"}
    Handover.objects.bulk_create(
        Handover(match=match, giver=nina, receiver=deputy, by=nina, **period) for match in hers
    )
    free = next(match for match in hers if not match.planned_meetings.exists())
    facts = {"time": dt.time(13), "place": "Fritidscentret", "staff": deputy, "planned_by": nina}
    PlannedMeeting.objects.create(match=free, on=today + dt.timedelta(days=1), **facts)
    ended = Match.objects.filter(programme=programme, status=MatchStatus.ENDED).order_by("number")[:NAMED]
    Match.objects.filter(pk__in=[match.pk for match in ended]).update(coordinator=None, coordinator_note=WRITTEN)


def _give(matches: list[Match], user: User) -> None:
    Match.objects.filter(pk__in=[match.pk for match in matches]).update(coordinator=user)
