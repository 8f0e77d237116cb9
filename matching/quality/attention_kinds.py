"""Kinds of attention: order, weight and words, the same for *I dag*, the list and the download."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.templatetags.danish import danish_number


@dataclass(frozen=True)
class AttentionKind:
    """A kind of attention; ``slug`` is its anchor in the list, ``label`` its heading.

    Several matches with one kind that is not weighty are one line on *I dag*.
    """

    key: str
    slug: str
    label: str | Promise
    is_weighty: bool = False


# The most urgent first; the weighty ones before the light ones.
KINDS = {
    kind.key: kind
    for kind in (
        AttentionKind("hard", "svaert", _("Hard twice in a row"), is_weighty=True),
        AttentionKind("silent", "uden-moede", _("Without a meeting"), is_weighty=True),
        AttentionKind("few_contacts", "faa-kontakter", _("Few contacts in the first month"), is_weighty=True),
        AttentionKind("no_coordinator", "uden-koordinator", _("Without an active coordinator"), is_weighty=True),
        AttentionKind("pause_over", "pause-slut", _("The pause is over"), is_weighty=True),
        AttentionKind("unsigned", "uden-aftale", _("Agreement not signed")),
        AttentionKind("paused_long", "lang-pause", _("On pause for long")),
        AttentionKind("unanswered", "uden-svar", _("Without an answer or a first meeting")),
        AttentionKind("ending", "aftalt-tid", _("The agreed time ends")),
    )
}


class HasKind(Protocol):
    """What is grouped: an ``AttentionItem``."""

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class AttentionGroup:
    """Matches with one kind of attention."""

    kind: AttentionKind
    items: Sequence[HasKind]

    @property
    def sentence(self) -> str:
        """The folded line of a light kind: ``11 match mangler en ny aftalt tid``."""
        count = len(self.items)
        words = {
            "unsigned": ngettext(
                "%(count)s match lacks a signed agreement", "%(count)s matches lack a signed agreement", count
            ),
            "paused_long": ngettext(
                "%(count)s match has long been on pause", "%(count)s matches have long been on pause", count
            ),
            "unanswered": ngettext(
                "%(count)s match waits for an answer or a first meeting",
                "%(count)s matches wait for an answer or a first meeting",
                count,
            ),
            "ending": ngettext(
                "%(count)s match needs a new agreed time", "%(count)s matches need a new agreed time", count
            ),
        }
        return words[self.kind.key] % {"count": danish_number(count)}


def group_attention(items: Iterable[HasKind]) -> list[AttentionGroup]:
    """Return the items by kind; they come in the order of ``KINDS``."""
    return [AttentionGroup(KINDS[key], list(rows)) for key, rows in groupby(items, key=lambda item: item.kind)]


def fold_attention(items: Iterable[HasKind], most: int) -> tuple[list[HasKind], list[AttentionGroup]]:
    """Return the items to show one by one, and the groups to show as one line each.

    Items are shown one by one if their kind is weighty, up to ``most``, or has no other match.
    """
    groups = group_attention(items)
    weighty = [item for group in groups if group.kind.is_weighty for item in group.items]
    light = [group for group in groups if not group.kind.is_weighty]
    single = [group.items[0] for group in light if len(group.items) == 1]
    return weighty[:most] + single, [group for group in light if len(group.items) > 1]
