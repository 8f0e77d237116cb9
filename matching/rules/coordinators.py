"""The users who take care of matches in a branch, also former ones, and who of them a written name means."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from matching.models import Handover, Interview, Match
from matching.querysets import working_members
from people.names import name_likeness, words_of

ALIKE = 80  # likeness of a written name and a user's name (0–100): at least the first name


def coordinators_of(branch_ids: Collection[int]) -> QuerySet[User]:
    """Return the users who work with cases in the branches, and those who have or had matches or interviews there.

    ``works`` says whether the user works there now.
    """
    working = working_members().filter(branch__in=branch_ids)
    used = Q(pk__in=working.values("user"))
    used |= Q(pk__in=Match.objects.in_branches(branch_ids).values("coordinator"))
    used |= Q(pk__in=Interview.objects.in_branches(branch_ids).values("interviewer"))
    handovers = Handover.objects.in_branches(branch_ids)
    used |= Q(pk__in=handovers.values("giver")) | Q(pk__in=handovers.values("receiver"))
    return User.objects.filter(used).annotate(works=Exists(working.filter(user=OuterRef("pk"))))


def user_by_name(written: str, users: Iterable[User]) -> User | None:
    """Return the user whose name is most like a written name or has its initials; None if none or several are."""
    words = words_of(written)
    scores = {user: max(name_likeness(words, words_of(user.name)), _initials_likeness(written, user)) for user in users}
    best = max(scores.values(), default=0)
    found = [user for user, score in scores.items() if score == best]
    return found[0] if best >= ALIKE and len(found) == 1 else None


def _initials_likeness(written: str, user: User) -> int:
    letters = "".join(sign for sign in written if sign.isalpha()).casefold()
    initials = "".join(word.letters[0] for word in words_of(user.name))
    return ALIKE if len(letters) > 1 and letters == initials else 0
