"""The process around the reader: its limits, and its words on standard output."""

import json
import sys

from .files import read_file
from .refusals import Refused, shown


def limit_this_process(limits):
    try:
        import resource  # noqa: PLC0415 - not on Windows: the checks before unpacking stand alone there
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
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
        if isinstance(value, dict) and ("format" in value or "sheet" in value):
            place = value.get("sheet") or value.get("at", "")
            output.flush()  # what is being read is known, even if the process dies of it

    try:
        read_file(sys.stdin.buffer, limits, emit)
        emit({"end": True})
    except Refused as refusal:
        emit({"refused": refusal.code, **refusal.facts})
    except MemoryError:
        known = {"place": shown(place)} if place else {}
        emit({"refused": "unpacks_too_large", "megabytes": limits["unpacked"] // 1_000_000, **known})
