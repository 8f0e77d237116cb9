"""The pages of an import: choose the file, choose the columns, review the rows, import; later undo."""

from imports.views.files import (
    ImportColumnsView,
    ImportCreateView,
    ImportExportView,
    ImportListView,
    ImportReadingView,
    ImportTemplateView,
)
from imports.views.review import (
    ImportApplyView,
    ImportAskView,
    ImportDecideView,
    ImportDiscardView,
    ImportErrorListView,
    ImportReviewView,
    ImportRowView,
    ImportRunView,
    ImportUndoView,
)

__all__ = [
    "ImportApplyView",
    "ImportAskView",
    "ImportColumnsView",
    "ImportCreateView",
    "ImportDecideView",
    "ImportDiscardView",
    "ImportErrorListView",
    "ImportExportView",
    "ImportListView",
    "ImportReadingView",
    "ImportReviewView",
    "ImportRowView",
    "ImportRunView",
    "ImportTemplateView",
    "ImportUndoView",
]
