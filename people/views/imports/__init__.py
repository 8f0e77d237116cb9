"""The import in four steps: choose the file, choose the columns, look through the rows, import. And undo it."""

from people.views.imports.checking import ImportCheckView
from people.views.imports.columns import ImportColumnsView
from people.views.imports.decisions import ImportApplyView, ImportDiscardView, ImportUndoView
from people.views.imports.files import ImportCreateView, ImportListView, ImportReadingView
from people.views.imports.questions import ImportAskView
from people.views.imports.review import ImportErrorListView, ImportReviewView, ImportRunView
from people.views.imports.rows import ImportDecideView, ImportRowView

__all__ = [
    "ImportApplyView",
    "ImportAskView",
    "ImportCheckView",
    "ImportColumnsView",
    "ImportCreateView",
    "ImportDecideView",
    "ImportDiscardView",
    "ImportErrorListView",
    "ImportListView",
    "ImportReadingView",
    "ImportReviewView",
    "ImportRowView",
    "ImportRunView",
    "ImportUndoView",
]
