"""What a user has under way in a branch, so that it is handed over when the user leaves.

Upper apps add sources to ``OPEN_WORK``. A source takes a membership and the user who reads, and returns the work, or
None.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Membership, User
from common.hooks import Hook


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What a user has under way: one sentence for each kind, and the page that hands it over, if there is one."""

    sentences: Sequence[str]
    url: str = ""


OPEN_WORK: Hook[Callable[[Membership, User], OpenWork | None]] = Hook()


def open_work_of(member: Membership, reader: User) -> list[OpenWork]:
    """Return what a member has under way in the branch, as far as ``reader`` may hand it over."""
    return [work for source in OPEN_WORK if (work := source(member, reader))]


def hand_over_url(work: Iterable[OpenWork]) -> str:
    """Return the first page that hands over work, or an empty text."""
    return next((one.url for one in work if one.url), "")
