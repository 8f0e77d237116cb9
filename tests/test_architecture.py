"""docs/architecture.md lists all hooks, services that exist, and all apps."""

import importlib
import re
from pathlib import Path

from common.hooks import Hook
from tests.test_names import APPS, ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text()
HOOK_ROW = re.compile(r"^\| `((?:\w+\.)+[A-Z_]+)` \|", re.MULTILINE)
SERVICES_ROW = re.compile(r"^\| `(\w+)\.services` \| (.*) \|$", re.MULTILINE)
APP_ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
DECLARED = re.compile(r"^([A-Z_]+)(?:: .*)? = Hook\(", re.MULTILINE)


def declared_hooks() -> set[str]:
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return {name for path in paths for name in DECLARED.findall(path.read_text())}


def functions_of(package: Path) -> set[str]:
    files = [package.with_suffix(".py")] if package.with_suffix(".py").exists() else package.rglob("*.py")
    return {name for file in files for name in re.findall(r"^def (\w+)\(", file.read_text(), re.MULTILINE)}


def test_all_hooks_are_listed():
    listed = HOOK_ROW.findall(TEXT)
    assert sorted(name.rpartition(".")[2] for name in listed) == sorted(declared_hooks())
    for name in listed:
        module, _, attribute = name.rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), attribute), Hook)


def test_listed_services_exist():
    rows = SERVICES_ROW.findall(TEXT)
    assert len(rows) == 9
    for app, names in rows:
        listed = set(re.findall(r"`(\w+)`", names))
        assert listed - functions_of(ROOT / app / "services") == set(), app


def test_all_apps_are_listed():
    first_section = TEXT.partition("\n## ")[0]
    assert sorted(APP_ROW.findall(first_section)) == sorted(APPS)
