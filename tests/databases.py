"""Pytest plugin that gives every test process a copy of a migrated database.

Migrating takes longer than a hundred tests. ``tests/run.py`` migrates each database once, by ``manage.py migrate``, and
passes ``--copy-database``, which loads this plugin.
"""

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, worker_id):
    """Replace the fixture of pytest-django, which migrates."""
    creation = connection.creation
    with django_db_blocker.unblock():
        creation.clone_test_db(worker_id, verbosity=0)
        connection.close()
        connection.settings_dict.update(creation.get_test_db_clone_settings(worker_id))
    yield
    with django_db_blocker.unblock():
        creation.destroy_test_db(verbosity=0)
