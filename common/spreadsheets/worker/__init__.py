"""Reads one spreadsheet in a process of its own, with hard limits on memory, processor time and output.

Run as a script (``__main__.py``). The first argument holds the limits as JSON, standard input is the file (seekable),
standard output gets one JSON value per line:

- ``{"scanned": rows}`` while the file is checked, ``{"total": rows}`` when the number of rows is known or corrected
- ``{"format": …}``
- for each sheet ``{"sheet": name, "hidden": …}`` with its structure (:mod:`.marks`), then its rows that are not blank,
  ``[row number, [cells]]``, and ``{"errors": …}`` when cells hold an error instead of a value
- at the end ``{"end": true}``, or ``{"refused": code, …}`` for a file that is refused, or
  ``{"failed": exception type, "at": where}`` for a bug in the worker

The package does not import the project: it starts in milliseconds, and a hostile file can only crash this process.
"""
