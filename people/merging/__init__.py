"""Two stored people made one: what moves, how rows that would stand twice become one, and how all of it is undone.

The engine in `people.services.merging` carries whatever refers to a person, also models added later. Upper floors
register in ``AppConfig.ready()`` what only they know:

- `register_rule(Model, MergeRule(…))`: how two rows are folded into one, what else changes when a row moves.
- `register_check(check)`: `check(kept, other)` raises `MergeRefused` when the two may not be merged.
- `register_settling(settle)`: `settle(person)` brings statuses in line after a merge or its undoing.
- `register_account(account)`: `account(kept, other, user) -> list[str]` says what happens, for the page of choice.
"""

from people.merging.rules import (
    MergeRefused,
    MergeRule,
    accounts_of,
    check_all,
    fill_blanks,
    register_account,
    register_check,
    register_rule,
    register_settling,
    rule_of,
    settle_all,
)

__all__ = [
    "MergeRefused",
    "MergeRule",
    "accounts_of",
    "check_all",
    "fill_blanks",
    "register_account",
    "register_check",
    "register_rule",
    "register_settling",
    "rule_of",
    "settle_all",
]
