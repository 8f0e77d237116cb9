"""The records that count for each indicator, and the reasons why others do not."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from demo.factories import EnrolmentFactory, EventFactory, MatchFactory, PersonFactory
from events.models import ProgrammeInvitation
from reporting.indicators import INDICATORS, UnknownIndicator, get_indicator
from reporting.indicators.base import cumulate

YEAR = (dt.date(2011, 1, 1), dt.date(2011, 12, 31))
LEAP_YEAR = (dt.date(2012, 1, 1), dt.date(2012, 12, 31))


def match_of(programme, gender="man", **fields):
    mentee = PersonFactory(home_branch=programme.branch, gender=gender)
    return MatchFactory(programme=programme, mentee=mentee, **{"proposed_on": None, **fields})


def numbers(indicator, programme, period=YEAR, **filters):
    return [row.number for row in indicator.rows(indicator.evidence(programme, *period, filters))]


def misses(indicator, programme, period=YEAR, on=None, **filters):
    found = indicator.not_counted(programme, *period, filters, on=on)
    return [sentence.replace("\xa0", " ") for miss in found for sentence in miss.sentences()]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def matches():
    return get_indicator("matches_established")


def test_indicators_cover_every_target_of_tingbjerg():
    assert [indicator.slug for indicator in INDICATORS] == [
        "mentees_recruited",
        "mentors_recruited",
        "contact_persons_recruited",
        "matches_established",
        "network_events_held",
        "mentor_courses_held",
        "mentee_courses_held",
        "exchange_meetings_held",
        "introduction_meetings_held",
        "invitations_to_other_branches",
    ]


def test_short_names_of_indicators_are_unique():
    slugs = [indicator.slug for indicator in INDICATORS]
    assert len(set(slugs)) == len(slugs)
    assert all(get_indicator(indicator.slug) is indicator for indicator in INDICATORS)


def test_get_indicator_raises_for_an_unknown_name():
    with pytest.raises(UnknownIndicator):
        get_indicator("happiness")


@pytest.mark.parametrize(
    ("started_on", "counts"),
    [
        (dt.date(2010, 12, 31), False),
        (dt.date(2011, 1, 1), True),
        (dt.date(2011, 12, 31), True),
        (dt.date(2012, 1, 1), False),
    ],
)
def test_match_counts_from_the_first_to_the_last_day(programme, matches, started_on, counts):
    match_of(programme, number="M-1", started_on=started_on)
    assert numbers(matches, programme) == (["M-1"] if counts else [])


def test_match_of_29_february_counts(programme, matches):
    match_of(programme, number="M-1", started_on=dt.date(2012, 2, 29))
    assert numbers(matches, programme, LEAP_YEAR) == ["M-1"]


@pytest.mark.parametrize(
    ("status", "fields", "counts"),
    [
        ("proposed", {"started_on": None}, False),
        ("introduced", {"started_on": None}, False),
        ("active", {}, True),
        ("paused", {}, True),
        ("ended", {"ended_on": dt.date(2011, 7, 1)}, True),
        ("declined", {"started_on": None}, False),
        ("withdrawn", {}, False),
    ],
)
def test_match_counts_once_its_first_meeting_was_held(programme, matches, status, fields, counts):
    match_of(programme, number="M-1", status=status, **fields)
    assert numbers(matches, programme) == (["M-1"] if counts else [])


def test_match_counts_by_programme_and_gender_of_the_mentee(programme, other_programme, matches):
    match_of(programme, "man", number="M-1")
    match_of(programme, "woman", number="M-2")
    match_of(programme, "unknown", number="M-3")
    match_of(other_programme, "man", number="M-4")
    assert numbers(matches, programme, gender="man") == ["M-1"]
    assert numbers(matches, programme, gender="woman") == ["M-2"]
    assert numbers(matches, programme) == ["M-3", "M-2", "M-1"]


def test_near_misses_of_matches_have_reasons(programme, matches):
    match_of(programme, number="M-1", status="proposed", started_on=None, proposed_on=dt.date(2011, 9, 1))
    declined = {"status": "declined", "started_on": None, "proposed_on": dt.date(2011, 5, 1)}
    match_of(programme, number="M-2", declined_by="mentor", **declined)
    match_of(programme, number="M-3", declined_by="mentee", **declined)
    match_of(programme, number="M-4", **declined)
    match_of(programme, number="M-5", status="withdrawn", started_on=dt.date(2011, 5, 1))
    match_of(programme, "unknown", number="M-6", started_on=dt.date(2011, 5, 1))
    match_of(programme, number="M-7", started_on=dt.date(2010, 5, 1))
    match_of(programme, number="M-8", started_on=dt.date(2010, 6, 1))
    match_of(programme, number="M-9", started_on=dt.date(2010, 1, 1), status="ended", ended_on=dt.date(2010, 12, 1))
    match_of(programme, number="M-10", started_on=dt.date(2012, 1, 9), proposed_on=dt.date(2011, 12, 20))
    match_of(programme, number="M-11", started_on=dt.date(2011, 10, 3))
    match_of(programme, "woman", number="M-12", status="proposed", started_on=None)
    assert misses(matches, programme, on=dt.date(2011, 9, 15), gender="man") == [
        "M-1: proposed, no meeting yet",
        "M-2: the mentor said no",
        "M-3: the mentee said no",
        "M-4: the match was declined",
        "M-5: withdrawn, made by mistake",
        "M-6: the mentee's gender is not known",
        "M-11: the first meeting is later than 15 September",
        "2 matches with the first meeting in 2010",
        "1 match with the first meeting in 2012",
    ]


def test_many_near_misses_are_counted_in_place_of_listed(programme, matches):
    for number in range(6):
        match_of(programme, number=f"M-{number}", status="proposed", started_on=None)
    assert misses(matches, programme, gender="man") == ["6 matches: proposed, no meeting yet"]


@pytest.mark.parametrize("filters", [{"colour": "red"}, {"gender": "unknown"}, {"gender": ["man"]}])
def test_filters_are_checked(programme, matches, filters):
    with pytest.raises(ValidationError):
        matches.evidence(programme, *YEAR, filters)


def test_rule_names_period_and_gender(matches):
    assert matches.rule(*YEAR, {"gender": "man"}) == (
        "Counts: the first meeting was held in 2011, and the mentee is a man. Each match counts once."
    )
    assert matches.rule(dt.date(2010, 1, 1), dt.date(2011, 12, 31), {}) == (
        "Counts: the first meeting was held in 2010–2011. Each match counts once."
    )
    half_year = matches.rule(dt.date(2011, 1, 1), dt.date(2011, 6, 30), {})
    assert half_year.replace("\xa0", " ") == (
        "Counts: the first meeting was held in the period 1 January–30 June 2011. Each match counts once."
    )


def recruit(programme, number, gender="man", **fields):
    person = PersonFactory(home_branch=programme.branch, case_number=number, gender=gender)
    return EnrolmentFactory(programme=programme, person=person, **fields)


def test_recruited_counts_the_role_on_the_day_of_the_application(programme, other_programme):
    recruit(programme, "T-1", applied_on=dt.date(2011, 1, 1))
    recruit(programme, "T-2", applied_on=dt.date(2011, 12, 31))
    recruit(programme, "T-3", applied_on=dt.date(2010, 12, 31))
    recruit(programme, "T-4", applied_on=None)
    recruit(programme, "T-5", status="declined", applied_on=dt.date(2011, 2, 1))
    recruit(programme, "T-6", "woman", applied_on=dt.date(2011, 2, 1))
    recruit(programme, "T-7", "unknown", applied_on=dt.date(2011, 2, 1))
    recruit(programme, "T-8", role="mentor", applied_on=dt.date(2011, 2, 1))
    recruit(programme, "T-9", role="contact", applied_on=dt.date(2011, 2, 1))
    recruit(other_programme, "K-1", applied_on=dt.date(2011, 2, 1))
    mentees = get_indicator("mentees_recruited")
    assert numbers(mentees, programme, gender="man") == ["T-2", "T-1"]
    assert numbers(mentees, programme, gender="woman") == ["T-6"]
    assert numbers(mentees, programme) == ["T-2", "T-7", "T-6", "T-1"]
    assert numbers(get_indicator("mentors_recruited"), programme) == ["T-8"]
    assert numbers(get_indicator("contact_persons_recruited"), programme) == ["T-9"]
    assert misses(mentees, programme, on=dt.date(2011, 9, 15), gender="man") == [
        "T-5: not accepted into the programme",
        "T-4: the day of the application is not known",
        "T-7: the gender is not known",
        "T-2: the application is later than 15 September",
        "1 mentee recruited in 2010",
    ]


def at(*parts):
    return dt.datetime(*parts, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_event_counts_once_over_unless_cancelled(programme, other_programme):
    EventFactory(programme=programme, title="Nytår", starts_at=at(2011, 1, 1, 0, 30))
    EventFactory(programme=programme, title="Året før", starts_at=at(2010, 12, 31, 20, 0))
    EventFactory(programme=programme, title="Marts", starts_at=at(2011, 3, 9, 17, 0))
    EventFactory(programme=programme, title="Aflyst", starts_at=at(2011, 4, 9, 17, 0), is_cancelled=True)
    EventFactory(programme=programme, title="Kommer", starts_at=at(2011, 9, 22, 17, 0))
    EventFactory(programme=programme, title="Kursus", starts_at=at(2011, 3, 9, 17, 0), kind="mentor_course")
    EventFactory(programme=other_programme, title="København", starts_at=at(2011, 3, 9, 17, 0))
    held = get_indicator("network_events_held")
    until_today = (YEAR[0], dt.date(2011, 9, 15))
    assert numbers(held, programme, until_today) == ["Marts", "Nytår"]
    assert numbers(get_indicator("mentor_courses_held"), programme, until_today) == ["Kursus"]
    assert misses(held, programme, on=dt.date(2011, 9, 15)) == [
        "Aflyst: cancelled",
        "Kommer: will be held on 22 September",
        "1 network event held in 2010",
    ]


@pytest.mark.parametrize(("hour", "counts"), [(0, True), (23, False)])
def test_event_of_today_counts_once_over(programme, time_machine_noon, hour, counts):
    event = EventFactory(programme=programme, starts_at=at(2011, 9, 15, hour, 0), ends_at=at(2011, 9, 15, hour, 30))
    held = get_indicator("network_events_held")
    found = held.evidence(programme, YEAR[0], dt.date(2011, 9, 15), {})
    assert list(found) == ([event] if counts else [])


@pytest.fixture
def time_machine_noon():
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC), tick=False):
        yield


def test_invitations_count_events_of_other_branches(programme, other_programme):
    def invite(title, invited_on, *, host=other_programme, **fields):
        event = EventFactory(programme=host, title=title, **fields)
        ProgrammeInvitation.objects.create(event=event, programme=programme, invited_on=invited_on)

    invite("Sommerfest", dt.date(2011, 5, 1))
    invite("Nytårskur", dt.date(2010, 12, 31))
    invite("Aflyst", dt.date(2011, 5, 2), is_cancelled=True)
    invite("Egen", dt.date(2011, 5, 3), host=programme)
    invite("Senere", dt.date(2011, 10, 1))
    EventFactory(programme=other_programme, title="Uden invitation")
    invitations = get_indicator("invitations_to_other_branches")
    assert numbers(invitations, programme, (YEAR[0], dt.date(2011, 9, 15))) == ["Sommerfest"]
    assert misses(invitations, programme, on=dt.date(2011, 9, 15)) == [
        "Aflyst: the event was cancelled",
        "Senere: invited later than 15 September",
        "1 invitation with the invitation in 2010",
    ]


def test_events_and_invitations_have_no_filters(programme):
    for slug in ("network_events_held", "invitations_to_other_branches"):
        with pytest.raises(ValidationError):
            get_indicator(slug).evidence(programme, *YEAR, {"gender": "man"})


def test_counts_by_day_add_up_to_the_evidence(programme, matches):
    for day in (3, 3, 9):
        match_of(programme, started_on=dt.date(2011, 5, day))
    evidence = matches.evidence(programme, *YEAR, {})
    counts = matches.count_by_day(evidence)
    assert counts == {dt.date(2011, 5, 3): 2, dt.date(2011, 5, 9): 1}
    assert counts.total() == len(evidence)
    assert cumulate(counts) == [(dt.date(2011, 5, 3), 2), (dt.date(2011, 5, 9), 3)]
