"""The people a branch knows already, as the register needs them."""

from accounts.models import Branch
from imports.known.people import Elsewhere, KnownPerson, Register
from people.models import Enrolment, Person, PersonMerge
from programmes.models import Programme

COLUMNS = (
    "pk", "first_name", "last_name", "emails", "phones", "birth_date", "birth_year", "case_number", "postcode",
    "gender",
)  # fmt: skip


def stored_register(programme: Programme) -> Register:
    """Everybody the programme's branch may see, with their roles in the programme. Four queries at most."""
    roles: dict[int, dict[str, None]] = {}
    for person_id, role in Enrolment.objects.filter(programme=programme).values_list("person_id", "role"):
        roles.setdefault(person_id, {})[role] = None
    people = Person.objects.in_branches([programme.branch_id]).order_by("pk")
    return Register(
        (_known(row, roles) for row in people.values(*COLUMNS).iterator()), people_elsewhere(programme.branch_id)
    )


def former_numbers(branch_id: int) -> dict[int, list[str]]:
    """Person → case numbers of those who were merged into them in the branch. One query."""
    found: dict[int, list[str]] = {}
    merges = PersonMerge.objects.filter(branch=branch_id, undone_at=None)
    for person_id, number in merges.values_list("kept_id", "merged_case_number"):
        found.setdefault(person_id, []).append(number)
    return found


def people_elsewhere(branch_id: int) -> Elsewhere:
    """By what other branches know their people; nothing that could be shown."""
    names = dict(Branch.objects.exclude(pk=branch_id).values_list("pk", "name"))
    elsewhere = Elsewhere(names)
    if names:
        own = Enrolment.objects.filter(programme__branch=branch_id).values("person")
        others = Person.objects.in_branches(names).exclude(home_branch=branch_id).exclude(pk__in=own)
        rows = others.values_list("home_branch_id", "first_name", "last_name", "emails", "phones", "birth_date")
        for home, first, last, emails, phones, birth in rows.iterator():
            marks = [*(email.lower() for email in emails), *phones, *([birth] if birth else [])]
            elsewhere.add(home, f"{first} {last}".strip(), marks)
    return elsewhere


def _known(row: dict, roles: dict[int, dict[str, None]]) -> KnownPerson:
    return KnownPerson(
        name=f"{row['first_name']} {row['last_name']}".strip(),
        emails={email.lower() for email in row["emails"]},
        phones=set(row["phones"]),
        birth_date=row["birth_date"],
        birth_year=row["birth_year"],
        roles=roles.get(row["pk"], {}),
        person_id=row["pk"],
        case_number=row["case_number"],
        postcode=row["postcode"],
        gender=row["gender"],
    )
