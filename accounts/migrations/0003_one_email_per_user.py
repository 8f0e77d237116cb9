"""``User.email`` is the only e-mail of a user, in lower case, as sign-in looks for it.

Rows of allauth's ``EmailAddress`` are deleted: they were made by requests to reset a password, and kept users without a
second factor from setting one up.
"""

from django.db import migrations


def delete_addresses(apps, schema_editor):
    apps.get_model("account", "EmailAddress").objects.all().delete()


def lower_emails(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects
    for user in users.all():  # in Python, because SQLite leaves letters such as Ø as they are
        lower = user.email.lower()
        if lower != user.email and not users.filter(email=lower).exists():
            user.email = lower
            user.save(update_fields=["email"])


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_access_record_codes"), ("account", "0001_initial")]

    operations = [
        migrations.RunPython(delete_addresses, migrations.RunPython.noop),
        migrations.RunPython(lower_emails, migrations.RunPython.noop),
    ]
