"""Services of imports, each with its own transaction: stage, choose columns, check, correct, decide, apply, undo.

The status of a batch goes read → staged → applied → undone; it can be discarded until it is applied, and checked
again while staged. Applying stores all accepted rows or none. Lock order: the batch, the branch (so two imports
into one branch wait for each other), then the records that the kind locks.
"""

from imports.engine.kind import ImportChanged
from imports.services.applying import apply_import, discard_import
from imports.services.base import ImportRefused, latest_work, missing_columns, require_import_in, table_of
from imports.services.checking import check_import, figures, row_list, staged_rows
from imports.services.deciding import ask_about_row, correct_cells, decide_row
from imports.services.reading import (
    Upload,
    choose_columns,
    read_upload,
    recognise,
    stage_import,
)
from imports.services.tasks import APPLY, CHECK, UNDO, go_on_here, is_left, must_stay_open, open_works, start_work
from imports.services.undoing import is_undoable, preview_undo, require_undoable, undo_import, undoable_until

__all__ = [
    "APPLY",
    "CHECK",
    "UNDO",
    "ImportChanged",
    "ImportRefused",
    "Upload",
    "apply_import",
    "ask_about_row",
    "check_import",
    "choose_columns",
    "correct_cells",
    "decide_row",
    "discard_import",
    "figures",
    "go_on_here",
    "is_left",
    "is_undoable",
    "latest_work",
    "missing_columns",
    "must_stay_open",
    "open_works",
    "preview_undo",
    "read_upload",
    "recognise",
    "require_import_in",
    "require_undoable",
    "row_list",
    "stage_import",
    "staged_rows",
    "start_work",
    "table_of",
    "undo_import",
    "undoable_until",
]
