"""The worker process: its limits, and its output."""

import json
import sys
from pathlib import Path

from .files import read_file
from .refusals import Refused, printable

TRACED_CALLS = 6


def limit_this_process(limits):
    """Set the limits of memory, processor time and output. Without effect on Windows."""
    try:
        import resource  # noqa: PLC0415 - missing on Windows, where only the checks before unpacking protect
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    """Read the file on standard input and write the result to standard output."""
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
            output.flush()  # place and progress are known even if this process is killed

    try:
        read_file(sys.stdin.buffer, limits, emit)
        emit({"end": True})
    except Refused as refusal:
        emit({"refused": refusal.code, **refusal.facts})
    except MemoryError:
        known = {"place": printable(place)} if place else {}
        emit({"refused": "unpacks_too_large", "megabytes": limits["unpacked"] // 1_000_000, **known})
    except Exception as error:  # noqa: BLE001 - a bug of ours must not look like a damaged file
        emit({"failed": type(error).__name__, "at": call_chain(error)})


def call_chain(error):
    """Return the last calls before an exception as file:line, without any data of the file."""
    places, step = [], error.__traceback__
    while step:
        places.append(f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}")
        step = step.tb_next
    return " > ".join(places[-TRACED_CALLS:])
