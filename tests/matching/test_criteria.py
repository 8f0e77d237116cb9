import datetime as dt
from decimal import Decimal

import pytest

from demo.factories import (
    FollowUpFactory,
    MatchFactory,
    MeetingFactory,
    ScreeningCheckFactory,
    ScreeningRequirementFactory,
)
from matching.quality import criteria
from matching.quality.criteria import MatchEvidence, judge_match
from people.models import Enrolment
from programmes.enums import FollowUpKind, ScreeningKind

TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def match(programme):
    """First meeting 28 June 2011."""
    return MatchFactory(programme=programme)


def judged(match, on=TODAY) -> dict[str, criteria.Criterion]:
    return {one.key: one for one in judge_match(MatchEvidence.read(match, on))}


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("on", "state", "words"),
    [
        (TODAY, "under_way", "79 dage. Passerer tre måneder 28. september og et år 28. juni 2012."),
        (dt.date(2011, 10, 1), "under_way", "95 dage. Passerede tre måneder 28. september og når et år 28. juni 2012."),
        (dt.date(2012, 7, 1), "met", "369 dage. Nåede et år 28. juni 2012."),
    ],
)
def test_duration_of_a_running_match(match, on, state, words):
    found = judged(match, on)["duration"]
    assert (found.state, plain(found.evidence)) == (state, words)
    assert found.requirement == "Krav: mindst et år"


@pytest.mark.parametrize(
    ("ended_on", "state", "words"),
    [
        (
            dt.date(2011, 8, 1),
            "not_met",
            "Sluttede efter 34 dage. Et forløb, der slutter inden for tre måneder, kan gøre skade: tal med begge.",
        ),
        (dt.date(2011, 11, 1), "not_met", "Varede 126 dage."),
        (dt.date(2012, 6, 28), "met", "Varede 366 dage."),
    ],
)
def test_duration_of_a_match_that_ended(programme, ended_on, state, words):
    match = MatchFactory(programme=programme, status="ended", ended_on=ended_on)
    found = judged(match, dt.date(2013, 1, 1))["duration"]
    assert (found.state, found.evidence) == (state, words)


def meetings(match, *days, hours=2):
    for day in days:
        MeetingFactory(match=match, held_on=day, hours=hours)


def test_intensity_met_in_both_months(match):
    meetings(match, dt.date(2011, 6, 28), hours=1)
    meetings(match, dt.date(2011, 7, 5), dt.date(2011, 7, 12), dt.date(2011, 7, 20))
    meetings(match, dt.date(2011, 8, 5), dt.date(2011, 8, 12), hours=Decimal("2.25"))
    meetings(match, dt.date(2011, 8, 20))
    found = judged(match)["intensity"]
    assert (found.state, found.evidence) == ("met", "3 møder i både juli og august, i snit 2 timer og 5 minutter.")
    assert found.requirement == "Krav: 2 møder om måneden, 2 timer"


def test_intensity_not_met_says_which_month(match):
    meetings(match, dt.date(2011, 8, 5), dt.date(2011, 8, 12), dt.date(2011, 8, 20), hours=Decimal("0.5"))
    found = judged(match)["intensity"]
    assert (found.state, found.evidence) == ("not_met", "Ingen møder i juli og 3 i august, i snit 30 minutter.")


def test_intensity_without_meetings(match):
    assert judged(match)["intensity"].evidence == "Ingen møder i juli og august."
    assert judged(match, dt.date(2011, 8, 3))["intensity"].evidence == "Ingen møder i juli."


def test_intensity_of_one_month(match):
    meetings(match, dt.date(2011, 7, 5), dt.date(2011, 7, 12))
    assert judged(match, dt.date(2011, 8, 3))["intensity"].evidence == "2 møder i juli, i snit 2 timer."


def test_intensity_is_unknown_before_a_full_month(match):
    meetings(match, dt.date(2011, 6, 28))
    found = judged(match, dt.date(2011, 7, 30))["intensity"]
    assert (found.state, plain(found.evidence)) == (
        "unknown",
        "1 møde siden 28. juni. Vurderes efter den første hele måned.",
    )


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ("yes", "met", "Hodan føler sig støttet, spurgt 9. august."),
        ("partly", "under_way", "Hodan føler sig delvist støttet, spurgt 9. august."),
        ("no", "not_met", "Hodan føler sig ikke støttet, spurgt 9. august."),
    ],
)
def test_support_is_the_mentees_last_answer(match, answer, state, words):
    FollowUpFactory(match=match, due_on=dt.date(2011, 7, 9), done_on=dt.date(2011, 7, 9), mood="good", support="partly")
    FollowUpFactory(match=match, due_on=dt.date(2011, 8, 9), done_on=dt.date(2011, 8, 9), mood="good", support=answer)
    found = judged(match)["support"]
    assert (found.state, plain(found.evidence)) == (state, words)


def test_support_unknown_links_to_the_next_follow_up(match):
    assert judged(match)["support"].evidence == "Hodan er ikke spurgt endnu."
    ask = FollowUpFactory(match=match, due_on=dt.date(2011, 9, 20))
    FollowUpFactory(match=match, due_on=dt.date(2011, 9, 18), side="mentor")
    found = judged(match)["support"]
    assert (found.state, plain(found.evidence)) == (
        "unknown",
        "Hodan er ikke spurgt endnu. Kan spørges ved opfølgningen 20. september.",
    )
    assert found.url == f"/match/opfoelgninger/{ask.pk}/registrer/"


def test_support_unknown_while_the_questionnaire_is_unanswered(match):
    FollowUpFactory(match=match, kind=FollowUpKind.SURVEY, due_on=dt.date(2011, 9, 8))
    found = judged(match)["support"]
    assert plain(found.evidence) == "Spørgeskemaet til Hodan er fra 8. september. Intet svar."
    assert found.url_label == "Registrer svar"


@pytest.fixture
def required(match):
    """Two references and a criminal record, and the mentor's enrolment."""
    ScreeningRequirementFactory(programme=match.programme, kind=ScreeningKind.REFERENCE, count=2)
    ScreeningRequirementFactory(programme=match.programme, kind=ScreeningKind.CRIMINAL_RECORD)
    return Enrolment.objects.get(person=match.mentor, programme=match.programme)


def test_screening_in_place_before_the_first_meeting(match, required):
    ScreeningCheckFactory(enrolment=required, kind=ScreeningKind.CRIMINAL_RECORD)
    ScreeningCheckFactory.create_batch(2, enrolment=required, kind=ScreeningKind.REFERENCE)
    found = judged(match)["screening"]
    assert (found.state, found.evidence) == ("met", "Straffeattest og to referencer på plads før første møde.")
    assert (found.url, found.url_label) == (f"/personer/{match.mentor_id}/#tjek", "Se de 3 tjek")


def test_screening_lists_late_and_missing_checks(match, required):
    ScreeningCheckFactory(enrolment=required, kind=ScreeningKind.CRIMINAL_RECORD, checked_on=dt.date(2011, 7, 3))
    found = judged(match)["screening"]
    assert (found.state, found.evidence) == ("not_met", "Mangler endnu: to referencer.")
    ScreeningCheckFactory.create_batch(2, enrolment=required, kind=ScreeningKind.REFERENCE)
    found = judged(match)["screening"]
    assert (found.state, found.evidence) == ("met", "Alt er på plads, men straffeattest først efter første møde.")


def test_criteria_are_unknown_before_the_first_meeting(programme):
    match = MatchFactory(programme=programme, status="proposed", started_on=None)
    found = judged(match)
    assert [one.state for one in found.values()] == ["unknown"] * 4
    assert found["duration"].evidence == "Første møde er ikke holdt."
    ScreeningRequirementFactory(programme=programme)
    assert judged(match)["screening"].state == "under_way"
    enrolment = Enrolment.objects.get(person=match.mentor, programme=programme)
    ScreeningCheckFactory(enrolment=enrolment)
    assert judged(match)["screening"].evidence == "Straffeattest på plads."


def test_full_months_of_a_match_that_starts_on_the_first():
    assert criteria.full_months(dt.date(2011, 7, 1), dt.date(2011, 8, 2)) == [dt.date(2011, 7, 1)]
