import gc

import pytest

from common.collector import collector_at_rest


def test_the_collector_rests_and_comes_back_even_after_an_error():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collector_at_rest():
        1 / gc.isenabled()
    assert gc.isenabled()


def test_who_put_it_aside_outside_finds_it_still_aside():
    with collector_at_rest():
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
