"""Requests every address in every role, for own and other branches: no page shows more than the roles allow.

The expected answers are written by hand in tests/access_table.py, which must list every address.
"""

import dataclasses
import logging
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse

from accounts.enums import Role
from accounts.middleware import ACTIVE_BRANCH_KEY
from accounts.models import Branch, User
from accounts.roles import VERBS_OF_ROLE, Verb
from demo.factories import (
    AttendanceFactory,
    BranchFactory,
    ConsentFactory,
    ContactFactory,
    EnrolmentFactory,
    EventFactory,
    FollowUpFactory,
    FollowUpStepFactory,
    ImportBatchFactory,
    InterviewFactory,
    MatchFactory,
    MeetingFactory,
    MembershipFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedMeetingFactory,
    ProgrammeFactory,
    ScreeningRequirementFactory,
    TargetFactory,
    UserFactory,
    VolunteerGroupFactory,
)
from people.models import BranchQuestion, BranchTransfer, DistinctPeople
from people.services.merging import merge_people
from tasks.services import enqueue_task
from tests.access_table import ACCESS, PUBLIC, SIGNED_IN, SUPPORT, Fixed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

METHODS = ("get", "post")
LINK = re.compile(r'(?:href|action|hx-get|hx-post)="(/[^"?#]*)')
ADMIN_PREFIX = "admin:"


@dataclasses.dataclass
class Scene:
    """A branch with records of all models. ``marker`` is part of all personal data, ``title`` of all titles."""

    branch: Branch
    marker: str
    title: str
    rows: dict[str, object]
    users: dict[str, User]

    @classmethod
    def build(cls, name: str, code: str, marker: str) -> "Scene":
        branch = BranchFactory(name=name, slug=code.lower(), code=code)
        programme = ProgrammeFactory(branch=branch, slug=f"programme-{code.lower()}", name=f"Indsats {name}")
        scene = cls(branch, marker, f"Titel{code}{code}", {"programme": programme}, {})
        scene._people()
        scene._cases()
        scene._frame()
        scene.users = {
            role: MembershipFactory(branch=branch, role=role, user=UserFactory(name=f"Ansat {role}")).user
            for role in Role.values
        }
        return scene

    def _named(self, first_name: str, **fields):
        return PersonFactory(home_branch=self.branch, first_name=first_name, last_name=self.marker, **fields)

    def _people(self) -> None:
        rows, programme = self.rows, self.rows["programme"]
        rows["enrolment"] = EnrolmentFactory(programme=programme, person=self._named("Mentee"))
        rows["person"] = rows["enrolment"].person
        rows["mentor"] = MentorFactory(programme=programme, person=self._named("Mentor"))
        rows["double"] = self._named("Menteee")
        rows["apart"] = DistinctPeople.objects.create(first=rows["person"], second=rows["double"])
        rows["merge"] = merge_people(rows["person"], self._named("Menteeh"), by=None)
        rows["organisation"] = OrganisationFactory(branch=self.branch, name=f"Forening {self.title}")
        rows["group"] = VolunteerGroupFactory(programme=programme, name=f"Gruppe {self.title}")
        rows["period"] = EnrolmentFactory(
            programme=programme,
            person=self._named("Pause"),
            status="paused",
            paused_on="2011-08-01",
            paused_reason=self.marker,
        ).periods.get()
        rows["consent"] = ConsentFactory(person=rows["person"])
        rows["interview"] = InterviewFactory(
            enrolment=rows["enrolment"], held_on=None, planned_on="2011-09-20", summary=self.marker
        )
        rows["held_interview"] = InterviewFactory(enrolment=rows["mentor"])

    def _cases(self) -> None:
        rows, programme = self.rows, self.rows["programme"]
        mentee = EnrolmentFactory(programme=programme, person=self._named("Matchet"), status="matched").person
        rows["match"] = MatchFactory(programme=programme, mentor=rows["mentor"].person, mentee=mentee)
        rows["follow_up"] = FollowUpFactory(match=rows["match"])
        rows["done_follow_up"] = FollowUpFactory(match=rows["match"], done_on=rows["match"].started_on)
        rows["meeting"] = MeetingFactory(match=rows["match"])
        rows["planned_meeting"] = PlannedMeetingFactory(match=rows["match"], place=f"Hos {self.marker}")
        rows["contact"] = ContactFactory(enrolment=rows["enrolment"], note=self.marker)
        rows["handover"] = rows["match"].handovers.create(from_on="2011-09-01", until_on="2011-09-30", reason="Ferie")
        rows["pause"] = rows["match"].pauses.create(began_on="2011-08-01", ended_on="2011-08-09")
        rows["ending"] = rows["match"].endings.create(on="2011-08-20", reopened_on="2011-08-25")
        rows["goal"] = rows["match"].goals.create(text=f"Mål {self.marker}")
        rows["outcome"] = rows["match"].outcomes.create(kind="job", on="2011-09-01")
        rows["state"] = self._named("Flyttet").states.create(kind="moved", on="2011-09-01")
        rows["check"] = rows["mentor"].checks.create(kind="criminal_record", checked_on="2011-03-01")
        rows["event"] = EventFactory(programme=programme, title=f"Aften {self.title}")
        guest = ProgrammeFactory(
            branch=BranchFactory(
                name=f"Gæst {self.branch.code}", slug=f"g{self.branch.code}", code=f"G{self.branch.code}"
            )
        )
        rows["programme_invitation"] = rows["event"].programme_invitations.create(
            programme=guest, invited_on="2011-09-01"
        )
        guest = ProgrammeFactory(branch=BranchFactory(name=f"Gæst hos {self.branch}", code=f"{self.branch.code}G"))
        rows["invitation"] = rows["event"].programme_invitations.create(programme=guest, invited_on="2011-09-01")
        rows["attendance"] = AttendanceFactory(event=rows["event"], person=rows["person"], status="signed_up")

    def _frame(self) -> None:
        rows, programme = self.rows, self.rows["programme"]
        writer = UserFactory()
        rows["batch"] = ImportBatchFactory(programme=programme, file_name=f"{self.title}.xlsx", created_by=writer)
        rows["import_row"] = rows["batch"].rows.create(number=2, state="clean", label=self.marker)
        self._questions(writer)
        rows["step"] = FollowUpStepFactory(programme=programme)
        rows["requirement"] = ScreeningRequirementFactory(programme=programme)
        rows["target"] = TargetFactory(programme=programme)
        rows["phase"] = rows["target"].phases.create(starts_on="2011-01-01", ends_on="2011-12-31", value=20)
        rows["report"] = programme.status_reports.create(
            title=f"Status {self.title}", period_start="2011-01-01", period_end="2011-06-30", created_by=writer
        )
        colleague = MembershipFactory(branch=self.branch, user=UserFactory(name=f"Kollega {self.marker}"))
        rows["task"] = enqueue_task("send_mail", branch=self.branch, private={"to": [f"{self.marker}@example.net"]})
        rows["membership"], rows["user"] = colleague, colleague.user

    def _questions(self, writer: User) -> None:
        """Create a question to the branch and one from it; the other branch has no further records."""
        code = self.branch.code
        neighbour = BranchFactory(name=f"Nabo til {code}", slug=f"n{code.lower()}", code=f"N{code}")
        asked = {"about": self.marker, "asked_by": writer}
        self.rows["question"] = BranchQuestion.objects.create(
            asking_branch=neighbour, asked_branch=self.branch, person=self.rows["person"], **asked
        )
        theirs = PersonFactory(home_branch=neighbour)
        self.rows["own_question"] = BranchQuestion.objects.create(
            asking_branch=self.branch, asked_branch=neighbour, person=theirs, **asked
        )
        asked = {"case_number": self.marker, "asked_by": writer}
        self.rows["transfer"] = BranchTransfer.objects.create(
            from_branch=neighbour, to_branch=self.branch, person=theirs, **asked
        )
        self.rows["own_transfer"] = BranchTransfer.objects.create(
            from_branch=self.branch, to_branch=neighbour, person=self._named("Flytter"), **asked
        )


def every_route(patterns=None, namespace="") -> Iterator[str]:
    """Yield the names of all addresses in the order of the resolver; Django's admin counts as one."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLPattern):
            yield namespace + (entry.name or str(entry.pattern))
        elif entry.namespace == "admin":
            yield ADMIN_PREFIX + "index"
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from every_route(entry.url_patterns, inner)


def address(name: str, scene: Scene) -> str:
    """Return the path of an address with the rows of a scene."""
    kwargs = {}
    for argument, row in ACCESS[name].rows.items():
        if isinstance(row, str) and not isinstance(row, Fixed):
            kwargs[argument] = scene.rows[row].slug if argument == "slug" else scene.rows[row].pk
        else:
            kwargs[argument] = row
    return reverse(name, kwargs=kwargs) + ACCESS[name].query


def names_a_row(name: str) -> bool:
    return any(isinstance(row, str) and not isinstance(row, Fixed) for row in ACCESS[name].rows.values())


def expected(name: str, role: str | None, *, is_own: bool) -> str:
    """Return the expected outcome: open, sign in, support, forbidden, not found, or any (the page decides)."""
    rule = ACCESS[name]
    if rule.verb == PUBLIC:
        return "any"
    if rule.verb == SUPPORT:
        return "support"
    if role is None:
        return "sign in"
    if rule.verb == SIGNED_IN:
        return "any"
    if rule.verb not in VERBS_OF_ROLE.get(role, ()):
        return "forbidden"
    return "open" if is_own or not names_a_row(name) else "not found"


def outcome(response) -> str:
    """Return the outcome of a response, as in ``expected``; "no such act" for a method that is not allowed."""
    if response.status_code in {301, 302} and "/konto/login/" in response.headers["Location"]:
        return "sign in"
    if response.status_code == 302 and "/support/login/" in response.headers["Location"]:
        return "support"
    return {403: "forbidden", 404: "not found", 405: "no such act"}.get(response.status_code, "open")


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


@pytest.fixture
def scenes(db):
    return [Scene.build("Tingbjerg", "T", "Tingmærke"), Scene.build("København", "K", "Købmærke")]


def test_every_address_is_in_the_table():
    assert sorted(set(every_route()) - set(ACCESS)) == []
    assert sorted(set(ACCESS) - set(every_route())) == []


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(Role.ADMINISTRATOR, marks=pytest.mark.both_databases),  # whose verbs include all others
        *[role for role in Role.values if role != Role.ADMINISTRATOR],
        "none",
        None,
    ],
)
def test_no_role_sees_more_than_its_verbs(role, scenes, client, record_property):
    own, other = scenes
    if role:
        client.force_login(own.users[role] if role in own.users else UserFactory(name="Uden Afdeling"))
    unseen = hidden(role, own, other)
    leaks = [
        problem
        for name in ACCESS
        for scene in scenes
        for method in METHODS
        for problem in check(client, name, role, scene, method, is_own=scene is own, hidden=unseen)
    ]
    record_property("access_matrix", [len(ACCESS), len(ACCESS) * len(scenes) * len(METHODS), len(leaks)])
    assert leaks == [], "\n".join(leaks)


def hidden(role: str | None, own: Scene, other: Scene) -> list[str]:
    """Return the texts that no page may show: those of other branches, and own names in roles that see none."""
    names_allowed = role and Verb.READ_CASES in VERBS_OF_ROLE.get(role, ())
    others = [other.marker, other.title]
    return others if names_allowed else [*others, own.marker]


def check(client, name, role, scene, method, *, is_own, hidden) -> list[str]:
    """Return the problems of a request. What it stored is rolled back."""
    where = f"as {role or 'anonymous'} on {'own' if is_own else 'other'} row"
    return problems_of(client, name, scene, method, where, {expected(name, role, is_own=is_own)}, hidden)


def problems_of(client, name, scene, method, where, wanted: set[str], hidden: list[str], refused=None) -> list[str]:
    """Request an address, roll back what it stored, and return what is wrong with the response."""
    session = client.cookies["sessionid"].value if "sessionid" in client.cookies else ""
    with transaction.atomic():
        response = getattr(client, method)(address(name, scene))
        text = body(response)
        transaction.set_rollback(True)
    if session:
        client.cookies["sessionid"] = session  # signing out is one of the addresses
    got, where = outcome(response), f"{method.upper()} {name} {where}"
    problems = []
    if response.status_code >= 500:
        problems.append(f"{where}: {response.status_code}")
    if got != "no such act" and not {"any", got} & wanted:
        problems.append(f"{where}: {got} ({response.status_code}) instead of {' or '.join(sorted(wanted))}")
    if response.status_code == 200 and ACCESS[name].verb != PUBLIC:
        problems += [f"{where}: shows {marker}" for marker in hidden if marker in text]
        problems += [f"{where}: leads to {path}, which is refused" for path in (refused(text) if refused else ())]
    return problems


# --- users with a role in each of two branches -------------------------------------------------------


def connect(one: Scene, two: Scene) -> None:
    """Create what two branches share: each asks the other about a person and invites it to an event."""
    writer = UserFactory(name="Ansat Spørger")
    for asking, asked in ((one, two), (two, one)):
        BranchQuestion.objects.create(
            asking_branch=asking.branch,
            asked_branch=asked.branch,
            person=asked.rows["person"],
            about="Omtalt Person",
            asked_by=writer,
        )
        event = EventFactory(programme=asking.rows["programme"], title="Fælles aften")
        event.programme_invitations.create(programme=asked.rows["programme"], invited_on="2011-09-01")
        AttendanceFactory(event=event, person=asking.rows["mentor"].person, status="signed_up")


def expected_of_roles(name: str, roles: dict[int, str], scene: Scene) -> set[str]:
    """Return the allowed outcomes for a user with a role in each branch (id → role).

    A page without a row may refuse the branch that is chosen, though the user has the verb in the other one.
    """
    rule = ACCESS[name]
    if rule.verb == SIGNED_IN:
        return {"any"}
    if names_a_row(name):
        return {"open" if rule.verb in VERBS_OF_ROLE[roles[scene.branch.pk]] else "forbidden"}
    may = any(rule.verb in VERBS_OF_ROLE[role] for role in roles.values())
    return {"open", "forbidden"} if may else {"forbidden"}


def refused_links(text: str, scenes: list[Scene], roles: dict[int, str]) -> list[str]:
    """Return the links and forms of a page that lead to a row in whose branch the role lacks the verb."""
    return [
        path
        for path in dict.fromkeys(LINK.findall(text))
        if (target := row_of(path, scenes)) and expected_of_roles(target[0], roles, target[1]) == {"forbidden"}
    ]


def row_of(path: str, scenes: list[Scene]) -> tuple[str, Scene] | None:
    """Return the name of an address and the scene that its row belongs to, or None without such a row."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    named = ACCESS[match.view_name].rows if match.view_name in ACCESS else {}
    if match.view_name == "history" and match.kwargs["model"] != named["model"]:  # the verb depends on the model
        return None
    for argument, row in named.items():
        for scene in scenes if isinstance(row, str) and not isinstance(row, Fixed) else ():
            if str(match.kwargs[argument]) in {str(scene.rows[row].pk), getattr(scene.rows[row], "slug", "")}:
                return match.view_name, scene
    return None


def walk(client, scenes: list[Scene], user: User, chosen: Scene) -> tuple[int, list[str]]:
    """Request every address behind sign-in with a chosen branch. Return the number of requests and the problems.

    An address without a row is requested once, the others for a row of each branch.
    """
    roles = dict(user.memberships.values_list("branch", "role"))
    seen_in = {branch for branch, role in roles.items() if Verb.READ_CASES in VERBS_OF_ROLE[role]}
    unseen = [scene.marker for scene in scenes if scene.branch.pk not in seen_in]
    client.force_login(user)
    session = client.session
    session[ACTIVE_BRANCH_KEY] = chosen.branch.pk
    session.save()
    words = " and ".join(f"{roles[scene.branch.pk]} of {scene.branch}" for scene in scenes)
    requests = [
        (name, scene, method, f"as {words}, chosen {chosen.branch}, row of {scene.branch}")
        for name in ACCESS
        if ACCESS[name].verb not in {PUBLIC, SUPPORT}
        for scene in (scenes if names_a_row(name) else [chosen])
        for method in METHODS
    ]
    problems = [
        problem
        for name, scene, method, where in requests
        for problem in problems_of(
            client,
            name,
            scene,
            method,
            where,
            expected_of_roles(name, roles, scene),
            unseen,
            lambda text: refused_links(text, scenes, roles),
        )
    ]
    return len(requests), problems


@pytest.fixture
def quiet():
    """Suppress the warnings about refused requests, whose tracebacks take time."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("first", Role.values)
def test_two_roles_show_no_more_than_each_in_its_branch(first, scenes, client, quiet, record_property):
    """The first branch is chosen. As the scenes mirror each other, the other roles cover the choice of the second."""
    connect(*scenes)
    combinations, leaks = 0, []
    for second in [role for role in Role.values if role != first]:
        user = UserFactory(name="Ansat To Steder")
        for scene, role in zip(scenes, (first, second), strict=True):
            MembershipFactory(user=user, branch=scene.branch, role=role)
        requests, problems = walk(client, scenes, user, scenes[0])
        combinations, leaks = combinations + requests, leaks + problems
    record_property("two_roles", [combinations, len(leaks)])
    assert leaks == [], "\n".join(leaks)
