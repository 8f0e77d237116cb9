"""Measuring two actions in turn, and comparing their ratio with a goal."""

import dataclasses
import statistics
import time
from collections.abc import Callable

from django.test import Client

from accounts.enums import Role
from accounts.models import User
from demo.factories import BranchFactory, MembershipFactory, ProgrammeFactory, UserFactory
from programmes.models import Programme

REPEATS = 5


@dataclasses.dataclass
class Row:
    """A line of the bench: a ratio and its goal."""

    title: str
    ratio: float
    goal: str
    is_met: bool

    def __str__(self) -> str:
        return f"{self.title:<74} {self.ratio:6.2f}×   goal {self.goal:<8} {'met' if self.is_met else 'MISSED'}"


def at_most(title: str, ratio: float, goal: float) -> Row:
    return Row(title, ratio, f"≤ {goal}×", ratio <= goal)


def at_least(title: str, ratio: float, goal: float) -> Row:
    return Row(title, ratio, f"≥ {goal}×", ratio >= goal)


def median_seconds(act: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median seconds of several runs, after one to warm up."""
    act()
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def medians_in_turn(*acts: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Return the median seconds of each act. They run in turn, so that changes of the load affect all of them."""
    for act in acts:
        act()
    seconds = [[] for _ in acts]
    for _ in range(repeats):
        for act, own in zip(acts, seconds, strict=True):
            began = time.perf_counter()
            act()
            own.append(time.perf_counter() - began)
    return [statistics.median(own) for own in seconds]


def network(slug: str, code: str) -> tuple[Programme, User]:
    """Create a branch with a programme and an administrator."""
    programme = ProgrammeFactory(branch=BranchFactory(name=slug.title(), slug=slug, code=code), slug=slug)
    user = MembershipFactory(branch=programme.branch, role=Role.ADMINISTRATOR, user=UserFactory()).user
    return programme, user


def page(user: User, path: str, **headers: str) -> Callable[[], object]:
    client = Client(headers={"host": "localhost", **headers})
    client.force_login(user)

    def fetch():
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response

    return fetch
