import datetime as dt

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Collate

from accounts.models import Membership, User
from accounts.roles import Verb, roles_that_may
from common.danish_order import DANISH
from common.scoping import ScopedQuerySet
from common.searching import words_to_find
from matching.enums import OPEN_STATUSES, RUNNING_STATUSES, MatchStatus, PlanState
from programmes.enums import ContactSide, FollowUpKind

# Follow-ups of matches that have ended: the question about outcomes some months later.
AFTER_THE_END = Q(match__status=MatchStatus.ENDED, kind=FollowUpKind.OUTCOMES)


def working_members() -> QuerySet[Membership]:
    """Return the memberships of active users who work with cases."""
    members = Membership.objects.accepted()
    return members.filter(role__in=roles_that_may(Verb.WORK_CASES), user__is_active=True)


class MatchQuerySet(ScopedQuerySet):
    def open(self):
        """Matches that take their mentee: proposed, introduced, active or on pause."""
        return self.filter(status__in=OPEN_STATUSES)

    def running(self):
        """Matches whose first meeting was held and that have not ended."""
        return self.filter(status__in=RUNNING_STATUSES)

    def begun(self):
        """Matches whose first meeting was held, also those that have ended."""
        return self.filter(status__in=[*RUNNING_STATUSES, MatchStatus.ENDED])

    def of_person(self, person):
        """Matches in which the person is the mentor or the mentee, with both parties."""
        return self.filter(Q(mentor=person) | Q(mentee=person)).with_parties().order_by("pk")

    def with_parties(self):
        return self.select_related("mentor", "mentee", "programme__branch", "coordinator")

    def with_meetings(self):
        """Annotate ``meeting_count``, ``meeting_hours`` and ``last_meeting_on``."""
        meetings = self.model._meta.get_field("meetings").related_model.objects.filter(match=OuterRef("pk"))
        sums = meetings.order_by().values("match")
        return self.annotate(
            meeting_count=Coalesce(
                Subquery(sums.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0)
            ),
            meeting_hours=Subquery(sums.annotate(h=Sum("hours")).values("h")),
            last_meeting_on=Subquery(
                meetings.order_by("-held_on").values("held_on")[:1], output_field=DateField(null=True)
            ),
        )

    def with_acting(self, on: dt.date):
        """Annotate ``acting_id`` and ``acting_name``: who takes care of the match on a day. See ``Handover``."""
        handovers = self.model._meta.get_field("handovers").related_model.objects.filter(match=OuterRef("pk"))
        in_effect = handovers.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on).order_by("-pk")
        later = handovers.filter(until_on__isnull=True, from_on__gt=on).order_by("pk")
        acting = Coalesce(
            Subquery(in_effect.values("receiver_id")[:1]),
            Subquery(later.values("giver_id")[:1]),
            F("coordinator_id"),
            output_field=BigIntegerField(null=True),
        )
        name = Subquery(User.objects.filter(pk=OuterRef("acting_id")).values("name")[:1])
        return self.annotate(acting_id=acting, acting_name=Collate(name, DANISH))

    def cared_for_by(self, user, on: dt.date):
        """Matches that a user takes care of on a day: as their coordinator, or as a deputy."""
        return self.with_acting(on).filter(acting_id=user.pk)

    def with_active(self, on: dt.date):
        """Annotate ``has_active``: whether who takes care of the match on a day works with cases in its branch."""
        working = working_members().filter(branch=OuterRef("programme__branch"), user=OuterRef("acting_id"))
        return self.with_acting(on).annotate(has_active=Exists(working))

    def without_active(self, on: dt.date):
        """Matches that no active coordinator takes care of on a day."""
        return self.with_active(on).filter(has_active=False)

    def search(self, text: str):
        """Matches with every word of the text in their number or in one of their people, read as these are stored."""
        rows = self
        for word in words_to_find(text):
            rows = rows.filter(
                Q(mentee__search_text__contains=word)
                | Q(mentor__search_text__contains=word)
                | Q(number__icontains=word)
            )
        return rows


class FollowUpQuerySet(ScopedQuerySet):
    def to_do(self):
        """Follow-ups of active matches that are to be done, and questions of ended ones; a plan on pause rests."""
        return self.open().filter(Q(match__status=MatchStatus.ACTIVE) | AFTER_THE_END)

    def open(self):
        """Follow-ups that are neither done nor skipped."""
        return self.filter(done_on__isnull=True, skipped_reason="")

    def planned(self):
        """Follow-ups of running matches that are to be done, also of those on pause, and questions of ended ones."""
        return self.open().filter(Q(match__status__in=RUNNING_STATUSES) | AFTER_THE_END)

    def resting_last(self):
        """In the order of their days, those of matches on pause last."""
        return self.annotate(is_resting=Q(match__status=MatchStatus.PAUSED)).order_by("is_resting", "due_on", "pk")

    def overdue(self, on: dt.date):
        return self.to_do().filter(due_on__lt=on)

    def due_between(self, start: dt.date, end: dt.date):
        return self.to_do().filter(due_on__gte=start, due_on__lte=end)

    def with_acting(self, on: dt.date):
        """Annotate ``acting_name``: who takes care of the match on a day."""
        matches = self.model._meta.get_field("match").related_model.objects.filter(pk=OuterRef("match"))
        return self.annotate(acting_name=Subquery(matches.with_acting(on).values("acting_name")))

    def with_parties(self):
        return self.select_related("match__mentor", "match__mentee", "match__programme__branch")

    def for_rows(self):
        """Select the people and the contacts outside the plan, and annotate the last follow-up with the same side.

        Its day and mood are ``last_done_on`` and ``last_mood``; ``pages.follow_up_rows`` compares it with the contacts.
        """
        earlier = (
            self.model.objects.filter(match=OuterRef("match"), done_on__isnull=False)
            .filter(Q(side=OuterRef("side")) | Q(side=ContactSide.BOTH))
            .exclude(pk=OuterRef("pk"))
            .order_by("-done_on", "-pk")
        )
        contacts = self.model._meta.get_field("match").related_model._meta.get_field("contacts").related_model
        with_roles = contacts.objects.select_related("enrolment")
        return (
            self.with_parties()
            .prefetch_related(Prefetch("match__contacts", with_roles))
            .annotate(
                last_done_on=Subquery(earlier.values("done_on")[:1], output_field=DateField(null=True)),
                last_mood=Subquery(earlier.values("mood")[:1], output_field=CharField(null=True)),
            )
        )


class PlannedMeetingQuerySet(ScopedQuerySet):
    """Meetings that mentor and mentee have agreed on.

    A list of a user's branches reads ``PlannedMeeting.objects.visible_to(user).due_between(start, end).for_rows()``;
    those of a user are ``of_staff(user, on)``.
    """

    def to_do(self):
        """Meetings that are neither held, moved nor cancelled; also those of a match on pause, as they are agreed."""
        return self.filter(state=PlanState.OPEN)

    def overdue(self, on: dt.date):
        """Meetings of earlier days of which is not known whether they were held."""
        return self.to_do().filter(on__lt=on)

    def due_between(self, start: dt.date, end: dt.date):
        return self.to_do().filter(on__gte=start, on__lte=end)

    def of_staff(self, user, on: dt.date):
        """Meetings in which a user takes part, and those of matches that the user takes care of on a day."""
        matches = self.model._meta.get_field("match").related_model.objects.cared_for_by(user, on)
        return self.filter(Q(staff=user) | Q(match__in=matches.values("pk")))

    def for_rows(self):
        """Select the two people, the programme and the user who takes part."""
        return self.select_related("match__mentor", "match__mentee", "match__programme__branch", "staff")
