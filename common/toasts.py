"""Toasts: sentences that confirm an act, with an *Undo* button. Errors are never shown in a toast."""

from django.contrib import messages


def show_toast(request, text: str, *, undo_url: str = "") -> None:
    """Show a text on the next page or htmx response; with ``undo_url`` the toast has an *Undo* that posts there."""
    messages.success(request, text, extra_tags=f"undo:{undo_url}" if undo_url else "")
