"""Python's cycle collector, put aside while one act builds much that all stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Search for no cycles meanwhile; as a decorator, during the whole call.

    Ten thousand rows of an import are some million objects, none of which is garbage before the last is stored:
    looking through them again and again took a third of the time. Without cycles they go as usual afterwards.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
