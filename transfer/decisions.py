"""What a file of a branch does not hold, and why; what is worked out anew when it is read back.

Everything else comes from the models themselves. A model that can neither be placed nor is named here makes
``transfer.tables`` complain, and with it a test, until somebody decides.
"""

import re
from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext_lazy as _

# Tables, by label.
LEFT_OUT = {
    "common.SubmittedForm": _("One-time keys of forms are of use for minutes only."),
    "common.NumberSeries": _("Worked out anew from the highest case and match numbers."),
    "accounts.User": _("Sign-in, password and second factor stay where they are; users are named by e-mail."),
    "accounts.User_groups": _("Not in use: what a user may do comes from the role."),
    "accounts.User_user_permissions": _("Not in use: what a user may do comes from the role."),
    "accounts.Membership": _("No file gives access to anybody: colleagues are invited."),
    "accounts.ExportChoice": _("A user's own habits, not the branch's."),
    "accounts.AccessRecord": _("The log of access belongs to the installation where things were read."),
    "people.ImportBatch": _("The raw cells of imported spreadsheets; the people they became are here."),
    "people.ImportRow": _("The raw cells of imported spreadsheets; the people they became are here."),
    "people.BranchQuestion": _("Questions belong to two branches: the one that asks and the one that is asked."),
}

# Columns, by table and name.
LEFT_OUT_COLUMNS = {
    "people.Person.search_text": _("Worked out anew from name, number, e-mail and phone."),
    "people.PersonMerge.journal": _("A merge can be undone only where it was made."),
}

# Rows that other branches own and that come along all the same: without them our own cannot be read.
COMES_ALONG = {"people.Person"}  # who is enrolled with us and has a home elsewhere

# References that may name a row of another branch, by its key. All others stay within the file: a row that needs
# another branch's is not in it, and a reference that may be empty is.
MAY_NAME_OTHERS = {
    "people.Person.home_branch",
    "matching.Match.mentor",
    "matching.Match.mentee",
    "events.Attendance.person",  # who holds an event sees everybody on the list
    "events.ProgrammeInvitation.programme",
}

# Columns that are left out of the file, or depend on the ids rows get, and worked out when a row is read.
WORKED_OUT: dict[str, Callable[[models.Model], dict]] = {
    "people.Person": lambda person: {"search_text": person.build_search_text()},
    "people.DistinctPeople": lambda pair: dict(
        zip(("first_id", "second_id"), sorted((pair.first_id, pair.second_id)), strict=True)
    ),
}


def _case_series(person) -> tuple[str, int] | None:
    found = re.fullmatch(r"(.+-\d{4})-(\d{1,9})", person.case_number)
    return (found[1], int(found[2])) if found else None


def _match_series(match) -> tuple[str, int] | None:
    found = re.fullmatch(r"M-(\d{4})-(\d{1,9})", match.number)
    return (f"M-{match.programme_id}-{found[1]}", int(found[2])) if found else None


# The series (common.numbering) that a row's number was taken from, and the number.
SERIES: dict[str, Callable[[models.Model], tuple[str, int] | None]] = {
    "people.Person": _case_series,
    "matching.Match": _match_series,
}
