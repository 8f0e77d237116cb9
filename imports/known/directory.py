"""Issue somebody whom a list names: by case number, e-mail or name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from imports.engine import cells
from imports.engine.issues import ERROR, WARNING, IssueKind, register_issues
from imports.engine.reader import RowReader
from people.names import name_key

register_issues(
    {
        "unknown_person": IssueKind(
            ERROR,
            _("Nobody here has this case number, e-mail or name. Import the person first, or correct the row."),
        ),
        "ambiguous_person": IssueKind(
            ERROR, _("Several people have this name. Add the case number or the e-mail of the right one.")
        ),
        "case_number_of_another": IssueKind(
            ERROR, _("%(case_number)s is the case number of %(name)s. Correct the number or the name.")
        ),
        "case_number_unknown": IssueKind(
            WARNING, _("Nobody has this case number. Taken by name or e-mail: %(name)s, %(case_number)s.")
        ),
        "email_differs": IssueKind(WARNING, _("Nobody has this e-mail. Taken by the name: %(name)s, %(case_number)s.")),
    }
)


@dataclass
class Party:
    """Somebody a list may name; with an enrolment when the list is about a role in the programme."""

    person_id: int
    enrolment_id: int | None
    name: str
    emails: list[str]
    capacity: int | None = None
    case_number: str = ""
    role: str = ""
    former_numbers: Sequence[str] = ()  # of cases that were merged into this one


@dataclass(frozen=True)
class Columns:
    """In which columns a list says who, and the codes for nobody and for several."""

    number: str
    name: str
    email: str
    unknown: str = "unknown_person"
    ambiguous: str = "ambiguous_person"
    first_name: str = ""
    last_name: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.number, self.name, self.email, self.first_name, self.last_name)))

    def name_in(self, row: RowReader) -> str:
        """The name in one piece, as people write it."""
        parts = (row.line(key) for key in (self.first_name, self.last_name) if key)
        text = row.line(self.name) or " ".join(filter(None, parts))
        return " ".join(cells.split_name(text)) if "," in text else text


PERSON = Columns(
    "person_number",
    "person_name",
    "person_email",
    first_name="person_first_name",
    last_name="person_last_name",
)


@dataclass
class Directory:
    """People by case number, e-mail and name."""

    columns: Columns
    parties: Iterable[Party]
    _by_number: dict[str, list[Party]] = field(default_factory=dict, init=False)
    _by_email: dict[str, list[Party]] = field(default_factory=dict, init=False)
    _by_name: dict[str, list[Party]] = field(default_factory=dict, init=False)

    def __post_init__(self):
        for party in self.parties:
            for number in (party.case_number, *party.former_numbers):
                self._by_number.setdefault(number.upper(), []).append(party)
            self._by_name.setdefault(name_key(party.name), []).append(party)
            for email in party.emails:
                self._by_email.setdefault(email.lower(), []).append(party)

    def is_named(self, row: RowReader) -> bool:
        """Whether the row says anything about who it is."""
        return any(row.line(key) for key in self.columns.keys)

    def candidates(self, row: RowReader, fits: Callable[[Party], bool] = bool) -> list[Party]:
        """Whom the row may mean; without a word."""
        named, addressed, numbered = self._found(row, fits)
        return numbered or [party for party in addressed if party in named] or addressed or named

    def find(self, row: RowReader, fits: Callable[[Party], bool] = bool) -> Party | None:
        """Whom the row names among those who fit, with what is wrong or doubtful left in the row."""
        columns = self.columns
        emails = cells.read_emails(row.cell(columns.email))
        if emails is None:
            row.report("bad_email", columns.email)
        named, addressed, numbered = self._found(row, fits)
        others = [party for party in addressed if party in named] or addressed or named
        if numbered:
            return self._take_by_number(row, numbered[0], others)
        if len(others) == 1:
            facts = {"name": others[0].name, "case_number": others[0].case_number}
            if row.line(columns.number):
                row.report("case_number_unknown", columns.number, **facts)
            elif emails and not addressed:
                row.report("email_differs", columns.email, **facts)
            return others[0]
        row.report(columns.ambiguous if others else columns.unknown, self._place(row))
        return None

    def _found(self, row: RowReader, fits: Callable[[Party], bool]) -> tuple[list[Party], list[Party], list[Party]]:
        columns = self.columns
        named = self._by_name.get(name_key(columns.name_in(row)), ())
        emails = cells.read_emails(row.cell(columns.email)) or ()
        addressed = {id(party): party for email in emails for party in self._by_email.get(email, ())}.values()
        numbered = self._by_number.get(row.line(columns.number).upper(), ()) if row.line(columns.number) else ()
        return tuple([party for party in found if fits(party)] for found in (named, addressed, numbered))

    def _take_by_number(self, row: RowReader, party: Party, others: Sequence[Party]) -> Party | None:
        """The one with the number, unless the row names somebody else beside it."""
        name = self.columns.name_in(row)
        share_a_word = set(name_key(name).split()) & set(name_key(party.name).split())
        if party in others or (not others and (not name or share_a_word)):
            return party
        row.report("case_number_of_another", self.columns.number, name=party.name, case_number=party.case_number)
        return None

    def _place(self, row: RowReader) -> str:
        """The column a remark about who it is belongs to: where something stands, else the name's."""
        columns = self.columns
        keys = (columns.name, columns.first_name, columns.last_name, columns.email, columns.number)
        return next((key for key in keys if key and row.line(key)), columns.name)
