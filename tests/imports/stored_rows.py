"""The stored rows of the apps with case data, to compare the database before and after."""

from django.apps import apps

from people.models import PersonMerge


def content() -> dict:
    """Return all rows of ``people``, ``matching`` and ``events`` except merges, without the time of the last change."""
    found = {}
    for model in [model for name in ("people", "matching", "events") for model in apps.get_app_config(name).get_models(
        include_auto_created=True
    )]:  # fmt: skip
        if model is not PersonMerge:
            rows = model._base_manager.order_by("pk").values()
            found[model._meta.label] = [{k: v for k, v in row.items() if k != "updated_at"} for row in rows]
    return found
