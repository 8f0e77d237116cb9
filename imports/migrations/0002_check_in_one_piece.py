from django.conf import settings
from django.db import migrations, models


def end_interrupted_checks(apps, schema_editor):
    """Lists that were half checked wait for their columns to be confirmed, which checks them again."""
    apps.get_model("imports", "ImportBatch").objects.filter(status="checking").update(status="read")


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_initial"),
        ("programmes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(end_interrupted_checks, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="importbatch", name="importbatch_status_valid"),
        migrations.RemoveConstraint(model_name="importbatch", name="importbatch_checks_what_it_has"),
        migrations.RemoveField(model_name="importbatch", name="checked_rows"),
        migrations.RemoveField(model_name="importrow", name="lesson"),
        migrations.AlterField(
            model_name="importbatch",
            name="status",
            field=models.CharField(
                choices=[
                    ("read", "Columns to be chosen"),
                    ("staged", "Ready for review"),
                    ("applied", "Imported"),
                    ("undone", "Undone"),
                    ("discarded", "Discarded"),
                ],
                default="read",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["read", "staged", "applied", "undone", "discarded"])),
                name="importbatch_status_valid",
            ),
        ),
    ]
