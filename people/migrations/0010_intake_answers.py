"""Drafts of intakes keep an answer about each similar person, instead of the ids of different people."""

from django.db import migrations, models


def keep_answers(apps, schema_editor):
    model = apps.get_model("people", "IntakeDraft")
    for draft in model._base_manager.exclude(distinct_ids=[]):
        draft.answers = {str(pk): "different" for pk in draft.distinct_ids}
        draft.save(update_fields=["answers"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_person_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="intakedraft",
            name="answers",
            field=models.JSONField(blank=True, default=dict, verbose_name="answers about similar people"),
        ),
        migrations.RunPython(keep_answers, migrations.RunPython.noop),
        migrations.RemoveField(model_name="intakedraft", name="distinct_ids"),
    ]
