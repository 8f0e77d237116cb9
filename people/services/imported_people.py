"""Storing the accepted rows of a list of people: validated, and in as many queries for ten thousand as for ten."""

from collections.abc import Iterable, Sequence

from django.db import models

from accounts.models import Branch, User
from common import clock
from people.enums import ConsentKind, EnrolmentStatus, TermKind
from people.importing.hooks import StoredRow, run_hooks
from people.importing.kinds import CheckedRow
from people.importing.persons import PersonRecord
from people.models import Consent, Enrolment, LanguageSkill, Organisation, Person, Term
from people.numbering import take_case_numbers
from programmes.models import Programme

BATCH = 500
COPIED_FIELDS = (
    "first_name", "last_name", "gender", "birth_date", "birth_year", "emails", "phones", "office_phone", "address",
    "postcode", "town", "origin", "arrival_year", "livelihood", "education", "occupation", "last_contacted_on",
)  # fmt: skip
FILLED_FIELDS = tuple(name for name in COPIED_FIELDS if name not in {"first_name", "last_name", "emails", "phones"})


def store_people(programme: Programme, rows: Sequence[tuple[CheckedRow, int]], *, by: User | None) -> None:
    """Store each row's person and enrolment, in the caller's transaction. `rows`: checked row, id of its ImportRow.

    Somebody known gets the new role; what is blank is filled in, and nothing that stands is changed.
    Raises ValidationError when a value does not hold, and then nothing may be kept.
    """
    organisations = _organisations(programme.branch, [row.record.organisation for row, _id in rows])
    people = _store_new_people(programme.branch, rows, organisations, by)
    _complete_known_people(rows, people, organisations)
    enrolments = _store_enrolments(programme, rows, people, by)
    vocabulary = _Vocabulary(row.record for row, _id in rows)
    _store_languages(rows, people, vocabulary)
    _store_terms(rows, enrolments, vocabulary)
    _store_consents(rows, people, by)
    run_hooks(
        (StoredRow(row.record, enrolment, row_id) for (row, row_id), enrolment in zip(rows, enrolments, strict=True)),
        by,
    )


def bulk_store(model: type[models.Model], records: Sequence[models.Model], **options) -> list:
    """Validate every record's own fields, then store them all. Raises ValidationError."""
    foreign = [field.name for field in model._meta.fields if field.is_relation]
    for record in records:
        record.clean_fields(exclude=foreign)
    return model._default_manager.bulk_create(records, batch_size=BATCH, **options)


# ---------------------------------------------------------------- people


def _store_new_people(
    branch: Branch, rows: Sequence[tuple[CheckedRow, int]], organisations: dict[str, Organisation], by: User | None
) -> dict[int, Person]:
    """The Person of every KnownPerson (by its id()): the new ones stored, the known ones read."""
    new = {id(row.known): (row, row_id) for row, row_id in reversed(rows) if row.known.person_id is None}
    new = {key: new[key] for key in dict.fromkeys(id(row.known) for row, _id in rows) if key in new}
    numbers = take_case_numbers(branch, clock.today().year, len(new)) if new else []
    records = []
    for (row, row_id), case_number in zip(new.values(), numbers, strict=True):
        values = {name: getattr(row.record, name) for name in COPIED_FIELDS}
        person = Person(
            home_branch=branch,
            case_number=case_number,
            organisation=organisations.get(row.record.organisation.casefold()),
            notes="\n".join(row.record.notes),
            import_row_id=row_id,
            created_by=by,
            **values,
        )
        person.search_text = person.build_search_text()
        records.append(person)
    people = dict(zip(new, bulk_store(Person, records), strict=True))
    known = {row.known.person_id: id(row.known) for row, _id in rows if row.known.person_id is not None}
    for pk, person in Person.objects.in_bulk(known).items():
        people[known[pk]] = person
    return people


def _complete_known_people(
    rows: Sequence[tuple[CheckedRow, int]], people: dict[int, Person], organisations: dict[str, Organisation]
) -> None:
    """Fill in what is blank on people who were known before their row, and keep their new addresses and notes."""
    changed = []
    for row, row_id in rows:
        person, record = people[id(row.known)], row.record
        if person.import_row_id == row_id:
            continue
        for name in FILLED_FIELDS:
            if getattr(person, name) in (None, "", "unknown") and getattr(record, name):
                setattr(person, name, getattr(record, name))
        person.emails = list(dict.fromkeys([*person.emails, *record.emails]))
        person.phones = list(dict.fromkeys([*person.phones, *record.phones]))
        person.organisation = person.organisation or organisations.get(record.organisation.casefold())
        person.notes = "\n".join(filter(None, [person.notes, *record.notes]))
        person.search_text = person.build_search_text()
        person.clean_fields(exclude=["home_branch", "organisation", "import_row", "created_by"])
        changed.append(person)
    fields = [*FILLED_FIELDS, "emails", "phones", "organisation", "notes", "search_text"]
    Person.objects.bulk_update(changed, fields, batch_size=BATCH)


def _organisations(branch: Branch, names: Iterable[str]) -> dict[str, Organisation]:
    """The branch's organisations by name in small letters; those not known yet are created."""
    wanted = {name.casefold(): name for name in names if name}
    if not wanted:
        return {}
    found = {organisation.name.casefold(): organisation for organisation in Organisation.objects.filter(branch=branch)}
    missing = [Organisation(branch=branch, name=name) for key, name in wanted.items() if key not in found]
    bulk_store(Organisation, missing)
    return found | {organisation.name.casefold(): organisation for organisation in missing}


# ---------------------------------------------------------------- enrolments


def _store_enrolments(
    programme: Programme, rows: Sequence[tuple[CheckedRow, int]], people: dict[int, Person], by: User | None
) -> list[Enrolment]:
    return bulk_store(
        Enrolment,
        [_enrolment(programme, row.record, people[id(row.known)], row_id, by) for row, row_id in rows],
    )


def _enrolment(programme: Programme, record: PersonRecord, person: Person, row_id: int, by: User | None) -> Enrolment:
    """Recruited on the day of the sign-up or, for want of one, of the interview: the first day they are known."""
    is_waiting = record.status == EnrolmentStatus.WAITING
    return Enrolment(
        person=person,
        programme=programme,
        role=record.role,
        status=record.status,
        applied_on=record.applied_on or record.interview_on,
        waiting_since=(record.interview_on or record.applied_on) if is_waiting else None,
        recruited_via=record.recruited_via,
        wish=record.wish,
        capacity=record.capacity,
        available_from=record.available_from,
        availability_note=record.availability_note,
        import_row_id=row_id,
        created_by=by,
    )


def _store_consents(rows: Sequence[tuple[CheckedRow, int]], people: dict[int, Person], by: User | None) -> None:
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
    bulk_store(Consent, consents)


# ---------------------------------------------------------------- vocabulary


class _Vocabulary:
    """Words of the rows as terms. Unknown languages and industries become words; unknown topics stay text."""

    def __init__(self, records: Iterable[PersonRecord]):
        self._terms: dict[tuple[str, str], list[Term]] = {}
        for term in Term.objects.filter(kind__in=[TermKind.TOPIC, TermKind.INDUSTRY, TermKind.LANGUAGE]):
            self._learn(term)
        records = list(records)
        self._add_missing(TermKind.LANGUAGE, (name for record in records for name, _note in record.languages))
        self._add_missing(TermKind.INDUSTRY, (record.industry[:80] for record in records))

    def find(self, kind: str, word: str) -> list[Term]:
        """The terms that a word means; an alias may stand for two."""
        return self._terms.get((kind, word.casefold()), [])

    def _learn(self, term: Term) -> None:
        for word in {term.name, term.name_en, *term.aliases} - {""}:
            self._terms.setdefault((term.kind, word.casefold()), []).append(term)

    def _add_missing(self, kind: str, words: Iterable[str]) -> None:
        missing = {word.casefold(): word[:1].upper() + word[1:] for word in words if word and not self.find(kind, word)}
        if missing:
            # Another branch may be adding the same word: whoever comes second takes the first one's.
            bulk_store(Term, [Term(kind=kind, name=word) for word in missing.values()], ignore_conflicts=True)
            for term in Term.objects.filter(kind=kind, name__in=missing.values()):
                self._learn(term)


def _store_languages(
    rows: Sequence[tuple[CheckedRow, int]], people: dict[int, Person], vocabulary: _Vocabulary
) -> None:
    """Each language once a person, also when the list names it in Danish and in English."""
    skills = {}
    for row, _id in rows:
        person = people[id(row.known)]
        for name, note in row.record.languages:
            for term in vocabulary.find(TermKind.LANGUAGE, name)[:1]:
                skills.setdefault(
                    (person.pk, term.pk), LanguageSkill(person_id=person.pk, language_id=term.pk, note=note)
                )
    bulk_store(LanguageSkill, list(skills.values()), ignore_conflicts=True)


def _store_terms(rows: Sequence[tuple[CheckedRow, int]], enrolments: list[Enrolment], vocabulary: _Vocabulary) -> None:
    through = Enrolment.terms.through
    links = set()
    for (row, _id), enrolment in zip(rows, enrolments, strict=True):
        record = row.record
        words = [(TermKind.TOPIC, topic) for topic in record.topics] + [(TermKind.INDUSTRY, record.industry[:80])]
        links |= {(enrolment.pk, term.pk) for kind, word in words for term in vocabulary.find(kind, word)}
    through.objects.bulk_create(
        [through(enrolment_id=enrolment_id, term_id=term_id) for enrolment_id, term_id in sorted(links)],
        batch_size=BATCH,
    )
