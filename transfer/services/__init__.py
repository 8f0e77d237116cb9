"""Every write of the app: a branch into a file, and a file into an empty branch."""

from transfer.services.exporting import ExportedBranch, count_rows, export_branch
from transfer.services.importing import ReadBranch, import_branch

__all__ = ["ExportedBranch", "ReadBranch", "count_rows", "export_branch", "import_branch"]
