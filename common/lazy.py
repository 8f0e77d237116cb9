"""Modules that are loaded when they are first used."""

import importlib
from typing import Any


class LazyModule:
    """A module of another package, loaded when one of its names is first used.

    For a package that is slow to load and that few commands and pages need: ``np = LazyModule("numpy")`` in place of
    ``import numpy as np``. ``tests/test_start.py`` lists the packages that a command must not load. A file that
    uses one in annotations begins with ``from __future__ import annotations``.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        """Return a name of the module, and keep it for the next time. Raises ImportError and AttributeError."""
        value = getattr(importlib.import_module(self._name), name)
        setattr(self, name, value)
        return value
