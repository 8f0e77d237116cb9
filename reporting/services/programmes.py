"""Set up a branch and a programme with its rules and targets from a programme file, without people."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import record_access
from common.journal import act, save
from people.services import load_vocabulary
from programmes.enums import FollowUpKind, ParticipantRole
from programmes.models import Programme
from programmes.services import (
    RankedArea,
    create_programme,
    remove_follow_up_step,
    remove_requirement,
    save_follow_up_step,
    save_funder,
    save_requirement,
    set_policy_areas,
    update_programme,
)
from reporting.models import Target
from reporting.programme_files import ProgrammeFile, read_programme_file
from reporting.services.targets import PlannedPhase, save_target


@dataclass
class LoadedProgramme:
    """The result of a load. ``own_targets`` are the programme's targets that are not in the file; they stay."""

    programme: Programme
    created: bool
    targets: int = 0
    own_targets: list[Target] = field(default_factory=list)


@act
def load_programme(name: str, *, by: User | None = None) -> LoadedProgramme:
    """Create or update a programme from a file: a shipped one by its short name, or one by its path.

    Idempotent. The file determines the branch's facts, the rules, checks, follow-up plan, policy areas and the targets
    in it. People and their cases do not change, nor do targets that were added in the browser. Also loads the shared
    vocabulary and logs the load. Raises ProgrammeFileError, and stores nothing then.
    """
    file = read_programme_file(name)
    load_vocabulary()
    with _errors_at(file, "branch"):
        branch = _load_branch(file.branch)
    programme, created = _load_facts(file, branch, by)
    loaded = LoadedProgramme(programme, created)
    _load_checks(file, programme, by)
    _load_follow_up(file, programme, by)
    keys = _load_targets(file, programme, by)
    loaded.targets = len(keys)
    loaded.own_targets = [target for target in programme.targets.all() if target.key not in keys]
    record_access(
        by=by,
        kind=AccessKind.WRITE,
        subject=programme,
        branch=branch,
        code="programme_loaded",
        values={"file": file.name},
    )
    return loaded


@contextmanager
def _errors_at(file: ProgrammeFile, where: str) -> Iterator[None]:
    """Turn a ValidationError of the block into a ProgrammeFileError that names the file and the place in it."""
    try:
        yield
    except ValidationError as error:
        raise file.refusal(where, _problem(error)) from error


def _problem(error: ValidationError) -> str:
    if hasattr(error, "message_dict"):
        return " ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
    return " ".join(error.messages)


def _load_branch(facts: dict) -> Branch:
    branch = Branch.objects.filter(slug=facts["slug"]).first() or Branch()
    for name, value in facts.items():
        setattr(branch, name, value)
    save(branch)
    return branch


def _load_facts(file: ProgrammeFile, branch: Branch, by: User | None) -> tuple[Programme, bool]:
    with _errors_at(file, "funder"):
        funders = [save_funder(**entry) for entry in file.lists["funder"]]
    fields = {**file.programme, **file.rules}
    texts = {"purpose", "target_group"}
    fields |= {name: fields[name].strip() for name in texts & fields.keys()}
    programme = Programme.objects.filter(slug=fields["slug"]).first()
    with _errors_at(file, "programme"):
        if programme is None:
            programme, created = create_programme(by=by, branch=branch, funders=funders, **fields), True
        elif programme.branch_id != branch.pk:
            raise file.refusal("branch, slug", _("The programme belongs to %(branch)s.") % {"branch": programme.branch})
        else:
            update_programme(programme, by=by, funders=funders, **fields)
            created = False
    with _errors_at(file, "policy_area"):
        set_policy_areas(programme, [RankedArea(**entry) for entry in file.lists["policy_area"]], by=by)
    return programme, created


def _load_checks(file: ProgrammeFile, programme: Programme, by: User | None) -> None:
    known = {(row.role, row.kind): row for row in programme.screening_requirements.all()}
    for number, entry in enumerate(file.lists["check"], start=1):
        fields = {"role": ParticipantRole.MENTOR.value, "count": 1, "blocks_match": True, **entry}
        with _errors_at(file, f"check {number}"):
            save_requirement(programme, by=by, requirement=known.pop((fields["role"], fields["kind"]), None), **fields)
    for requirement in known.values():
        remove_requirement(requirement, by=by)


def _load_follow_up(file: ProgrammeFile, programme: Programme, by: User | None) -> None:
    """Match steps by kind, side and name, so that follow-ups of running matches keep their step."""
    known = {(step.kind, step.side, step.name): step for step in programme.follow_up_steps.all()}
    for number, entry in enumerate(file.lists["follow_up"], start=1):
        fields = {"kind": FollowUpKind.CONTACT.value, "repeat_days": None, "until_days": None, **entry}
        with _errors_at(file, f"follow_up {number}"):
            key = (fields["kind"], fields["side"], fields["name"])
            save_follow_up_step(programme, by=by, step=known.pop(key, None), **fields)
    for step in known.values():
        remove_follow_up_step(step, by=by)


def _load_targets(file: ProgrammeFile, programme: Programme, by: User | None) -> set[str]:
    known = {target.key: target for target in programme.targets.all()}
    keys: set[str] = set()
    for number, entry in enumerate(file.lists["target"], start=1):
        where = f"target {number} ({entry['key']})"
        for key, start, end in _periods(entry, programme):
            if key in keys:
                raise file.refusal(where, _("The key %(key)s is used twice.") % {"key": key})
            with _errors_at(file, where):
                save_target(
                    programme,
                    by=by,
                    target=known.get(key),
                    phases=_phases(entry, start, end),
                    key=key,
                    period_start=start,
                    period_end=end,
                    order=number,
                    **_target_fields(entry),
                )
            keys.add(key)
    return keys


def _target_fields(entry: dict) -> dict:
    rhythm = entry.get("rhythm", {})
    return {
        "indicator": entry["indicator"],
        "filters": entry.get("filters", {}),
        "label": entry["label"],
        "wording": entry["wording"],
        "value": entry["value"],
        "note": entry.get("note", ""),
        "on_today": entry.get("on_today", False),
        "rhythm_months": rhythm.get("every_months"),
        "rhythm_pause_months": rhythm.get("pause_months", []),
        "rhythm_wording": rhythm.get("wording", ""),
    }


def _periods(entry: dict, programme: Programme) -> list[tuple[str, dt.date, dt.date]]:
    """Return the key and period of each target that the entry defines."""
    if entry.get("period") == "year":
        return [
            (
                f"{entry['key']}-{year}",
                max(dt.date(year, 1, 1), programme.starts_on),
                min(dt.date(year, 12, 31), programme.ends_on),
            )
            for year in range(programme.starts_on.year, programme.ends_on.year + 1)
        ]
    if entry.get("period") == "whole":
        return [(entry["key"], programme.starts_on, programme.ends_on)]
    return [(entry["key"], entry["from"], entry["to"])]


def _phases(entry: dict, start: dt.date, end: dt.date) -> list[PlannedPhase]:
    """Return the entry's phases within the period; the others belong to the target of another year."""
    rows = entry.get("phase", [])
    phases = [PlannedPhase(row["from"], row["to"], row["value"], row.get("wording", "")) for row in rows]
    if entry.get("period") == "year":
        return [phase for phase in phases if start <= phase.starts_on and phase.ends_on <= end]
    return phases
