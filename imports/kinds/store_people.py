"""Storing the accepted rows of a list of people: validated, and in as many queries for ten thousand as for ten."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from common import clock
from common.bulk import build, store_new
from common.folding import fold
from imports.engine.kind import CheckedRow, Rows
from imports.engine.store import Store
from imports.kinds.persons import PersonRecord
from imports.kinds.store_matches import store_interviews_and_checks
from imports.known.organisations import find_by_name
from imports.review.comparison import COPIED_FIELDS, draft_of
from imports.services.base import ImportRefused
from people.case_numbers import take_case_numbers
from people.enums import ConsentKind, EnrolmentStatus, TermKind
from people.merging.values import OTHER, merged_notes, merged_values
from people.models import Consent, DistinctPeople, Enrolment, LanguageSkill, Organisation, Person, Term
from programmes.models import Programme

KEPT_FIELDS = (*COPIED_FIELDS, "organisation", "notes")
CHANGED_FIELDS = (*KEPT_FIELDS, "search_text", "updated_at")
KEPT_ATTRIBUTES = [Person._meta.get_field(name).attname for name in KEPT_FIELDS]


def store_people(programme: Programme, rows: Rows, *, by: User | None, store: Store) -> dict[int, int]:
    """Store each row's person and enrolment, in the caller's transaction.

    Somebody known gets the new role, and what the row adds by the rules of a merge. A merged row gives no enrolment:
    the person has the role. Returns row id → enrolment id.
    Raises ValidationError when a value does not hold, and then nothing may be kept.
    """
    wanted = ((row.record.organisation, row_id) for row, row_id in rows)
    organisations = organisations_by_name(programme.branch, wanted, store)
    people = _store_new_people(programme.branch, rows, organisations, by, store)
    _complete_known_people(rows, people, organisations, store)
    _tell_apart(rows, people, by, store)
    vocabulary = _Vocabulary((row.record for row, _id in rows), store)
    _store_languages(rows, people, vocabulary, store)
    rows = [(row, row_id) for row, row_id in rows if row.is_accepted]
    enrolments = _store_enrolments(programme, rows, people, by, store)
    _store_terms(rows, enrolments, vocabulary, store)
    _store_consents(rows, people, by, store)
    stored = list(zip(rows, enrolments, strict=True))
    store_interviews_and_checks([(row.record, enrolment, row_id) for (row, row_id), enrolment in stored], store=store)
    return {row_id: enrolment.pk for (_row, row_id), enrolment in stored}


# ---------------------------------------------------------------- people


def _store_new_people(
    branch: Branch, rows: Rows, organisations: dict[str, Organisation], by: User | None, store: Store
) -> dict[int, Person]:
    """The Person of every KnownPerson (by its id()): the new ones stored, the known ones read."""
    new = {id(row.known): (row, row_id) for row, row_id in reversed(rows) if row.known.person_id is None}
    new = {key: new[key] for key in dict.fromkeys(id(row.known) for row, _id in rows) if key in new}
    numbers = take_case_numbers(branch, clock.today().year, len(new)) if new else []
    records = []
    for (row, _id), case_number in zip(new.values(), numbers, strict=True):
        values = {name: getattr(row.record, name) for name in COPIED_FIELDS}
        organisation = organisations.get(row.record.organisation)
        person = build(
            Person,
            home_branch_id=branch.pk,
            case_number=case_number,
            organisation_id=organisation.pk if organisation else None,
            notes="\n".join(row.record.notes),
            created_by_id=by.pk if by else None,
            **values,
        )
        person.search_text = person.build_search_text()
        records.append(person)
    people = dict(zip(new, store.create(Person, records, [row_id for _row, row_id in new.values()]), strict=True))
    known = {row.known.person_id: id(row.known) for row, _id in rows if row.known.person_id is not None}
    stored = Person.objects.select_for_update(of=("self",)).prefetch_related("merges").order_by("pk").in_bulk(known)
    if len(stored) < len(known):
        raise ImportRefused(_("Somebody was merged or deleted just now. Check the rows again."))
    return people | {known[pk]: person for pk, person in stored.items()}


def _complete_known_people(
    rows: Rows, people: dict[int, Person], organisations: dict[str, Organisation], store: Store
) -> None:
    """Fill in what is blank on people who were known before their row, and keep their new addresses and notes."""
    changed, new = [], set()
    for row, _id in rows:
        person = people[id(row.known)]
        if row.known.person_id is None and person.pk not in new:
            new.add(person.pk)  # stored from this row
            continue
        before = {name: person.__dict__[name] for name in KEPT_ATTRIBUTES}
        store.journal.changes(person, (*KEPT_FIELDS, "updated_at"))
        _complete(person, row, organisations)
        if all(person.__dict__[name] == value for name, value in before.items()):
            continue
        person.search_text, person.updated_at = person.build_search_text(), timezone.now()
        changed.append(person)
    store.change(Person, changed, CHANGED_FIELDS)


def _complete(person: Person, row: CheckedRow, organisations: dict[str, Organisation]) -> None:
    """Let a person become what the comparison of the two showed. Erases nothing."""
    organisation = organisations.get(row.record.organisation)
    draft = draft_of(row.record, organisation and organisation.pk)
    for name, value in merged_values(person, draft, dict.fromkeys(row.chosen, OTHER)).items():
        if person.__dict__[name] != value:
            setattr(person, name, value)
    if draft.notes:
        person.notes = merged_notes(person, draft, [])


def _tell_apart(rows: Rows, people: dict[int, Person], by: User | None, store: Store) -> None:
    """Remember whom somebody called two different people, so that nobody is asked again."""
    pairs = set()
    for row, _id in rows:
        other = row.different_from
        if other is not None:
            first, second = sorted({people[id(row.known)].pk, other.person_id or people[id(other)].pk})
            pairs.add((first, second))
    known = set(DistinctPeople.objects.filter(first__in={a for a, _b in pairs}).values_list("first_id", "second_id"))
    records = [DistinctPeople(first_id=a, second_id=b, decided_by=by) for a, b in sorted(pairs - known)]
    store.create(DistinctPeople, records)


def organisations_by_name(branch: Branch, wanted: Iterable[tuple[str, int]], store: Store) -> dict[str, Organisation]:
    """The branch's organisations by the names in the rows (name or blank, id of the row); those not known are created.

    Raises ValidationError when a name does not hold.
    """
    named: dict[str, int] = {}
    for name, row_id in wanted:
        if name:
            named.setdefault(name, row_id)
    if not named:
        return {}
    stored = list(Organisation.objects.filter(branch=branch))
    found = find_by_name(stored, named)
    missing: dict[str, tuple[Organisation, int]] = {}
    for name, row_id in named.items():
        if name not in found:
            missing.setdefault(fold(name), (Organisation(branch=branch, name=name), row_id))
    new = store.create(
        Organisation, [record for record, _id in missing.values()], [row_id for _r, row_id in missing.values()]
    )
    return find_by_name([*stored, *new], named)


# ---------------------------------------------------------------- enrolments


def _store_enrolments(
    programme: Programme, rows: Rows, people: dict[int, Person], by: User | None, store: Store
) -> list[Enrolment]:
    return store.create(
        Enrolment,
        [_enrolment(programme, row.record, people[id(row.known)], by) for row, _id in rows],
        [row_id for _row, row_id in rows],
    )


def _enrolment(programme: Programme, record: PersonRecord, person: Person, by: User | None) -> Enrolment:
    """Recruited on the day of the sign-up or, for want of one, of the interview: the first day they are known."""
    is_waiting = record.status == EnrolmentStatus.WAITING
    return build(
        Enrolment,
        person_id=person.pk,
        programme_id=programme.pk,
        role=record.role,
        status=record.status,
        applied_on=record.applied_on or record.interview_on,
        waiting_since=(record.interview_on or record.applied_on) if is_waiting else None,
        recruited_via=record.recruited_via,
        wish=record.wish,
        capacity=record.capacity,
        available_from=record.available_from,
        availability_note=record.availability_note,
        created_by_id=by.pk if by else None,
    )


def _store_consents(rows: Rows, people: dict[int, Person], by: User | None, store: Store) -> None:
    consents = [
        Consent(
            person=people[id(row.known)],
            kind=ConsentKind.STORE,
            is_given=True,
            on=row.record.applied_on or clock.today(),
            source="Tilmelding",
            recorded_by=by,
        )
        for row, _id in rows
        if row.record.consents
    ]
    store.create(Consent, consents)


# ---------------------------------------------------------------- vocabulary


class _Vocabulary:
    """Words of the rows as terms. Unknown languages and industries become words; unknown topics stay text."""

    def __init__(self, records: Iterable[PersonRecord], store: Store):
        self._store = store
        self._terms: dict[tuple[str, str], list[Term]] = {}
        for term in Term.objects.filter(kind__in=[TermKind.TOPIC, TermKind.INDUSTRY, TermKind.LANGUAGE]):
            self._learn(term)
        records = list(records)
        self._add_missing(TermKind.LANGUAGE, (name for record in records for name, _note in record.languages))
        self._add_missing(TermKind.INDUSTRY, (record.industry for record in records))

    def find(self, kind: str, word: str) -> list[Term]:
        """The terms that a word means; an alias may stand for two."""
        return self._terms.get((kind, word.casefold()), [])

    def _learn(self, term: Term) -> None:
        for word in term.spellings:
            self._terms.setdefault((term.kind, word), []).append(term)

    def _add_missing(self, kind: str, words: Iterable[str]) -> None:
        missing = {word.casefold(): word[:1].upper() + word[1:] for word in words if word and not self.find(kind, word)}
        if missing:
            before = set(Term.objects.filter(kind=kind, name__in=missing.values()).values_list("name", flat=True))
            # Another branch may be adding the same word: whoever comes second takes the first one's.
            store_new(Term, [Term(kind=kind, name=word) for word in missing.values()], ignore_conflicts=True)
            stored = list(Term.objects.filter(kind=kind, name__in=missing.values()))
            self._store.journal.made([term for term in stored if term.name not in before])
            for term in stored:
                self._learn(term)


def _store_languages(rows: Rows, people: dict[int, Person], vocabulary: _Vocabulary, store: Store) -> None:
    """Each language once a person, also when the list names it in Danish and in English."""
    known_ids = {people[id(row.known)].pk for row, _id in rows if row.known.person_id is not None}
    known = set(LanguageSkill.objects.filter(person__in=known_ids).values_list("person_id", "language_id"))
    skills = {}
    for row, _id in rows:
        person = people[id(row.known)]
        for name, note in row.record.languages:
            for term in vocabulary.find(TermKind.LANGUAGE, name)[:1]:
                key = (person.pk, term.pk)
                if key not in known:
                    skills.setdefault(key, build(LanguageSkill, person_id=person.pk, language_id=term.pk, note=note))
    store.create(LanguageSkill, list(skills.values()))


def _store_terms(rows: Rows, enrolments: list[Enrolment], vocabulary: _Vocabulary, store: Store) -> None:
    through = Enrolment.terms.through
    links = set()
    for (row, _id), enrolment in zip(rows, enrolments, strict=True):
        record = row.record
        words = [(TermKind.TOPIC, topic) for topic in record.topics] + [(TermKind.INDUSTRY, record.industry)]
        links |= {(enrolment.pk, term.pk) for kind, word in words for term in vocabulary.find(kind, word)}
    store.journal.made(
        store_new(through, [through(None, enrolment_id, term_id) for enrolment_id, term_id in sorted(links)])
    )
