"""Prepare a checkout for the demo, which has settings (``.env.demo``) and files (``var/demo/``) of its own.

``python -m demo.checkout`` runs before Django, because it decides with which settings Django may start.
"""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

TRUE = {"true", "on", "ok", "y", "yes", "1"}  # as django-environ reads them


class RealNetwork(Exception):
    """The settings belong to a real network. The message says what to do."""


def prepare(root: Path, environ: Mapping[str, str]) -> str:
    """Write ``.env.demo`` unless it exists, and return what was moved, in words.

    Before ``.env.demo`` there was one ``.env``; a demo from that time keeps its settings and its SQLite database.
    Raises RealNetwork, and changes nothing then.
    """
    if "DATABASE_URL" in environ and not _is_true(environ.get("DEMO", "")):
        raise RealNetwork(
            "DATABASE_URL is set in the environment, as for a real network. Nothing was changed. Unset it to start the "
            "demo with a database of its own (or set DEMO=true as well, if it is a database for the demo)."
        )
    real, own = root / ".env", root / ".env.demo"
    values = read_settings(real) if real.exists() else {}
    is_older_demo = _is_true(values.get("DEMO", ""))
    if values and (own.exists() or not is_older_demo):
        raise RealNetwork(
            "This checkout has the settings of a real network (.env). Nothing was changed. Run the demo in a checkout "
            "of its own: git clone . ../mentornet-demo && make -C ../mentornet-demo run"
        )
    if values:
        return _move_older_demo(root, has_own_database="DATABASE_URL" in values)
    if not own.exists():
        own.touch(mode=0o600)
        own.write_text(f"DEMO=true\nSECRET_KEY={secrets.token_urlsafe(50)}\n")
    return ""


def read_settings(path: Path) -> dict[str, str]:
    """Return the settings of a file with lines such as ``DEMO=true``."""
    lines = [line.strip().removeprefix("export ") for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip().strip("'\"") for name, _equals, value in pairs}


def _is_true(text: str) -> bool:
    return text.lower() in TRUE


def _move_older_demo(root: Path, *, has_own_database: bool) -> str:
    (root / ".env").rename(root / ".env.demo")
    moved = "The demo's settings are now in .env.demo"
    old, new = root / "var" / "mentornet.sqlite3", root / "var" / "demo" / "mentornet.sqlite3"
    if has_own_database or new.exists() or not old.exists():
        return f"{moved}."
    new.parent.mkdir(exist_ok=True)
    for suffix in ("-wal", "-shm", ""):
        part = old.with_name(old.name + suffix)
        if part.exists():
            part.rename(new.with_name(part.name))
    return f"{moved}, its database is in var/demo/."


def main() -> None:
    try:
        moved = prepare(Path(__file__).resolve().parent.parent, os.environ)
    except RealNetwork as refusal:
        sys.exit(str(refusal))
    if moved:
        print(moved)  # noqa: T201


if __name__ == "__main__":
    main()
