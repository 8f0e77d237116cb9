import gc

import pytest

from common.garbage import load_code, pause_garbage_collection


def test_garbage_collection_is_paused_and_goes_on_after_an_error():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), pause_garbage_collection():
        1 / gc.isenabled()
    assert gc.isenabled()


def test_inner_pause_does_not_end_the_outer_pause():
    with pause_garbage_collection():
        with pause_garbage_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_loaded_code_is_left_out_of_later_collections():
    before = gc.get_freeze_count()
    with load_code():
        assert not gc.isenabled()
        loaded = [[] for _ in range(1_000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(loaded)
