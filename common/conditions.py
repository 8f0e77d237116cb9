"""The conditions of a record (its check constraints), asked in one query instead of one for each.

Django asks the database about every condition by itself: on PostgreSQL three statements each, thirty for a person.
"""

import functools
import operator

from django.db import models, router


class CheckedModel(models.Model):
    """Base of models with check constraints: `full_clean` asks about all of them at once."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude=None) -> None:
        """As Django's; when the conditions do not all hold, each is asked by itself, to say which."""
        self._conditions_hold = conditions_hold(self, exclude)
        try:
            super().validate_constraints(exclude)
        finally:
            del self._conditions_hold

    def get_constraints(self) -> list:
        """The constraints that are still to be asked about."""
        constraints = super().get_constraints()
        if not getattr(self, "_conditions_hold", False):
            return constraints
        return [
            (model, [rule for rule in rules if not isinstance(rule, models.CheckConstraint)])
            for model, rules in constraints
        ]


def conditions_hold(record: models.Model, exclude: set[str] | None = None) -> bool:
    """Whether every condition holds that asks about no excluded field. One query, none without a condition."""
    values = record._get_field_expression_map(meta=record._meta, exclude=exclude)
    rules = [rule for rule in record._meta.constraints if isinstance(rule, models.CheckConstraint)]
    asked = [rule.condition for rule in rules if rule.condition.referenced_base_fields <= values.keys()]
    if not asked:
        return True
    together = functools.reduce(operator.and_, asked)
    against = {name: values[name] for name in together.referenced_base_fields}
    return together.check(against, using=router.db_for_write(type(record), instance=record))
