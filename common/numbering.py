"""Running numbers. The row of a series is locked, so that no number is taken twice."""

from django.db import transaction
from django.db.models import F

from common.models import NumberSeries


@transaction.atomic
def take_numbers(key: str, count: int = 1) -> range:
    """Return the next ``count`` numbers of a series. They are rolled back with the caller's transaction."""
    NumberSeries.objects.get_or_create(key=key)
    NumberSeries.objects.filter(key=key).update(last=F("last") + count)
    last = NumberSeries.objects.values_list("last", flat=True).get(key=key)
    return range(last - count + 1, last + 1)


@transaction.atomic
def raise_numbers(key: str, last: int) -> None:
    """Continue a series after ``last``, such as after an import of numbered rows. Never lowers it."""
    NumberSeries.objects.get_or_create(key=key)
    NumberSeries.objects.filter(key=key, last__lt=last).update(last=last)
