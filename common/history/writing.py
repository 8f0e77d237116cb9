"""When the fields of a record were written in, by whom, and whether they were corrected since."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from common.models import Change, ChangeKind


@dataclass(frozen=True, slots=True)
class Writing:
    """The last time at which a field was written: when, by whom (None for a command), and whether as a correction."""

    at: dt.datetime
    by: Any
    is_corrected: bool = False


def writings_of(record: models.Model, names: Collection[str]) -> dict[str, Writing]:
    """Return field name → its last writing, for the fields that the journal knows. One query."""
    entries = Change.objects.filter(model=record._meta.label_lower, record_id__lte=record.pk, last_id__gte=record.pk)
    wanted = Q(kind=ChangeKind.MADE) | Q(kind=ChangeKind.CHANGED, field__in=names)
    found: dict[str, Writing] = {}
    for entry in entries.filter(wanted).select_related("act__by").order_by("pk"):
        writing = Writing(entry.act.at, entry.act.by, is_corrected=bool(entry.act.reason))
        found |= {entry.field: writing} if entry.field else dict.fromkeys(names, writing)
    return found
