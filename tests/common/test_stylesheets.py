"""The stylesheets of the pages: every source is in one of them, and collected files have hashes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from common.stylesheets import SOURCES, STYLESHEETS
from demo.management.commands.start_demo import static_files_changed

SETS = ("css/all.css", "css/all_report.css")


@pytest.fixture
def collected(settings, tmp_path):
    """Return the folder of the files that ``collectstatic`` writes for a real network."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_source_is_in_one_stylesheet():
    entered = [name for names in STYLESHEETS.values() for name in names]
    assert sorted(entered) == sorted(
        ["vendor/tabler/tabler.min.css", *(f"css/{file.name}" for file in (SOURCES / "css").glob("*.css"))]
    )


@pytest.mark.parametrize("name", SETS)
def test_stylesheet_has_its_sources_in_order(name):
    sources = [(SOURCES / source).read_text(encoding="utf-8") for source in STYLESHEETS[name]]
    assert Path(finders.find(name)).read_text(encoding="utf-8") == "\n".join(sources)


def test_templates_link_no_source():
    linked = set()
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        linked |= set(re.findall(r"""{% static ['"]([^'"]*\.css)""", file.read_text(encoding="utf-8")))
    assert linked == set(SETS)


def test_other_files_are_not_found_among_the_stylesheets():
    assert finders.find("css/none.css") is None


def test_collected_files_have_hashes_and_are_compressed(collected):
    name = staticfiles_storage.url("css/all.css").removeprefix("/static/")
    assert re.fullmatch(r"css/all\.[0-9a-f]{12}\.css", name)
    assert {file.name for file in collected.glob("css/all.*")} >= {name[4:], f"{name[4:]}.gz", f"{name[4:]}.br"}
    font = staticfiles_storage.url("vendor/mentornet-sans/mentornet-sans.woff2").rpartition("/")[2]
    assert f"../vendor/mentornet-sans/{font}" in (collected / name).read_text(encoding="utf-8")


def test_static_files_are_collected_once(collected):
    assert not static_files_changed()
    (collected / "staticfiles.json").unlink()
    assert static_files_changed()
