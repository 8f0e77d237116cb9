"""Create and change many people at once, in as many queries for ten thousand as for ten.

Each function runs in the act of the caller, who has checked the permission and writes the access log. All raise
ValidationError for an invalid value.
"""

from collections.abc import Collection, Iterable, Sequence

from accounts.models import Branch, User
from common import clock
from common.bulk import build, store_new
from common.folding import fold
from common.journal import current_journal
from people.case_numbers import take_case_numbers
from people.enums import GroupStatus, TermKind
from people.merging.values import OTHER, merged_notes, merged_values
from people.models import (
    Consent,
    DistinctPeople,
    Enrolment,
    FormerCaseNumber,
    LanguageSkill,
    Organisation,
    Person,
    PersonMerge,
    Term,
    VolunteerGroup,
)
from people.periods import keep_new_periods
from people.services.organisations import find_organisations
from people.services.permissions import refuse_closed_people
from people.statuses import settle_locked
from programmes.models import Programme

# ---------------------------------------------------------------- people


def bulk_create_people(people: Sequence[Person], *, branch: Branch, by: User | None) -> None:
    """Store new people of a branch, built with their details, under the next case numbers."""
    numbers = take_case_numbers(branch, clock.today().year, len(people)) if people else []
    for person, case_number in zip(people, numbers, strict=True):
        person.home_branch_id, person.case_number = branch.pk, case_number
        person.created_by_id = by.pk if by else None
        person.search_text = person.build_search_text()
    current_journal().create(Person, people)


def bulk_complete_people(additions: Iterable[tuple[Person, Person, Iterable[str]]]) -> None:
    """Add to stored, locked people what others say about them, by the rules of a merge. Erases nothing.

    Each addition is the stored person, an unsaved person with the details and notes to add, and the keys of the detail
    groups in which the unsaved person's values win.
    """
    additions, changed, names = list(additions), [], {"search_text", "updated_at"}
    former = _former_numbers([person.pk for person, _other, _chosen in additions])
    for person, other, chosen in additions:
        values = merged_values(person, other, dict.fromkeys(chosen, OTHER))
        if other.notes:
            values["notes"] = merged_notes(person, other, [])
        values = {name: value for name, value in values.items() if person.__dict__[name] != value}
        if values:
            current_journal().changes(person, (*values, "updated_at"))
            for name, value in values.items():
                setattr(person, name, value)
            person.search_text = person.build_search_text(former.get(person.pk, ()))
            person.updated_at = clock.now()
            changed.append(person)
            names |= values.keys()
    current_journal().save_all(Person, changed, sorted(names))


def _former_numbers(person_ids: Collection[int]) -> dict[int, list[str]]:
    """Return person id → ``Person.former_numbers``, for those who have any."""
    former: dict[int, list[str]] = {}
    earlier = FormerCaseNumber.objects.filter(person__in=person_ids).values_list("person", "number")
    merges = PersonMerge.objects.filter(kept__in=person_ids, undone_at=None)
    for person_id, number in [*earlier, *merges.values_list("kept_id", "merged_case_number")]:
        former.setdefault(person_id, []).append(number)
    return former


def bulk_mark_distinct(pairs: Iterable[tuple[int, int, bool]], *, by: User | None) -> None:
    """Record that the two people of each pair of ids are not the same person. True: they are of the same household."""
    wanted = {tuple(sorted(pair)): is_household for *pair, is_household in pairs}
    known = DistinctPeople.objects.filter(first__in={first for first, _second in wanted})
    new = sorted(wanted.keys() - set(known.values_list("first_id", "second_id")))
    records = [
        DistinctPeople(first_id=first, second_id=second, is_household=wanted[first, second], decided_by=by)
        for first, second in new
    ]
    current_journal().create(DistinctPeople, records)


def bulk_record_consents(consents: Sequence[Consent], *, by: User | None) -> None:
    """Store consents as recorded by a user."""
    for consent in consents:
        consent.recorded_by = by
    current_journal().create(Consent, consents)


# ---------------------------------------------------------------- organisations and groups


def bulk_create_organisations(organisations: Sequence[Organisation], *, branch: Branch) -> None:
    """Store new organisations of a branch."""
    for organisation in organisations:
        organisation.branch = branch
    current_journal().create(Organisation, organisations)


def find_or_create_organisations(
    names: Iterable[str], *, branch: Branch
) -> tuple[dict[str, Organisation], list[Organisation]]:
    """Return a branch's organisations by the given names, and those of them that were created."""
    names = list(dict.fromkeys(names))
    if not names:
        return {}, []
    stored = list(Organisation.objects.filter(branch=branch))
    found = find_organisations(stored, names)
    missing: dict[str, Organisation] = {}
    for name in names:
        if name not in found:
            missing.setdefault(fold(name), Organisation(name=name))
    new = list(missing.values())
    bulk_create_organisations(new, branch=branch)
    return find_organisations([*stored, *new], names), new


def bulk_create_groups(groups: Sequence[VolunteerGroup], *, programme: Programme) -> None:
    """Store new volunteer groups of a programme."""
    for group in groups:
        group.programme = programme
    current_journal().create(VolunteerGroup, groups)


def find_or_create_groups(
    names: Iterable[str], *, programme: Programme
) -> tuple[dict[str, VolunteerGroup], list[VolunteerGroup]]:
    """Return a programme's groups by folded name, and those that were created, as established, for unknown names."""
    found = {fold(group.name): group for group in VolunteerGroup.objects.filter(programme=programme)}
    missing: dict[str, VolunteerGroup] = {}
    for name in names:
        if fold(name) not in found:
            missing.setdefault(fold(name), VolunteerGroup(name=name, status=GroupStatus.ESTABLISHED))
    new = list(missing.values())
    bulk_create_groups(new, programme=programme)
    return found | missing, new


# ---------------------------------------------------------------- enrolments


def bulk_enrol_people(enrolments: Sequence[Enrolment], *, by: User | None) -> None:
    """Store new enrolments as created by a user, with the status that their facts give.

    Raises StateRefused for a person who has died, moved away or wants no contact.
    """
    refuse_closed_people({enrolment.person_id for enrolment in enrolments})
    for enrolment in enrolments:
        enrolment.created_by_id = by.pk if by else None
    settle_locked(enrolments)
    current_journal().create(Enrolment, enrolments)
    keep_new_periods(enrolments)


def bulk_add_to_groups(links: Iterable[tuple[int, int]], *, programme: Programme) -> None:
    """Add enrolments of a programme to volunteer groups, as pairs of ids. Pairs that exist are left out."""
    through = Enrolment.groups.through
    known = through.objects.filter(enrolment__programme=programme)
    new = sorted(set(links) - set(known.values_list("enrolment_id", "volunteergroup_id")))
    current_journal().create(through, [through(None, enrolment_id, group_id) for enrolment_id, group_id in new])


# ---------------------------------------------------------------- languages and other terms


class TermIndex:
    """The topics, industries and languages of the vocabulary by their spellings, to look up many words. One query."""

    def __init__(self):
        self._terms: dict[tuple[str, str], list[Term]] = {}
        for term in Term.objects.filter(kind__in=[TermKind.TOPIC, TermKind.INDUSTRY, TermKind.LANGUAGE]):
            self._add(term)

    def find(self, kind: str, word: str) -> list[Term]:
        """Return the terms with a spelling. An alias may belong to two terms."""
        return self._terms.get((kind, word.casefold()), [])

    def _add(self, term: Term) -> None:
        for word in term.spellings:
            self._terms.setdefault((term.kind, word), []).append(term)

    def create_missing(self, kind: str, words: Iterable[str]) -> None:
        """Store a term for each word that has none."""
        missing = {word.casefold(): word[:1].upper() + word[1:] for word in words if word and not self.find(kind, word)}
        if not missing:
            return
        named = Term.objects.filter(kind=kind, name__in=missing.values())
        before = set(named.values_list("name", flat=True))
        # Another branch may create the same term at this moment; its term is used then.
        store_new(Term, [Term(kind=kind, name=word) for word in missing.values()], ignore_conflicts=True)
        stored = list(named.all())
        current_journal().made([term for term in stored if term.name not in before])
        for term in stored:
            self._add(term)


def bulk_add_languages(
    spoken: Iterable[tuple[int, str, str]], *, known_people: Collection[int], terms: TermIndex
) -> None:
    """Add languages to people, as person id, language and note. Each language of a person is stored once.

    ``known_people`` are the ids of those who may have languages already.
    """
    skills: dict[tuple[int, int], LanguageSkill] = {}
    for person_id, language, note in spoken:
        for term in terms.find(TermKind.LANGUAGE, language)[:1]:
            if (person_id, term.pk) not in skills:
                skill = build(LanguageSkill, person_id=person_id, language_id=term.pk, note=note)
                skills[person_id, term.pk] = skill
    known = set(LanguageSkill.objects.filter(person__in=known_people).values_list("person_id", "language_id"))
    current_journal().create(LanguageSkill, [skill for key, skill in skills.items() if key not in known])


def bulk_add_terms(words: Iterable[tuple[int, str, str]], *, terms: TermIndex) -> None:
    """Add terms to new enrolments, as enrolment id, kind of term and word. Unknown words are left out."""
    through = Enrolment.terms.through
    links = {(enrolment_id, term.pk) for enrolment_id, kind, word in words for term in terms.find(kind, word)}
    new = [through(None, enrolment_id, term_id) for enrolment_id, term_id in sorted(links)]
    current_journal().create(through, new)
