import datetime as dt

import pytest

from accounts.models import User
from demo.factories import InterviewFactory, MatchFactory, UserFactory
from matching.rules.coordinators import coordinators_of, user_by_name
from matching.services import hand_over


def test_coordinators_are_those_who_work_in_the_branch_and_those_who_had_something(
    programme, other_programme, coordinator, manager, administrator, outsider
):
    names = ["Nina Holst", "Lis Bro", "Per Toft", "Anders And"]
    nina, lis, per, stranger = [UserFactory(name=name) for name in names]
    MatchFactory(programme=other_programme, coordinator=stranger)
    MatchFactory(programme=programme, coordinator=nina)
    InterviewFactory(enrolment__programme=programme, interviewer=lis)
    match = MatchFactory(programme=programme, coordinator=per)
    hand_over(matches={match: coordinator}, by=administrator, from_on=dt.date(2011, 9, 1), reason="Stoppet")
    assert [(user.name, user.works) for user in coordinators_of([programme.branch_id])] == [
        ("Hanne Lund", True),
        ("Lis Bro", False),
        ("Mette Sørensen", True),
        ("Nina Holst", False),
        ("Per Toft", False),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Karin Juhl", "Karin Juhl"),
        ("karin juul", "Karin Juhl"),
        ("Juhl, Karin", "Karin Juhl"),
        ("Karin", "Karin Juhl"),
        ("KJ", "Karin Juhl"),
        ("m.s.", "Mette Sørensen"),
        ("Anne", None),  # two users
        ("Lis", None),
        ("K", None),
        ("", None),
    ],
)
def test_a_written_name_means_the_one_user_who_is_most_like_it(written, name):
    users = [User(pk=pk, name=one) for pk, one in enumerate(["Karin Juhl", "Mette Sørensen", "Anne Lund", "Anne Bro"])]
    found = user_by_name(written, users)
    assert (found and found.name) == name
