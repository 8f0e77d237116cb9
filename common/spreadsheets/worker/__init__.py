"""Reads one spreadsheet in a process of its own, with hard limits on memory, time and output.

Run as a script (``__main__.py``): limits as JSON in the first argument, the file as standard input (seekable),
the result on standard output, one JSON value a line: ``{"format": …}``, then for each sheet a head
``{"sheet": …, "hidden": …}`` with what calls for a word about it (:mod:`.marks`), followed by its rows that are
not blank, ``[row number, [cells]]``, and ``{"errors": …}`` when cells held an error instead of a value; at the
end ``{"end": true}``. In between stands how far it is: ``{"looked": rows}`` while the file is looked through, and
``{"of": rows}`` once it is known how many there are, and again whenever that is known better. A file that is refused
gives ``{"refused": code, …}`` as its last line; a mistake in the reader gives ``{"failed": type of the exception,
"at": where in the program}``.

Imports nothing of the project, so that it starts in a few milliseconds and a crash of the reader under a hostile
file is only a dead child.
"""
