"""The people a branch knows already, as the register needs them."""

from people.importing.register import KnownPerson, Register
from people.models import Enrolment, Person
from programmes.models import Programme


def stored_register(programme: Programme) -> Register:
    """Everybody the programme's branch may see, with their roles in the programme. Two queries."""
    roles: dict[int, dict[str, None]] = {}
    for person_id, role in Enrolment.objects.filter(programme=programme).values_list("person_id", "role"):
        roles.setdefault(person_id, {})[role] = None
    people = Person.objects.in_branches([programme.branch_id]).order_by("pk")
    columns = ("pk", "first_name", "last_name", "emails", "phones", "birth_date", "birth_year", "case_number")
    return Register(_known(row, roles) for row in people.values(*columns).iterator())


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
    )
