"""The columns of the exported lists: targets, the records behind a figure, and status reports."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.roles import Verb
from common.exports import Column, ListExport
from people.models import Person
from reporting.evaluation import TargetStatus
from reporting.indicators import EvidenceRow

PERSON_PAGE = "people:person-detail"

# Its rows come from ``views.targets.statuses_of()``.
TARGETS = ListExport(
    "targets",
    _("Targets"),
    (
        Column("target", _("Target"), lambda status: status.target.label),
        Column("wording", _("The agreement's words"), lambda status: status.target.wording),
        Column("start", _("From")),
        Column("end", _("To")),
        Column("promised", _("Promised")),
        Column("phased", _("Timetable")),
        Column("value", _("Reached")),
        Column("plan_today", _("Plan today")),
        Column("low", _("Expected at least"), lambda status: status.forecast.low),
        Column("high", _("Expected at most"), lambda status: status.forecast.high),
        Column("state_label", _("State")),
        Column("rule", _("Counting rule")),
    ),
)

REPORTS = ListExport(
    "status-reports",
    _("Status reports"),
    (
        Column("title", _("Report")),
        Column("programme", _("Programme"), lambda report: report.programme.name),
        Column("period_start", _("From")),
        Column("period_end", _("To")),
        Column("state", _("State"), lambda report: report.get_status_display()),
        Column("created_by", _("Written by"), lambda report: str(report.created_by or "")),
        Column("sent_at", _("Sent at")),
        Column("sent_by", _("Sent by"), lambda report: str(report.sent_by or "")),
    ),
)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A record behind a figure, with the names of its people."""

    row: EvidenceRow
    name: str


def evidence_lines(rows: list[EvidenceRow]) -> Iterator[EvidenceLine]:
    """Yield the records with the names of their people, in one query."""
    keys = {address[1] for row in rows for address in (row.url, row.other_url) if address and address[0] == PERSON_PAGE}
    people = Person.objects.only("first_name", "last_name").in_bulk(keys)
    for row in rows:
        named = [address for address in (row.url, row.other_url) if address and address[0] == PERSON_PAGE]
        yield EvidenceLine(row, ", ".join(people[key].name for _page, key in named if key in people))


def evidence_of(status: TargetStatus) -> ListExport:
    """Return the list behind a figure: the columns of its page, and names for users who may open the cases."""
    number, other, on = status.indicator.columns
    columns = [
        Column("number", number, lambda line: line.row.number),
        Column("other", other, lambda line: line.row.other),
        Column("on", on, lambda line: line.row.on),
    ]
    if status.indicator.is_of_cases:
        columns.append(Column("name", _("Name"), lambda line: line.name, is_default=False, verb=Verb.READ_CASES))
    return ListExport("evidence", _("Evidence"), tuple(columns))
