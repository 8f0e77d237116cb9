"""Stored people who are probably one: the pairs of a branch, and who looks like somebody."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Max, Q, Subquery

from people.likeness import Facts, LikeIndex, same_words
from people.models import DistinctPeople, ImportBatch, Person

MOST_COMPARED = 20_000  # the newest of a larger branch
COUNT_IS_KEPT = 600  # seconds; any change among the people counts anew
COLUMNS = ("pk", "first_name", "last_name", "emails", "phones", "birth_date", "birth_year", "postcode", "gender")


@dataclass(frozen=True, slots=True)
class LikePair:
    """Two people by id, the older one first, how much speaks for one person, and the marks that are the same."""

    first: int
    second: int
    score: int
    same: tuple[str, ...]

    @property
    def words(self) -> str:
        return same_words(self.same)


def like_pairs(people) -> list[LikePair]:
    """The probable pairs among people (a queryset), but for those told apart; strongest first. Two queries."""
    apart = set(DistinctPeople.objects.values_list("first", "second"))
    index, pairs = LikeIndex(with_exact=True), []
    for facts in _facts_of(people.order_by("-pk")[:MOST_COMPARED]):
        for like in index.find(facts):
            pair = (facts.ref, like.other.ref)
            if pair not in apart:
                pairs.append(LikePair(*pair, like.score, like.same))
        index.add(facts)
    return sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second))


def count_pairs(people, branch_id: int) -> int:
    """How many pairs there are to look at; counted anew only when somebody among the people has changed.

    Undoing an import gives people the time of their change back that they had before it, so it counts as well.
    """
    undone = ImportBatch.objects.filter(programme__branch=branch_id, undone_at__isnull=False).order_by("-undone_at")
    state = people.aggregate(
        people=Count("pk"),
        last=Max("pk"),
        changed=Max("updated_at"),
        undone=Max(Subquery(undone.values("undone_at")[:1])),
    )
    about = Q(first__home_branch=branch_id) | Q(second__home_branch=branch_id)
    state |= DistinctPeople.objects.filter(about).aggregate(apart=Count("pk"), newest=Max("pk"))
    key = f"like-pairs-{branch_id}-" + "-".join(str(value).replace(" ", "T") for value in state.values())
    return cache.get_or_set(key, lambda: len(like_pairs(people)), COUNT_IS_KEPT)


def people_like(person: Person, people) -> list[tuple[Person, str]]:
    """Who among the people looks most like this person, with what is the same in words. Three queries."""
    index = LikeIndex(_facts_of(people.exclude(pk=person.pk).order_by("-pk")[:MOST_COMPARED]), with_exact=True)
    found = index.find(_facts(tuple(getattr(person, name) for name in COLUMNS)))
    apart = DistinctPeople.objects.filter(Q(first=person) | Q(second=person)).values_list("first", "second")
    known = {pk for pair in apart for pk in pair}
    rows = people.in_bulk([like.other.ref for like in found])
    return [
        (rows[like.other.ref], same_words(like.same))
        for like in found
        if like.other.ref in rows and like.other.ref not in known  # one may have been merged a moment ago
    ]


def _facts_of(people) -> Iterator[Facts]:
    return (_facts(row) for row in people.prefetch_related(None).values_list(*COLUMNS).iterator())


def _facts(row: tuple) -> Facts:
    pk, first_name, last_name, emails, phones, birth_date, birth_year, postcode, gender = row
    return Facts(
        f"{first_name} {last_name}".strip(),
        {email.lower() for email in emails},
        set(phones),
        birth_date,
        birth_year,
        postcode,
        gender,
        ref=pk,
    )
