"""Talks with the sides of matches: planned follow-ups that were done, and talks outside the plan.

What asks for a contact, such as the mood or the first month, reads talks. What asks for the plan reads follow-ups.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Prefetch, Value

from matching.enums import ContactResult
from matching.models import Contact, FollowUp
from programmes.enums import ContactSide

PLANNED, OUTSIDE = 0, 1


class Talk(NamedTuple):
    """A talk with a side of a match. Talks sort by day; of one day the contacts outside the plan come last."""

    on: dt.date
    place: int  # in the plan or outside it
    pk: int
    side: str
    mood: str
    support: str

    def is_with(self, side: str) -> bool:
        return self.side in {side, ContactSide.BOTH}


def talks_of(follow_ups: Iterable[FollowUp], contacts: Iterable[Contact]) -> list[Talk]:
    """Return the talks of a match, the first one first, from its loaded follow-ups and contacts."""
    done = [Talk(row.done_on, PLANNED, row.pk, row.side, row.mood, row.support) for row in follow_ups if row.done_on]
    talked = [Talk(row.on, OUTSIDE, row.pk, row.side, row.mood, row.support) for row in contacts if row.is_talk]
    return sorted([*done, *talked])


def contacts_with_people(path: str) -> Prefetch:
    """Return the prefetch of contacts outside the plan, with their people and who recorded them."""
    return Prefetch(path, Contact.objects.select_related("enrolment__person", "recorded_by"))


def read_talks(match_ids: Collection[int]) -> dict[int, list[Talk]]:
    """Return the talks of matches by the match's id, the first one first, in one query."""
    found: dict[int, list[Talk]] = defaultdict(list)
    done = FollowUp.objects.filter(match__in=match_ids, done_on__isnull=False).order_by()
    done = done.values_list("match", "done_on", Value(PLANNED), "pk", "side", "mood", "support")
    talked = Contact.objects.filter(match__in=match_ids, result=ContactResult.TALKED).order_by()
    talked = talked.values_list("match", "on", Value(OUTSIDE), "pk", "enrolment__role", "mood", "support")
    for match_id, *values in done.union(talked, all=True):
        found[match_id].append(Talk(*values))
    for talks in found.values():
        talks.sort()
    return found
