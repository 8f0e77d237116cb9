"""Hooks: order, keys and replacement of entries."""

import pytest

from common.hooks import Hook


def test_entries_are_in_the_order_of_adding():
    hook = Hook()
    hook.add("b")
    hook.add("a")
    hook.add("b")
    assert list(hook) == ["b", "a"]


def test_hook_decorates_a_function():
    hook = Hook()

    @hook.add
    def source():
        return 1

    assert [entry() for entry in hook] == [1]


def test_adding_under_a_key_again_replaces_the_entry():
    hook = Hook()
    hook.add("first", key=int)
    hook.add("second", key=int)
    assert (list(hook), hook[int], hook.get(str, "none"), int in hook, str in hook) == (
        ["second"], "second", "none", True, False,
    )  # fmt: skip
    with pytest.raises(KeyError):
        hook[str]


def test_several_entries_are_added_under_their_keys():
    hook = Hook()
    hook.add("first", key="a")
    hook.add_all({"b": "second", "a": "third"})
    assert (list(hook), hook["a"], hook["b"]) == (["third", "second"], "third", "second")
