"""Programmes as readable files (TOML): what a file may hold, checked before anything is stored.

``programmes/data/tingbjerg-2010.toml`` is the example to copy. Keys that are not known are refused, so that a slip
of the pen is not silently lost.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

import programmes

SHIPPED = Path(programmes.__file__).parent / "data"

BRANCH_KEYS = {"slug": str, "name": str, "code": str}
BRANCH_MORE = dict.fromkeys(("address", "postcode", "town", "area", "phone", "email"), str)
PROGRAMME_KEYS = {"slug": str, "name": str, "starts_on": dt.date, "ends_on": dt.date}
PROGRAMME_MORE = {**dict.fromkeys(("kind", "purpose", "target_group", "agreement"), str), "rules": dict}
RULES_MORE = {
    **dict.fromkeys(
        (
            "min_duration_months",
            "harm_months",
            "silence_days",
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
CHECK_MORE = {"role": str, "count": int, "blocks_match": bool}
STEP_MORE = {"kind": str, "repeat_days": int, "until_days": int}
TARGET_KEYS = {"key": str, "indicator": str, "label": str, "wording": str, "value": int}
TARGET_MORE = {
    "period": str,
    "from": dt.date,
    "to": dt.date,
    "filters": dict,
    "note": str,
    "rhythm": dict,
    "on_today": bool,
    "phase": list,
}
PHASE_KEYS = {"from": dt.date, "to": dt.date, "value": int}
RHYTHM_MORE = {"pause_months": list, "wording": str}
LISTS = {
    "funder": ({"name": str}, {"short_name": str}),
    "policy_area": ({"name": str, "priority": int}, {"note": str}),
    "check": ({"kind": str}, CHECK_MORE),
    "follow_up": ({"name": str, "side": str, "days_after_start": int}, STEP_MORE),
    "target": (TARGET_KEYS, TARGET_MORE),
}
PERIODS = {"year", "whole"}


class ProgrammeFileError(ValueError):
    """A programme file that cannot be used; says which file, where in it, and what is wrong."""

    def __init__(self, file: str, where: str, problem: str):
        super().__init__(f"{file}: {where}: {problem}" if where else f"{file}: {problem}")


@dataclass(frozen=True)
class ProgrammeFile:
    """The content of a file, checked for known keys and types."""

    name: str
    branch: dict
    programme: dict
    rules: dict
    lists: dict[str, list[dict]] = field(default_factory=dict)

    def fail(self, where: str, problem: str) -> ProgrammeFileError:
        return ProgrammeFileError(self.name, where, problem)


def shipped_slugs() -> list[str]:
    """Short names of the programmes that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read_programme_file(name: str) -> ProgrammeFile:
    """The file of a shipped programme's short name, or at a path. Raises ProgrammeFileError."""
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
    _check(name, "branch", content["branch"], BRANCH_KEYS, BRANCH_MORE)
    _check(name, "programme", content["programme"], PROGRAMME_KEYS, PROGRAMME_MORE)
    programme = dict(content["programme"])
    rules = programme.pop("rules", {})
    _check(name, "programme.rules", rules, {}, RULES_MORE)
    lists = {key: content.get(key, []) for key in LISTS}
    for key, (needed, more) in LISTS.items():
        for number, entry in enumerate(lists[key], start=1):
            _check(name, f"{key} {number}", entry, needed, more)
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
        _check(name, f"{where}, rhythm", target["rhythm"], {"every_months": int}, RHYTHM_MORE)
    for number, phase in enumerate(target.get("phase", []), start=1):
        _check(name, f"{where}, phase {number}", phase, PHASE_KEYS, {"wording": str})


def _check(name: str, where: str, table, needed: dict, more: dict) -> None:
    if not isinstance(table, dict):
        raise ProgrammeFileError(name, where, _("A table is expected here."))
    missing = next((key for key in needed if key not in table), None)
    if missing:
        raise ProgrammeFileError(name, where, _("»%(key)s« is missing.") % {"key": missing})
    known = {**needed, **more}
    for key, value in table.items():
        place = f"{where}, {key}" if where else key
        if key not in known:
            expected = ", ".join(known)
            raise ProgrammeFileError(name, place, _("This key is not known. Known: %(known)s.") % {"known": expected})
        if not _fits(value, known[key]):
            raise ProgrammeFileError(name, place, _kind_words(known[key]) % {"value": value})


def _fits(value, kind) -> bool:
    """Booleans are no numbers, and an instant is no day."""
    if isinstance(value, bool) and kind is not bool:
        return False
    if isinstance(value, dt.datetime):
        return False
    return isinstance(value, kind)


def _kind_words(kind) -> str:
    words = {
        str: _("»%(value)s« is not text in quotation marks."),
        int: _("»%(value)s« is not a whole number."),
        bool: _("»%(value)s« is neither true nor false."),
        dt.date: _("»%(value)s« is not a date such as 2010-01-31."),
        list: _("»%(value)s« is not a list."),
        dict: _("»%(value)s« is not a table."),
        (int, float): _("»%(value)s« is not a number."),
    }
    return words[kind]
