"""Programmes as TOML files: reading a file and checking its keys and types before anything is stored.

``programmes/data/tingbjerg-2010.toml`` is an example. Unknown keys are refused, so that a misspelt one is noticed.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

import programmes

SHIPPED = Path(programmes.__file__).parent / "data"

BRANCH_REQUIRED = {"slug": str, "name": str, "code": str}
BRANCH_OPTIONAL = dict.fromkeys(("address", "postcode", "town", "area", "phone", "email"), str)
PROGRAMME_REQUIRED = {"slug": str, "name": str, "starts_on": dt.date, "ends_on": dt.date}
PROGRAMME_OPTIONAL = {**dict.fromkeys(("kind", "purpose", "target_group", "agreement"), str), "rules": dict}
RULES_OPTIONAL = {
    **dict.fromkeys(
        (
            "min_duration_months",
            "harm_months",
            "silence_days",
            "outcome_months",
            "default_capacity",
            "min_age",
            "max_age",
            "retention_months",
        ),
        int,
    ),
    **dict.fromkeys(("meetings_per_month", "hours_per_meeting"), (int, float)),
    **dict.fromkeys(("requires_interview", "requires_agreement"), bool),
}
CHECK_OPTIONAL = {"role": str, "count": int, "blocks_match": bool}
STEP_OPTIONAL = {"kind": str, "repeat_days": int, "until_days": int}
TARGET_REQUIRED = {"key": str, "indicator": str, "label": str, "wording": str, "value": int}
TARGET_OPTIONAL = {
    "period": str,
    "from": dt.date,
    "to": dt.date,
    "filters": dict,
    "note": str,
    "rhythm": dict,
    "on_today": bool,
    "phase": list,
}
PHASE_REQUIRED = {"from": dt.date, "to": dt.date, "value": int}
RHYTHM_OPTIONAL = {"pause_months": list, "wording": str}
LISTS = {
    "funder": ({"name": str}, {"short_name": str}),
    "policy_area": ({"name": str, "priority": int}, {"note": str}),
    "check": ({"kind": str}, CHECK_OPTIONAL),
    "follow_up": ({"name": str, "side": str, "days_after_start": int}, STEP_OPTIONAL),
    "target": (TARGET_REQUIRED, TARGET_OPTIONAL),
}
PERIODS = {"year", "whole"}


class ProgrammeFileError(ValueError):
    """A programme file is not usable. The message names the file, the place in it and the problem."""

    def __init__(self, file: str, where: str, problem: str):
        super().__init__(f"{file}: {where}: {problem}" if where else f"{file}: {problem}")


@dataclass(frozen=True)
class ProgrammeFile:
    """The content of a file whose keys and types were checked."""

    name: str
    branch: dict
    programme: dict
    rules: dict
    lists: dict[str, list[dict]] = field(default_factory=dict)

    def refusal(self, where: str, problem: str) -> ProgrammeFileError:
        """Return the error of a place in the file, for the caller to raise."""
        return ProgrammeFileError(self.name, where, problem)


def shipped_slugs() -> list[str]:
    """Return the short names of the programmes that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read_programme_file(name: str) -> ProgrammeFile:
    """Read a shipped programme's file by its short name, or a file by its path. Raises ProgrammeFileError."""
    path = SHIPPED / f"{name}.toml" if name in shipped_slugs() else Path(name)
    if not path.is_file():
        known = ", ".join(shipped_slugs())
        raise ProgrammeFileError(
            name, "", _("There is no such file. Shipped programmes: %(known)s.") % {"known": known}
        )
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ProgrammeFileError(path.name, "", _("The file is not text in UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeFileError(path.name, "", _("The file cannot be read: %(why)s") % {"why": error}) from None
    return _checked(path.name, content)


def _checked(name: str, content: dict) -> ProgrammeFile:
    _check(name, "", content, {"branch": dict, "programme": dict}, dict.fromkeys(LISTS, list))
    _check(name, "branch", content["branch"], BRANCH_REQUIRED, BRANCH_OPTIONAL)
    _check(name, "programme", content["programme"], PROGRAMME_REQUIRED, PROGRAMME_OPTIONAL)
    programme = dict(content["programme"])
    rules = programme.pop("rules", {})
    _check(name, "programme.rules", rules, {}, RULES_OPTIONAL)
    lists = {key: content.get(key, []) for key in LISTS}
    for key, (required, optional) in LISTS.items():
        for number, entry in enumerate(lists[key], start=1):
            _check(name, f"{key} {number}", entry, required, optional)
    for number, target in enumerate(lists["target"], start=1):
        _check_target(name, f"target {number} ({target['key']})", target)
    return ProgrammeFile(name, content["branch"], programme, rules, lists)


def _check_target(name: str, where: str, target: dict) -> None:
    if "period" in target:
        if target["period"] not in PERIODS:
            raise ProgrammeFileError(name, f"{where}, period", _('Write "year" or "whole".'))
    elif not {"from", "to"} <= target.keys():
        raise ProgrammeFileError(name, where, _("Give it a period, or from and to."))
    if "rhythm" in target:
        _check(name, f"{where}, rhythm", target["rhythm"], {"every_months": int}, RHYTHM_OPTIONAL)
    for number, phase in enumerate(target.get("phase", []), start=1):
        _check(name, f"{where}, phase {number}", phase, PHASE_REQUIRED, {"wording": str})


def _check(name: str, where: str, table, required: dict, optional: dict) -> None:
    if not isinstance(table, dict):
        raise ProgrammeFileError(name, where, _("A table is expected here."))
    missing = next((key for key in required if key not in table), None)
    if missing:
        raise ProgrammeFileError(name, where, _("»%(key)s« is missing.") % {"key": missing})
    known = {**required, **optional}
    for key, value in table.items():
        place = f"{where}, {key}" if where else key
        if key not in known:
            expected = ", ".join(known)
            raise ProgrammeFileError(name, place, _("Unknown key. Known: %(known)s.") % {"known": expected})
        if not _has_type(value, known[key]):
            raise ProgrammeFileError(name, place, _type_message(known[key]) % {"value": value})


def _has_type(value, kind) -> bool:
    """Return whether a value has a type; here booleans are not numbers and instants not days."""
    if isinstance(value, bool) and kind is not bool:
        return False
    if isinstance(value, dt.datetime):
        return False
    return isinstance(value, kind)


def _type_message(kind) -> str:
    messages = {
        str: _("»%(value)s« is not text in quotation marks."),
        int: _("»%(value)s« is not a whole number."),
        bool: _("»%(value)s« is neither true nor false."),
        dt.date: _("»%(value)s« is not a date such as 2010-01-31."),
        list: _("»%(value)s« is not a list."),
        dict: _("»%(value)s« is not a table."),
        (int, float): _("»%(value)s« is not a number."),
    }
    return messages[kind]
