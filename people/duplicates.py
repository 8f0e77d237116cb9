"""Possible duplicates among stored people: all pairs of a branch, and the people who resemble a person or a name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Max, Q

from accounts.models import User
from common.hooks import Hook
from people.likeness import Facts, LikeIndex, same_words
from people.models import DistinctPeople, Person
from people.names import Word, word_likeness, words_of

MOST_COMPARED = 20_000  # in a larger branch only the newest
CACHE_SECONDS = 600  # any change of a person makes a new cache key
COLUMNS = ("pk", "first_name", "last_name", "emails", "phones", "birth_date", "birth_year", "postcode", "gender")
# Given a branch's id: a value that changes when an upper app changes people without setting ``updated_at``.
CHANGE_SOURCES: Hook[Callable[[int], object]] = Hook()


@dataclass(frozen=True, slots=True)
class LikePair:
    """The ids of two people, the older record first, with the score and the shared attributes of their likeness."""

    first: int
    second: int
    score: int
    same: tuple[str, ...]

    @property
    def words(self) -> str:
        return same_words(self.same)


def like_pairs(people) -> list[LikePair]:
    """Return the probable pairs in a queryset of people, without distinct people, most alike first. Two queries."""
    distinct = set(DistinctPeople.objects.values_list("first", "second"))
    index, pairs = LikeIndex(with_exact=True), []
    for facts in facts_from(people.order_by("-pk")[:MOST_COMPARED]):
        for like in index.find(facts):
            pair = (facts.ref, like.other.ref)
            if pair not in distinct:
                pairs.append(LikePair(*pair, like.score, like.same))
        index.add(facts)
    return sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second))


def count_pairs(people, branch_id: int) -> int:
    """Return the number of probable pairs, cached until a person or a decision of the branch changes.

    An upper app that changes people but not their ``updated_at`` fills ``CHANGE_SOURCES``.
    """
    state = people.aggregate(
        people=Count("pk"),
        last=Max("pk"),
        changed=Max("updated_at"),
    )
    about = Q(first__home_branch=branch_id) | Q(second__home_branch=branch_id)
    state |= DistinctPeople.objects.filter(about).aggregate(apart=Count("pk"), newest=Max("pk"))
    state |= {f"upper_{index}": source(branch_id) for index, source in enumerate(CHANGE_SOURCES)}
    key = f"like-pairs-{branch_id}-" + "-".join(str(value).replace(" ", "T") for value in state.values())
    return cache.get_or_set(key, lambda: len(like_pairs(people)), CACHE_SECONDS)


def people_like(person: Person, people) -> list[tuple[Person, str]]:
    """Return the people who most resemble a person, each with the shared attributes as text. Three queries."""
    index = LikeIndex(facts_from(people.exclude(pk=person.pk).order_by("-pk")[:MOST_COMPARED]), with_exact=True)
    found = index.find(_facts(tuple(getattr(person, name) for name in COLUMNS)))
    distinct = DistinctPeople.objects.filter(Q(first=person) | Q(second=person)).values_list("first", "second")
    known = {pk for pair in distinct for pk in pair}
    rows = people.in_bulk([like.other.ref for like in found])
    return [
        (rows[like.other.ref], same_words(like.same))
        for like in found
        if like.other.ref in rows and like.other.ref not in known  # one may have been merged a moment ago
    ]


def household_of(person: Person, user: User) -> list[tuple[int, Person]]:
    """Return the people of the same household whom the user may see, each with the id of the pair. Two queries."""
    pairs = DistinctPeople.objects.filter(Q(first=person) | Q(second=person), is_household=True)
    rows = pairs.values_list("pk", "first", "second")
    ids = {first if second == person.pk else second: pk for pk, first, second in rows}
    if not ids:
        return []
    return [(ids[other.pk], other) for other in Person.objects.visible_to(user).filter(pk__in=ids)]


def people_named_like(name: str, people, limit: int) -> list[Person]:
    """Return the people whose names have all words of ``name`` by sound or but for one letter, the most alike first.

    Two queries.
    """
    wanted = [word for word in words_of(name) if not word.is_initial]
    if not wanted:
        return []
    rows = people.prefetch_related(None).order_by("-pk").values_list("pk", "first_name", "last_name")[:MOST_COMPARED]
    alike = [(_likeness_of_words(wanted, words_of(f"{first} {last}")), pk) for pk, first, last in rows.iterator()]
    best = [pk for score, pk in sorted(alike, reverse=True)[:limit] if score]
    found = people.in_bulk(best)
    return [found[pk] for pk in best if pk in found]


def _likeness_of_words(wanted: list[Word], words: tuple[Word, ...]) -> float:
    """Return the likeness of the word that fits worst, 0 if one is missing."""
    full = [word for word in words if not word.is_initial]
    return min(max((word_likeness(word, other) for other in full), default=0) for word in wanted)


def facts_from(people) -> Iterator[Facts]:
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
