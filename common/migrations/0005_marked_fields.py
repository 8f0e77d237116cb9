
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0004_danish_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='change',
            name='marked_fields',
            field=models.JSONField(blank=True, null=True, verbose_name='fields that the marks cover'),
        ),
    ]
