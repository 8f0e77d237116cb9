"""Running numbers without gaps in use twice: the row of the series is the lock."""

from django.db import transaction
from django.db.models import F

from common.models import NumberSeries


@transaction.atomic
def take_numbers(key: str, count: int = 1) -> range:
    """The next ``count`` numbers of a series. Rolled back with the caller's transaction."""
    NumberSeries.objects.get_or_create(key=key)
    NumberSeries.objects.filter(key=key).update(last=F("last") + count)
    last = NumberSeries.objects.values_list("last", flat=True).get(key=key)
    return range(last - count + 1, last + 1)


@transaction.atomic
def raise_numbers(key: str, last: int) -> None:
    """Let a series go on after ``last``: rows with numbers came in from elsewhere. Never lowers it."""
    NumberSeries.objects.get_or_create(key=key)
    NumberSeries.objects.filter(key=key, last__lt=last).update(last=last)
