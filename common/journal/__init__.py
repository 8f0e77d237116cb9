"""The journal: what each act created, changed and deleted, by whom and when; undoing an act, erasing values."""

from common.journal.erasing import erase_values
from common.journal.recording import Journal, act, current_journal, delete, recording, save, set_related, update
from common.journal.reverting import RESTORERS, UNITS, USES, Remaining, Reversal, revert

__all__ = [
    "RESTORERS",
    "UNITS",
    "USES",
    "Journal",
    "Remaining",
    "Reversal",
    "act",
    "current_journal",
    "delete",
    "erase_values",
    "recording",
    "revert",
    "save",
    "set_related",
    "update",
]
