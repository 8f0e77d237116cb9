"""The card *Kom i gang* of the page Today: what comes next in a branch without matches and interviews."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Branch, Membership, User
from accounts.roles import Verb
from matching.models import Interview, Match
from people.models import Enrolment
from programmes.models import Programme


@dataclass(frozen=True)
class FirstStep:
    """A step; ``acts`` are addresses and words of what the user may do about it."""

    title: str
    text: str
    is_done: bool
    acts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FirstSteps:
    """The steps in their order."""

    steps: list[FirstStep]

    @property
    def next(self) -> FirstStep | None:
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def done_count(self) -> int:
        return sum(step.is_done for step in self.steps)


def first_steps(
    user: User, branch: Branch, programmes: Collection[Programme], matches: Collection[Match]
) -> FirstSteps | None:
    """Return the steps of a branch for a user; None once the branch has an open match or has held an interview.

    Takes no query with open ``matches``, else three at most.
    """
    held = Interview.objects.visible_to(user).in_branches([branch.pk]).filter(held_on__isnull=False)
    if matches or held.exists():
        return None
    found = list(_administrators(user, branch)) if user.may(Verb.MANAGE_USERS, branch) else []
    return FirstSteps([*found, _programme(user, branch, programmes), *_people(user, branch)])


def _administrators(user: User, branch: Branch) -> Iterator[FirstStep]:
    yield FirstStep(
        title=_("Create the branch"),
        text=_("%(branch)s is created.") % {"branch": branch},
        is_done=True,
        acts=((reverse("accounts:administration"), _("See the administration")),),
    )
    yield FirstStep(
        title=_("Invite your colleagues"),
        text=_("A coordinator works with the cases; a manager sees figures without names."),
        is_done=Membership.objects.filter(branch=branch).exclude(user=user).exists(),
        acts=((reverse("accounts:user-invite"), _("Invite a user")),),
    )


def _programme(user: User, branch: Branch, programmes: Collection[Programme]) -> FirstStep:
    may = user.may(Verb.MANAGE_RULES, branch)
    text = _("A programme has the rules of its matches: duration, checks and the plan of follow-ups.")
    other = _("An administrator creates it.")
    return FirstStep(
        title=_("Create a programme"),
        text=text if may else f"{text} {other}",
        is_done=bool(programmes),
        acts=((reverse("programmes:programme-create"), _("Create programme")),) if may else (),
    )


def _people(user: User, branch: Branch) -> Iterator[FirstStep]:
    create = (reverse("people:person-create"), _("Create person"))
    upload = (reverse("imports:import-create"), _("Import a list"))
    may_import = user.may(Verb.IMPORT, branch)
    text = _("Mentors and mentees of your lists are compared with one another; nothing is stored before you say so.")
    other = _("Create them one by one. An administrator can import the lists you have.")
    yield FirstStep(
        title=_("Get the people in"),
        text=text if may_import else other,
        is_done=Enrolment.objects.visible_to(user).in_branches([branch.pk]).exists(),
        acts=(upload, create) if may_import else (create,),
    )
    yield FirstStep(
        title=_("Hold the first interview"),
        text=_("After it a mentee is on the waiting list, and a mentor can be proposed."),
        is_done=False,
        acts=((reverse("matching:interview-list"), _("See who has applied")),),
    )
