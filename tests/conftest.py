"""Personas and options that all tests share."""

import gc
import re

import pytest

from accounts.enums import Role
from demo.factories import BranchFactory, MembershipFactory, ProgrammeFactory, UserFactory
from tests import databases

# Tests of the texts of pages and files. Their queries run on PostgreSQL as well: tests/test_access.py requests every
# page as the administrator there. Tests of lists stay, because they search, filter and order in the database.
LISTS = "lists|log|groups|organisations|invitations|screening|follow_ups|matches|merging"
PAGES_AND_FILES = re.compile(
    rf"test_(views(?!_({LISTS}))|admin|documents|export_base|middleware|pages|readme|second_factor|sign_in|templates"
    r"|unpacking)"
)


@pytest.fixture
def tingbjerg(db):
    return BranchFactory(name="Tingbjerg", slug="tingbjerg", code="T")


@pytest.fixture
def koebenhavn(db):
    return BranchFactory(name="København", slug="koebenhavn", code="K")


@pytest.fixture
def programme(tingbjerg):
    """Return Tingbjerg's programme 2010–2011, with default rules and without a follow-up plan."""
    return ProgrammeFactory(branch=tingbjerg, slug="tingbjerg-2010")


@pytest.fixture
def other_programme(koebenhavn):
    return ProgrammeFactory(branch=koebenhavn, slug="koebenhavn", name="Mentornetværket København")


def _member(branch, role, name):
    return MembershipFactory(branch=branch, role=role, user=UserFactory(name=name)).user


@pytest.fixture
def coordinator(tingbjerg):
    return _member(tingbjerg, Role.COORDINATOR, "Mette Sørensen")


@pytest.fixture
def administrator(tingbjerg):
    return _member(tingbjerg, Role.ADMINISTRATOR, "Hanne Lund")


@pytest.fixture
def manager(tingbjerg):
    return _member(tingbjerg, Role.MANAGER, "Lone Krogh")


@pytest.fixture
def other_branch_coordinator(koebenhavn):
    return _member(koebenhavn, Role.COORDINATOR, "Karen Dahl")


@pytest.fixture
def other_branch_administrator(koebenhavn):
    return _member(koebenhavn, Role.ADMINISTRATOR, "Bo Friis")


@pytest.fixture
def outsider(db):
    """Return a user without a membership."""
    return UserFactory(name="Uden Afdeling")


@pytest.fixture
def client_of(client):
    """Return a function that signs a user in and returns the test client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def pytest_addoption(parser):
    parser.addoption(
        "--only-database", action="store_true", help="Leave out tests with the same result on every database."
    )
    parser.addoption("--copy-database", action="store_true", help="DATABASE_URL is migrated: work on a copy of it.")


def pytest_configure(config):
    if config.getoption("--copy-database"):
        config.pluginmanager.register(databases)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--only-database"):
        config.hook.pytest_deselected(items=[item for item in items if not depends_on_database(item)])
        items[:] = [item for item in items if depends_on_database(item)]


def depends_on_database(item) -> bool:
    """Return whether a test may give another result on another database."""
    if item.get_closest_marker("one_database"):
        return bool(item.get_closest_marker("both_databases"))
    uses_database = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
    return bool(uses_database) and not PAGES_AND_FILES.match(item.path.name)


def pytest_collection_finish():
    """Exclude imported modules from garbage collection, as they stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_terminal_summary(terminalreporter):
    """Print a line about each access walk (tests/test_access.py)."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    walked = [value for report in reports for key, value in report.user_properties if key == "access_matrix"]
    if walked:
        routes, combinations, leaks = walked[0][0], sum(row[1] for row in walked), sum(row[2] for row in walked)
        terminalreporter.write_line(
            f"Address × role × branch: routes {routes}, combinations {combinations}, leaks: {leaks}"
        )
    walked = [value for report in reports for key, value in report.user_properties if key == "two_roles"]
    if walked:
        combinations, leaks = map(sum, zip(*walked, strict=True))
        terminalreporter.write_line(f"Address × two roles × chosen branch: combinations {combinations}, leaks: {leaks}")
