"""The Danish catalogue: complete, sorted, and compiled."""

import os
import shutil

import polib
import pytest

from tests import messages

PATH = messages.ROOT / messages.CATALOGUE


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(PATH), wrapwidth=0)


def test_every_text_has_its_danish(catalogue):
    assert messages.untranslated(catalogue) == []


def test_entries_are_sorted_and_headers_the_same_on_every_run(catalogue):
    assert list(catalogue) == sorted(catalogue, key=messages.sort_key)
    assert set(messages.RUN_DATA) & set(catalogue.metadata) == set()


def test_compiled_catalogue_is_current(catalogue):
    compiled = {(entry.msgctxt, entry.msgid): entry for entry in polib.mofile(str(PATH.with_suffix(".mo")))}
    assert {key: (e.msgstr, e.msgstr_plural) for key, e in compiled.items()} == {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in catalogue
    }


@pytest.mark.skipif(
    not shutil.which("xgettext") and not os.environ.get("REQUIRE_ALL"),
    reason="gettext is not installed. On Debian: apt-get install gettext",
)
def test_make_messages_changes_nothing():
    assert str(messages.collect()) == PATH.read_text()
