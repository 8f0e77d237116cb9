"""The parts of a branch file that the models do not determine: what is excluded, and what is computed on reading.

``transfer.tables`` derives everything else from the models. It reports a model that it cannot assign to a branch and
that is not listed here; a test fails until it is.
"""

import re
from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext_lazy as _

# Tables that are not in the file, by model label, with the reason.
EXCLUDED_TABLES = {
    "common.SubmittedForm": _("One-time keys of forms are valid for minutes only."),
    "common.KeptPost": _("Words that wait for their user to sign in again; they are deleted after a day."),
    "tasks.Task": _("Background tasks belong to the installation that does them."),
    "common.NumberSeries": _("Computed from the highest case and match numbers."),
    "common.Act": _("The journal of changes belongs to the installation where they were made."),
    "common.Change": _("The journal of changes belongs to the installation where they were made."),
    "accounts.User": _("Sign-in, password and second factor stay where they are; users are named by e-mail."),
    "accounts.User_groups": _("Not in use: what a user may do comes from the role."),
    "accounts.User_user_permissions": _("Not in use: what a user may do comes from the role."),
    "accounts.Membership": _("A file never gives access: users are invited."),
    "accounts.ExportChoice": _("A user's own habits, not the branch's."),
    "accounts.AccessRecord": _("The access log belongs to the installation where the data were read."),
    "imports.ImportBatch": _("The raw cells of imported spreadsheets; the people they became are here."),
    "imports.ImportRow": _("The raw cells of imported spreadsheets; the people they became are here."),
    "imports.RowOrigin": _("The raw cells of imported spreadsheets; the people they became are here."),
    "people.Draft": _("What a user has typed and not finished, for that user only."),
    "people.BranchTransfer": _("Transfers belong to two branches: the one that asks and the one that receives."),
    "people.BranchQuestion": _("Questions belong to two branches: the one that asks and the one that is asked."),
}

# Columns that are not in the file, with the reason.
EXCLUDED_COLUMNS = {
    "people.Person.search_text": _("Computed from name, number, e-mail and phone."),
    "people.PersonState.act": _("What a state ended is listed only where it was recorded."),
    "people.PersonMerge.act": _("A merge can be undone only where it was made."),
}

# Tables of which the file also holds rows of other branches that the branch sees, as its own rows need them.
INCLUDED_FROM_OTHERS = {"people.Person"}  # people of other branches who are enrolled in this one

# References that may name a row of another branch by its key. With any other required reference to such a row, the
# row is not in the file; an optional reference to such a row is left empty.
CROSS_BRANCH_REFERENCES = {
    "people.Person.home_branch",
    "matching.Match.mentor",
    "matching.Match.mentee",
    "events.Attendance.person",  # the branch that holds an event sees all its participants
    "events.ProgrammeInvitation.programme",
}

# Values that are not in the file or depend on the ids of rows, computed when a row is read.
DERIVED_VALUES: dict[str, Callable[[models.Model], dict]] = {
    "people.Person": lambda person: {"search_text": person.build_search_text()},
    "people.DistinctPeople": lambda pair: dict(
        zip(("first_id", "second_id"), sorted((pair.first_id, pair.second_id)), strict=True)
    ),
}


def _series_of(number: str) -> tuple[str, int] | None:
    found = re.fullmatch(r"(.+-\d{4})-(\d{1,9})", number)
    return (found[1], int(found[2])) if found else None


def _match_series(match) -> tuple[str, int] | None:
    found = re.fullmatch(r"M-(\d{4})-(\d{1,9})", match.number)
    return (f"M-{match.programme_id}-{found[1]}", int(found[2])) if found else None


# The number series (``common.numbering``) from which a row got its number, and that number.
NUMBER_SERIES: dict[str, Callable[[models.Model], tuple[str, int] | None]] = {
    "people.Person": lambda person: _series_of(person.case_number),
    "people.FormerCaseNumber": lambda former: _series_of(former.number),
    "matching.Match": _match_series,
}
