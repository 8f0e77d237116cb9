"""The current day and time of the product.

Domain code uses these functions instead of the system clock, because the demo always shows the same day
(``settings.DEMO_TODAY``).
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """Return the current day in Danish time; in the demo, the day of the demo."""
    if settings.DEMO and settings.DEMO_TODAY:
        return dt.date.fromisoformat(settings.DEMO_TODAY)
    return timezone.localdate()


def as_shown(instant: dt.datetime) -> dt.datetime:
    """Return a time of the machine, such as that of a task, as pages show it: in the demo on the days of the demo."""
    local = timezone.localtime(instant)
    moved = local.replace(tzinfo=None) + (today() - timezone.localdate())
    return timezone.make_aware(moved)


def now() -> dt.datetime:
    """Return an aware datetime of ``today()`` with the time of day of the system."""
    actual = timezone.localtime()
    return timezone.make_aware(dt.datetime.combine(today(), actual.time()))
