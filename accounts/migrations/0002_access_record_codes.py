"""The access log stores codes and values. Rows from before keep their sentence as the value ``text``."""

from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject

import accounts.log_words


def keep_sentences(apps, schema_editor):
    rows = apps.get_model("accounts", "AccessRecord").objects.exclude(detail="")
    rows.update(code="text", values=JSONObject(text="detail"))


def restore_sentences(apps, schema_editor):
    rows = apps.get_model("accounts", "AccessRecord").objects.filter(code="text")
    rows.update(detail=KT("values__text"))


class Migration(migrations.Migration):

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="accessrecord",
            name="code",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="code of the act"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="accessrecord",
            name="values",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=accounts.log_words.ReadableJSONEncoder,
                verbose_name="values of the act",
            ),
        ),
        migrations.RunPython(keep_sentences, restore_sentences),
        migrations.RemoveField(model_name="accessrecord", name="detail"),
    ]
