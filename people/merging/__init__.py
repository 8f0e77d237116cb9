"""Merging two stored people: which values are kept, which rows are moved or folded, and how a merge is undone.

The service ``people.services.merging`` moves every row that refers to a person, also of models added later. Upper
apps add what only they know to the hooks of ``people.merging.rules``.
"""

from people.merging.rules import (
    MERGE_CHECKS,
    MERGE_CONSEQUENCES,
    MERGE_FOLLOWERS,
    MERGE_RULES,
    MergeRefused,
    MergeRule,
    fill_blanks,
    merge_consequences,
    rule_of,
    run_merge_checks,
)

__all__ = [
    "MERGE_CHECKS",
    "MERGE_CONSEQUENCES",
    "MERGE_FOLLOWERS",
    "MERGE_RULES",
    "MergeRefused",
    "MergeRule",
    "fill_blanks",
    "merge_consequences",
    "rule_of",
    "run_merge_checks",
]
