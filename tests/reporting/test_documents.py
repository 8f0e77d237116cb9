"""The contents of a report, and the files of each format."""

import datetime as dt
import io
import json
import re
import sys
import zipfile
import zlib
from dataclasses import replace

import docx
import openpyxl
import pytest

from demo.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    EventFactory,
    MatchFactory,
    MeetingFactory,
    MentorFactory,
    PersonFactory,
)
from events.models import ProgrammeInvitation
from matching.models import Outcome
from reporting.documents import file_name, pdf, write_document
from reporting.documents.chapters import Block, blocks_of, chapters_of, summary
from reporting.documents.collecting import collect_report
from reporting.documents.contents import EventLine, Report, Total
from reporting.documents.html import render_body
from reporting.services.status_reports import standard_texts

SUMMER_TIME = dt.timezone(dt.timedelta(hours=2))
YEAR = {"start": dt.date(2011, 1, 1), "end": dt.date(2011, 12, 31)}


def match_of(programme, number, gender, started_on, **fields):
    mentee = PersonFactory(home_branch=programme.branch, gender=gender, last_name="Hemmelig", case_number=f"T-{number}")
    mentor = MentorFactory(programme=programme, status="matched", person__case_number=f"K-{number}").person
    facts = {"number": number, "proposed_on": None, "started_on": started_on, **fields}
    return MatchFactory(programme=programme, mentee=mentee, mentor=mentor, **facts)


@pytest.fixture
def worked(loaded, koebenhavn, other_programme):
    """Tingbjerg with matches, meetings, outcomes, events and people who applied."""
    first = match_of(loaded, "M-2011-001", "man", dt.date(2011, 2, 1))
    ended = {"status": "ended", "ended_on": dt.date(2011, 8, 1), "end_reason": "moved"}
    second = match_of(loaded, "M-2011-002", "woman", dt.date(2011, 5, 3), **ended)
    later = {"status": "ended", "ended_on": dt.date(2011, 9, 20), "end_reason": "moved"}
    match_of(loaded, "M-2010-009", "woman", dt.date(2010, 11, 2), **later)
    MeetingFactory(match=first, held_on=dt.date(2011, 2, 1), hours=2.5)
    MeetingFactory(match=first, held_on=dt.date(2010, 12, 1), hours=2)
    for kind, count in (("job", 3), ("danish", 1), ("network", 1)):
        for _number in range(count):
            Outcome.objects.create(match=second, kind=kind, on=dt.date(2011, 6, 1), note="Hemmelig")
    evening = EventFactory(
        programme=loaded,
        title="Vinterfest",
        starts_at=dt.datetime(2011, 2, 10, 17, tzinfo=SUMMER_TIME),
        unnamed_guests=12,
    )
    AttendanceFactory(event=evening, status="attended", person=first.mentee)
    AttendanceFactory(event=evening, status="signed_up", person=second.mentee)
    course = {"kind": "mentor_course", "title": "At være mentor", "place": "KVINFO"}
    EventFactory(programme=loaded, starts_at=dt.datetime(2011, 3, 3, 17, tzinfo=SUMMER_TIME), **course)
    EventFactory(programme=loaded, title="Aflyst", is_cancelled=True)
    guest = EventFactory(
        programme=other_programme, title="Sommermøde", starts_at=dt.datetime(2011, 6, 20, 17, tzinfo=SUMMER_TIME)
    )
    ProgrammeInvitation.objects.create(event=guest, programme=loaded, invited_on=dt.date(2011, 6, 1))
    EnrolmentFactory(
        programme=loaded,
        applied_on=dt.date(2011, 3, 1),
        recruited_via="Amina Hemmelig",
        person__case_number="T-2011-900",
    )
    return loaded


@pytest.fixture
def report(worked) -> Report:
    """The report on 2011, counted on 15 September."""
    texts = standard_texts(worked, **YEAR) | {"lessons": "Svært.\n\n- Aftener\n- Skiftehold", "matching": "<b>Godt</b>"}
    return collect_report(worked, title="Statusrapport 2011", on=dt.date(2011, 9, 15), texts=texts, **YEAR)


def plain(text) -> str:
    return " ".join(str(text).replace("\xa0", " ").split())


def test_report_has_the_figures_of_the_records(report):
    assert [(line.key, line.value, line.target) for line in report.targets][:5] == [
        ("mentees-men-2011", 0, 25),
        ("mentees-women-2011", 1, 30),
        ("contact-persons-2011", 0, 20),
        ("matches-men-2011", 1, 25),
        ("matches-women-2011", 1, 30),
    ]
    assert [plain(f"{count.value:g} {count.label}") for count in report.match_counts] == [
        "2 match er i gang",
        "2 match begyndte i perioden",
        "1 match sluttede i perioden",
        "1 møde er registreret",
        "2.5 timer sammen",
    ]
    assert [(count.label, count.value) for count in report.outcomes] == [
        ("Job begyndt", 3),
        ("Bedre dansk", 1),
        ("Større netværk", 1),
    ]
    assert [(event.title, event.area, event.attendance) for event in report.events] == [
        ("Vinterfest", "network_events", 13),
        ("At være mentor", "courses", 0),
    ]
    assert [(event.title, event.place) for event in report.invitations] == [("Sommermøde", "København")]


def test_matches_have_their_status_of_the_last_day(report):
    assert [(match.number, match.mentee, match.status, match.ended_on, match.meetings) for match in report.matches] == [
        ("M-2010-009", "T-M-2010-009", "Aktivt", None, 0),
        ("M-2011-001", "T-M-2011-001", "Aktivt", None, 1),
        ("M-2011-002", "T-M-2011-002", "Afsluttet", dt.date(2011, 8, 1), 0),
    ]


def test_target_of_a_past_year_has_its_final_state(worked):
    year = {"start": dt.date(2010, 1, 1), "end": dt.date(2010, 12, 31)}
    report = collect_report(worked, title="2010", on=dt.date(2011, 9, 15), texts={}, **year)

    assert {line.state for line in report.targets} == {"missed"}
    assert summary(report) == "10 mål: 10 ikke nået."
    assert report.heading.on == dt.date(2010, 12, 31)
    assert not any(line.has_forecast for line in report.targets)


def test_report_is_equal_after_json(report):
    kept = json.loads(json.dumps(report.to_json()))

    assert Report.from_json(kept) == report


def test_older_json_may_lack_newer_fields(report):
    kept = report.to_json()
    del kept["invitations"], kept["targets"][0]["rhythm_wording"]

    assert Report.from_json(kept).invitations == ()


def test_totals_of_men_and_women_follow_their_lines(report):
    rows = [row.label for row in report.table()][:7]

    assert rows == [
        "Mentees, mænd",
        "Mentees, kvinder",
        "Mentees, mænd + Mentees, kvinder",
        "Kontaktpersoner",
        "Match, mænd",
        "Match, kvinder",
        "Match, mænd + Match, kvinder",
    ]
    total = report.table()[6]
    assert isinstance(total, Total)
    assert (total.value, total.target) == (2, 55)


def test_notes_state_the_timetable_and_the_rhythm(report):
    notes = [line.note for line in report.targets if line.note]

    assert "»Etablering af 25 mandlige match«: Aftalens tidsplan siger 20 i 2011." in notes
    assert [note for note in notes if "holdt i jan.–feb.; ikke holdt i marts–april, maj–juni." in note]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        ("Et\nto\n\ntre", (Block("Et to"), Block("tre"))),
        ("Se:\n- a\n  mere\n– b\n\nslut", (Block("Se:"), Block(items=("a mere", "b")), Block("slut"))),
    ],
)
def test_texts_become_paragraphs_and_lists(text, blocks):
    assert blocks_of(text) == blocks


def test_empty_chapters_are_left_out(report):
    assert [chapter.key for chapter in chapters_of(report)] == [
        *["introduction", "purpose", "targets", "recruitment", "matching", "network_events", "courses", "lessons"]
    ]
    matching = chapters_of(report)[4]
    assert matching.outcomes == (("Job begyndt", "3"), ("Bedre dansk, Større netværk", "hver under 3"))


@pytest.mark.parametrize("annex", [False, True])
@pytest.mark.parametrize("kind", ["html", "docx", "xlsx"])
def test_files_have_no_names_of_people(report, kind, annex):
    data = write_document(report, kind, annex=annex)
    texts = [data.decode()] if kind == "html" else _parts(data)

    assert any("Etablering af 25 mandlige match" in text for text in texts)
    assert not any(re.search("Hemmelig|Hodan|Warsame|Birgitte|Amina", text) for text in texts)
    case_numbers = any("T-M-2011-001" in text for text in texts)
    assert case_numbers is (annex or kind == "xlsx")


def _parts(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))]


def test_word_has_headings_repeated_table_heads_and_alternative_texts(report):
    document = docx.Document(io.BytesIO(write_document(report, "docx", annex=True)))

    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [
        "Indledning og hovedkonklusioner",
        "Formål og målgrupper",
        "Resultatmål",
        "Rekruttering",
        "Match",
        "Netværksarrangementer",
        "Kurser og erfaringsudveksling",
        "Udfordringer og læring",
        "Sådan er tallene talt",
        "Bilag: sagsnumrene bag tallene",
    ]
    assert [p.text for p in document.paragraphs if p.style.name == "List Bullet"] == ["Aftener", "Skiftehold"]
    targets = next(table for table in document.tables if table.cell(0, 0).text == "Løfte, med aftalens ord")
    assert [cell.text for cell in targets.rows[0].cells] == [
        *["Løfte, med aftalens ord", "Nået", "Plan til dato", "Forventet", "Fremdrift", "Tilstand"]
    ]
    assert [cell.text.strip() for cell in targets.rows[4].cells][:3] == [
        "»samt 20 kontakt-/ressourcepersoner«",
        "0 af 20",
        "14",
    ]
    assert targets.rows[0]._tr.trPr.xpath("w:tblHeader") != []
    pictures = document.element.xpath("//wp:docPr")
    assert all(picture.get("descr") for picture in pictures)
    assert document.core_properties.language == "da-DK"
    assert document.styles.element.xpath("w:docDefaults//w:lang/@w:val") == ["da-DK"]
    section = document.sections[0]
    assert plain(section.header.paragraphs[0].text) == "Mentornetværket Tingbjerg · Statusrapport 2011"
    assert section.footer._element.xpath(".//w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]


def test_excel_has_numbers_dates_and_no_formulas(report):
    event = EventLine(dt.date(2011, 4, 1), "courses", "Kursus", "=1+1", "@KVINFO", 2, 1)
    data = write_document(replace(report, events=(event,)), "xlsx", annex=True)
    book = openpyxl.load_workbook(io.BytesIO(data))

    assert book.sheetnames == ["Resultatmål", "Match", "Aktiviteter", "Definitioner", "Sagsnumre"]
    targets = [[cell.value for cell in row] for row in book["Resultatmål"].iter_rows(min_row=4, max_col=7)]
    assert targets[0] == ["Løfte, med aftalens ord", "Fra", "Til", "Nået", "Lovet", "Andel", "Plan til dato"]
    assert targets[5][1:6] == [dt.datetime(2011, 1, 1), dt.datetime(2011, 12, 31), 1, 25, 0.04]
    assert book["Resultatmål"].freeze_panes == "A5"
    held = next(book["Aktiviteter"].iter_rows(min_row=5))
    assert [(cell.value, cell.data_type) for cell in held] == [
        (dt.datetime(2011, 4, 1), "d"),
        ("Kursus", "s"),
        ("=1+1", "s"),
        ("@KVINFO", "s"),
        (2, "n"),
        (1, "n"),
        (3, "n"),
    ]


def test_html_loads_nothing_and_escapes_texts(report):
    page = write_document(report, "html", annex=True).decode()

    assert page.lstrip().startswith("<!doctype html>")
    assert '<html lang="da">' in page
    assert "<b>Godt</b>" not in page
    assert "&lt;b&gt;Godt&lt;/b&gt;" in page
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert "<script" not in page
    assert "var(--bar)" not in page.split("</style>")[1]


@pytest.mark.pango
def test_pdf_is_tagged_and_danish(report):
    data = write_document(report, "pdf", annex=False)

    objects = b"".join(_unpacked(stream) for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL))
    assert data[:5] == b"%PDF-"
    assert b"/MarkInfo <</Marked true>>" in objects
    assert b"/Lang (da)" in objects


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_pdf_without_pango_names_the_packages_to_install(report, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", _NoPango())

    with pytest.raises(pdf.PdfUnavailable, match="libpango"):
        write_document(report, "pdf", annex=False)


class _NoPango:
    def __getattr__(self, name):
        raise OSError("cannot load library 'libpango-1.0-0'")


def test_body_on_a_page_has_theme_colours_and_data_tables(report):
    body = render_body(report, annex=False)

    assert "var(--bar)" in body
    assert body.count('<details class="plot-data">') == 6
    assert "<h1" not in body


def test_programme_without_targets_has_a_report(programme):
    report = collect_report(programme, title="Status", on=dt.date(2011, 9, 15), texts={}, **YEAR)

    assert chapters_of(report) == []
    assert summary(report) == ""
    for kind in ("html", "docx", "xlsx"):
        assert write_document(report, kind, annex=True)


def test_file_name_has_programme_and_period(report):
    assert file_name(report, "docx") == "statusrapport-tingbjerg-2010-2011-01-01-2011-12-31.docx"
