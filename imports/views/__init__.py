"""The pages of an import: choose the file, choose the columns, review the rows, import; later undo."""

from imports.views.columns import ImportColumnsView
from imports.views.files import (
    ImportCreateView,
    ImportExportView,
    ImportListView,
    ImportReadingView,
    ImportTemplateView,
)
from imports.views.review import (
    ImportApplyView,
    ImportDiscardView,
    ImportErrorListView,
    ImportReviewView,
    ImportRunView,
    ImportUndoView,
)
from imports.views.rows import ImportAskView, ImportDecideView, ImportRowView

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
