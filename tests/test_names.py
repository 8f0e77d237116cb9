"""Rules for the names of classes, functions and query keys (docs/glossary.md)."""

import ast
import collections
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    *("common", "tasks", "accounts", "programmes", "people", "matching", "events", "reporting", "imports", "transfer"),
    *("desk", "demo", "mentornet"),
)
GIVEN_BY_DJANGO = {"Command", "Meta", "Migration"}
QUERY_KEYS = {
    *(
        "aabn",
        "aar",
        "bruger",
        "dag",
        "emne",
        "fane",
        "felt",
        "find",
        "fra",
        "hvem",
        "indsats",
        "kode",
        "kladde",
        "koen",
        "koordinator",
        "kryds",
        "liste",
    ),
    *("maal", "maaned", "mentee", "mentorer", "next", "omraade", "person", "plan", "planlagt", "rolle", "sag"),
    *("sammenlign", "side", "soeg", "sorter", "sprog", "status", "tid", "til", "type", "udelukket", "venter", "ventet"),
    *("vis", "visning", "format"),
    *("afdeling", "alle", "fordel", "handling", "match", "opgaver", "vaelg"),
}  # ``next`` is Django's
IN_ADDRESS = re.compile(r"[?&](?:amp;)?([a-z_]+)=")
IN_QUERYSTRING_TAG = re.compile(r"\{% querystring ([^%]*)%\}")
KEYWORD = re.compile(r"\b([a-z_]+)=")
READ_IN_CODE = re.compile(r"\bGET(?:\.get|\.getlist)?[\[(]\"([a-z_]+)\"")


def sources(pattern: str) -> Iterator[Path]:
    for app in APPS:
        yield from sorted((ROOT / app).rglob(pattern))


def nodes(kind: type[ast.AST], pattern: str = "*.py") -> Iterator[tuple[str, ast.AST]]:
    """Yield the nodes of a type in the product's modules, with the path of each."""
    for path in sources(pattern):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kind):
                yield str(path.relative_to(ROOT)), node


def called(function: ast.FunctionDef) -> set[str]:
    """Return the last part of the name of each function that is called."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def test_no_two_classes_share_a_name():
    places = collections.defaultdict(list)
    for path, node in nodes(ast.ClassDef):
        if node.name not in GIVEN_BY_DJANGO:
            places[node.name.lstrip("_")].append(path)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_view_classes_end_in_view_or_mixin():
    wrong = []
    for path, node in nodes(ast.ClassDef):
        bases = [ast.unparse(base) for base in node.bases]
        is_view = any(base.endswith(("View", "Mixin")) for base in bases) and "views" in path
        if is_view and not node.name.endswith(("View", "Mixin")):
            wrong.append(f"{path}: {node.name}")
    assert wrong == []


def test_functions_named_refuse_raise_or_call_one_that_does():
    wrong = []
    for path, node in nodes(ast.FunctionDef):
        raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
        delegates = any(name.lstrip("_").startswith("refuse_") for name in called(node))
        if node.name.lstrip("_").startswith("refuse_") and not raises and not delegates:
            wrong.append(f"{path}: {node.name}")
    assert wrong == []


def keys_of_templates() -> set[tuple[str, str]]:
    found = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text, name = path.read_text(), str(path.relative_to(ROOT))
        found |= {(name, key) for key in IN_ADDRESS.findall(text)}
        found |= {(name, key) for tag in IN_QUERYSTRING_TAG.findall(text) for key in KEYWORD.findall(tag)}
    return found


def keys_of_code() -> set[tuple[str, str]]:
    found = set()
    for path in sources("*.py"):
        text, name = path.read_text(), str(path.relative_to(ROOT))
        found |= {(name, key) for pattern in (READ_IN_CODE, IN_ADDRESS) for key in pattern.findall(text)}
    return found


@pytest.mark.parametrize("keys_of", [keys_of_templates, keys_of_code])
def test_query_keys_are_danish(keys_of):
    found = keys_of()
    assert len(found) > 10
    assert sorted((name, key) for name, key in found if key not in QUERY_KEYS) == []
