"""Services of status reports: rights, frozen reports, and changes by two users."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccessRecord
from common.models import Act, Change
from demo.factories import MatchFactory
from reporting.models import StatusReport
from reporting.services.status_reports import (
    ReportIsSent,
    StaleReport,
    begin_new_version,
    create_report,
    discard_report,
    fingerprints,
    report_contents,
    save_sections,
    send_report,
    standard_title,
)
from tests.journal_entries import recorded

YEAR = {"start": dt.date(2011, 1, 1), "end": dt.date(2011, 12, 31)}


@pytest.fixture
def draft(loaded, manager) -> StatusReport:
    return create_report(loaded, by=manager, **YEAR)


def test_create_report_fills_in_the_purpose_of_the_agreement(draft, manager):
    assert (draft.title, draft.status, draft.created_by) == ("Statusrapport 2011", "draft", manager)
    assert draft.sections["introduction"].replace("\xa0", " ") == (
        "Dette dokument er en status på Mentornetværket Tingbjerg for perioden 1. januar–31. december 2011."
    )
    assert draft.sections["purpose"].startswith("Formålet med projektet er")
    record = AccessRecord.objects.get(subject="reporting.statusreport")
    assert (record.user, record.kind, record.detail) == (manager, "write", "Rapport begyndt")


@pytest.mark.parametrize(
    ("start", "end", "title"),
    [
        (dt.date(2010, 1, 1), dt.date(2010, 12, 31), "Statusrapport 2010"),
        (dt.date(2010, 1, 1), dt.date(2010, 6, 30), "Statusrapport 1. januar–30. juni 2010"),
    ],
)
def test_standard_title_has_the_period(start, end, title):
    assert standard_title(start, end).replace("\xa0", " ") == title


def test_create_report_outside_the_programmes_period_is_refused(loaded, manager):
    with pytest.raises(ValidationError, match="Indsatsen er ikke i gang"):
        create_report(loaded, by=manager, start=dt.date(2015, 1, 1), end=dt.date(2015, 12, 31))
    assert not StatusReport.objects.exists()


def test_services_refuse_users_who_may_not_write(loaded, draft, coordinator, other_branch_administrator):
    for user in (coordinator, other_branch_administrator):
        with pytest.raises(PermissionDenied):
            create_report(loaded, by=user, **YEAR)
        with pytest.raises(PermissionDenied):
            save_sections(draft, by=user, sections={"lessons": "Nej"})
        with pytest.raises(PermissionDenied):
            send_report(draft, by=user)
        with pytest.raises(PermissionDenied):
            discard_report(draft, by=user)
        with pytest.raises(PermissionDenied):
            begin_new_version(draft, by=user)


def test_save_sections_keeps_known_parts_and_one_log_row_a_day(draft, manager):
    for text in ("Et", "Et to", "Et to"):
        save_sections(draft, by=manager, sections={"lessons": f" {text} ", "unknown": "x", "next_steps": "  "})

    draft.refresh_from_db()
    assert draft.sections == {"lessons": "Et to"}
    assert AccessRecord.objects.filter(code="report_written").count() == 1


def test_part_changed_by_two_users_raises_and_is_not_overwritten(draft, manager, administrator):
    opened = fingerprints(draft.title, draft.sections)
    save_sections(draft, by=administrator, sections=draft.sections | {"lessons": "Først"}, opened=opened)
    mine = draft.sections | {"lessons": "Sidst"}

    with pytest.raises(StaleReport) as conflict:
        save_sections(draft, by=manager, sections=mine, opened=opened)
    assert (conflict.value.parts, conflict.value.current.sections["lessons"]) == (["lessons"], "Først")
    assert save_sections(draft, by=manager, sections=mine, opened=opened, overwrite=True).sections["lessons"] == "Sidst"


def test_parts_changed_by_one_user_are_merged(draft, manager, administrator):
    opened = fingerprints(draft.title, draft.sections)
    theirs = draft.sections | {"lessons": "Hannes", "purpose": ""}
    save_sections(draft, by=administrator, sections=theirs, title="Ny titel", opened=opened)

    mine = draft.sections | {"next_steps": "Mine\r\nto linjer"}
    saved = save_sections(draft, by=manager, sections=mine, title=draft.title, opened=opened)
    assert saved.title == "Ny titel"
    assert saved.sections == {
        "introduction": draft.sections["introduction"],
        "lessons": "Hannes",
        "next_steps": "Mine\nto linjer",
    }
    # the same words twice are no conflict
    assert save_sections(draft, by=manager, sections=saved.sections, opened=opened).sections == saved.sections


def test_sent_report_keeps_its_figures_and_evidence(draft, loaded, manager):
    match = MatchFactory(programme=loaded, number="M-2011-001", proposed_on=None, started_on=dt.date(2011, 2, 1))
    sent = send_report(draft, by=manager)
    before = report_contents(sent)

    match.delete()
    sent.refresh_from_db()
    assert (sent.status, sent.sent_by) == ("sent", manager)
    assert report_contents(sent) == before
    assert [match.number for match in report_contents(sent).matches] == ["M-2011-001"]
    line = next(line for line in before.targets if line.key == "matches-women-2011")
    assert (line.value, [record.number for record in line.counted]) == (1, ["M-2011-001"])


def test_sent_report_cannot_be_changed(draft, manager):
    send_report(draft, by=manager)

    for act in (send_report, discard_report):
        with pytest.raises(ReportIsSent):
            act(draft, by=manager)
    with pytest.raises(ReportIsSent):
        save_sections(draft, by=manager, sections={})


def test_new_version_has_the_texts_and_current_figures(draft, loaded, manager):
    save_sections(draft, by=manager, sections={"lessons": "Svært"})
    sent = send_report(draft, by=manager)
    MatchFactory(programme=loaded, number="M-2011-001", proposed_on=None, started_on=dt.date(2011, 2, 1))
    second = begin_new_version(sent, by=manager)

    assert (second.sections, second.status, second.title) == ({"lessons": "Svært"}, "draft", "Statusrapport 2011")
    assert [len(report_contents(report).matches) for report in (sent, second)] == [0, 1]


def test_discard_report_deletes_the_draft_and_logs_it(draft, manager):
    discard_report(draft, by=manager)

    assert not StatusReport.objects.exists()
    assert AccessRecord.objects.filter(user=manager, code="report_discarded").count() == 1


def test_the_journal_has_a_report_from_creation_to_sending(draft, manager):
    save_sections(draft, by=manager, sections={"lessons": "Svært"}, title="Ny titel")
    sent = send_report(draft, by=manager)
    assert recorded("create_report") == [("made", "reporting.statusreport", "", None, None)]
    assert recorded("save_sections") == [
        ("changed", "reporting.statusreport", "title", "Statusrapport 2011", "Ny titel")
    ]
    changes = {change.field: (change.before, change.after) for change in Change.objects.filter(act__name="send_report")}
    assert {name: changes[name] for name in ("status", "sent_by_id")} == {
        "status": ("draft", "sent"),
        "sent_by_id": (None, manager.pk),
    }
    assert changes["frozen"] == (None, sent.frozen)


def test_the_journal_has_a_discarded_draft_without_its_texts(draft, manager):
    discard_report(draft, by=manager)
    removed = Change.objects.get(act__name="discard_report")
    assert (removed.kind, removed.before["title"], "sections" in removed.before) == ("removed", draft.title, False)


def test_saving_while_a_user_writes_leaves_no_entry_in_the_journal(draft, manager):
    save_sections(draft, by=manager, sections={"lessons": "Svært"})
    assert set(Act.objects.exclude(name="load_programme").values_list("name", flat=True)) == {"create_report"}
