"""Addresses are Danish: the parts, query keys, values and anchors of all links and of the forms that ask by address."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.apps import apps
from django.db import models

from accounts.enums import Role
from tests.access_table import ACCESS, SUPPORT
from tests.test_access import Scene, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Words that are Danish too, formats of files, and ``next``, which Django's sign-in reads.
DANISH = """
afholdt aldrig alle csv excel foer hele import interview inviteret kode kommende kommet login mangler match mentee
mentor next ods organisation over partner pause pdf person plan side start status tilmeldt type udeblevet
venteliste xlsx
"""
OTHERS = "active all done first last list new open search show sort task tasks today user users"
WORD = re.compile(r"[a-z]{3,}")
DATA = re.compile(r"programme-t\b|target-\d+")  # slugs that the factories invent


class _Reader(HTMLParser):
    """Collects the addresses that a page leads to, also by its forms with the method GET."""

    def __init__(self):
        super().__init__()
        self.found: set[str] = set()
        self._asks = False
        self._select = ""

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        for name in ("href", "action", "formaction"):
            if values.get(name, "").startswith(("/", "?", "#")):
                self.found.add(values[name])
        if tag == "form":
            self._asks = values.get("method", "get").lower() == "get"
        elif self._asks and tag in {"input", "select"}:
            self._field(tag, values)
        elif self._select and tag == "option":
            self.found.add(f"?{self._select}={values.get('value', '')}")

    def _field(self, tag, values):
        name = values.get("name", "")
        self._select = name if tag == "select" else ""
        if name:
            typed = tag == "input" and values.get("type") not in {"radio", "checkbox", "hidden"}
            self.found.add(f"?{name}={'' if typed else values.get('value', '')}")

    def handle_endtag(self, tag):
        if tag == "form":
            self._asks = False
        elif tag == "select":
            self._select = ""


def english_words() -> set[str]:
    """Return the codes and the field names of all models, which are English, and what else addresses may contain."""
    words = set(OTHERS.split())
    for model in apps.get_models():
        for field in model._meta.get_fields():
            words.add(field.name)
            words |= {str(code) for code, _label in getattr(field, "choices", None) or []}
    words |= {code for choices in _choices() for code in choices.values}
    return {part for word in words for part in WORD.findall(word.lower())} - set(DANISH.split())


def _choices(base=models.TextChoices) -> Iterator[type[models.TextChoices]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _choices(kind)


def words_of(link: str) -> set[str]:
    """Return the words of an address: its parts, query keys and values, and its anchor; those of ``next`` as well."""
    parts = urlsplit(DATA.sub("", link))
    query = parse_qsl(parts.query, keep_blank_values=True)
    texts = [parts.path, parts.fragment, *(name for name, _value in query)]
    words = {word for text in texts for word in WORD.findall(text)}
    for name, value in query:
        words |= words_of(value) if name == "next" else set(WORD.findall(value))
    return words


@pytest.fixture
def scene(db):
    return Scene.build("Tingbjerg", "T", "Tingmærke")


@pytest.mark.parametrize("role", Role.values)
def test_no_address_has_an_english_word(role, scene, client):
    client.force_login(scene.users[role])
    english = english_words()
    problems = set()
    for name, rule in ACCESS.items():
        if rule.verb == SUPPORT or name.startswith(("account_", "mfa_", "admin:", "common:")):
            continue
        response = client.get(address(name, scene))
        if response.status_code != 200 or response.streaming or "html" not in response.headers["Content-Type"]:
            continue
        reader = _Reader()
        reader.feed(response.content.decode())
        problems |= {
            f"{', '.join(sorted(words_of(link) & english))}: {link} on {name}"
            for link in reader.found
            if not link.startswith("/static/") and words_of(link) & english
        }
    assert sorted(problems) == [], "\n".join(sorted(problems))
