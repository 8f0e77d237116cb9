"""A pause of Python's garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Pause the cyclic garbage collector in a ``with`` block or, as a decorator, during the call.

    For work that builds many objects and keeps them all: an import of 10,000 rows holds about a million, and collecting
    again and again took a third of its time. Objects without cycles are still freed at once.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def load_code() -> Iterator[None]:
    """Load modules in a ``with`` block without garbage collection, and leave them out of all later collections.

    Modules, classes and functions stay as long as the process: looking through them takes a tenth of a second each time
    that the collector visits all objects, during requests as well.
    """
    with pause_garbage_collection():
        yield
        gc.freeze()
