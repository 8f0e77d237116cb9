"""Details of one row: its cells with their issues, and the comparison with the person it looks like."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common.folding import fold
from common.spreadsheets import column_letters
from imports.engine.issues import COMPARING, Issue
from imports.kinds import kind_of
from imports.kinds.people import PersonKind
from imports.kinds.person_record import PersonRecord
from imports.models import ImportBatch, ImportRow
from imports.review import ReviewRow, other_branches, reread_row, shown_lines
from people.enums import TermKind
from people.merging.comparison import ComparedDetail, ComparedPerson, compare_people
from people.models import Organisation, Person, Term
from people.services.organisations import find_organisations
from programmes.enums import ParticipantRole


@dataclass(frozen=True)
class CellDetail:
    """A cell: its column (from 0), heading, reference such as E12, text, and the sentences of its issues."""

    index: int
    title: str
    reference: str
    text: str
    issues: list[str]
    is_corrected: bool = False


@dataclass
class Comparison:
    """A row compared with a known person (``person_id``) or another row of the file (``other_row``)."""

    ours: ComparedPerson
    theirs: ComparedPerson
    lines: list[ComparedDetail]
    person_id: int | None = None
    other_row: int | None = None


@dataclass
class RowDetail:
    """A row with its cells. ``row_issues``: sentences of the issues that are about no single cell."""

    row: ImportRow
    shown: ReviewRow
    cells: list[CellDetail]
    row_issues: list[str] = field(default_factory=list)
    comparison: Comparison | None = None


def row_detail(batch: ImportBatch, row: ImportRow, user: User) -> RowDetail:
    """Return a row under review with its cells and, if it looks like a known person, the comparison."""
    kind = kind_of(batch.kind)
    issues = [Issue(**values) for values in row.issues]
    cells = cells_of_row(batch, row, issues)
    row_issues = [issue.sentence for issue in issues if not issue.cell and issue.code != "known_elsewhere"]
    comparison = comparison_of(batch, row, issues, user) if isinstance(kind, PersonKind) else None
    shown = ReviewRow(row, kind.singular, elsewhere=other_branches(batch, [row]).get(row.pk))
    return RowDetail(row, shown, cells, row_issues, comparison)


def imported_row_detail(batch: ImportBatch, row: ImportRow) -> RowDetail:
    """Return a row of an applied import with the address of its record, and its cells unless they are erased."""
    [shown] = shown_lines(batch, [row.number])
    cells = cells_of_row(batch, row, [Issue(**values) for values in row.issues]) if row.cells else []
    row_issues = [issue.sentence for issue in shown.issues if not issue.cell]
    return RowDetail(row, shown, cells, row_issues)


def cells_of_row(batch: ImportBatch, row: ImportRow, issues: list[Issue]) -> list[CellDetail]:
    """Return all cells of a row, including blank ones that have a heading."""
    sentences: dict[str, list[str]] = {}
    for issue in issues:
        sentences.setdefault(issue.cell, []).append(issue.sentence)
    cells = []
    for index in range(max(len(batch.headers), len(row.cells))):
        reference = f"{column_letters(index)}{row.number}"
        title = batch.headers[index] if index < len(batch.headers) else ""
        cells.append(
            CellDetail(
                index,
                title or _("Column %(letters)s") % {"letters": column_letters(index)},
                reference,
                row.cells[index] if index < len(row.cells) else "",
                sentences.get(reference, []),
                str(index) in row.corrections,
            )
        )
    return cells


def comparison_of(batch: ImportBatch, row: ImportRow, issues: list[Issue], user: User) -> Comparison | None:
    """Compare a row with the person or row of its decision or first issue. None if ``user`` may not see the person."""
    wanted = (row.other_person_id, row.other_row)
    if not any(wanted):
        named = next((issue.facts for issue in issues if issue.code in COMPARING), {})
        wanted = (named.get("person_id"), None if named.get("person_id") else named.get("row"))
    person_id, other_row = wanted
    theirs = person_side(person_id, user) if person_id else row_side(batch, other_row)
    ours = row_side(batch, row.number) if theirs else None
    if theirs is None or ours is None:
        return None
    return Comparison(ours, theirs, compare_people(theirs, ours, row.chosen), person_id, other_row)


def person_side(person_id: int, user: User) -> ComparedPerson | None:
    """Return a stored person, if ``user`` may see it, for the comparison."""
    people = Person.objects.visible_to(user, Verb.IMPORT).select_related("organisation")
    person = people.prefetch_related("enrolments__programme", "languages__language").filter(pk=person_id).first()
    if person is None:
        return None
    roles = list(dict.fromkeys(str(enrolment.get_role_display()) for enrolment in person.enrolments.all()))
    languages = [str(skill.language) for skill in person.spoken]
    url = reverse("people:person-detail", args=[person.pk])
    return ComparedPerson(person, languages, roles, person.case_number, url)


def row_side(batch: ImportBatch, number: int | None) -> ComparedPerson | None:
    """Return the person that a row of the file describes, for the comparison."""
    row = batch.rows.filter(number=number).first()
    if row is None:
        return None
    record = reread_row(batch, row)
    record.person.organisation = organisation_named(batch, record.organisation)
    roles = [str(ParticipantRole(record.role).label)] if record.role else []
    return ComparedPerson(record.person, language_names(record), roles, _("row %(row)s") % {"row": row.number})


def language_names(record: PersonRecord) -> list[str]:
    """Return the names that the row's languages have in the vocabulary. One query."""
    known: dict[str, str] = {}
    for term in Term.objects.filter(kind=TermKind.LANGUAGE) if record.languages else ():
        known |= dict.fromkeys(term.spellings - known.keys(), term.name)
    return list(dict.fromkeys(known.get(name.casefold(), name.capitalize()) for name, _note in record.languages))


def organisation_named(batch: ImportBatch, name: str) -> Organisation | None:
    """Return the branch's organisation that a row names, or else the one to be created, with its name as key."""
    if not name:
        return None
    stored = find_organisations(Organisation.objects.filter(branch=batch.programme.branch_id), [name])
    return stored.get(name) or Organisation(pk=fold(name), name=name)
