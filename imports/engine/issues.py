"""Issues: what a check says about a row. Each has a code, a cell, and a sentence in the user's language."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.hooks import Hook
from people.likeness import same_words

ERROR, WARNING, DUPLICATE, HINT = "error", "warning", "duplicate", "hint"  # a hint leaves the row's state alone
ASKING = {"probable_duplicate"}  # codes that ask the user for a decision
COMPARING = ASKING | {
    "same_name",
    "shared_contact",
    "known_person_other_role",
    "known_person_other_programme",
    "duplicate_in_file",
    "duplicate_existing",
}  # codes whose facts name a person or row to compare the row with


@dataclass(frozen=True)
class IssueKind:
    """The weight of a code, its sentence with %(…)s for the facts of an issue, and a short name for a filter."""

    weight: str
    sentence: str | Promise
    short: str | Promise = ""
    afterwards: str | Promise = ""  # the sentence after the import, if it differs

    @property
    def name(self) -> str:
        """The short name, or the first part of the sentence."""
        return str(self.short) or str(self.sentence).partition(".")[0].partition(":")[0]


@dataclass
class Issue:
    """An issue of a row. All values are JSON, because the row stores its issues."""

    code: str
    title: str = ""  # the heading of the column in the file
    cell: str = ""  # such as E12
    value: str = ""
    facts: dict = field(default_factory=dict)

    def as_json(self) -> dict:
        return vars(self).copy()  # far faster than dataclasses.asdict

    @property
    def weight(self) -> str:
        return ISSUE_KINDS[self.code].weight

    @property
    def sentence(self) -> str:
        """The sentence in the active language."""
        return str(ISSUE_KINDS[self.code].sentence) % (self.facts | {"where": self.where, "same": self.same})

    @property
    def where(self) -> str:
        """The other person of a duplicate: a case number, or a row of this file."""
        if case_number := self.facts.get("case_number"):
            return case_number
        return gettext("row %(row)s") % {"row": self.facts.get("row")}

    @property
    def same(self) -> str:
        """What two people have in common, such as ``same phone and birth date``."""
        return gettext("same %(what)s") % {"what": same_words(self.facts.get("same", ()))}


ISSUE_KINDS: Hook[IssueKind] = Hook()  # the key is the code; each kind of list adds its own
ISSUE_KINDS.add_all(
    {
        "missing_name": IssueKind(
            ERROR, _("Without a name the row cannot be stored."), pgettext_lazy("remark", "Without a name")
        ),
        "person_has_state": IssueKind(
            WARNING, _("%(name)s, %(case_number)s, has died, moved away or wants no contact. Check the row.")
        ),
        "person_is_closed": IssueKind(
            ERROR,
            _(
                "%(name)s, %(case_number)s, has died, moved away or wants no contact, so nothing new is planned. "
                "If that is wrong, lift the state on the person's page."
            ),
        ),
        "bad_email": IssueKind(
            ERROR,
            _("Write the address as name@place.dk. The row is rejected until it is corrected."),
            pgettext_lazy("remark", "E-mail"),
        ),
        "bad_date": IssueKind(
            ERROR,
            _("The date does not exist. The row is rejected until it is corrected."),
            pgettext_lazy("remark", "Date"),
        ),
        "unknown_status": IssueKind(
            ERROR,
            _("The status is not one we know. Write venteliste, matchet or afsluttet, or leave it blank."),
            pgettext_lazy("remark", "Status"),
        ),
        "too_many_cells": IssueKind(
            ERROR,
            _(
                "This is to the right of the last heading. Correct the row (a separator too many?) or choose what the"
                " column holds."
            ),
            pgettext_lazy("remark", "Too many cells"),
        ),
        "unknown_role": IssueKind(
            ERROR,
            _("The answer says neither mentor nor mentee. Write one of the two."),
            pgettext_lazy("remark", "Role"),
        ),
        "both_roles": IssueKind(
            ERROR,
            _(
                "The answer says both mentor and mentee. Write one of the two; a person who is both gets a row for"
                " each."
            ),
            pgettext_lazy("remark", "Both roles"),
        ),
        "no_person": IssueKind(
            ERROR,
            _(
                "The row is an organisation or a household, not a person. Leave it out; organisations have their own"
                " list."
            ),
            pgettext_lazy("remark", "No person"),
        ),
        "deceased": IssueKind(
            ERROR,
            _("The list says that the person is dead. Leave the row out; if it is a mistake, empty the cell."),
            pgettext_lazy("remark", "Dead"),
        ),
        "no_consent": IssueKind(
            ERROR, _("The person refused consent. The row is not stored."), pgettext_lazy("remark", "Said no")
        ),
        "phone_unreadable": IssueKind(
            WARNING,
            _("No phone number can be read. Kept as a note, not as a number."),
            pgettext_lazy("remark", "Phone"),
        ),
        "phone_says_more": IssueKind(
            WARNING,
            _("The numbers are stored. What else the cell says is kept as a note: look whose they are."),
            pgettext_lazy("remark", "Phone says more"),
        ),
        "year_only": IssueKind(
            WARNING, _("Only the year can be read. Stored as %(year)s."), pgettext_lazy("remark", "Only the year")
        ),
        "date_unreadable": IssueKind(
            WARNING, _("No date can be read. Kept as a note."), pgettext_lazy("remark", "Date unreadable")
        ),
        "gender_unknown": IssueKind(
            WARNING, _("The gender cannot be read. Stored as not known."), pgettext_lazy("remark", "Gender")
        ),
        "available_from_unreadable": IssueKind(
            WARNING, _("No date can be read. Kept as text."), pgettext_lazy("remark", "Available from")
        ),
        "number_unreadable": IssueKind(
            WARNING, _("Not one whole number. Kept as a note."), pgettext_lazy("remark", "Number")
        ),
        "postcode_unreadable": IssueKind(
            WARNING, _("No postcode of four digits can be read. Kept as a note."), pgettext_lazy("remark", "Postcode")
        ),
        "year_unreadable": IssueKind(
            WARNING, _("No year of arrival can be read. Kept as a note."), pgettext_lazy("remark", "Year of arrival")
        ),
        "no_contact": IssueKind(
            WARNING,
            _("Neither a phone number nor an e-mail: the person cannot be reached."),
            pgettext_lazy("remark", "Cannot be reached"),
        ),
        "one_name": IssueKind(WARNING, _("Only one name. Stored as it is."), pgettext_lazy("remark", "One name")),
        "same_name": IssueKind(
            WARNING,
            _("%(name)s (%(where)s) has the same name. Stored as a new person unless you say otherwise."),
            pgettext_lazy("remark", "Same name"),
            _("%(name)s (%(where)s) has the same name. Stored as a new person."),
        ),
        "shared_contact": IssueKind(
            WARNING,
            _("Shares e-mail or phone with %(name)s (%(where)s). Stored as a new person unless you say otherwise."),
            pgettext_lazy("remark", "Shared contact"),
            _("Shares e-mail or phone with %(name)s (%(where)s). Stored as a new person."),
        ),
        "known_person_other_role": IssueKind(
            WARNING,
            _("%(name)s (%(where)s) is known in another role and gets this one too."),
            pgettext_lazy("remark", "Known in another role"),
        ),
        "known_person_other_programme": IssueKind(
            WARNING,
            _("%(name)s (%(where)s) is known from another programme and joins this one too."),
            pgettext_lazy("remark", "Known from another programme"),
        ),
        "lost_character": IssueKind(
            WARNING,
            _("A letter of the name was lost in an earlier export. Correct it later."),
            pgettext_lazy("remark", "Lost letter"),
        ),
        "not_interviewed": IssueKind(
            WARNING, _("On the waiting list without an interview date."), pgettext_lazy("remark", "Without interview")
        ),
        "no_organisation": IssueKind(
            WARNING, _("No organisation is named."), pgettext_lazy("remark", "Without organisation")
        ),
        "shortened": IssueKind(
            WARNING,
            _("Longer than the field holds. The whole text is kept as a note."),
            pgettext_lazy("remark", "Shortened"),
        ),
        "cpr_removed": IssueKind(
            WARNING,
            _("A CPR number was here. It was removed and is not stored."),
            pgettext_lazy("remark", "CPR number removed"),
        ),
        "day_missing": IssueKind(ERROR, _("The day is missing. Write day, month and year.")),
        "day_unreadable": IssueKind(ERROR, _("No date can be read. Write day, month and year.")),
        "year_unlikely": IssueKind(ERROR, _("The year cannot be right. Correct the date.")),
        "too_long": IssueKind(ERROR, _("At most %(limit)s characters fit here. Shorten the text.")),
        "before_programme": IssueKind(WARNING, _("The day lies before the programme began, %(start)s.")),
        "day_ahead": IssueKind(ERROR, _("The day lies ahead, but the list says it has happened. Correct it.")),
        "word_unknown": IssueKind(
            WARNING, _("The word is not one we know. Stored as %(stored)s, and the word is kept as a note.")
        ),
        "day_counted": IssueKind(
            HINT,
            _("The cell holds a number, as spreadsheets count days. It is read as %(day)s."),
            pgettext_lazy("remark", "Counted day"),
        ),
        "probable_duplicate": IssueKind(
            HINT,
            _("Looks like %(name)s (%(where)s): %(same)s. Choose what they are."),
            pgettext_lazy("remark", "Possible duplicate"),
            _("Looks like %(name)s (%(where)s): %(same)s. Stored as a new person."),
        ),
        "known_elsewhere": IssueKind(HINT, _("Known in another branch: %(branch)s.")),
        "record_in_file": IssueKind(DUPLICATE, _("The same as row %(row)s. Not stored again.")),
        "record_existing": IssueKind(DUPLICATE, _("Stored already. Not stored again.")),
        "duplicate_in_file": IssueKind(DUPLICATE, _("The same person as row %(row)s: %(same)s. Not stored again.")),
        "duplicate_existing": IssueKind(
            DUPLICATE, _("The same person as %(name)s (%(where)s): %(same)s. Not stored again.")
        ),
    }
)
