import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import AccessRecord
from common.journal import recording
from common.models import Act, Change
from demo.factories import FollowUpStepFactory, ScreeningCheckFactory, ScreeningRequirementFactory
from matching import services
from matching.enums import MatchStatus
from matching.models import FollowUp, Match, Meeting
from matching.rules.pairs import pair_problems
from matching.services.matches import save_new_match
from matching.services.refusals import creator_words
from people.enums import EnrolmentStatus
from programmes.enums import ScreeningKind
from tests.journal_entries import recorded
from tests.matching.conftest import PROPOSED_ON, STARTED_ON, ready_mentee, ready_mentor


def propose(programme, mentor, mentee, by, **kwargs):
    return services.propose_match(
        programme=programme, mentor=mentor.person, mentee=mentee.person, by=by, on=PROPOSED_ON, **kwargs
    )


def status_of(enrolment) -> str:
    enrolment.refresh_from_db()
    return enrolment.status


def steps_of(match) -> list[str]:
    return list(match.steps.order_by("pk").values_list("status", flat=True))


# --- proposal --------------------------------------------------------------------------------------


def test_propose_match_takes_both_and_keeps_waiting_since(programme, mentor, mentee, coordinator):
    match = propose(programme, mentor, mentee, coordinator, reasons=["Begge kan om aftenen"])

    assert match.number == "M-2011-001"
    assert (match.status, match.mentor_place, match.reasons) == ("proposed", 1, ["Begge kan om aftenen"])
    assert (match.coordinator, match.created_by) == (coordinator, coordinator)
    assert (status_of(mentor), status_of(mentee)) == (EnrolmentStatus.MATCHED, EnrolmentStatus.MATCHED)
    assert mentee.waiting_since == dt.date(2011, 4, 1)
    assert steps_of(match) == ["proposed"]
    assert AccessRecord.objects.filter(kind="write", subject="matching.match", subject_id=match.pk).count() == 1


def test_propose_match_keeps_a_mentor_with_a_free_place_waiting(programme, mentee, coordinator):
    mentor = ready_mentor(programme, capacity=2)
    propose(programme, mentor, mentee, coordinator)
    assert status_of(mentor) == EnrolmentStatus.WAITING

    second = propose(programme, mentor, ready_mentee(programme), coordinator)
    assert second.mentor_place == 2
    assert status_of(mentor) == EnrolmentStatus.MATCHED


def test_propose_match_fills_the_lowest_free_place(programme, coordinator):
    mentor = ready_mentor(programme, capacity=2)
    first = propose(programme, mentor, ready_mentee(programme), coordinator)
    propose(programme, mentor, ready_mentee(programme), coordinator)
    services.decline_match(first, by=coordinator, on=PROPOSED_ON, side="mentee")
    assert propose(programme, mentor, ready_mentee(programme), coordinator).mentor_place == 1


def test_propose_match_refusal_names_who_was_faster(programme, mentor, mentee, coordinator, administrator, settings):
    settings.DEMO_TODAY = PROPOSED_ON.isoformat()
    first = propose(programme, mentor, mentee, administrator)
    Match.objects.filter(pk=first.pk).update(created_at=dt.datetime(2011, 6, 20, 8, 14, tzinfo=dt.UTC))

    with pytest.raises(services.MatchRefused) as refusal:
        propose(programme, ready_mentor(programme), mentee, coordinator)
    assert refusal.value.message == "Hodan har allerede et foreslået match. Hanne Lund oprettede det kl.\xa010.14."
    assert refusal.value.conflict == first


def test_a_match_of_the_first_hours_of_a_day_was_created_on_that_day(administrator):
    match = Match(created_by=administrator, created_at=dt.datetime(2011, 9, 14, 22, 30, tzinfo=dt.UTC))
    assert creator_words(match) == "Hanne Lund oprettede det kl.\xa00.30."


def test_propose_match_refuses_a_full_mentor_unless_a_reason_is_given(programme, mentor, mentee, coordinator):
    propose(programme, mentor, mentee, coordinator)
    other = ready_mentee(programme)

    with pytest.raises(services.MatchRefused) as refusal:
        propose(programme, mentor, other, coordinator)
    assert refusal.value.message == (
        "Birgitte Holm har plads til 1 og har ingen fri plads. Mette Sørensen oprettede det nyeste match 20.\xa0juni. "
        "Skriv en begrundelse, hvis I har aftalt én mere."
    )
    match = propose(programme, mentor, other, coordinator, over_capacity_reason="Aftalt med Birgitte 19. juni")
    assert (match.mentor_place, match.over_capacity_reason) == (2, "Aftalt med Birgitte 19. juni")


def test_propose_match_counts_the_mentors_matches_of_all_programmes(
    programme, other_programme, mentor, mentee, coordinator, other_branch_coordinator
):
    lent = ready_mentor(other_programme, person=mentor.person)
    propose(other_programme, lent, ready_mentee(other_programme), other_branch_coordinator)
    assert status_of(mentor) == EnrolmentStatus.MATCHED
    with pytest.raises(services.MatchRefused, match="ingen fri plads"):
        propose(programme, mentor, mentee, coordinator)


def test_propose_match_refuses_by_the_programmes_rules(programme, mentor, mentee, coordinator):
    ScreeningRequirementFactory(programme=programme, kind=ScreeningKind.REFERENCE, count=2)
    ScreeningRequirementFactory(programme=programme, kind=ScreeningKind.TRAINING, blocks_match=False)
    ScreeningCheckFactory(enrolment=mentor, kind=ScreeningKind.REFERENCE)
    programme.min_age, programme.max_age = 18, 30
    programme.save()
    mentee.interviews.all().delete()

    with pytest.raises(services.MatchRefused) as refusal:
        propose(programme, mentor, mentee, coordinator)
    assert refusal.value.message == (
        "Hodan Warsame er 34 år. Indsatsen er for mentees til og med 30 år. "
        "Hodan Warsame er ikke interviewet. Registrer først interviewet. "
        "Birgitte Holm mangler: Reference (1 af 2). Registrer det først."
    )
    assert Match.objects.count() == 0


def test_propose_match_refuses_a_mentee_outside_the_age_limits(programme, mentor, mentee, coordinator):
    programme.min_age = 40
    programme.save()
    with pytest.raises(services.MatchRefused, match="Indsatsen er for mentees fra 40 år"):
        propose(programme, mentor, mentee, coordinator)


@pytest.mark.parametrize(
    ("asking", "wish", "refused"),
    [
        ("mentee", "man", "Hodan Warsame vil kun matches med en mand."),
        ("mentor", "man", "Birgitte Holm vil kun matches med en mand."),
        ("mentee", "woman", ""),
        ("mentor", "", ""),
    ],
)
def test_propose_match_applies_a_required_gender(programme, mentor, mentee, coordinator, asking, wish, refused):
    enrolment = {"mentor": mentor, "mentee": mentee}[asking]
    enrolment.preferred_gender, enrolment.gender_is_required = wish, True
    enrolment.save()
    if not refused:
        assert propose(programme, mentor, mentee, coordinator).status == "proposed"
        return
    with pytest.raises(services.MatchRefused, match=refused):
        propose(programme, mentor, mentee, coordinator)


def test_an_unknown_gender_does_not_meet_a_required_one(programme, mentor, mentee):
    for enrolment in (mentor, mentee):
        enrolment.preferred_gender, enrolment.gender_is_required = "woman", True
        enrolment.person.gender = "unknown"
    assert [sentence.partition(".")[0] for sentence in pair_problems(mentor, mentee, PROPOSED_ON)] == [
        "Hodan Warsame vil kun matches med en kvinde",
        "Birgitte Holm vil kun matches med en kvinde",
    ]


def test_propose_match_accepts_an_unknown_age(programme, mentor, mentee, coordinator):
    programme.min_age = 40
    programme.save()
    mentee.person.birth_date = None
    mentee.person.save()
    assert propose(programme, mentor, mentee, coordinator).status == "proposed"


@pytest.mark.parametrize("status", ["paused", "ended", "declined"])
def test_propose_match_refuses_paused_and_ended_enrolments(programme, mentor, mentee, coordinator, status):
    type(mentee).objects.filter(pk=mentee.pk).update(status=status)
    with pytest.raises(services.MatchRefused, match="Hodan Warsame står som"):
        propose(programme, mentor, mentee, coordinator)


def test_propose_match_refuses_a_person_as_their_own_mentor(programme, mentor, coordinator):
    with pytest.raises(services.MatchRefused, match="Ingen kan være sin egen mentor"):
        propose(programme, mentor, mentor, coordinator)


def test_propose_match_refuses_a_person_not_enrolled(programme, other_programme, mentee, coordinator):
    with pytest.raises(services.MatchRefused, match="er ikke med som mentor i Mentornetværket Tingbjerg"):
        propose(programme, ready_mentor(other_programme), mentee, coordinator)


def test_propose_match_refuses_another_branch(programme, mentor, mentee, other_branch_coordinator):
    with pytest.raises(services.MatchRefused, match="Du arbejder ikke med sager i Tingbjerg"):
        propose(programme, mentor, mentee, other_branch_coordinator)


def test_constraints_give_the_same_refusals(programme, mentor, mentee, coordinator):
    """A race that passes the checks is refused by the constraints, with the same sentences."""
    first = propose(programme, mentor, mentee, coordinator)
    common = {"programme": programme, "status": "proposed", "proposed_on": PROPOSED_ON}
    same_mentee = Match(
        number="X1", mentor=ready_mentor(programme).person, mentee=mentee.person, mentor_place=1, **common
    )
    refused = pytest.raises(services.MatchRefused, match="har allerede et foreslået match")
    with refused as refusal, recording("propose_match", by=coordinator):
        save_new_match(same_mentee)
    assert refusal.value.conflict == first

    same_place = Match(
        number="X2", mentor=mentor.person, mentee=ready_mentee(programme).person, mentor_place=1, **common
    )
    with pytest.raises(services.MatchRefused, match="ingen fri plads"), recording("propose_match", by=coordinator):
        save_new_match(same_place)


@pytest.mark.django_db(transaction=True)
def test_simultaneous_proposals_create_one_match(programme, mentor, coordinator, administrator):
    """Many parallel proposals for the mentor's one place: one match, and a sentence for each of the others."""
    mentees = [ready_mentee(programme) for _number in range(6)]
    start, refused, failed = threading.Barrier(len(mentees)), [], []

    def press(mentee, by):
        try:
            start.wait()
            propose(programme, mentor, mentee, by)
        except services.MatchRefused as refusal:
            refused.append(refusal.code)
        except Exception as error:  # noqa: BLE001 - the test reports every other error
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(mentee, by))
        for mentee, by in zip(mentees, [coordinator, administrator] * 3, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert refused == ["mentor_full"] * 5
    assert Match.objects.open().count() == 1
    assert sum(status_of(mentee) == EnrolmentStatus.MATCHED for mentee in mentees) == 1


# --- answers, introduction, start ---------------------------------------------------------------------


def test_answer_match_no_declines_and_frees_both(proposed, mentor, mentee, coordinator):
    services.answer_match(
        proposed, side="mentor", said_yes=False, by=coordinator, on=dt.date(2011, 6, 22), note="Har travlt"
    )
    assert (proposed.status, proposed.declined_by, proposed.mentor_place) == ("declined", "mentor", None)
    assert (status_of(mentor), status_of(mentee)) == (EnrolmentStatus.WAITING, EnrolmentStatus.WAITING)
    assert mentee.waiting_since == dt.date(2011, 4, 1)
    assert steps_of(proposed) == ["proposed", "declined"]


def test_introduce_match_waits_for_both_answers(proposed, coordinator):
    services.answer_match(proposed, side="mentor", said_yes=True, by=coordinator, on=dt.date(2011, 6, 21))
    with pytest.raises(services.MatchRefused) as refusal:
        services.introduce_match(proposed, by=coordinator, on=STARTED_ON)
    assert refusal.value.message == "Hodan Warsame har ikke svaret endnu. Registrer først svaret."

    services.answer_match(proposed, side="mentee", said_yes=True, by=coordinator, on=dt.date(2011, 6, 22))
    services.introduce_match(proposed, by=coordinator, on=dt.date(2011, 9, 28), place="Biblioteket")
    assert (proposed.status, proposed.first_meeting_place) == ("introduced", "Biblioteket")


def test_introduce_match_refuses_a_day_before_the_proposal(agreed, coordinator):
    with pytest.raises(ValidationError) as error:
        services.introduce_match(agreed, by=coordinator, on=dt.date(2011, 6, 1))
    assert error.value.message_dict == {"on": ["Matchet blev foreslået 20.\xa0juni. Dagen kan ikke ligge før."]}


def test_start_match_creates_follow_ups_and_the_first_meeting(active):
    assert (active.status, active.started_on, active.staff_present) == ("active", STARTED_ON, True)
    plan = [(f.name, f.side, f.due_on) for f in active.follow_ups.all()]
    assert plan == [
        ("Efter 14 dage", "mentor", dt.date(2011, 7, 12)),
        ("Månedlig", "mentee", dt.date(2011, 7, 28)),
        ("Månedlig", "mentee", dt.date(2011, 8, 27)),
        ("Månedlig", "mentee", dt.date(2011, 9, 26)),
        ("Afsluttende samtale", "both", dt.date(2012, 6, 27)),
    ]
    assert list(active.meetings.values_list("held_on", "hours")) == [(STARTED_ON, 1)]
    assert steps_of(active) == ["proposed", "active"]


def test_start_match_refuses_impossible_days(agreed, coordinator):
    for day in (dt.date(2011, 9, 16), dt.date(2011, 6, 19)):
        with pytest.raises(ValidationError) as error:
            services.start_match(agreed, by=coordinator, on=day)
        assert list(error.value.message_dict) == ["on"]
    assert FollowUp.objects.count() == Meeting.objects.count() == 0


def test_start_match_checks_the_screening_again(agreed, coordinator):
    ScreeningRequirementFactory(programme=agreed.programme, kind=ScreeningKind.CRIMINAL_RECORD)
    with pytest.raises(services.MatchRefused, match="Birgitte Holm mangler: Straffeattest"):
        services.start_match(agreed, by=coordinator, on=STARTED_ON)


def test_start_match_twice_is_refused(active, coordinator):
    with pytest.raises(services.MatchRefused, match="Matchet står nu som: Aktivt"):
        services.start_match(active, by=coordinator, on=STARTED_ON)
    assert active.follow_ups.count() == 5


def test_create_follow_ups_adds_only_what_is_missing(active):
    FollowUpStepFactory(programme=active.programme, name="Ekstra", days_after_start=50)
    added = services.create_follow_ups(active)
    assert [row.name for row in added] == ["Ekstra"]


def test_sign_agreement_and_pause_and_resume(active, coordinator):
    services.sign_agreement(active, by=coordinator, on=dt.date(2011, 7, 1))
    services.pause_match(active, by=coordinator, on=dt.date(2011, 8, 1), note="Sommerferie")
    assert (active.agreement_signed_on, active.status) == (dt.date(2011, 7, 1), MatchStatus.PAUSED)
    with pytest.raises(services.MatchRefused):
        services.pause_match(active, by=coordinator, on=dt.date(2011, 8, 2))
    services.resume_match(active, by=coordinator, on=dt.date(2011, 8, 15))
    assert steps_of(active) == ["proposed", "active", "paused", "active"]
    with pytest.raises(ValidationError):
        services.pause_match(active, by=coordinator, on=dt.date(2011, 6, 1))


def test_services_refuse_users_of_another_branch(active, other_branch_coordinator, manager):
    for user in (other_branch_coordinator, manager):
        with pytest.raises(PermissionDenied):
            services.pause_match(active, by=user, on=dt.date(2011, 8, 1))
    assert Match.objects.get(pk=active.pk).status == MatchStatus.ACTIVE


def test_the_journal_has_a_proposal_with_its_step_and_the_statuses(mentor, mentee, proposed, coordinator):
    assert recorded("propose_match") == [
        ("made", "matching.match", "", None, None),
        ("made", "matching.matchstep", "", None, None),
        ("changed", "people.enrolment", "status", "waiting", "matched"),
        ("changed", "people.enrolment", "status", "waiting", "matched"),
        ("changed", "people.enrolmentperiod", "ended_on", None, "2011-06-20"),
        ("changed", "people.enrolmentperiod", "ended_on", None, "2011-06-20"),
    ]
    act = Act.objects.get()
    assert act.by == coordinator
    changed = Change.objects.filter(act=act, model="people.enrolment", field="status").order_by("pk")
    assert list(changed.values_list("record_id", flat=True)) == [mentor.pk, mentee.pk]


def test_the_journal_has_an_answer_and_a_refusal_as_acts(proposed, coordinator):
    answer = {"by": coordinator, "on": dt.date(2011, 6, 21)}
    services.answer_match(proposed, side="mentor", said_yes=True, **answer)
    assert recorded("answer_match") == [("changed", "matching.match", "mentor_said_yes_on", None, "2011-06-21")]
    services.answer_match(proposed, side="mentee", said_yes=False, **answer)
    assert recorded("answer_match")[1:] == [
        ("made", "matching.matchstep", "", None, None),
        ("changed", "matching.match", "status", "proposed", "declined"),
        ("changed", "matching.match", "mentor_place", 1, None),
        ("changed", "matching.match", "declined_by", "", "mentee"),
        ("changed", "people.enrolmentperiod", "ended_on", "2011-06-20", None),
        ("changed", "people.enrolment", "status", "matched", "waiting"),
        ("changed", "people.enrolmentperiod", "ended_on", "2011-06-20", None),
        ("changed", "people.enrolment", "status", "matched", "waiting"),
    ]
    assert set(Act.objects.values_list("name", flat=True)) == {"propose_match", "answer_match"}


def test_the_journal_has_the_follow_ups_of_a_started_match_in_one_entry(active):
    made = Change.objects.filter(act__name="start_match", kind="made").order_by("pk")
    assert [(change.model, change.last_id - change.record_id + 1) for change in made] == [
        ("matching.matchstep", 1),
        ("matching.followup", 5),
        ("matching.meeting", 1),
    ]


def test_a_refused_proposal_leaves_no_entry_in_the_journal(programme, mentor, mentee, proposed, coordinator):
    with pytest.raises(services.MatchRefused):
        propose(programme, mentor, ready_mentee(programme), coordinator)
    assert Act.objects.count() == 1
