"""Export a branch to a file, and restore one from a file."""

from transfer.services.exporting import ExportedBranch, count_rows, export_branch
from transfer.services.restoring import RestoredBranch, restore_branch

__all__ = ["ExportedBranch", "RestoredBranch", "count_rows", "export_branch", "restore_branch"]
