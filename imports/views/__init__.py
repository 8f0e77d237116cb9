"""The import in four steps: choose the file, choose the columns, look through the rows, import. And undo it."""

from imports.views.checking import ImportCheckView
from imports.views.columns import ImportColumnsView
from imports.views.decisions import ImportApplyView, ImportDiscardView, ImportUndoView
from imports.views.files import ImportCreateView, ImportListView, ImportReadingView
from imports.views.list_export import ImportExportView
from imports.views.questions import ImportAskView
from imports.views.review import ImportErrorListView, ImportReviewView, ImportRunView
from imports.views.rows import ImportDecideView, ImportRowView
from imports.views.templates import ImportTemplateView

__all__ = [
    "ImportApplyView",
    "ImportAskView",
    "ImportCheckView",
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
