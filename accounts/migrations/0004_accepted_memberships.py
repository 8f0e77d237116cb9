"""Memberships are accepted by their users; those from before count as accepted when the user was created."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def accept_all(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects.filter(pk=OuterRef("user"))
    rows = apps.get_model("accounts", "Membership").objects.filter(accepted_at=None)
    rows.update(accepted_at=Subquery(users.values("created_at")))


class Migration(migrations.Migration):

    dependencies = [("accounts", "0003_one_email_per_user")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="accepted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="accepted at"),
        ),
        migrations.AddField(
            model_name="membership",
            name="invited_as",
            field=models.CharField(blank=True, editable=False, max_length=150, verbose_name="name in the invitation"),
        ),
        migrations.AddField(
            model_name="membership",
            name="invited_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="invited by",
            ),
        ),
        migrations.RunPython(accept_all, migrations.RunPython.noop),
    ]
