from django.db import migrations


def create_collation(apps, schema_editor):
    """Create the collation of names on PostgreSQL. On SQLite each connection brings its own."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE COLLATION danish (provider = icu, locale = 'da', deterministic = true)")


def drop_collation(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP COLLATION danish")


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history_index")]

    operations = [migrations.RunPython(create_collation, drop_collation)]
