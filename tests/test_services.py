"""Services are acts, and write through the journal (``common.journal``)."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.test_names import ROOT

APPS = ("accounts", "programmes", "people", "matching", "events", "reporting")
# Public functions with ``by`` that are no acts, and why.
NO_ACTS = {
    "accounts.services.record_access": "writes the access log, which is no domain record",
    "accounts.services.remember_export_choice": "writes a user's choice of columns, which is no domain record",
    "accounts.services.send_invitation": "puts an e-mail into the queue",
    "events.services.base.log_attendance": "writes the access log",
    "events.services.base.log_event": "writes the access log",
    "events.services.base.refuse_foreign_people": "writes nothing",
    "events.services.person_states.end_for_state": "runs in the act of the service that calls it",
    "matching.services.person_states.end_for_state": "runs in the act of the service that calls it",
    "people.services.enrolments.end_roles": "runs in the act of the service that calls it",
    "matching.services.base.add_step": "runs in the act of the service that calls it",
    "matching.services.base.log_write": "writes the access log",
    "matching.services.contacts.add_contact_of": "runs in the act of the service that calls it",
    "matching.services.base.save_match": "runs in the act of the service that calls it",
    "matching.services.planned_meetings.add_plan": "runs in the act of the service that calls it",
    "matching.services.records.add_meeting": "runs in the act of the service that calls it",
    "people.services.permissions.require_work_in": "writes nothing",
    "programmes.services.require_rules": "writes nothing",
    "reporting.services.status_reports.record_export": "writes the access log",
}
# Functions that write without the journal, and why.
NOT_RECORDED = {
    "accounts.services._use_app_code": "no journal holds secrets",
    "accounts.services.record_access": "the access log is no domain record",
    "accounts.services.remember_export_choice": "a user's choice of columns is no domain record",
    "accounts.services.reset_second_factor": "no journal holds secrets",
    "people.services.bulk.create_missing": "skips terms that another branch stores at this moment, then records",
    "people.services.drafts.delete_draft": "a draft is no domain record",
    "people.services.drafts.delete_old_drafts": "a draft is no domain record",
    "people.services.drafts.lock_draft": "a draft is no domain record",
    "people.services.drafts.save_draft": "a draft is no domain record",
    "people.services.permissions.consequences": "sets a context variable",
    "people.services.merging._store_merge": "undoing the act of a merge must keep the merge",
    "people.services.merging.undo_merge": "a merge, which says that it was undone, is not recorded",
}
WRITING_METHODS = {"save", "delete", "update", "set", "create", "get_or_create", "update_or_create"}
WRITING_METHODS |= {"bulk_create", "bulk_update", "_raw_delete"}
WRITING_FUNCTIONS = {"store_new", "store_changed", "store_rows"}
JOURNALS = {"current_journal()", "journal"}


def modules_of(app: str) -> list[Path]:
    package = ROOT / app / "services"
    return sorted(package.rglob("*.py")) if package.is_dir() else [package.with_suffix(".py")]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def public_functions() -> Iterator[tuple[str, Callable]]:
    for app in APPS:
        for name in map(name_of, modules_of(app)):
            for function_name, function in inspect.getmembers(importlib.import_module(name), inspect.isfunction):
                if function.__module__ == name and not function_name.startswith("_"):
                    yield f"{name}.{function_name}", function


def writes_directly(node: ast.AST) -> bool:
    """Return whether a node calls the database and not the journal."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in WRITING_METHODS and ast.unparse(node.func.value) not in JOURNALS
    return isinstance(node.func, ast.Name) and node.func.id in WRITING_FUNCTIONS


def direct_writers(source: str) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [function.name for function in functions if any(map(writes_directly, ast.walk(function)))]


def test_every_public_service_with_a_user_is_an_act():
    no_acts = [
        name
        for name, function in public_functions()
        if "by" in inspect.signature(function).parameters
        and not getattr(function, "is_act", False)
        and not name.rpartition(".")[2].startswith("bulk_")  # they run in the act of the caller
    ]
    assert sorted(no_acts) == sorted(NO_ACTS)


def test_services_write_through_the_journal():
    found = [
        f"{name_of(path)}.{function}"
        for app in APPS
        for path in modules_of(app)
        for function in direct_writers(path.read_text())
    ]
    assert sorted(found) == sorted(NOT_RECORDED)


@pytest.mark.parametrize(
    ("line", "is_direct"),
    [
        ("record.save()", True),
        ("Person.objects.filter(pk=1).update(name='')", True),
        ("person.languages.all().delete()", True),
        ("enrolment.terms.set(terms)", True),
        ("store_new(Person, people)", True),
        ("save(record)", False),
        ("update(Person.objects.all(), name='')", False),
        ("current_journal().create(Person, people)", False),
        ("journal.save_all(Person, people, names)", False),
    ],
)
def test_a_direct_write_is_seen(line, is_direct):
    assert direct_writers(f"def service():\n    {line}") == (["service"] if is_direct else [])


def test_only_sign_in_and_the_current_branch_use_the_session():
    """What is typed in a form is lost with the session, and shared by the tabs of a browser."""
    sources = [path for app in ROOT.iterdir() for path in app.rglob("*.py") if (app / "__init__.py").exists()]
    users = {path.relative_to(ROOT).parts[0] for path in sources if "request.session" in path.read_text()}
    assert users - {"tests"} == {"accounts"}
