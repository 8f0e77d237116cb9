"""A database for every process of a test run: a copy of one that is migrated already.

Migrating takes longer than a hundred tests, and every process of every part would do it anew. ``tests/run.py`` does it
once on each database, by ``manage.py migrate`` as everybody does, and hands the outcome on with ``--copy-database``.
"""

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, worker_id):
    """Stands in for pytest-django's, which migrates."""
    creation = connection.creation
    with django_db_blocker.unblock():
        creation.clone_test_db(worker_id, verbosity=0)
        connection.close()
        connection.settings_dict.update(creation.get_test_db_clone_settings(worker_id))
    yield
    with django_db_blocker.unblock():
        creation.destroy_test_db(verbosity=0)
