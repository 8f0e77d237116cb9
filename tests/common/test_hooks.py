import pytest

from common.hooks import Hook


def test_entries_come_in_the_order_in_which_they_were_added():
    hook = Hook()
    hook.add("b")
    hook.add("a")
    hook.add("b")
    assert list(hook) == ["b", "a"]


def test_a_hook_decorates_a_function():
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
