"""The journal: what each act created, changed and deleted, by whom and when; and undoing an act."""

from common.journal.recording import Journal, act, current_journal, delete, recording, save, set_related, update
from common.journal.reverting import RESTORERS, UNITS, Remaining, Reversal, revert

__all__ = [
    "RESTORERS",
    "UNITS",
    "Journal",
    "Remaining",
    "Reversal",
    "act",
    "current_journal",
    "delete",
    "recording",
    "revert",
    "save",
    "set_related",
    "update",
]
