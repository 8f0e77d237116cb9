"""A draft keeps the values of one page instead of those of steps, and is also kept of interviews."""

from django.db import migrations, models


def join_steps(apps, schema_editor):
    for draft in apps.get_model("people", "Draft")._base_manager.all():
        draft.typed = {name: values for step in draft.typed.values() for name, values in step.items()}
        draft.save(update_fields=["typed"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_branch_transfers"),
    ]

    operations = [
        migrations.RenameModel("IntakeDraft", "Draft"),
        migrations.AlterModelOptions(
            name="draft", options={"verbose_name": "draft", "verbose_name_plural": "drafts"}
        ),
        migrations.AddField(
            model_name="draft",
            name="saved_from",
            field=models.CharField(blank=True, editable=False, max_length=36, verbose_name="saved from"),
        ),
        migrations.AddField(
            model_name="draft",
            name="interview_of",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="enrolment"),
        ),
        migrations.RunPython(join_steps, migrations.RunPython.noop),
    ]
