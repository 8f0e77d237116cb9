"""The origin of records: the row of an import that each came from."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.roles import Verb
from imports.enums import ImportStatus
from imports.models import RowOrigin
from people.origins import Key, Origin


def addresses_of(model: type[models.Model], row_ids: Iterable[int], field: str, url_name: str) -> dict[int, str]:
    """Return row id → address of the record's page; ``field`` of the record is the argument of the address."""
    rows = RowOrigin.objects.record_ids(model, row_ids)
    keys = dict(model._base_manager.filter(pk__in=rows.values()).values_list("pk", field))
    return {row_id: reverse(url_name, args=[keys[pk]]) for row_id, pk in rows.items()}


def origins_of_records(keys: Collection[Key], user: User) -> dict[Key, Origin]:
    """Return the origins of records for the pages of lower apps. One query."""
    by_model: dict[str, list[int]] = {}
    for model, pk in keys:
        by_model.setdefault(model, []).append(pk)
    wanted = Q()
    for model, pks in by_model.items():
        wanted |= Q(model=model, object_id__in=pks)
    rows = RowOrigin.objects.filter(wanted).values_list(
        "model",
        "object_id",
        "row__number",
        "row__batch_id",
        "row__batch__file_name",
        "row__batch__applied_at",
        "row__batch__status",
        "row__batch__programme__branch_id",
    )
    return {(model, pk): _origin(user, *values) for model, pk, *values in rows}


def _origin(
    user: User, number: int, batch_id: int, file_name: str, applied_at: dt.datetime, status: str, branch_id: int
) -> Origin:
    url = reverse("imports:import-row", args=[batch_id, number]) if user.may(Verb.IMPORT, branch_id) else ""
    return Origin(
        file_name=file_name, row=number, imported_at=applied_at, is_undone=status == ImportStatus.UNDONE, url=url
    )
