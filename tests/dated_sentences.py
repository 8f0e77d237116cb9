"""Finds the sentences with a date in them: translated texts of code and templates that are filled with a day.

A text of a template counts if one of its values goes through a filter for dates. A text of the code counts if one of
its placeholders has the name of a day, or if it is in a function that formats a date and has placeholders.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.test_names import ROOT

FILTERS = "danish_date|danish_datetime|danish_moment|danish_period|danish_long_date|due_words|date"
FORMATTERS = set(FILTERS.split("|"))
DAY_NAMES = re.compile(r"%\((\w*day|day_\w+|when|since|until|period|year|date|dates|from_on|year_end)\)s")
BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b(.*?)%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
WITH_DATE = re.compile(rf"(\w+)=[^\s%]*\|(?:{FILTERS})\b")
APPS = ("common", "tasks", "accounts", "programmes", "people", "matching", "events", "reporting", "imports", "desk")
GETTEXT = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}


def sentences() -> set[str]:
    """Return the English texts with a date in them."""
    return {text for path in ROOT.glob("templates/**/*.html") for text in template_sentences(path.read_text())} | {
        text for app in APPS for path in sorted((ROOT / app).rglob("*.py")) for text in code_sentences(path)
    }


def template_sentences(source: str) -> Iterator[str]:
    for options, body in BLOCK.findall(source):
        names = WITH_DATE.findall(options)
        for text in re.split(r"\{%\s*plural\s*%\}", body):
            if any(re.search(rf"\{{\{{\s*{name}\s*\}}\}}", text) for name in names):
                yield " ".join(re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", text).split())


def code_sentences(path: Path) -> Iterator[str]:
    if "migrations" in path.parts:
        return
    tree = ast.parse(path.read_text())
    for text in texts_in(tree):
        if DAY_NAMES.search(text):
            yield text
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and formats_a_date(function):
            yield from (text for text in texts_in(function) if "%(" in text)


def texts_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def formats_a_date(function: ast.FunctionDef) -> bool:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(called, ast.Name) and called.id in FORMATTERS for called in calls)
