"""The pages of an import: choose the file, choose the columns, review the rows, import; later undo."""

from imports.views.files import (
    ImportColumnsView,
    ImportCreateView,
    ImportExportView,
    ImportListView,
    ImportReadingView,
    ImportTemplateView,
)
from imports.views.progress import ImportApplyView, ImportDiscardView, ImportProgressView, ImportUndoView
from imports.views.review import (
    ImportAskView,
    ImportDecideView,
    ImportErrorListView,
    ImportReviewView,
    ImportRowView,
    ImportRunView,
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
    "ImportProgressView",
    "ImportReadingView",
    "ImportReviewView",
    "ImportRowView",
    "ImportRunView",
    "ImportTemplateView",
    "ImportUndoView",
]
