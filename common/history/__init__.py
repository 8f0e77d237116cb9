"""The history of a record: what acts did to it and to its parts, read from the journal in words for a user."""

from common.history.describing import (
    ACT_NOTES,
    ACT_WORDS,
    FIGURE_SOURCES,
    RECORD_WORDS,
    ActNote,
    DayChanges,
    RecordWords,
    moved_figures,
)
from common.history.reading import History, history_of
from common.history.writing import Writing, writings_of

__all__ = [
    "ACT_NOTES",
    "ACT_WORDS",
    "FIGURE_SOURCES",
    "RECORD_WORDS",
    "ActNote",
    "DayChanges",
    "History",
    "RecordWords",
    "Writing",
    "history_of",
    "moved_figures",
    "writings_of",
]
