"""The process around the reader: its limits, and its words on standard output."""

import json
import sys
from pathlib import Path

from .files import read_file
from .refusals import Refused, shown

TOLD_CALLS = 6


def limit_this_process(limits):
    try:
        import resource  # noqa: PLC0415 - not on Windows: the checks before unpacking stand alone there
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    limits = json.loads(sys.argv[1])
    limit_this_process(limits)
    output = sys.stdout
    encode = json.JSONEncoder(separators=(",", ":")).encode

    place = ""

    def emit(value):
        nonlocal place
        output.write(encode(value) + "\n")
        if isinstance(value, dict):
            if "format" in value or "sheet" in value:
                place = value.get("sheet") or value.get("at", "")
            output.flush()  # what is being read, and how far, is known, even if the process dies of it

    try:
        read_file(sys.stdin.buffer, limits, emit)
        emit({"end": True})
    except Refused as refusal:
        emit({"refused": refusal.code, **refusal.facts})
    except MemoryError:
        known = {"place": shown(place)} if place else {}
        emit({"refused": "unpacks_too_large", "megabytes": limits["unpacked"] // 1_000_000, **known})
    except Exception as error:  # noqa: BLE001 - a mistake of ours is told as one, and does not look like a damaged file
        emit({"failed": type(error).__name__, "at": way_to(error)})


def way_to(error):
    """Where in the program it happened, as file:line of the last calls. What the file holds is not told."""
    places, step = [], error.__traceback__
    while step:
        places.append(f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}")
        step = step.tb_next
    return " > ".join(places[-TOLD_CALLS:])
