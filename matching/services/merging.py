"""Merging of two people: checks, moved matches and consequences that matching adds."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from matching.enums import OPEN_STATUSES
from matching.models import Interview, Match, Meeting, ScreeningCheck
from matching.rules.pairs import lowest_free_place
from people.merging import MergeRefused, MergeRule
from people.models import Person
from programmes.enums import ParticipantRole


def refuse_impossible_merge(kept: Person, other: Person) -> None:
    """Raise MergeRefused if the two are a pair, or both are mentees in an open match of one programme."""
    between = Match.objects.filter(Q(mentor=kept, mentee=other) | Q(mentor=other, mentee=kept)).first()
    if between:
        sentence = _("The two are mentor and mentee in match %(number)s, so they are two people.")
        raise MergeRefused(sentence % {"number": between.number})
    opened: dict[int, Match] = {}
    for match in Match.objects.filter(mentee__in=[kept, other], status__in=OPEN_STATUSES).order_by("pk"):
        first = opened.setdefault(match.programme_id, match)
        if first.mentee_id != match.mentee_id:
            sentence = _(
                "Both are mentees in an open match of the same programme: %(one)s and %(other)s. "
                "End one of the matches first."
            )
            raise MergeRefused(sentence % {"one": first.number, "other": match.number})


def move_match(match: Match, changes: dict) -> dict:
    """Return the changes of a moved match: an open one takes the lowest free place of the kept mentor."""
    if "mentor_id" not in changes or match.status not in OPEN_STATUSES:
        return changes
    return changes | _free_place(match, changes["mentor_id"])


def take_free_places(matches: list[Match]) -> list[str]:
    """Give each open match that undoing restores a free place of its mentor. Returns the names of the fields."""
    given: dict[int, set[int]] = {}  # by mentor
    for match in (match for match in matches if match.status in OPEN_STATUSES):
        places = given.setdefault(match.mentor_id, set())
        stored = _taken_places(match.mentor_id).exclude(pk__in=[row.pk for row in matches])
        match.mentor_place = _place_beside(match, {*stored, *places})
        places.add(match.mentor_place)
    return ["mentor_place"]


def _free_place(match: Match, mentor_id: int) -> dict:
    return {"mentor_place": _place_beside(match, set(_taken_places(mentor_id).exclude(pk=match.pk)))}


def _taken_places(mentor_id: int) -> QuerySet:
    return Match.objects.filter(mentor=mentor_id, status__in=OPEN_STATUSES).values_list("mentor_place", flat=True)


def _place_beside(match: Match, taken: set[int]) -> int:
    return lowest_free_place(taken) if match.mentor_place in taken else match.mentor_place


def merge_consequences(kept: Person, other: Person, user: User) -> Iterator[str]:
    """Yield sentences about the matches, interviews and checks that move to the kept person."""
    moved = Match.objects.filter(Q(mentor=other) | Q(mentee=other))
    count, meetings = moved.count(), Meeting.objects.filter(match__in=moved).count()
    if count:
        words = {"count": count, "meetings": meetings}
        yield (
            ngettext(
                "%(count)s match is moved, with its %(meetings)s meetings, follow-ups, goals and outcomes.",
                "%(count)s matches are moved, with their %(meetings)s meetings, follow-ups, goals and outcomes.",
                count,
            )
            % words
        )
    talks = Interview.objects.filter(enrolment__person=other).count()
    if talks:
        yield ngettext("%(count)s interview is moved.", "%(count)s interviews are moved.", talks) % {"count": talks}
    checks = ScreeningCheck.objects.filter(enrolment__person=other).count()
    if checks:
        yield ngettext("%(count)s check is moved.", "%(count)s checks are moved.", checks) % {"count": checks}
    yield from _over_capacity(kept, other)


def _over_capacity(kept: Person, other: Person) -> Iterator[str]:
    used = Match.objects.filter(mentor__in=[kept, other], status__in=OPEN_STATUSES).count()
    rows = kept.enrolments.filter(role=ParticipantRole.MENTOR).select_related("programme")
    capacity = max((enrolment.agreed_capacity for enrolment in rows), default=None)
    if capacity is not None and used > capacity:
        words = {"used": used, "room": capacity}
        yield _("The mentor then has %(used)s open matches and a capacity of %(room)s.") % words


MATCH_RULE = MergeRule(move=move_match)
