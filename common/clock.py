"""The day and the moment the product works in.

Domain dates ask here instead of the system clock, because the demo stands still on a day of its
own (settings.DEMO_TODAY) while its people's follow-ups fall due around it.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """The day in Danish time: the demo's day in the demo, otherwise the real one."""
    if settings.DEMO and settings.DEMO_TODAY:
        return dt.date.fromisoformat(settings.DEMO_TODAY)
    return timezone.localdate()


def now() -> dt.datetime:
    """An aware instant on ``today()``, with the system's time of day."""
    actual = timezone.localtime()
    return timezone.make_aware(dt.datetime.combine(today(), actual.time()))
