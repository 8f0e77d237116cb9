"""A lazy module is loaded when one of its names is first used."""

import sys

import pytest

from common.lazy import LazyModule


def test_module_is_loaded_at_first_use_and_its_names_are_kept(tmp_path, monkeypatch):
    (tmp_path / "slow_sample.py").write_text("ANSWER = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_sample", raising=False)
    module = LazyModule("slow_sample")
    assert "slow_sample" not in sys.modules
    assert module.ANSWER == 42
    sys.modules["slow_sample"].ANSWER = 43
    assert module.ANSWER == 42


def test_missing_names_and_modules_are_refused_as_by_an_import():
    with pytest.raises(AttributeError):
        LazyModule("json").does_not_exist  # noqa: B018
    with pytest.raises(ModuleNotFoundError):
        LazyModule("no_such_package").anything  # noqa: B018
