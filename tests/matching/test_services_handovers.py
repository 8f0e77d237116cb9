import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccessRecord
from common.models import Act
from demo.factories import InterviewFactory, MatchFactory, MembershipFactory, UserFactory
from matching.models import Handover, Interview, Match
from matching.services import MatchRefused, end_deputy, hand_over, tie_names, undo_handover

TODAY = dt.date(2011, 9, 15)
DAY = dt.timedelta(days=1)


@pytest.fixture
def karin(tingbjerg):
    return MembershipFactory(branch=tingbjerg, user=UserFactory(name="Karin Juhl")).user


@pytest.fixture
def her_match(programme, karin):
    return MatchFactory(programme=programme, coordinator=karin, number="M-2011-021")


def acting(match: Match, *days: dt.date) -> list[str]:
    """Return who takes care of the match on each day."""
    return [Match.objects.with_acting(day).get(pk=match.pk).acting_name for day in days]


def give(match, receiver, by, first=0, last=None, reason="Orlov") -> Handover:
    """Hand a match over from and until days counted from today."""
    until_on = None if last is None else TODAY + last * DAY
    return hand_over(matches={match: receiver}, by=by, from_on=TODAY + first * DAY, until_on=until_on, reason=reason)[0]


def test_a_deputy_takes_care_of_a_match_in_the_period_only(her_match, karin, coordinator):
    give(her_match, coordinator, karin, first=4, last=10)
    days = [TODAY, TODAY + 3 * DAY, TODAY + 4 * DAY, TODAY + 10 * DAY, TODAY + 11 * DAY]
    assert acting(her_match, *days) == ["Karin Juhl", "Karin Juhl", "Mette Sørensen", "Mette Sørensen", "Karin Juhl"]
    her_match.refresh_from_db()
    assert her_match.coordinator == karin
    stored = Handover.objects.get()
    assert (stored.giver, stored.receiver, stored.reason, stored.by) == (karin, coordinator, "Orlov", karin)


def test_a_match_handed_over_for_good_keeps_its_giver_until_the_day(her_match, karin, coordinator):
    give(her_match, coordinator, karin, first=16, reason="Nyt arbejde")
    days = [TODAY, TODAY + 15 * DAY, TODAY + 16 * DAY, TODAY + 400 * DAY]
    assert acting(her_match, *days) == ["Karin Juhl", "Karin Juhl", "Mette Sørensen", "Mette Sørensen"]
    her_match.refresh_from_db()
    assert her_match.coordinator == coordinator
    assert Act.objects.get(name="hand_over").reason == "Nyt arbejde"


def test_the_newest_handover_in_effect_counts(her_match, karin, coordinator, administrator):
    give(her_match, coordinator, karin, first=0, last=30)
    give(her_match, administrator, administrator, first=10)
    days = [TODAY - DAY, TODAY, TODAY + 9 * DAY, TODAY + 10 * DAY, TODAY + 31 * DAY]
    assert acting(her_match, *days) == [
        "Karin Juhl",
        "Mette Sørensen",
        "Mette Sørensen",
        "Hanne Lund",
        "Hanne Lund",
    ]


def test_a_change_of_mind_before_the_day_keeps_the_giver(her_match, karin, coordinator, administrator):
    give(her_match, coordinator, karin, first=16)
    give(her_match, administrator, administrator, first=10)
    days = [TODAY + 9 * DAY, TODAY + 10 * DAY, TODAY + 16 * DAY]
    assert acting(her_match, *days) == ["Karin Juhl", "Hanne Lund", "Hanne Lund"]


def test_cared_for_by_finds_own_matches_and_those_of_a_deputy(programme, her_match, karin, coordinator):
    own = MatchFactory(programme=programme, coordinator=coordinator)
    give(her_match, coordinator, karin, first=1, last=2)
    found = [set(Match.objects.cared_for_by(coordinator, day)) for day in (TODAY, TODAY + DAY, TODAY + 3 * DAY)]
    assert found == [{own}, {own, her_match}, {own}]


def test_without_active_finds_matches_of_former_and_of_no_coordinators(programme, her_match, karin, coordinator):
    MatchFactory(programme=programme, coordinator=coordinator)
    nameless = MatchFactory(programme=programme, coordinator_note="Lis")
    assert set(Match.objects.without_active(TODAY)) == {nameless}
    karin.memberships.all().delete()
    assert set(Match.objects.without_active(TODAY)) == {nameless, her_match}
    give(her_match, coordinator, coordinator)
    assert set(Match.objects.without_active(TODAY)) == {nameless}
    assert Match.objects.with_active(TODAY).get(pk=her_match.pk).has_active is True


@pytest.mark.parametrize("change", [{"role": "manager"}, {"accepted_at": None}])
def test_a_match_of_a_user_who_does_not_work_with_cases_has_no_active_coordinator(her_match, karin, change):
    karin.memberships.update(**change)
    assert list(Match.objects.without_active(TODAY)) == [her_match]


def test_a_match_of_a_stopped_user_has_no_active_coordinator(her_match, karin):
    karin.is_active = False
    karin.save()
    assert list(Match.objects.without_active(TODAY)) == [her_match]


def test_several_receivers_are_one_act_with_a_line_each_in_the_log(
    programme, her_match, karin, coordinator, administrator
):
    other = MatchFactory(programme=programme, coordinator=karin, number="M-2011-022")
    matches = {her_match: coordinator, other: administrator}
    hand_over(matches=matches, by=karin, from_on=TODAY, reason="Flytter")
    assert set(Match.objects.values_list("number", "coordinator__name")) == {
        ("M-2011-021", "Mette Sørensen"),
        ("M-2011-022", "Hanne Lund"),
    }
    assert Act.objects.filter(name="hand_over").count() == 1
    assert [(row.case_number, row.detail) for row in AccessRecord.objects.order_by("pk")] == [
        ("M-2011-021", "Overdraget til Mette Sørensen fra 15.\xa0september 2011: Flytter"),
        ("M-2011-022", "Overdraget til Hanne Lund fra 15.\xa0september 2011: Flytter"),
    ]


def test_a_planned_interview_is_handed_over_in_the_period_only(programme, karin, coordinator):
    days = {"inside": TODAY + 5 * DAY, "late": TODAY + 11 * DAY}
    rows = {
        name: InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=day, interviewer=karin)
        for name, day in days.items()
    }
    interviews = dict.fromkeys(rows.values(), coordinator)
    hand_over(interviews=interviews, by=karin, from_on=TODAY, until_on=TODAY + 10 * DAY, reason="Ferie")
    found = dict(Interview.objects.values_list("pk", "interviewer__name"))
    assert found == {rows["inside"].pk: "Mette Sørensen", rows["late"].pk: "Karin Juhl"}


def test_a_held_interview_stays(programme, karin, coordinator):
    held = InterviewFactory(enrolment__programme=programme, held_on=TODAY, planned_on=TODAY, interviewer=karin)
    hand_over(interviews={held: coordinator}, by=karin, from_on=TODAY, reason="Ferie")
    held.refresh_from_db()
    assert held.interviewer == karin


def test_a_coordinator_hands_over_own_matches_and_takes_those_without_an_active_one(her_match, karin, coordinator):
    with pytest.raises(MatchRefused) as refused:
        give(her_match, coordinator, coordinator)
    assert refused.value.messages == ["M-2011-021 er Karin Juhls match. En administrator kan overdrage det."]
    karin.memberships.all().delete()
    give(her_match, coordinator, coordinator)
    her_match.refresh_from_db()
    assert her_match.coordinator == coordinator


def test_a_coordinator_hands_over_no_interview_of_a_colleague(programme, karin, coordinator, administrator):
    talk = InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=TODAY, interviewer=karin)
    with pytest.raises(MatchRefused) as refused:
        hand_over(interviews={talk: coordinator}, by=coordinator, from_on=TODAY, reason="Ferie")
    assert refused.value.messages == ["Karin Juhl holder interviewet. En administrator kan overdrage det."]
    hand_over(interviews={talk: coordinator}, by=administrator, from_on=TODAY, reason="Ferie")
    talk.refresh_from_db()
    assert talk.interviewer == coordinator


def test_a_coordinator_takes_the_interview_of_a_colleague_who_left(programme, karin, coordinator):
    talk = InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=TODAY, interviewer=karin)
    karin.memberships.all().delete()
    hand_over(interviews={talk: coordinator}, by=coordinator, from_on=TODAY, reason="Stoppet")
    talk.refresh_from_db()
    assert talk.interviewer == coordinator


def test_a_receiver_works_with_cases_in_the_branch(her_match, karin, manager, other_branch_coordinator):
    for receiver in (manager, other_branch_coordinator):
        with pytest.raises(MatchRefused) as refused:
            give(her_match, receiver, karin)
        words = f"{receiver} arbejder ikke med sager i afdelingen. Vælg en anden bruger."
        assert refused.value.messages == [words]


def test_a_match_is_not_handed_to_who_has_it(her_match, karin, coordinator):
    with pytest.raises(MatchRefused) as refused:
        give(her_match, karin, karin)
    assert refused.value.messages == ["Karin Juhl tager sig allerede af M-2011-021."]
    give(her_match, coordinator, karin, last=5)
    give(her_match, coordinator, karin)  # the deputy becomes the coordinator
    her_match.refresh_from_db()
    assert her_match.coordinator == coordinator


def test_refusals_leave_everything_as_it_was(programme, her_match, karin, coordinator):
    ended = MatchFactory(
        programme=programme, coordinator=karin, status="ended", mentor_place=None, ended_on=dt.date(2011, 9, 1)
    )
    with pytest.raises(MatchRefused):
        hand_over(matches={her_match: coordinator, ended: coordinator}, by=karin, from_on=TODAY, reason="Ferie")
    with pytest.raises(ValidationError) as refused:
        give(her_match, coordinator, karin, first=5, last=4)
    assert refused.value.messages == ["Sidste dag ligger før den første."]
    with pytest.raises(ValidationError):
        give(her_match, coordinator, karin, reason="Syg, 010180-1234")
    assert (Handover.objects.count(), AccessRecord.objects.count()) == (0, 0)
    her_match.refresh_from_db()
    assert her_match.coordinator == karin


def test_another_branch_hands_nothing_over(her_match, coordinator, other_branch_administrator):
    with pytest.raises(MatchRefused):
        give(her_match, coordinator, other_branch_administrator)


def test_a_deputy_ends_early_for_one_match_or_all(programme, her_match, karin, coordinator):
    other = MatchFactory(programme=programme, coordinator=karin)
    rows = hand_over(
        matches=dict.fromkeys([her_match, other], coordinator),
        by=karin,
        from_on=TODAY - DAY,
        until_on=TODAY + 9 * DAY,
        reason="Ferie",
    )
    assert end_deputy(rows[0], by=karin, on=TODAY) == 1
    assert [acting(match, TODAY - DAY, TODAY) for match in (her_match, other)] == [
        ["Mette Sørensen", "Karin Juhl"],
        ["Mette Sørensen", "Mette Sørensen"],
    ]
    rows[1].refresh_from_db()
    assert end_deputy(rows[1], by=coordinator, on=TODAY, is_whole=True) == 1
    with pytest.raises(MatchRefused) as refused:
        end_deputy(rows[1], by=karin, on=TODAY)
    assert refused.value.messages == ["Perioden er allerede forbi."]


def test_a_deputy_who_has_not_begun_is_removed(her_match, karin, coordinator):
    end_deputy(give(her_match, coordinator, karin, first=3, last=9), by=karin, on=TODAY, is_whole=True)
    assert Handover.objects.count() == 0
    assert AccessRecord.objects.first().detail == "Vikariat afsluttet: Mette Sørensen"


def test_a_colleague_does_not_end_the_period_of_a_deputy(tingbjerg, her_match, karin, coordinator):
    colleague = MembershipFactory(branch=tingbjerg).user
    handover = give(her_match, coordinator, karin, last=9)
    with pytest.raises(MatchRefused) as refused:
        end_deputy(handover, by=colleague, on=TODAY)
    assert refused.value.messages == ["En administrator kan afslutte et vikariat."]


def test_a_handover_is_undone_once_and_by_its_user_only(her_match, karin, coordinator, administrator):
    give(her_match, coordinator, karin)
    done = Act.objects.get(name="hand_over")
    with pytest.raises(MatchRefused):
        undo_handover(done, by=administrator)
    assert undo_handover(done, by=karin) == []
    her_match.refresh_from_db()
    assert (her_match.coordinator, Handover.objects.count()) == (karin, 0)
    assert AccessRecord.objects.first().detail == "Overdragelse fortrudt"
    with pytest.raises(MatchRefused) as refused:
        undo_handover(done, by=karin)
    assert refused.value.messages == ["Der er ikke længere noget at fortryde."]


# --- written names -----------------------------------------------------------------------------------


def test_written_names_are_tied_to_users_and_kept(programme, tingbjerg, karin, administrator):
    matches = [MatchFactory(programme=programme, coordinator_note=name) for name in ("Karin J.", "Karin J.", "Lis")]
    talk = InterviewFactory(enrolment__programme=programme, interviewer=None, interviewer_note="Karin J.")
    assert tie_names(tingbjerg, {"Karin J.": karin}, by=administrator) == 3
    found = list(Match.objects.order_by("pk").values_list("coordinator__name", "coordinator_note"))
    assert found == [("Karin Juhl", "Karin J."), ("Karin Juhl", "Karin J."), (None, "Lis")]
    talk.refresh_from_db()
    assert (talk.interviewer, talk.interviewer_note) == (karin, "Karin J.")
    logged = AccessRecord.objects.get()
    assert (logged.detail, logged.count, logged.branch) == ("»Karin J.« er Karin Juhl", 3, tingbjerg)
    undo_handover(Act.objects.get(name="tie_names"), by=administrator)
    assert set(Match.objects.values_list("coordinator", flat=True)) == {None}
    assert len(matches) == Match.objects.exclude(coordinator_note="").count()


def test_names_of_matches_with_a_user_and_of_other_branches_stay(
    programme, other_programme, tingbjerg, karin, coordinator, administrator
):
    MatchFactory(programme=programme, coordinator=coordinator, coordinator_note="Karin")
    MatchFactory(programme=other_programme, coordinator_note="Karin")
    assert tie_names(tingbjerg, {"Karin": karin}, by=administrator) == 0
    assert set(Match.objects.values_list("coordinator", flat=True)) == {coordinator.pk, None}


def test_names_are_tied_by_administrators_to_users_of_the_branch(
    programme, tingbjerg, coordinator, administrator, other_branch_coordinator
):
    MatchFactory(programme=programme, coordinator_note="Karen")
    with pytest.raises(PermissionDenied):
        tie_names(tingbjerg, {"Karen": coordinator}, by=coordinator)
    with pytest.raises(MatchRefused) as refused:
        tie_names(tingbjerg, {"Karen": other_branch_coordinator}, by=administrator)
    assert refused.value.messages == ["Karen Dahl arbejder ikke med sager i afdelingen. Vælg en anden bruger."]


# --- e-mail ------------------------------------------------------------------------------------------


def test_receivers_get_an_email_without_names_of_people(programme, her_match, karin, coordinator, administrator):
    matches = [her_match, MatchFactory(programme=programme, coordinator=karin)]
    talk = InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=TODAY, interviewer=karin)
    hand_over(
        matches=dict.fromkeys(matches, coordinator),
        interviews={talk: coordinator},
        by=karin,
        from_on=TODAY,
        until_on=TODAY + DAY,
        reason="Syg",
        build_url=lambda path: f"https://mentornet.example{path}",
    )
    [message] = mail.outbox
    assert (message.to, message.subject) == ([coordinator.email], "Du har overtaget opgaver i Mentornet, Tingbjerg")
    assert " ".join(message.body.replace("\xa0", " ").split()) == (
        "Hej Mette Sørensen Karin Juhl har overdraget 3 opgaver til dig i Tingbjerg. Fra og med 15. september 2011 til "
        "og med 16. september 2011. Derefter går de tilbage. Du finder dem på din side I dag: "
        "https://mentornet.example/?opgaver=mine"
    )


def test_who_takes_over_gets_no_email_about_it(her_match, karin, coordinator):
    karin.memberships.all().delete()
    hand_over(matches={her_match: coordinator}, by=coordinator, from_on=TODAY, reason="Stoppet", build_url=str)
    assert mail.outbox == []


# --- random handovers --------------------------------------------------------------------------------

DAYS = [TODAY + number * DAY for number in range(-3, 12)]
HANDOVERS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 9), st.none() | st.integers(0, 6), st.booleans()), max_size=6
)


@settings(derandomize=True, database=None, deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(handovers=HANDOVERS)
def test_each_day_belongs_to_the_last_handover_of_the_day(her_match, karin, coordinator, administrator, handovers):
    """Compare with a calendar in which each handover writes its receiver on its days, the last one on top."""
    users, calendar = [karin, coordinator, administrator], dict.fromkeys(DAYS, karin)
    with transaction.atomic():
        for receiver, first, length, ends in handovers:
            until = None if length is None else first + length
            try:
                made = give(her_match, users[receiver], administrator, first=first, last=until)
            except MatchRefused:  # has the match already
                continue
            period = [day for day in DAYS if made.from_on <= day <= (made.until_on or DAYS[-1])]
            before = {day: calendar[day] for day in period}
            calendar |= dict.fromkeys(period, users[receiver])
            if ends and until is not None and until >= 3:
                end_deputy(made, by=administrator, on=TODAY + 3 * DAY)
                calendar |= {day: user for day, user in before.items() if day >= TODAY + 3 * DAY}
        assert acting(her_match, *DAYS) == [calendar[day].name for day in DAYS]
        her_match.refresh_from_db()
        assert acting(her_match, TODAY + 99 * DAY) == [her_match.coordinator.name]
        transaction.set_rollback(True)
    her_match.refresh_from_db()
