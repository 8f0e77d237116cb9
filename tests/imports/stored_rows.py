"""All that stands in the database, to compare before and after."""

from django.apps import apps

from people.models import PersonMerge


def content() -> dict:
    """Every row of every model of the three floors, but for what marks when it was written."""
    found = {}
    for model in [model for name in ("people", "matching", "events") for model in apps.get_app_config(name).get_models(
        include_auto_created=True
    )]:  # fmt: skip
        if model is not PersonMerge:
            rows = model._base_manager.order_by("pk").values()
            found[model._meta.label] = [{k: v for k, v in row.items() if k != "updated_at"} for row in rows]
    return found
