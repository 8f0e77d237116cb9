"""Remarks about a sheet: hidden rows and columns, merged cells, errors, and anything else that a user must know.

A remark is JSON data: ``code``, ``count`` and, if known, the first ``cells``, ``rows``, ``columns`` or ``lines``.
"""

from django.utils.translation import gettext, ngettext_lazy

from .worker.cells import cell_name, column_letters

NAMED = 10  # places named in a remark


COUNTED = {
    "formulas": "formulas_without_value",
    "errors": "error_cells",
    "swallowed": "swallowed_rows",
    "stray_zeros": "stray_zeros",
}


def remarks_of(sheet, found: dict) -> list[dict]:
    """Return the remarks about a sheet, from what the worker found."""
    remarks = []
    if sheet.hidden_rows:
        remarks.append({"code": "hidden_rows", "count": len(sheet.hidden_rows), "rows": sheet.hidden_rows[:NAMED]})
    if sheet.hidden_columns:
        letters = [column_letters(column) for column in sheet.hidden_columns[:NAMED]]
        remarks.append({"code": "hidden_columns", "count": len(sheet.hidden_columns), "columns": letters})
    if sheet.merges:
        cells = [cell_name(row, column) for row, _last, column in sheet.merges[:NAMED]]
        remarks.append({"code": "merged_cells", "count": len(sheet.merges), "cells": cells})
    remarks += [{"code": code, **found[key]} for key, code in COUNTED.items() if key in found]
    if "lost_letters" in found:
        remarks.append({"code": "lost_letters", "count": found["lost_letters"]})
    if found.get("unknown"):
        remarks.append({"code": "hidden_unknown", "count": 0})
    return remarks


SENTENCES = {
    "hidden_rows": ngettext_lazy(
        "%(count)s row with something in it is hidden in the sheet: %(places)s.",
        "%(count)s rows with something in them are hidden in the sheet: %(places)s.",
        "count",
    ),
    "hidden_columns": ngettext_lazy(
        "%(count)s column with something in it is hidden in the sheet: %(places)s.",
        "%(count)s columns with something in them are hidden in the sheet: %(places)s.",
        "count",
    ),
    "merged_cells": ngettext_lazy(
        "%(count)s merged cell reaches over several rows: %(places)s. Its value counts for each of them.",
        "%(count)s merged cells reach over several rows: %(places)s. Their values count for each of them.",
        "count",
    ),
    "formulas_without_value": ngettext_lazy(
        "%(count)s formula was never calculated, so its cell counts as blank: %(places)s. Open the file, save it and"
        " choose it again.",
        "%(count)s formulas were never calculated, so their cells count as blank: %(places)s. Open the file, save it"
        " and choose it again.",
        "count",
    ),
    "error_cells": ngettext_lazy(
        "%(count)s cell holds an error such as #REF! and counts as blank: %(places)s.",
        "%(count)s cells hold an error such as #REF! and count as blank: %(places)s.",
        "count",
    ),
    "swallowed_rows": ngettext_lazy(
        "%(count)s cell seems to hold whole rows, as after a stray quotation mark: look at line %(places)s.",
        "%(count)s cells seem to hold whole rows, as after a stray quotation mark: look at the lines %(places)s.",
        "count",
    ),
    "stray_zeros": ngettext_lazy(
        "%(count)s line holds characters without meaning (NUL), which are removed: look at line %(places)s.",
        "%(count)s lines hold characters without meaning (NUL), which are removed: look at the lines %(places)s.",
        "count",
    ),
    "lost_letters": ngettext_lazy(
        "%(count)s letter in the file cannot be read and shows as �.",
        "%(count)s letters in the file cannot be read and show as �.",
        "count",
    ),
}
PLACES = ("cells", "rows", "columns", "lines")


def remark_sentence(remark: dict) -> str:
    """Return a remark as a sentence, with the places that are known."""
    if remark["code"] not in SENTENCES:
        return gettext("We cannot see whether the sheet has hidden rows, merged cells or formulas without a value.")
    named = [str(place) for key in PLACES for place in remark.get(key, ())]
    places = ", ".join(named) + (" …" if remark["count"] > len(named) else "")
    return SENTENCES[remark["code"]] % {"count": remark["count"], "places": places}
