"""Branch scope: the one door to rows that belong to a branch.

A model says how it knows its branch (``branch_paths``) and which verb opens it (``read_verb``); its
queryset inherits ``visible_to``. Nothing is visible until both are said: deny by default.
"""

from django.db import models
from django.db.models import Q

from common.conditions import CheckedModel


class ScopedQuerySet(models.QuerySet):
    """Rows of a model with ``branch_paths`` (look-ups to Branch) and ``read_verb``."""

    def in_branches(self, branch_ids):
        """Rows that belong to one of the branches, whatever a user may do with them."""
        condition = Q(pk__in=[])
        for path in self.model.branch_paths:
            condition |= self._branch_condition(path, branch_ids)
        return self.filter(condition)

    def _branch_condition(self, path, branch_ids) -> Q:
        """To-many paths go through a subquery, so that joins never double a row."""
        if path in self.model.to_many_branch_paths:
            return Q(pk__in=self.model._base_manager.filter(**{f"{path}__in": branch_ids}).values("pk"))
        return Q(**{f"{path}__in": branch_ids})

    def visible_to(self, user, verb=None):
        """Rows in the branches where ``user`` holds a role that may do ``verb`` (default: read this model)."""
        return self.in_branches(user.branch_ids_for(verb or self.model.read_verb))

    def known_to(self, user):
        """Rows in the user's own branches; tells a foreign row (404) from one the role may not open (403)."""
        return self.in_branches(user.branch_ids)


class ScopedModel(CheckedModel):
    """Base of every model that holds case data."""

    branch_paths: tuple[str, ...] = ()
    to_many_branch_paths: tuple[str, ...] = ()
    read_verb = "read_cases"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def branch_ids(self) -> set[int]:
        """Ids of the branches that this row belongs to."""
        found = set()
        for path in self.branch_paths:
            values = type(self)._base_manager.filter(pk=self.pk).values_list(path, flat=True)
            found.update(value for value in values if value is not None)
        return found
