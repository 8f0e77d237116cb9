"""A real start: the branch, the programme, its rules and promises from a readable file, and no people."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import record_access
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
from reporting.services.targets import Phase, save_target


@dataclass
class LoadedProgramme:
    """What a load did. ``own_targets`` are promises of the programme that the file does not have; they were left."""

    programme: Programme
    created: bool
    targets: int = 0
    own_targets: list[Target] = field(default_factory=list)


@transaction.atomic
def load_programme(name: str, *, by: User | None = None) -> LoadedProgramme:
    """Bring a programme file into the database: shipped, by its short name, or at a path.

    Idempotent. The file decides the branch's facts, rules, checks, follow-up plan, policy areas and its own targets;
    people and their cases are not touched, and targets that were added in the browser stay. Also loads the shared
    vocabulary. Raises ProgrammeFileError, and then nothing is stored.
    """
    file = read_programme_file(name)
    load_vocabulary()
    with _at(file, "branch"):
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
        detail=_("loaded from %(file)s") % {"file": file.name},
    )
    return loaded


class _at:  # noqa: N801 reads as a preposition
    """Turns a refusal inside the block into one that names the file and the place in it."""

    def __init__(self, file: ProgrammeFile, where: str):
        self.file, self.where = file, where

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind, error, _traceback) -> None:
        if isinstance(error, ValidationError):
            raise self.file.fail(self.where, _problem(error)) from error


def _problem(error: ValidationError) -> str:
    if hasattr(error, "message_dict"):
        return " ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
    return " ".join(error.messages)


def _load_branch(facts: dict) -> Branch:
    branch = Branch.objects.filter(slug=facts["slug"]).first() or Branch()
    for name, value in facts.items():
        setattr(branch, name, value)
    branch.full_clean()
    branch.save()
    return branch


def _load_facts(file: ProgrammeFile, branch: Branch, by: User | None) -> tuple[Programme, bool]:
    with _at(file, "funder"):
        funders = [save_funder(**entry) for entry in file.lists["funder"]]
    fields = {**file.programme, **file.rules}
    texts = {"purpose", "target_group"}
    fields.update({name: fields[name].strip() for name in texts & fields.keys()})
    programme = Programme.objects.filter(slug=fields["slug"]).first()
    with _at(file, "programme"):
        if programme is None:
            programme, created = create_programme(by=by, branch=branch, funders=funders, **fields), True
        elif programme.branch_id != branch.pk:
            raise file.fail("branch, slug", _("The programme belongs to %(branch)s.") % {"branch": programme.branch})
        else:
            update_programme(programme, by=by, funders=funders, **fields)
            created = False
    with _at(file, "policy_area"):
        set_policy_areas(programme, [RankedArea(**entry) for entry in file.lists["policy_area"]], by=by)
    return programme, created


def _load_checks(file: ProgrammeFile, programme: Programme, by: User | None) -> None:
    known = {(row.role, row.kind): row for row in programme.screening_requirements.all()}
    for number, entry in enumerate(file.lists["check"], start=1):
        fields = {"role": ParticipantRole.MENTOR.value, "count": 1, "blocks_match": True, **entry}
        with _at(file, f"check {number}"):
            save_requirement(programme, by=by, requirement=known.pop((fields["role"], fields["kind"]), None), **fields)
    for requirement in known.values():
        remove_requirement(requirement, by=by)


def _load_follow_up(file: ProgrammeFile, programme: Programme, by: User | None) -> None:
    """A step is the same one when its kind, side and name are: follow-ups of running matches keep pointing to it."""
    known = {(step.kind, step.side, step.name): step for step in programme.follow_up_steps.all()}
    for number, entry in enumerate(file.lists["follow_up"], start=1):
        fields = {"kind": FollowUpKind.CONTACT.value, "repeat_days": None, "until_days": None, **entry}
        with _at(file, f"follow_up {number}"):
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
                raise file.fail(where, _("The key %(key)s is used twice.") % {"key": key})
            with _at(file, where):
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
    """Key and period of each target that the entry stands for."""
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


def _phases(entry: dict, start: dt.date, end: dt.date) -> list[Phase]:
    """The entry's phases that lie in the period; the others belong to another year's target."""
    phases = [
        Phase(phase["from"], phase["to"], phase["value"], phase.get("wording", "")) for phase in entry.get("phase", [])
    ]
    if entry.get("period") == "year":
        return [phase for phase in phases if start <= phase.starts_on and phase.ends_on <= end]
    return phases
