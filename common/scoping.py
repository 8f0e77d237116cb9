"""Branch scope: limits the rows of a model to the branches in which a user may see them.

A model declares the look-ups to its branch (``branch_paths``) and the verb for reading it (``read_verb``). Without them
no row is visible.
"""

from django.db import models
from django.db.models import Q

from common.conditions import CheckedModel


class ScopedQuerySet(models.QuerySet):
    """Rows of a model with ``branch_paths`` (look-ups to Branch) and ``read_verb``."""

    def in_branches(self, branch_ids):
        """Return the rows of some branches, without a check of rights."""
        condition = Q(pk__in=[])
        for path in self.model.branch_paths:
            condition |= self._branch_condition(path, branch_ids)
        return self.filter(condition)

    def _branch_condition(self, path, branch_ids) -> Q:
        """Use a subquery for to-many paths, so that no join repeats a row."""
        if path in self.model.to_many_branch_paths:
            return Q(pk__in=self.model._base_manager.filter(**{f"{path}__in": branch_ids}).values("pk"))
        return Q(**{f"{path}__in": branch_ids})

    def visible_to(self, user, verb=None):
        """Return the rows of the branches in which the user may do ``verb`` (default: the model's ``read_verb``)."""
        return self.in_branches(user.branch_ids_for(verb or self.model.read_verb))

    def known_to(self, user):
        """Return the rows of all branches of the user, to answer 403 instead of 404 for those the role may not open."""
        return self.in_branches(user.branch_ids)


class ScopedModel(CheckedModel):
    """Base of all models with case data."""

    branch_paths: tuple[str, ...] = ()
    to_many_branch_paths: tuple[str, ...] = ()
    read_verb = "read_cases"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def branch_ids(self) -> set[int]:
        """Return the ids of the branches of this row."""
        found = set()
        for path in self.branch_paths:
            values = type(self)._base_manager.filter(pk=self.pk).values_list(path, flat=True)
            found.update(value for value in values if value is not None)
        return found
