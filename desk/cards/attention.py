"""The card *Kræver opmærksomhed* of the page Today."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from desk.desks import OWN, Desk
from matching.models import Match
from matching.quality.attention import AttentionItem, attention_in, roles_to_ask
from matching.quality.attention_kinds import AttentionGroup, fold_attention
from people.models import Enrolment
from programmes.models import Programme

MOST_ROWS = 5  # weighty matches
MOST_ROLES = 3


@dataclass(frozen=True)
class AttentionCard:
    """Matches one by one (``rows``), alike light ones as lines (``lines``), and roles whose pause is over.

    ``total`` is the number of rows of the list at ``url``; ``is_quiet`` says that matches are open and none needs
    attention.
    """

    rows: list[AttentionItem]
    lines: list[AttentionGroup]
    roles: list[Enrolment]
    roles_total: int
    without_coordinator: int
    total: int
    url: str
    has_open: bool

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.lines or self.roles or self.without_coordinator)

    @property
    def more(self) -> int:
        """The rows of the list that the card does not show one by one."""
        return self.total - len(self.rows) - len(self.roles)


def attention_card(
    user: User, today: dt.date, matches: Collection[Match], programmes: Iterable[Programme], desk: Desk
) -> AttentionCard:
    """Return the card for a desk. ``matches``: the open ones of the branch (``matches_with_facts``). Two queries."""
    items = attention_in(matches, today)
    own = [item for item in items if desk.has_match(item.match)]
    roles = roles_to_ask(user, today, programmes=programmes)
    rows, lines = fold_attention([item for item in own if item.kind != "no_coordinator"], MOST_ROWS)
    url, is_own = reverse("matching:attention-list"), desk.key == OWN
    return AttentionCard(
        rows=rows,
        lines=lines,
        roles=roles[:MOST_ROLES],
        roles_total=len(roles),
        without_coordinator=sum(not item.match.has_active for item in items),
        total=len(own) if is_own else len(items) + len(roles),
        url=f"{url}?koordinator={user.pk}" if is_own else url,
        has_open=bool(matches),
    )
