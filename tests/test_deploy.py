"""The systemd units start what exists."""

import configparser
import importlib
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands

from mentornet.web_log import WebServerLogger

UNITS = Path(__file__).resolve().parent.parent / "deploy"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(UNITS / name)
    return parser


def command(name: str) -> list[str]:
    return shlex.split(unit(name)["Service"]["ExecStart"])


def test_web_unit_serves_the_application():
    program, application, *options = command("mentornet-web.service")
    assert Path(program).name == "gunicorn"
    assert callable(importlib.import_module(f"{application}").application)
    module, name = options[options.index("--logger-class") + 1].rsplit(".", 1)
    assert getattr(importlib.import_module(module), name) is WebServerLogger


def test_worker_unit_runs_the_worker():
    program, manage, name = command("mentornet-worker.service")
    assert (Path(program).name, manage, get_commands()[name]) == ("python", "manage.py", "tasks")


@pytest.mark.parametrize("name", ["mentornet-web.service", "mentornet-worker.service"])
def test_target_starts_and_stops_both(name):
    assert name in unit("mentornet.target")["Unit"]["Wants"].split()
    assert unit(name)["Unit"]["PartOf"] == "mentornet.target"
    assert unit(name)["Service"]["ReadWritePaths"] == unit(name)["Service"]["WorkingDirectory"] + "/var"
