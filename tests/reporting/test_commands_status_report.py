"""The command ``status_report``."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessRecord
from reporting.documents import PdfUnavailable
from reporting.management.commands import status_report
from reporting.services.status_reports import create_report, save_sections, send_report


def run(tmp_path, *options, slug="tingbjerg-2010", start="2011-01-01", end="2011-12-31", kind="html"):
    target = tmp_path / f"rapport.{kind}"
    arguments = ["--from", start, "--to", end, "--format", kind, "--output", str(target), *options]
    call_command("status_report", slug, *arguments)
    return target


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("docx", b"PK"),
        pytest.param("pdf", b"%PDF-", marks=pytest.mark.pango),
        ("xlsx", b"PK"),
        ("html", b"<!doctype html>"),
    ],
)
def test_writes_each_format_without_a_stored_report(loaded, tmp_path, kind, begins):
    data = run(tmp_path, kind=kind).read_bytes()

    assert data.strip()[: len(begins.strip())] == begins.strip()
    record = AccessRecord.objects.get(kind="export")
    words = f"{kind}, 1.\xa0januar 2011 – 31.\xa0december 2011"
    assert (record.user, record.detail) == (None, words)


def test_uses_the_texts_of_the_sent_report(loaded, administrator, tmp_path):
    year = {"start": dt.date(2011, 1, 1), "end": dt.date(2011, 12, 31)}
    sent = create_report(loaded, by=administrator, **year)
    save_sections(sent, by=administrator, sections={"lessons": "Ord fra den sendte"})
    send_report(sent, by=administrator)
    draft = create_report(loaded, by=administrator, **year)
    save_sections(draft, by=administrator, sections={"lessons": "Ord fra kladden"})

    page = run(tmp_path).read_text()
    assert "Ord fra den sendte" in page
    assert "Ord fra kladden" not in page
    assert "Ord fra den sendte" not in run(tmp_path, "--on", "2011-03-01").read_text()


@pytest.mark.parametrize(
    ("options", "message", "status"),
    [
        ({"slug": "ukendt"}, "tingbjerg-2010", 2),
        ({"start": "2011-31-01"}, "--from: »2011-31-01« er ikke en dato", 2),
        ({"end": "2010-12-31"}, "Perioden slutter, før den begynder", 2),
        ({"start": "2015-01-01", "end": "2015-12-31"}, "Indsatsen er ikke i gang", 2),
    ],
)
def test_wrong_arguments_are_refused_in_words(loaded, tmp_path, options, message, status):
    with pytest.raises(CommandError) as error:
        run(tmp_path, **options)
    assert message in str(error.value)
    assert error.value.returncode == status


def test_missing_folder_is_reported(loaded, tmp_path):
    with pytest.raises(CommandError, match="kan ikke skrives") as error:
        run(tmp_path / "mangler")
    assert error.value.returncode == 1
    assert not AccessRecord.objects.filter(kind="export").exists()


def test_missing_pango_is_reported(loaded, tmp_path, monkeypatch):
    def without_pango(*args, **kwargs):
        raise PdfUnavailable("Pango mangler.")

    monkeypatch.setattr(status_report, "write_document", without_pango)
    with pytest.raises(CommandError, match="Pango mangler"):
        run(tmp_path, kind="pdf")
