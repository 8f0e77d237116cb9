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
    columns = ("pk", "first_name", "last_name", "emails", "phones", "birth_date", "case_number")
    return Register(
        KnownPerson(
            name=f"{first} {last}".strip(),
            emails={email.lower() for email in emails},
            phones=set(phones),
            birth_date=birth_date,
            roles=roles.get(pk, {}),
            person_id=pk,
            case_number=case_number,
        )
        for pk, first, last, emails, phones, birth_date, case_number in people.values_list(*columns).iterator()
    )
