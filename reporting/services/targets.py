"""Create, change and remove targets."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common.journal import act, current_journal, delete, save
from programmes.models import Programme
from programmes.services import require_rules
from reporting.indicators import UnknownIndicator, get_indicator
from reporting.models import Target, TargetPhase

MONTHS = range(1, 13)


@dataclass(frozen=True)
class PlannedPhase:
    """A phase of a target's plan, to be stored as a ``TargetPhase``."""

    starts_on: dt.date
    ends_on: dt.date
    value: int
    wording: str = ""


@act
def save_target(
    programme: Programme,
    *,
    by: User | None,
    target: Target | None = None,
    phases: Iterable[PlannedPhase] | None = None,
    **fields,
) -> Target:
    """Create a target, or change ``target``. ``phases`` replaces its phased plan; None keeps it. Logged.

    Raises PermissionDenied, and ValidationError for an unknown indicator, filter or month, a period outside the
    programme's, or phases that overlap or lie outside the target's period.
    """
    require_rules(programme.branch, by)
    target = target or Target(programme=programme)
    for name, value in fields.items():
        setattr(target, name, value)
    target.full_clean()
    _check(target)
    current_journal().save(target)
    if phases is not None:
        _save_phases(target, list(phases))
    if by is not None:  # load_programme logs all its changes in one line
        _log(target, by, "target_changed")
    return target


@act
def remove_target(target: Target, *, by: User | None) -> None:
    """Delete a target; the records it counted stay. Logged. Raises PermissionDenied."""
    require_rules(target.programme.branch, by)
    _log(target, by, "target_removed")
    delete(target)


def _log(target: Target, by: User | None, code: str) -> None:
    branch, values = target.programme.branch_id, {"key": target.key}
    record_access(by=by, kind=AccessKind.WRITE, subject=target, branch=branch, code=code, values=values)


def _check(target: Target) -> None:
    try:
        target.filters = get_indicator(target.indicator).clean_filters(target.filters)
    except UnknownIndicator:
        message = _("»%(slug)s« is not an indicator.") % {"slug": target.indicator}
        raise ValidationError({"indicator": message}) from None
    except ValidationError as error:
        raise ValidationError({"filters": error}) from None
    programme = target.programme
    if target.period_start < programme.starts_on or target.period_end > programme.ends_on:
        raise ValidationError({"period_start": _("The period lies outside the programme's.")})
    pause = target.rhythm_pause_months
    if not isinstance(pause, list) or any(month not in MONTHS for month in pause):
        raise ValidationError({"rhythm_pause_months": _("Write months as numbers from 1 to 12.")})


def _save_phases(target: Target, phases: list[PlannedPhase]) -> None:
    """Replace the phases of a target. One that starts on the same day is changed, so that the journal shows how."""
    known, planned = {phase.starts_on: phase for phase in target.phases.all()}, {phase.starts_on for phase in phases}
    delete(phase for starts_on, phase in known.items() if starts_on not in planned)
    before = None
    for phase in sorted(phases, key=lambda phase: phase.starts_on):
        if phase.starts_on < target.period_start or phase.ends_on > target.period_end:
            raise ValidationError({"phases": _("A phase lies outside the target's period.")})
        if before and phase.starts_on <= before.ends_on:
            raise ValidationError({"phases": _("Two phases overlap.")})
        record = known.get(phase.starts_on) or TargetPhase(target=target, starts_on=phase.starts_on)
        record.ends_on, record.value, record.wording = phase.ends_on, phase.value, phase.wording
        save(record)
        before = phase
