"""The history of a record: what acts did to it and to its parts, read from the journal in words for a user."""

from common.history.describing import ACT_NOTES, ACT_WORDS, RECORD_WORDS, ActNote, RecordWords
from common.history.reading import History, history_of

__all__ = ["ACT_NOTES", "ACT_WORDS", "RECORD_WORDS", "ActNote", "History", "RecordWords", "history_of"]
