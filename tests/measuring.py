"""Where the measuring of branches looks away: inside Django's making of SQL, which does much and calls nothing of ours.

Python 3.11 has no cheap way to measure: while a tracer is set, all code takes twice its time, measured or not. So the
tracer is put aside where Django writes SQL and sends it. What is measured stays the same to the line; a line of ours
that should run there after all counts as not covered.
"""

import functools
import sys

from django.db.models import Q
from django.db.models.sql import compiler
from django.db.models.sql.query import Query

DO_MUCH = [
    (Q, "check"),
    (Query, "add_q"),
    (compiler.SQLCompiler, "execute_sql"),
    (compiler.SQLInsertCompiler, "execute_sql"),
    (compiler.SQLUpdateCompiler, "execute_sql"),
]


def look_away() -> None:
    for owner, name in DO_MUCH:
        setattr(owner, name, untraced(getattr(owner, name)))


def untraced(function):
    """The same function, run without the tracer."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        tracer = sys.gettrace()
        if tracer is None:
            return function(*args, **kwargs)
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(tracer)

    return call
