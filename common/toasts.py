"""A sentence that confirms an act, with the way to take it back. Errors never go into a toast."""

from django.contrib import messages


def show_toast(request, text: str, *, undo_url: str = "") -> None:
    """Queue ``text`` for the next page or htmx answer; with ``undo_url`` the toast bears *Undo*, which posts there."""
    messages.success(request, text, extra_tags=f"undo:{undo_url}" if undo_url else "")
