"""The users of the demo: one for each role in each branch."""

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Branch, Membership, User
from common import clock

PASSWORD = "mentornet-demo"
STAFF = {
    "tingbjerg": [
        ("Mette Sørensen", "koordinator", Role.COORDINATOR),
        ("Hanne Lund", "administrator", Role.ADMINISTRATOR),
        ("Lone Krogh", "leder", Role.MANAGER),
    ],
    "koebenhavn": [
        ("Karen Dahl", "koordinator", Role.COORDINATOR),
        ("Bo Lindholm", "administrator", Role.ADMINISTRATOR),
        ("Eva Munk", "leder", Role.MANAGER),
    ],
}


def email_of(word: str, branch_slug: str) -> str:
    return f"{word}.{branch_slug}@example.net"


def create_staff(branch: Branch) -> dict[str, User]:
    """Create the branch's users with the demo's password, and return them by role."""
    hashed = make_password(PASSWORD)
    users = {}
    for name, word, role in STAFF[branch.slug]:
        user = User.objects.create(name=name, email=email_of(word, branch.slug), password=hashed)
        Membership.objects.create(user=user, branch=branch, role=role, accepted_at=clock.now())
        users[role] = user
    return users


def sign_ins() -> list[tuple[str, str, str]]:
    """Return branch, role and e-mail of every user, for the output of ``make run``."""
    return [
        (slug, role.label, email_of(word, slug)) for slug, members in STAFF.items() for _name, word, role in members
    ]
