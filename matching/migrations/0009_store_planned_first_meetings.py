"""Store the arranged first meetings of introduced matches, which were fields only, as planned meetings."""

from django.db import migrations
from django.utils import timezone

BATCH = 1_000


def store_plans(apps, schema_editor):
    match, plan = apps.get_model("matching", "Match"), apps.get_model("matching", "PlannedMeeting")
    arranged = match.objects.filter(status="introduced", introduced_on__isnull=False).order_by("pk")
    plans = [
        plan(
            match_id=row.pk,
            is_first=True,
            on=row.introduced_on,
            place=row.first_meeting_place,
            planned_at=timezone.now(),
        )
        for row in arranged
    ]
    plan.objects.bulk_create(plans, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("matching", "0008_planned_meetings")]

    operations = [migrations.RunPython(store_plans, migrations.RunPython.noop)]
