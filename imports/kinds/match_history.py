"""The history of a match in a row: its days and its status, which must agree."""

import datetime as dt
import functools
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from common import clock
from common.folding import fold
from imports.engine import cells
from imports.engine.fields import load_data, word_list
from imports.engine.issues import ERROR, ISSUE_KINDS, WARNING, IssueKind
from imports.engine.reader import RowReader
from matching.enums import NEVER_STARTED_STATUSES, NOT_STARTED_STATUSES, EndReason, MatchStatus
from matching.rules.months import add_months

ISSUE_KINDS.add_all(
    {
        "start_missing": IssueKind(ERROR, _("A match needs the day it started. Write day, month and year.")),
        "proposal_missing": IssueKind(
            ERROR, _("A match that has not started needs the day it was proposed. Write day, month and year.")
        ),
        "introduction_missing": IssueKind(
            ERROR, _("A match that is introduced needs the day of the introduction. Write day, month and year.")
        ),
        "end_missing": IssueKind(ERROR, _("A match that has ended needs the day it ended.")),
        "end_before_start": IssueKind(ERROR, _("The match ends before it starts. Correct one of the two dates.")),
        "days_out_of_order": IssueKind(
            ERROR, _("»%(first)s« (%(first_day)s) is after »%(second)s« (%(second_day)s). Correct one of the two.")
        ),
        "unknown_match_status": IssueKind(ERROR, _("The status is not one we know. Write one of: %(words)s.")),
        "declined_but_started": IssueKind(
            ERROR, _("The status says that it never began, but there is a start. Correct one of the two.")
        ),
        "end_without_start": IssueKind(
            ERROR, _("The status says not begun, but there is an end. Write the start, or afvist as the status.")
        ),
        "paused_but_resumed": IssueKind(
            ERROR, _("The status says on pause, but the match went on again on a later day. Correct one of the two.")
        ),
        "resumed_without_pause": IssueKind(ERROR, _("The match went on again, but there is no day of the pause.")),
        "ended_within_three_months": IssueKind(
            WARNING, _("Ended within %(months)s months of the start. That can do harm; it is flagged.")
        ),
        "active_with_end_date": IssueKind(
            WARNING, _("The status says running, but there is an end date. The date wins: stored as ended.")
        ),
        "not_begun_with_start": IssueKind(
            WARNING, _("The status says not begun, but there is a start. The date wins: stored as running.")
        ),
        "active_but_paused": IssueKind(
            WARNING, _("The status says running, but the pause has no end. The date wins: stored as on pause.")
        ),
        "starts_ahead": IssueKind(WARNING, _("The start is in the future. Stored as it is.")),
    }
)

STATUSES = word_list("match_statuses", MatchStatus)
HISTORY = ("proposed", "introduced", "started", "paused", "resumed", "ended")  # days that follow each other
ORDERED_PAIRS = (("proposed", "agreement_signed"), ("started", "closing_talk"))


@dataclass
class MatchDays:
    """The days of a match's history. ``ended`` is the day of the refusal if the match was declined."""

    proposed: dt.date | None = None
    introduced: dt.date | None = None
    started: dt.date | None = None
    paused: dt.date | None = None
    resumed: dt.date | None = None
    ended: dt.date | None = None
    agreement_signed: dt.date | None = None
    closing_talk: dt.date | None = None


def read_history(row: RowReader, harm_months: int, today: dt.date) -> tuple[MatchDays, str]:
    """Return the days and the status, and report issues in the row. Unreadable days are kept as notes."""
    days, wrong = read_days(row)
    said = row.choice(STATUSES, "status", "unknown_match_status")
    status = settle_status(row, days, said or status_of_days(days, wrong))
    require_days(row, days, status, wrong)
    check_order(row, days)
    if days.started and days.ended and days.started <= days.ended < add_months(days.started, harm_months):
        row.report("ended_within_three_months", "ended_on", months=harm_months)
    if days.started and days.started > today:
        row.report("starts_ahead", "started_on")
    return days, status


def read_days(row: RowReader) -> tuple[MatchDays, set[str]]:
    """Return the days of a row, and the names of those with an error."""
    days, wrong = MatchDays(), set()
    for name in (*HISTORY, "agreement_signed", "closing_talk"):
        key = f"{name}_on"
        found = row.day(key)
        if found.is_wrong or (found.day and not cells.is_likely(found.day)):
            row.report("bad_date" if found.is_wrong else "year_unlikely", key)
            wrong.add(name)
            continue
        setattr(days, name, found.day)
        if name not in ("started", "ended") and (found.year or found.is_unreadable):
            row.report("date_unreadable", key)
            row.note(key)
    return days, wrong


def status_of_days(days: MatchDays, wrong: set[str]) -> str:
    """Return the status that follows from the days, for a row without a status."""
    if days.ended:
        return MatchStatus.ENDED
    if days.started or "started" in wrong:
        return MatchStatus.PAUSED if days.paused and not days.resumed else MatchStatus.ACTIVE
    if days.introduced:
        return MatchStatus.INTRODUCED
    return MatchStatus.PROPOSED if days.proposed else MatchStatus.ACTIVE


def settle_status(row: RowReader, days: MatchDays, status: str) -> str:
    """Return the status; if the days contradict the word, report it and follow the days."""
    if status in NEVER_STARTED_STATUSES:
        if days.started:
            row.report("declined_but_started", "status")
        return status
    if days.ended and days.started:
        if status != MatchStatus.ENDED:
            row.report("active_with_end_date", "status")
        return MatchStatus.ENDED
    if days.started and status in NOT_STARTED_STATUSES:
        row.report("not_begun_with_start", "status")
        return MatchStatus.ACTIVE
    if days.paused and not days.resumed and status == MatchStatus.ACTIVE:
        row.report("active_but_paused", "status")
        return MatchStatus.PAUSED
    if days.paused and days.resumed and status == MatchStatus.PAUSED:
        row.report("paused_but_resumed", "status")
    return status


def require_days(row: RowReader, days: MatchDays, status: str, wrong: set[str]) -> None:
    """Report the days that the status needs and the row lacks."""
    if status in NOT_STARTED_STATUSES or status in NEVER_STARTED_STATUSES:
        if status == MatchStatus.INTRODUCED and not days.introduced and "introduced" not in wrong:
            row.report("introduction_missing", "introduced_on")
        elif status in NEVER_STARTED_STATUSES and (days.ended or days.started):
            pass  # the end is the day of the refusal; a start is reported by settle_status
        elif not (days.proposed or days.introduced or wrong):
            row.report("proposal_missing", "proposed_on")
        if days.ended and status in NOT_STARTED_STATUSES:
            row.report("end_without_start", "ended_on")
    elif not days.started and "started" not in wrong:
        row.report("start_missing", "started_on")
    if status == MatchStatus.ENDED and not days.ended and "ended" not in wrong:
        row.report("end_missing", "ended_on")
    if days.resumed and not days.paused and "paused" not in wrong:
        row.report("resumed_without_pause", "resumed_on")


def check_order(row: RowReader, days: MatchDays) -> None:
    """Report the first two days that are in the wrong order."""
    if days.started and days.ended and days.ended < days.started:
        row.report("end_before_start", "ended_on")
        return
    known = [name for name in HISTORY if getattr(days, name)]
    for first, second in (*pairwise(known), *ORDERED_PAIRS):
        before, after = getattr(days, first), getattr(days, second)
        if before and after and before > after:
            row.report(
                "days_out_of_order",
                f"{second}_on",
                first=row.title(f"{first}_on"),
                first_day=cells.as_text(before),
                second=row.title(f"{second}_on"),
                second_day=cells.as_text(after),
            )
            return


def steps_of(days: MatchDays, status: str) -> list[tuple[str, dt.date]]:
    """Return the statuses that a match went through, in order, each with its day."""
    steps = [
        (MatchStatus.PROPOSED, days.proposed),
        (MatchStatus.INTRODUCED, days.introduced),
        (MatchStatus.ACTIVE, days.started),
        (MatchStatus.PAUSED, days.paused),
        (MatchStatus.ACTIVE, days.resumed),
    ]
    steps = [(step, on) for step, on in steps if on]
    if status == MatchStatus.ENDED:
        steps.append((MatchStatus.ENDED, days.ended))
    elif status in NEVER_STARTED_STATUSES:
        steps.append((status, days.ended or steps[-1][1]))
    elif status == MatchStatus.PAUSED and not days.paused:
        steps.append((MatchStatus.PAUSED, clock.today()))
    return steps


@functools.cache
def _end_reasons() -> dict[str, EndReason]:
    return {fold(word): EndReason(reason) for word, reason in load_data("end_reasons.toml").items()}


def end_reason_of(text: str) -> str:
    """Return the reason that a text names, or ``OTHER``."""
    folded = fold(text)
    return next((reason for word, reason in _end_reasons().items() if word in folded), EndReason.OTHER)
