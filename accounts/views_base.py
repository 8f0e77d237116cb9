"""Base classes of the views of case data: verb, branch scope and access log."""

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.enums import AccessKind
from accounts.services import record_access


class VerbRequiredMixin:
    """Answers 403 to users who may not do ``verb`` in any branch. A view without a verb is an error."""

    verb: str | None = None

    def dispatch(self, request, *args, **kwargs):
        if self.verb is None:
            raise ImproperlyConfigured(f"{type(self).__name__} names no verb.")
        if not request.user.may(self.verb):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ScopedObjectMixin(VerbRequiredMixin):
    """Finds one row by its key: 404 for a row of a foreign branch, 403 for an own row without the verb.

    ``get_queryset`` returns the rows unscoped, with the related rows that the page needs; the mixin scopes them.
    """

    logs_access = False

    def get_object(self, queryset=None):
        rows = queryset if queryset is not None else self.get_queryset()
        row = get_object_or_404(rows.known_to(self.request.user), **self.get_lookup())
        if not rows.model.objects.visible_to(self.request.user, self.verb).filter(pk=row.pk).exists():
            raise PermissionDenied
        if self.logs_access and self.request.method == "GET":
            self.log_read(row)
        return row

    def get_lookup(self) -> dict:
        return {"pk": self.kwargs["pk"]}

    def log_read(self, row) -> None:
        record_access(by=self.request.user, kind=AccessKind.READ, subject=row, branch=self.branch_id_for_log(row))

    def branch_id_for_log(self, row) -> int:
        """Return a branch of the row in which the user may do ``verb``: the current branch if it is one of them."""
        current, allowed = self.request.membership.branch_id, self.request.user.branch_ids_for(self.verb)
        if allowed == [current]:
            return current
        found = row.branch_ids() & set(allowed)
        return current if current in found else min(found)


class ScopedListMixin(VerbRequiredMixin):
    """Limits the rows of a list view to the branches in which the user may do ``verb``."""

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user, self.verb)
