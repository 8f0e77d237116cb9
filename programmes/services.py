"""Services of the programmes app. ``by`` is None when a command runs them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.roles import Verb
from accounts.services import record_access
from common.hooks import Hook
from common.journal import act, delete, save, set_related
from programmes.models import (
    FollowUpStep,
    Funder,
    PolicyArea,
    Programme,
    ProgrammePolicyArea,
    ScreeningRequirement,
)

# ``settle(programme)`` updates what depends on the default capacity.
CAPACITY_SETTLERS: Hook[Callable[[Programme], None]] = Hook()


@dataclass(frozen=True)
class RankedArea:
    """A policy area by name, with its priority in the programme, from 1."""

    name: str
    priority: int
    note: str = ""


def require_rules(branch: Branch, by: User | None) -> None:
    """Raise PermissionDenied unless ``by`` may change rules in the branch. A command (None) may."""
    if by is not None and not by.may(Verb.MANAGE_RULES, branch):
        raise PermissionDenied


def _log(programme: Programme, by: User | None, code: str, **values: Any) -> None:
    """Log a user's change. Commands log all their changes in one record themselves."""
    if by is None:
        return
    branch = programme.branch_id
    record_access(by=by, kind=AccessKind.WRITE, subject=programme, branch=branch, code=code, values=values)


@act
def create_programme(
    *,
    by: User | None,
    branch: Branch,
    funders: Iterable[Funder | str] = (),
    areas: Iterable[RankedArea] = (),
    **fields,
) -> Programme:
    """Create and log a programme. Funders may be given by name. Raises PermissionDenied, ValidationError."""
    require_rules(branch, by)
    programme = Programme(branch=branch, **fields)
    save(programme)
    set_related(programme, "funders", _funders(funders))
    set_policy_areas(programme, areas, by=by)
    _log(programme, by, "programme_created")
    return programme


@act
def update_programme(
    programme: Programme,
    *,
    by: User | None,
    funders: Iterable[Funder | str] | None = None,
    areas: Iterable[RankedArea] | None = None,
    **fields,
) -> Programme:
    """Change the programme's facts and rules, and log what changed. None keeps the funders or policy areas.

    Raises PermissionDenied, ValidationError.
    """
    require_rules(programme.branch, by)
    changed = [name for name, value in fields.items() if getattr(programme, name) != value]
    for name, value in fields.items():
        setattr(programme, name, value)
    require_rules(programme.branch, by)  # of the branch it is moved to, too
    save(programme)
    if "default_capacity" in fields:
        for settle in CAPACITY_SETTLERS:
            settle(programme)
    if funders is not None and set(_funders(funders)) != set(programme.funders.all()):
        set_related(programme, "funders", _funders(funders))
        changed.append("funders")
    if areas is not None and set_policy_areas(programme, areas, by=by):
        changed.append("policy_areas")
    if changed:
        _log(programme, by, "programme_changed", fields=changed)
    return programme


def _funders(named: Iterable[Funder | str]) -> list[Funder]:
    return [save_funder(funder) if isinstance(funder, str) else funder for funder in named]


@act
def save_follow_up_step(
    programme: Programme, *, by: User | None, step: FollowUpStep | None = None, **fields
) -> FollowUpStep:
    """Add a step to the follow-up plan or change one. Follow-ups already planned for matches stay as they are.

    Raises PermissionDenied, ValidationError.
    """
    require_rules(programme.branch, by)
    step = step or FollowUpStep(programme=programme)
    for name, value in fields.items():
        setattr(step, name, value)
    save(step)
    _log(programme, by, "follow_up_step_saved", name=step.name)
    return step


@act
def remove_follow_up_step(step: FollowUpStep, *, by: User | None) -> None:
    """Remove a step from the follow-up plan. Follow-ups planned by it stay. Raises PermissionDenied."""
    require_rules(step.programme.branch, by)
    _log(step.programme, by, "follow_up_step_removed", name=step.name)
    delete(step)


@act
def save_requirement(
    programme: Programme, *, by: User | None, requirement: ScreeningRequirement | None = None, **fields
) -> ScreeningRequirement:
    """Add a required check or change one. Raises PermissionDenied, ValidationError."""
    require_rules(programme.branch, by)
    requirement = requirement or ScreeningRequirement(programme=programme)
    for name, value in fields.items():
        setattr(requirement, name, value)
    save(requirement)
    _log(programme, by, "requirement_saved", role=requirement.role, check=requirement.kind)
    return requirement


@act
def remove_requirement(requirement: ScreeningRequirement, *, by: User | None) -> None:
    """Remove a required check. Checks already registered stay. Raises PermissionDenied."""
    require_rules(requirement.programme.branch, by)
    _log(requirement.programme, by, "requirement_removed", role=requirement.role, check=requirement.kind)
    delete(requirement)


@act
def set_policy_areas(programme: Programme, areas: Iterable[RankedArea], *, by: User | None) -> bool:
    """Replace the policy areas of the programme, creating unknown ones. Return whether anything changed.

    Raises PermissionDenied, ValidationError (two areas with the same priority).
    """
    require_rules(programme.branch, by)
    wanted = list(areas)
    rows = programme.policy_areas.select_related("policy_area")
    if wanted == [RankedArea(row.policy_area.name, row.priority, row.note) for row in rows]:
        return False
    delete(rows)
    for area in wanted:
        row = ProgrammePolicyArea(programme=programme, priority=area.priority, note=area.note)
        row.policy_area = _policy_area(area.name)
        save(row)
    return True


def _policy_area(name: str) -> PolicyArea:
    area = PolicyArea.objects.filter(name=name).first()
    if area is None:
        area = PolicyArea(name=name)
        save(area)
    return area


@act
def save_funder(name: str, short_name: str = "") -> Funder:
    """Return the funder with a name, created if new and updated with a given short name. Raises ValidationError."""
    funder = Funder.objects.filter(name=name).first() or Funder(name=name)
    if funder.pk is None or (short_name and funder.short_name != short_name):
        funder.short_name = short_name or funder.short_name
        save(funder)
    return funder
